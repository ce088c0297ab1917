"""Two public concepts do not bear one name: the second goes no step further, and is led to the first."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from glossary.models import ConceptAlias
from mindlab.editorial.refusals import told
from tests.editorial.helpers import fresh, make_people, publish_through_review, submit
from tests.factories import gate_open, make_concept

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return make_people()


def public(title, *names):
    with gate_open():
        page = make_concept(title)
        page.other_names = [ConceptAlias(name=name, sort_order=n) for n, name in enumerate(names)]
        page.save_revision().publish()
    return page


def second(title, *names, owner=None):
    page = make_concept(title, owner=owner)
    page.other_names = [ConceptAlias(name=name, sort_order=n) for n, name in enumerate(names)]
    page.save_revision(user=owner)
    return page


@pytest.mark.parametrize(
    ("title", "names", "path"),
    [
        ("long-term Potentiations", (), ("title",)),
        ("LTP", (), ("title",)),
        ("Lasting change", ("Long‑term potentiation",), ("other_names", 0, "name")),
        ("Long-term potentiation", ("Longterm", "Long term potentiation"), ("title",)),
    ],
)
def test_a_name_that_is_taken_is_said_at_its_field_with_the_way_to_its_bearer(title, names, path):
    first = public("Long-term potentiation", "LTP")
    found = second(title, *names).blockers()
    assert found[-1 if path[0] == "title" else 0].path == path
    for blocker in found:
        assert "Long-term potentiation" in blocker.message
        assert (
            f'<a href="{reverse("wagtailadmin_pages:edit", args=[first.pk])}">' in blocker.message.__html__()
        )


def test_names_that_are_free():
    public("Long-term potentiation", "LTP")
    make_concept("Draft")
    assert second("Long-term depression", "LTD").blockers() == []
    assert second("Draft").blockers() == []
    # An abbreviation may stand for two things.
    assert second("Lateral tuberal part", "LTP").blockers() == []
    first = public("Spindle", "Sigma burst")
    assert fresh(first).blockers() == []


def test_the_review_refuses_the_second(people):
    publish_through_review(make_concept("Spindle", owner=people.writer), people)
    with pytest.raises(PermissionDenied) as refused:
        publish_through_review(second("Spindles", owner=people.writer), people)
    page = second("Spindles", owner=people.writer)
    assert "another public concept" in str(refused.value)
    assert ">Spindle</a>" in told(page, refused.value)


def test_two_under_review_at_once_end_with_one_public(people):
    pages = [second("Spindle", owner=people.writer) for _ in range(2)]
    for page in pages:
        submit(page, people.writer)
    from tests.editorial.helpers import approve_all

    approve_all(pages[0], people)
    with pytest.raises(PermissionDenied):
        approve_all(pages[1], people)
    assert [fresh(page).live for page in pages] == [True, False]


def test_the_form_leads_to_the_first(people, client):
    first = public("Spindle")
    page = second("Spindles", owner=people.writer)
    client.force_login(people.writer)
    none = inline_formset([])
    data = {
        "title": "Spindles",
        "slug": page.slug,
        "definition": rich_text("<p>What it is.</p>"),
        "plain_words": rich_text(""),
        "mechanism": streamfield([]),
        "practice": streamfield([]),
        "key_facts": streamfield([]),
        "topics": "",
        "other_names": inline_formset([{"name": "Spindle", "ORDER": 1}]),
        "relations": none,
        "credits": none,
        "claims": none,
        "measurements": none,
        "comments": none,
        "action-submit": "true",
    }
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), nested_form_data(data))
    html = response.content.decode()
    link = f'<a href="{reverse("wagtailadmin_pages:edit", args=[first.pk])}">Spindle</a>'
    assert f"name of another public concept, {link}" in html
    assert f"title of another public concept, {link}" in html
    assert fresh(page).current_workflow_state is None
