"""Edits by code that goes past the editor: pages and their rows saved by themselves, data loaded."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from django.core import serializers
from django.core.management import call_command
from wagtail.models import Page

from articles.models import ArticlePage
from bench.editing.edits import Steps, edit
from bench.editing.observer import MARK
from bench.editing.site import Person, Site, place_of
from glossary.models import ConceptPage, Relation
from mindlab.core.models import ContributorPage
from mindlab.evidence.models import Claim, Measurement


@edit("page", 2)
def save_words_by_code(site: Site, person: Person) -> Steps:
    """Save other words of a page, past the editor."""
    if page := site.page(ArticlePage):
        yield [place_of(page)]
        page.deck = f"Deck {site.mark()}"
        ways: list[dict[str, Any]] = [{}, {"update_fields": ["deck"]}, {"clean": False}]
        page.save(**site.chance.choice(ways))


@edit("page", 2)
def save_as_a_plain_page(site: Site, person: Person) -> Steps:
    """Save the title of a page through the model that all pages share."""
    if page := site.page():
        yield [place_of(page)]
        plain = Page.objects.get(pk=page.pk)
        plain.title, plain.live = f"Title {site.mark()}", True
        plain.save()


@edit("page", 2)
def publish_by_code(site: Site, person: Person) -> Steps:
    """Publish the newest revision as a person, or without asking who."""
    if page := site.page():
        yield [place_of(page)]
        more = site.chance.choice([{"user": person.user}, {"skip_permission_checks": True}])
        page.get_latest_revision().publish(**more)


@edit("page", 1)
def end_the_steps_by_code(site: Site, person: Person) -> Steps:
    """Approve the steps of a review by code that writes no record, and finish it."""
    page = site.page()
    state = page.current_workflow_state if page else None
    if state:
        yield [place_of(page)]
        state.current_task_state.approve(user=person.user)


@edit("row", 4)
def save_a_row_by_itself(site: Site, person: Person) -> Steps:
    """Save a claim, a measurement or a relation of a page without the page."""
    model, name = site.chance.choice([(Claim, "text"), (Measurement, "quantity"), (Relation, "gloss")])
    row: Any = site.pick(model)
    if row is not None:
        page = Page.objects.get(pk=getattr(row, "stated_on_id", None) or row.concept_id)
        yield [place_of(page)]
        setattr(row, name, f"Row {site.mark()}")
        row.save()


@edit("row", 2)
def add_a_row_by_itself(site: Site, person: Person) -> Steps:
    """Add a measurement, a relation or a byline to a page without the page."""
    page = site.page(ArticlePage, ConceptPage)
    if page is not None:
        yield [place_of(page)]
        new = [
            Measurement(stated_on=page, quantity=f"Rate {site.mark()}", value=2),
            page.credits.model(page=page, contributor=site.pick(ContributorPage)),
        ]
        if isinstance(page, ConceptPage):
            new.append(Relation(concept=page, term=f"Term {site.mark()}", gloss=f"Row {site.mark()}"))
        site.chance.choice(new).save()


@edit("row", 1)
def delete_a_row_by_itself(site: Site, person: Person) -> Steps:
    """Delete a claim or a relation of a page without the page."""
    row: Any = site.pick(site.chance.choice([Claim, Relation]))
    if row is not None:
        page = Page.objects.get(pk=getattr(row, "stated_on_id", None) or row.concept_id)
        yield [place_of(page)]
        row.delete()


@edit("page", 1)
def save_base(site: Site, person: Person) -> Steps:
    """Save a page past its ``save``."""
    if page := site.page(ArticlePage):
        yield [place_of(page)]
        page.deck = f"Deck {site.mark()}"
        page.save_base()


@edit("page", 1)
def load_data(site: Site, person: Person) -> Steps:
    """Load the rows of a page with other words from a file."""
    if page := site.page(ArticlePage):
        yield [place_of(page)]
        rows = json.loads(serializers.serialize("json", [page]))
        rows[0]["fields"]["deck"] = f"Deck {site.mark()}"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rows.json"
            path.write_text(json.dumps(rows), encoding="utf-8")
            call_command("loaddata", str(path), verbosity=0)


@edit("page", 1)
def move_by_code(site: Site, person: Person) -> Steps:
    """Move a page anywhere, past the rules of which page stands where."""
    page = site.page(ArticlePage)
    parent = site.pick(Page, depth=3)
    if page and parent:
        yield [place_of(page)]
        page.move(parent, pos="last-child")


@edit("page", 1)
def replace_a_word_everywhere(site: Site, person: Person) -> Steps:
    """Save every field of text of a concept with one word replaced, as a script would."""
    if page := site.page(ConceptPage):
        yield [place_of(page)]
        page.definition = MARK.sub(site.mark(), page.definition)
        page.save()
