"""What all pages of the site have in common: kinds, rights, addresses, and what saving asks of whom."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from articles.models import ArticleIndexPage, ArticlePage, TopicPage
from glossary.models import ConceptPage
from mindlab.core import gate, pages
from mindlab.core.digests import BOOKKEEPING
from mindlab.users.models import User
from tests.editorial.helpers import change, decide, fresh, publish_through_review, submit
from tests.factories import make_article, make_concept

pytestmark = pytest.mark.django_db


def test_a_kind_says_what_readers_look_for():
    models = pages.public_models()
    assert models == sorted(models, key=lambda model: model.kind.order)
    assert {ArticlePage, ConceptPage, TopicPage} <= set(models)
    assert ArticleIndexPage not in models
    assert [model for model in models if model.kind.may_be_picked] == pages.pickable_models() != models
    assert pages.kind_of(ArticlePage).slug == "article"
    with pytest.raises(LookupError, match="ArticleIndexPage declares no kind"):
        pages.kind_of(ArticleIndexPage)


def test_a_summary_is_one_line_of_plain_words():
    assert make_article(deck="One  < two\nthree").summary == "One < two three"
    assert make_concept(definition="<p>It <b>bursts</b>.</p>").summary == "It bursts."
    assert ArticlePage(deck=None).summary == ArticleIndexPage().summary == ""
    assert "deck" in ArticlePage.card_fields()
    assert ArticleIndexPage.card_fields() == ("title", "slug", "url_path", "first_published_at")


def test_rights_are_worked_out_once_for_each_account_object(people):
    page = make_article()
    tester = page.permissions_for_user(people.editor)
    assert page.permissions_for_user(people.editor) is tester
    again = User.objects.get(pk=people.editor.pk)
    assert page.permissions_for_user(again).user is again


def test_an_address_is_taken_once():
    page, other = make_article(), make_article("Another")
    other.slug = page.slug
    with pytest.raises(ValidationError, match="already in use"):
        other.full_clean()


@pytest.mark.parametrize(
    "name", ["alias_of", "content_type", "latest_revision", "live_revision", "locale", "locked_by", "owner"]
)
def test_what_wagtail_keeps_of_a_page_is_asked_for_by_the_database_alone(name):
    page = make_article()
    setattr(page, f"{name}_id", 10**9)
    page.full_clean()
    page._state.adding = True
    with pytest.raises(ValidationError):
        page.full_clean()


@pytest.mark.parametrize("name", ["path", "translation_key"])
def test_what_wagtail_keeps_alone_in_a_column_is_kept_so_by_the_database_alone(name):
    page, other = make_article(), make_article("Another")
    setattr(page, name, getattr(other, name))
    page.full_clean()


@pytest.mark.parametrize(
    "fields", [None, ["deck"], ["live"], ["live_revision"], ["alias_of"], ["title", "live"]]
)
def test_what_is_public_is_judged_by_the_fields_that_are_saved(fields, people):
    page = publish_through_review(make_article(owner=people.writer), people)
    page.deck = "Other words."
    with pytest.raises(gate.PublicationRefused):
        page.require_review(fields)
    bookkeeping = BOOKKEEPING - {"live", "live_revision", "alias_of"}
    assert page.require_review(bookkeeping) is page.require_review(["owner"]) is None


def test_what_was_changed_in_memory_alone_is_not_published(people):
    page = publish_through_review(make_article(owner=people.writer, deck="Approved."), people)
    page.unpublish()
    revision = fresh(page).get_latest_revision()
    revision.content["deck"] = "Nobody saw this."
    revision.publish()
    assert fresh(page).deck == "Approved."


def test_who_changes_a_page_holds_it(people, monkeypatch):
    page = publish_through_review(make_article(owner=people.writer), people)
    held = []
    monkeypatch.setattr(pages, "hold", held.append)
    page.save_revision()
    assert held == [page.pk]
    page.get_latest_revision().publish()
    assert held[1:] == [page.pk, *held[2:]]


def test_a_page_that_was_read_before_a_change_says_which_step_it_is_in_after_it(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    decide(page, people.editor)
    page = fresh(page)
    assert page.current_workflow_task.name == "Scientific review"
    page.deck = "Other words."
    page.save_revision(user=people.writing_reviewer)
    assert page.current_workflow_task.name == "Editorial review"


def test_a_lock_is_for_whoever_is_named_first(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    with pytest.raises(PermissionDenied), transaction.atomic():
        fresh(page).save_revision(people.writer)
    assert fresh(page).save_revision(people.editor).user == people.editor


def test_a_page_is_saved_whole_while_it_is_saved_and_no_longer(people):
    page = publish_through_review(make_article(owner=people.writer), people)
    page.save()
    assert not pages.is_saved_whole(page.pk)
    with pages.saved_whole(page):
        assert pages.is_saved_whole(page.pk)
        assert not pages.is_saved_whole(page.pk + 1)
    page.deck = "By itself."
    with pytest.raises(gate.PublicationRefused):
        page.save_base()


def test_a_draft_is_withdrawn_by_nobody(people, django_assert_num_queries):
    page = make_article(owner=people.writer)
    change(page, people.writer, deck="Other words.")
    with django_assert_num_queries(0):
        pages.follow_publication(page, None)
