"""What a page shows besides its words, found in its stored form and known by what readers see of it."""

import pytest
from django.core.files.base import ContentFile
from django.db import connections

from articles.models import ArticleCredit, ArticlePage, TopicPage
from mindlab.core.models import ContributorPage, SiteDocument
from mindlab.core.shown import held, keys_shown_by, kind_of, thing, things_shown_by, types_that_always_show
from mindlab.evidence.models import Citation, Claim, Source
from mindlab.newsletter.models import IssuePage
from mindlab.users.models import User
from tests.factories import (
    gate_open,
    make_article,
    make_concept,
    make_contributor,
    make_image,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


def make_document(title="Questionnaire", content=b"one"):
    return SiteDocument.objects.create(title=title, file=ContentFile(content, name="questions.txt"))


def everything():
    """An article that shows one thing of each kind, and the things by kind."""
    shown = {
        "image": make_image("In the text"),
        "contributor": make_contributor("Ada Example", credentials="PhD"),
        "topic": make_topic("Sleep"),
        "source": Source.objects.create(title="A study", year=2020),
        "document": make_document(),
        "page": make_concept("Spindle"),
    }
    text = '<p><a linktype="document" id="{}">D</a> <a linktype="page" id="{}">P</a></p>'
    page = make_article(topics=("Sleep",), cover=make_image("On the cover"))
    page.body = [
        {"type": "text", "value": text.format(shown["document"].pk, shown["page"].pk)},
        {"type": "image", "value": {"image": {"image": shown["image"].pk, "alt_text": "A neuron"}}},
    ]
    page.credits = [ArticleCredit(contributor=shown["contributor"], sort_order=0)]
    page.claims = [
        Claim(text="Half.", sort_order=0, citations=[Citation(source=shown["source"], sort_order=0)])
    ]
    return page, shown


def test_everything_a_text_and_its_rows_point_at_is_shown():
    page, shown = everything()
    expected = {(kind, row.pk) for kind, row in shown.items()} | {("image", page.cover_id)}

    assert keys_shown_by(type(page), page.serializable_data()) == expected
    revision = page.save_revision()
    revision.refresh_from_db()
    assert keys_shown_by(type(page), revision.content) == expected


def test_an_image_that_is_stored_as_a_key_alone_is_shown():
    image = make_image()
    page = make_article(body=[{"type": "image", "value": {"image": image.pk, "caption": ""}}])
    assert ("image", image.pk) in keys_shown_by(type(page), page.serializable_data())


def test_what_points_nowhere_and_what_readers_do_not_see_is_no_thing():
    page = make_contributor()
    page.user = make_user("somebody")
    assert keys_shown_by(type(page), page.serializable_data()) == set()
    page = make_article()
    page.body = [
        {"type": "text", "value": '<p><a linktype="page" id="gone">P</a></p>'},
        {"type": "image", "value": {"image": {"image": None, "alt_text": "1"}}},
        {"type": "callout", "value": {"kind": "note"}},
    ]
    assert keys_shown_by(type(page), page.serializable_data()) == set()


def test_what_rows_of_a_model_are_to_readers():
    models = (SiteDocument, ContributorPage, ArticlePage, User, None)
    assert [kind_of(model) for model in models] == ["document", "contributor", "page", "", ""]


def test_what_some_pages_show_without_pointing_at_it():
    assert types_that_always_show("image") == []
    assert set(types_that_always_show("brief")) == {TopicPage, IssuePage}


def test_rows_are_held_with_their_parents_within_a_transaction_alone(monkeypatch):
    query = held(ContributorPage).query
    assert (query.select_for_update, query.select_for_update_of) == (True, ("self", "page_ptr"))
    with monkeypatch.context() as outside:
        outside.setattr(connections["default"], "in_atomic_block", False)
        assert held(ContributorPage).query.select_for_update is False


def test_things_are_the_material_that_no_other_page_owns(django_assert_max_num_queries):
    page, _shown = everything()
    page.save()
    page = type(page).objects.get(pk=page.pk)
    page.serializable_data()
    with django_assert_max_num_queries(24):  # the rows of the page, one for each of five kinds
        kinds = [shown.kind for shown in things_shown_by(page)]
    assert kinds == ["contributor", "document", "image", "image", "source", "topic"]


CHANGES = [
    ("image", "title", "Another"),
    ("image", "description", "Another"),
    ("image", "credit", "Somebody else"),
    ("image", "licence", "CC0"),
    ("image", "source_url", "https://example.org/"),
    ("image", "focal_point_x", 0),
    ("document", "title", "Another"),
    ("contributor", "title", "Another Name"),
    ("contributor", "credentials", ""),
    ("contributor", "is_fictitious", True),
    ("topic", "name", "Dreams"),
    ("source", "title", "Another study"),
    ("source", "authors", [{"family": "Smith"}]),
    ("source", "year", 2021),
    ("source", "doi", "10.1000/1"),
    ("source", "url", "https://example.org/"),
]


@pytest.mark.parametrize(("kind", "name", "value"), CHANGES)
def test_a_change_that_readers_see_is_another_thing(kind, name, value):
    _page, shown = everything()
    row = shown[kind]
    before = thing(row)
    setattr(row, name, value)
    assert thing(row).digest != before.digest
    with gate_open():
        row.save()
    assert thing(type(row).objects.get(pk=row.pk)).digest != before.digest


@pytest.mark.parametrize("make", [make_image, make_document])
def test_other_bytes_under_the_same_name_are_another_thing(make):
    row = make()
    before = thing(row)
    with row.file.storage.open(row.file.name, "wb") as file:
        file.write(b"other bytes")
    row = type(row).objects.get(pk=row.pk)
    row.save()
    assert thing(row).digest != before.digest


def test_a_change_that_readers_do_not_see_is_none():
    _page, shown = everything()
    person, source = shown["contributor"], shown["source"]
    before = thing(person), thing(source)
    person.biography, person.role = "<p>Other.</p>", "Other"
    assert (thing(person), thing(source)) == before


def test_the_digest_of_an_older_file_is_worked_out_when_it_is_first_asked_for():
    image = make_image()
    digest = image.file_digest
    assert len(digest) == 64
    type(image).objects.update(file_digest="")
    image = type(image).objects.get()
    assert image.file_sha256 == digest
    assert type(image).objects.get().file_digest == digest
