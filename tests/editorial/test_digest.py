"""The same words have one digest, wherever they stand; other words have another."""

import json
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.models import Page

from articles.models import ArticleCredit, ArticlePage, TopicPage
from glossary.models import ConceptAlias, ConceptCredit, ConceptPage, Relation
from mindlab.core.digests import BOOKKEEPING, data_digest, page_digest, page_digests, plain
from mindlab.evidence.models import Citation, Claim, Measurement, Source
from mindlab.newsletter.models import IssuePage
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


def test_of_what_every_page_has_readers_see_five_fields():
    page = article()
    data = page.serializable_data()
    before = data_digest(type(page), data)
    names = {field.name for field in Page._meta.fields} - {"id"}
    unheard = {name for name in names if data_digest(type(page), {**data, name: "other"}) == before}
    assert names - unheard == {"title", "slug", "seo_title", "search_description", "show_in_menus"}
    comments = [{"text": "Is that so?", "contentpath": "body"}]
    assert data_digest(type(page), {**data, "wagtail_admin_comments": comments}) == before


def test_the_order_of_rows_counts_and_the_numbers_that_keep_it_do_not():
    page = article()
    data = page.serializable_data()
    before = data_digest(type(page), data)
    for row, place in zip(data["claims"], (3, 7), strict=True):
        row.update(sort_order=place, uuid=str(uuid4()))
    assert data_digest(type(page), data) == before
    data["claims"].reverse()
    assert data_digest(type(page), data) == before
    for place in (None, 9):
        # A row without a place stands after those that have one.
        data["claims"][1]["sort_order"] = place
        assert data_digest(type(page), data) != before


def test_what_is_empty_says_nothing_and_false_and_zero_do():
    said = {"zero": 0, "false": False, "list": [0]}
    assert plain({**said, "a": None, "b": "", "c": [], "d": {}, "e": {"f": ""}}) == said
    assert plain([["One\r\nTwo", ""]]) == [["One\nTwo", ""]]


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


def test_the_keys_of_paragraphs_are_no_words():
    page = make_concept(definition="<p>It <b>bursts</b>.</p>")
    before = page_digest(page)
    page.definition = '<p data-block-key="x1">It <b>bursts</b>.</p>'
    assert page_digest(page) == before
    page.definition = "<p>It <i>bursts</i>.</p>"
    assert page_digest(page) != before


def test_the_items_of_a_list_are_words():
    page = make_article()
    digests = set()
    for items in ([], ["One."], ["Two."]):
        page.body = [{"type": "key_facts", "value": {"title": "", "facts": items}}]
        digests.add(page_digest(page))
    assert len(digests) == 3


def test_an_empty_stream_is_empty_however_it_is_stored():
    page = make_article()
    data = page.serializable_data()
    digests = {data_digest(type(page), {**data, "body": value}) for value in ("[]", "", None)}
    assert len(digests) == 1


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


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("deck", 'Sleep helps. data-block-key="nobody approved these words"'),
        ("deck", 'Sleep <p data-block-key="abc12"> helps.'),
        ("body", [{"type": "diagram", "value": {"source": 'graph TD\n%% data-block-key="hidden"'}}]),
        ("body", [{"type": "diagram", "value": {"source": 'graph TD\n%% <p data-block-key="ab">'}}]),
        ("body", [{"type": "text", "value": '<p>Sleep data-block-key="ab" helps.</p>'}]),
        ("body", [{"type": "text", "value": '<p data-block-key="hidden words">Sleep.</p>'}]),
        ("body", [{"type": "text", "value": '<a href="#" data-block-key="ab">Sleep.</a>'}]),
    ],
)
def test_nothing_that_is_written_hides_from_the_digest(name, hidden):
    page = make_article(deck="Sleep helps.", body=BODY)
    setattr(page, name, hidden)
    before = page_digest(page)
    data = page.serializable_data()
    text = data[name]
    for written in ("nobody approved these words", 'data-block-key=\\"ab\\"', 'data-block-key="', "hidden"):
        if written in text:
            data[name] = text.replace(written, "x" * len(written))
            assert data_digest(type(page), data) != before
            return
    raise AssertionError(text)


def test_false_and_zero_are_content_where_they_are_not_the_default():
    page = make_article(body=BODY)
    data = page.serializable_data()
    before = data_digest(type(page), data)
    assert data_digest(type(page), {**data, "body": '[{"type": "list", "value": {"ordered": true}}]'}) != (
        data_digest(type(page), {**data, "body": '[{"type": "list", "value": {"ordered": false}}]'})
    )
    zero = {"type": "table", "value": {"data": [[0, "0"]]}}
    none = {"type": "table", "value": {"data": [["", "0"]]}}
    digests = {data_digest(type(page), {**data, "body": json.dumps([table])}) for table in (zero, none)}
    assert len(digests) == 2
    assert before not in digests
    header = {"data": [["a"]], "first_row_is_table_header": False}
    digests = {
        data_digest(
            type(page), {**data, "body": json.dumps([{"type": "table", "value": {**header, **more}}])}
        )
        for more in ({}, {"first_row_is_table_header": True})
    }
    assert len(digests) == 2


def test_a_field_that_an_older_text_does_not_know_changes_nothing():
    """What a later release adds has its default in older rows, and is absent from older revisions."""
    page = article()
    page.body = [
        {"type": "callout", "value": {"kind": "note", "title": "", "text": "<p>Seen.</p>"}},
        {"type": "key_facts", "value": {"title": "Key facts", "facts": ["One."]}},
        {"type": "list", "value": {"ordered": False, "items": [{"text": "One", "depth": "0"}]}},
        {
            "type": "image",
            "value": {"image": {"image": 1, "alt_text": "", "decorative": False}, "caption": ""},
        },
    ]
    before = data_digest(type(page), page.serializable_data())
    data = page.serializable_data()
    data["body"] = json.dumps(
        [
            {"type": "callout", "value": {"text": "<p>Seen.</p>"}},
            {"type": "key_facts", "value": {"facts": [{"type": "item", "value": "One.", "id": "a"}]}},
            {"type": "list", "value": {"items": [{"type": "item", "value": {"text": "One"}, "id": "b"}]}},
            {"type": "image", "value": {"image": {"image": 1}}},
        ]
    )
    for name in ("originally_updated", "original_byline", "seo_title"):
        del data[name]
    for credit in data["credits"]:
        del credit["role"]
    del data["claims"][1]["standing"]
    assert data_digest(type(page), data) == before


def test_words_and_evidence_have_digests_of_their_own():
    page = article()
    before = page_digests(page)
    reword_claim(page)
    reworded = page_digests(page)
    assert reworded.words == before.words
    assert reworded.evidence != before.evidence
    assert reworded.whole != before.whole
    page.deck = "Other words."
    assert page_digests(page).evidence == reworded.evidence
    assert page_digests(page).words != reworded.words


def test_the_defaults_that_digests_rest_on_do_not_change():
    """A changed default would change the digest of every text that holds it: add a field instead."""
    found = {}
    for model in (ArticlePage, ConceptPage, TopicPage, IssuePage):
        rows = [model, *(relation.related_model for relation in get_all_child_relations(model)), Citation]
        for row in rows:
            for field in row._meta.fields:
                default = field.default
                if field.name not in BOOKKEEPING and field.has_default() and not callable(default):
                    found[f"{row.__name__}.{field.name}"] = str(default)
    pages = ("ArticlePage", "ConceptPage", "IssuePage", "TopicPage")
    credits = ("ArticleCredit", "ConceptCredit", "TopicCredit")
    assert found == {
        **{f"{page}.show_in_menus": "False" for page in pages},
        **{f"{credit}.role": "author" for credit in credits},
        "Citation.bearing": "supports",
        "Claim.kind": "study",
        "Claim.standing": "unchecked",
        "Measurement.comparator": "=",
    }
