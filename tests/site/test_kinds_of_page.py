"""A kind of page is declared once, on its model: search, the Brief and the home page know it from there."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from glossary.models import GlossaryIndexPage
from mindlab.core.pages import Kind, pickable_models, public_models
from mindlab.home.models import FeaturedPage, HomePage
from mindlab.newsletter.blocks import PickBlock
from mindlab.newsletter.resolving import resolve
from mindlab.search import finding
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_issue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gate")]


@pytest.fixture
def page(monkeypatch):
    """A page whose model declares a kind that nothing else in the code has heard of."""
    kind = Kind("almanac", "Almanac", summary="introduction", order=9, may_be_picked=True)
    monkeypatch.setattr(GlossaryIndexPage, "kind", kind)
    page = GlossaryIndexPage.objects.get()
    page.title = page.draft_title = "Zeitgebers"
    page.introduction = "<p>Light &amp; <b>meals</b> set the clock.</p>"
    page.save_revision().publish()
    return page


def test_what_each_kind_declares():
    pages = [
        make_concept(definition="<p>A &lt;b&gt; <i>sign</i>.</p>"),
        make_article(deck="When p < 0.05\nand > 0."),
        make_hub(deck="A deck."),
        make_contributor(role="Neurologist"),
        make_issue(preheader="A line."),
    ]
    assert [type(page) for page in pages] == public_models()
    assert [(str(page.kind.name), page.summary) for page in pages] == [
        ("Concept", "A <b> sign."),
        ("Article", "When p < 0.05 and > 0."),
        ("Topic", "A deck."),
        ("Contributor", "Neurologist"),
        ("Issue", "A line."),
    ]
    assert [type(page) for page in pages[:3]] == pickable_models()


def test_search_finds_a_new_kind_and_counts_it(page, client):
    found = finding.find("zeitgebers")
    assert [(facet.kind.slug, facet.number) for facet in found.facets] == [("almanac", 1)]
    html = client.get("/search/?q=zeitgebers&kind=almanac").content.decode()
    assert "Almanac</a>" in html
    assert "Light &amp; meals set the clock." in html


def test_the_brief_points_at_a_new_kind(page, client):
    assert GlossaryIndexPage in PickBlock().child_blocks["page"].target_models
    issue = make_issue(
        contents=[{"type": "pick", "value": {"page": page.pk, "title": "", "deck": ""}}], live=True
    )
    [entry] = resolve(issue).content.entries
    assert (entry.label, entry.title, entry.deck) == ("Almanac", "Zeitgebers", "Light & meals set the clock.")
    assert "Light &amp; meals set the clock." in client.get(issue.url).content.decode()


def test_the_home_page_puts_a_new_kind_forward(page, client):
    [panel] = FeaturedPage.panels
    assert (
        GlossaryIndexPage
        in panel.bind_to_model(FeaturedPage).get_form_options()["widgets"]["page"].target_models
    )
    home = HomePage.objects.get()
    home.featured = [FeaturedPage(page=page)]
    home.save_revision().publish()
    assert "Light &amp; meals set the clock." in client.get("/").content.decode()


def test_a_new_kind_takes_no_migration(page):
    loader = MigrationLoader(connection)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    assert detector.changes(graph=loader.graph) == {}
