"""The same words have one digest, wherever they stand; other words have another."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from articles.models import ArticleCredit
from glossary.models import ConceptAlias, ConceptCredit, Relation
from mindlab.core.digests import data_digest, page_digest
from mindlab.evidence.models import Citation, Claim, Measurement, Source
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_issue, make_topic

pytestmark = pytest.mark.django_db

BODY = [
    {"type": "heading", "value": {"text": "A heading", "level": "2"}},
    {"type": "text", "value": "<p>Some <b>words</b>.</p>"},
    {"type": "list", "value": {"ordered": False, "items": [{"text": "One", "depth": "0"}]}},
]


def add_evidence(page):
    source = Source.objects.create(title="A study", year=2020)
    page.claims = [
        Claim(
            text="Half of them did.",
            sort_order=0,
            citations=[
                Citation(source=source, sort_order=0),
                Citation(source=source, sort_order=1, locator="p. 2"),
            ],
        ),
        Claim(text="Sleep causes it.", sort_order=1, kind="cause"),
    ]
    page.measurements = [
        Measurement(quantity="Rate", value=Decimal("12.50"), unit="Hz", sort_order=0),
        Measurement(quantity="Range", low=Decimal(0), high=Decimal(70), unit="%", sort_order=1),
    ]


def article():
    page = make_article("Sleep", body=BODY, topics=("Sleep", "Memory"), originally_published="2020-02-03")
    page.credits = [ArticleCredit(contributor=make_contributor(), sort_order=i) for i in range(2)]
    add_evidence(page)
    return page


def concept():
    page = make_concept("Spindle", relations=(("Thalamus", "Where it begins."),), topics=("Sleep",))
    page.mechanism = BODY
    page.other_names = [ConceptAlias(name="Sleep spindle", sort_order=0)]
    page.relations = [Relation(target=make_concept("Cortex"), gloss="It ends there.", sort_order=0)]
    page.credits = [ConceptCredit(contributor=make_contributor(), sort_order=0, role="editor")]
    add_evidence(page)
    return page


def hub():
    page = make_hub("Memory", concept=make_concept("Memory trace"), body=BODY)
    add_evidence(page)
    return page


def issue():
    return make_issue(7, introduction="<p>Hello.</p>", preheader="What is new")


@pytest.mark.parametrize("make", [article, concept, hub, issue])
def test_digest_is_the_same_in_memory_in_revisions_and_in_the_database(make, open_gate):
    page = make()
    in_memory = page_digest(page)
    revision = page.save_revision()

    assert page_digest(revision.as_object()) == in_memory
    revision.refresh_from_db()
    assert page_digest(revision.as_object()) == in_memory
    assert data_digest(type(page), revision.content) == in_memory

    revision.publish()
    live = type(page).objects.get(pk=page.pk)
    assert live.live
    assert page_digest(live) == in_memory

    again = live.save_revision()
    assert page_digest(again.as_object()) == in_memory


@pytest.mark.parametrize("make", [article, concept, hub, issue])
def test_digest_does_not_hear_of_bookkeeping(make):
    page = make()
    page.save_revision()
    page = type(page).objects.get(pk=page.pk)
    before = page_digest(page)

    page.go_live_at = timezone.now() + timedelta(days=3)
    page.draft_title = "Other"
    page.locked = True
    page.has_unpublished_changes = not page.has_unpublished_changes
    page.last_published_at = timezone.now()

    assert page_digest(page) == before


def rename(page):
    page.title = "Another title"


def readdress(page):
    page.slug = "another-slug"


def rewrite(page):
    page.body = [{**BODY[0]}, {"type": "text", "value": "<p>Other <b>words</b>.</p>"}, {**BODY[2]}]


def retag(page):
    page.topics.add(make_topic("Dreams"))


def untag(page):
    page.topics.remove("Sleep")


def reorder_credits(page):
    first, second = page.credits.all()
    first.sort_order, second.sort_order = 1, 0
    page.credits = [first, second]


def reword_claim(page):
    claims = list(page.claims.all())
    claims[0].text = "All of them did."
    page.claims = claims


def move_citation(page):
    claims = list(page.claims.all())
    claims[0].citations = [claims[0].citations.all()[0]]
    page.claims = claims


def remeasure(page):
    measurements = list(page.measurements.all())
    measurements[0].value = Decimal("12.51")
    page.measurements = measurements


@pytest.mark.parametrize(
    "edit",
    [
        rename,
        readdress,
        rewrite,
        retag,
        untag,
        reorder_credits,
        reword_claim,
        move_citation,
        remeasure,
    ],
)
def test_digest_hears_every_change_of_content(edit):
    page = article()
    page.save()
    page = type(page).objects.get(pk=page.pk)
    before = page_digest(page)

    edit(page)

    assert page_digest(page) != before


def test_digest_takes_the_spellings_of_one_text_for_one_text():
    page = article()
    page.deck = "One\nTwo"
    page.body = [{"type": "text", "value": "<p>Words.</p>", "id": "a"}]
    before = page_digest(page)

    page.deck = "One\r\nTwo"
    page.body = [{"type": "text", "value": '<p data-block-key="x1">Words.</p>', "id": "b"}]

    assert page_digest(page) == before


def test_digest_of_a_number_does_not_depend_on_its_zeros():
    page = article()
    data = page.serializable_data()
    before = data_digest(type(page), data)
    data["measurements"][0]["value"] = "12.500000"
    assert data_digest(type(page), data) == before
    data["measurements"][0]["value"] = "0"
    with_zero = data_digest(type(page), data)
    data["measurements"][0]["value"] = None
    assert data_digest(type(page), data) != with_zero
