"""What is part of a public page changes with the page and its review alone, whichever way Python takes."""

from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import models, transaction
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page

from articles.models import ArticleCredit, ArticleIndexPage, ArticlePage, ArticleTopic, TopicIndexPage
from glossary.models import ConceptAlias, ConceptPage, ConceptTopic, GlossaryIndexPage, Relation
from mindlab.core import gate
from mindlab.core.addresses import AddressKept, reviewed_models
from mindlab.core.child_rows import page_key, parents
from mindlab.core.digests import page_digest
from mindlab.core.models import ContributorIndexPage
from mindlab.editorial.models import ReviewRecord
from mindlab.evidence.models import Citation, Claim, Measurement, Source
from mindlab.home.models import HomePage
from tests.editorial.helpers import change, decide, fresh, publish_through_review, submit
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_issue, make_topic

pytestmark = pytest.mark.django_db


@contextmanager
def refused(error=gate.PublicationRefused, match=None):
    with pytest.raises(error, match=match), transaction.atomic():
        yield


def an_article(people):
    page = make_article("An article", owner=people.writer, topics=("Sleep",))
    page.credits = [ArticleCredit(contributor=make_contributor("Ada"), sort_order=0)]
    claim = Claim(text="It lasts.", standing="supported", sort_order=0)
    claim.citations = [Citation(source=Source.objects.create(title="A study"), sort_order=0)]
    page.claims = [claim]
    page.measurements = [Measurement(quantity="Rate", value=1, sort_order=0)]
    page.save_revision(user=people.writer)
    return page


def a_concept(people, **fields):
    relations = (("Thalamus", "<p>Begins there.</p>"),)
    page = make_concept("A concept", owner=people.writer, relations=relations, topics=("Sleep",), **fields)
    page.other_names = [ConceptAlias(name="Another name", sort_order=0)]
    page.save_revision(user=people.writer)
    return page


def rows(page):
    """All rows that are part of a page, as they are stored."""
    return [row for model in parents() for row in model.objects.order_by("pk") if page_key(row) == page.pk]


CHANGED = {
    ArticleCredit: {"role": "editor"},
    ArticleTopic: {},
    Claim: {"text": "It ends."},
    Citation: {"bearing": "contradicts"},
    Measurement: {"value": 2},
    Relation: {"gloss": "<p>Ends there.</p>"},
    ConceptAlias: {"name": "A third name"},
    ConceptTopic: {},
}


@pytest.mark.parametrize("make", [an_article, a_concept])
def test_rows_of_a_public_page_are_not_changed_by_themselves(make, people):
    page = publish_through_review(make(people), people)
    found = rows(page)
    expected = {an_article: 5, a_concept: 3}[make]
    assert len(found) == len({type(row) for row in found}) == expected
    before = page_digest(fresh(page))
    for row in found:
        for name, value in CHANGED[type(row)].items():
            setattr(row, name, value)
        with refused(match="changes with its page alone"):
            row.save()
        with refused(match="changes with its page alone"):
            row.delete()
        row.pk = row.id = None
        with refused(match="changes with its page alone"):
            row.save()
        with refused():
            type(row).objects.all().delete()
    assert page_digest(fresh(page)) == before


def test_a_row_is_not_taken_from_a_public_page_to_a_draft(people):
    page = publish_through_review(an_article(people), people)
    claim = Claim.objects.get()
    claim.stated_on = Page.objects.get(pk=make_article(owner=people.writer).pk)
    with refused():
        claim.save()
    assert rows(page)


def test_what_goes_along_with_a_topic_or_a_source_is_refused_with_it(people):
    publish_through_review(an_article(people), people)
    publish_through_review(a_concept(people), people)
    with refused((PermissionDenied, models.ProtectedError)):
        make_topic("Sleep").delete()
    with refused((PermissionDenied, models.ProtectedError)):
        Source.objects.all().delete()


def test_rows_of_drafts_and_of_withdrawn_pages_are_free(people):
    page = an_article(people)
    page.save()
    for row in rows(page):
        row.save()
    page = publish_through_review(page, people)
    page.unpublish()
    for row in rows(page):
        if Citation.objects.filter(pk=row.pk).exists() or not isinstance(row, Citation):
            row.delete()
    assert rows(page) == []


def test_rows_go_with_their_page(people):
    for make in (an_article, a_concept):
        page = publish_through_review(make(people), people)
        page.delete()
        assert rows(page) == []
    page = publish_through_review(make_article(owner=people.writer, topics=("Sleep",)), people)
    ArticlePage.objects.filter(pk=page.pk).delete()
    assert not ArticleTopic.objects.exists()


def test_a_page_that_public_pages_name_is_not_deleted_under_them(people):
    named = publish_through_review(make_concept("Named", owner=people.writer), people)
    naming = make_concept("Naming", owner=people.writer, relations=((named, "<p>Ties.</p>"),))
    naming = publish_through_review(naming, people)
    hub = publish_through_review(make_hub("Hub", owner=people.writer, concept=named), people)
    issue = make_issue(owner=people.writer, title="Issue", cta_label="Read", cta_page=named)
    submit(issue, people.writer)
    decide(issue, people.editor)

    with refused(PermissionDenied, match="is named by “Hub”, “Issue”, “Naming”: take it out"):
        fresh(named).delete()
    assert Relation.objects.get(concept=naming).target_id == named.pk

    for page in (naming, hub, issue):
        fresh(page).unpublish()
    fresh(named).delete()
    assert not ConceptPage.objects.filter(pk=named.pk).exists()


def test_deleting_a_named_page_in_the_admin_says_why_not(people, client):
    named = publish_through_review(make_concept("Named", owner=people.writer), people)
    naming = make_concept("Naming", owner=people.writer, relations=((named, "<p>Ties.</p>"),))
    publish_through_review(naming, people)
    client.force_login(people.administrator)
    url = reverse("wagtailadmin_pages:delete", args=[named.pk])
    response = client.post(url, follow=True)
    assert "is named by “Naming”" in response.content.decode()
    assert fresh(named).live


def test_a_page_stands_below_the_index_of_its_kind(people):
    page = publish_through_review(make_article(owner=people.writer), people)
    elsewhere = [GlossaryIndexPage, TopicIndexPage, ContributorIndexPage, HomePage]
    for parent in [*(model.objects.get() for model in elsewhere), Page.get_first_root_node()]:
        for moved in (fresh(page), Page.objects.get(pk=page.pk)):
            with refused(AddressKept, match="cannot stand below"):
                moved.move(parent, pos="last-child")
    with refused(AddressKept):
        call_command(
            "move_pages",
            ArticleIndexPage.objects.get().pk,
            GlossaryIndexPage.objects.get().pk,
            stdout=StringIO(),
        )
    assert fresh(page).url_path == page.url_path
    other = make_article(owner=people.writer)
    fresh(page).move(other, pos="right")
    assert fresh(page).url_path == page.url_path


@pytest.mark.parametrize("model", [ArticleIndexPage, HomePage])
def test_pages_above_keep_the_addresses_of_public_pages(model, people):
    def rename(page):
        page.slug = "elsewhere"
        return page

    above = model.objects.get()
    free = rename(model.objects.get())
    free.save()
    free.slug = above.slug
    free.save()

    page = publish_through_review(make_article(owner=people.writer), people)
    with refused(ValidationError, match="stays: public pages"):
        rename(model.objects.get()).save()
    with refused(AddressKept):
        rename(model.objects.get()).save(clean=False)
    with refused(AddressKept):
        rename(Page.objects.get(pk=above.pk)).save()
    revision = rename(model.objects.get()).save_revision(clean=False)
    with refused(ValidationError):
        revision.publish()
    assert fresh(page).url_path.startswith(above.url_path)

    fresh(page).unpublish()
    rename(model.objects.get()).save()


def test_an_index_does_not_move_from_under_its_public_pages(people):
    publish_through_review(make_article(owner=people.writer), people)
    with refused(AddressKept):
        ArticleIndexPage.objects.get().move(Page.get_first_root_node(), pos="last-child")


# --- Locks ---


def test_a_page_that_somebody_has_locked_is_not_approved(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    page = fresh(page)
    page.locked, page.locked_by = True, people.writing_editor
    page.save()

    with refused(PermissionDenied, match="writing-editor has locked this page"):
        decide(page, people.editor)
    assert not ReviewRecord.objects.exists()

    decide(page, people.editor, "reject")
    assert ReviewRecord.objects.get().decision == "changes"


def test_who_locked_a_page_may_approve_it(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    page = fresh(page)
    page.locked, page.locked_by = True, people.editor
    page.save()
    decide(page, people.editor)
    assert ReviewRecord.objects.get().decision == "approved"


def test_no_revision_is_saved_past_a_lock(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    before = page.revisions.count()
    with refused(PermissionDenied, match="in Editorial review"):
        change(page, people.writer, deck="Other words.")
    assert page.revisions.count() == before
    change(page, people.editor, deck="Other words.")
    assert page.revisions.count() == before + 1


# --- The interfaces ---


def test_the_site_offers_no_write_interface_but_the_admins_own():
    with refused(NoReverseMatch):
        reverse("wagtailapi_v3:list_pages")


@pytest.mark.parametrize("role", ["writer", "writing_editor", "writing_reviewer"])
def test_reverting_through_the_admins_interface_respects_the_lock(role, people, client):
    page = make_article(owner=people.writer)
    first = page.latest_revision_id
    change(page, people.writing_editor, deck="Second.")
    change(page, people.writing_reviewer, deck="Third.")
    submit(page, people.writer)
    decide(page, people.editor)
    before = fresh(page).latest_revision_id
    client.force_login(getattr(people, role))
    url = reverse("wagtailadmin_api:pages:action", args=[page.pk, "revert_to_page_revision"])
    response = client.post(url, {"revision_id": first}, content_type="application/json")
    may = role == "writing_reviewer"
    assert (response.status_code == 200) is may
    assert (fresh(page).latest_revision_id == before) is not may


def test_reviewed_models_are_those_with_steps():
    assert {model.__name__ for model in reviewed_models()} == {
        "ArticlePage",
        "TopicPage",
        "ConceptPage",
        "ContributorPage",
        "IssuePage",
    }


def test_an_account_that_a_public_person_has_is_not_deleted_under_them(people):
    person = make_contributor("Ada", user=people.reviewer)
    with refused(PermissionDenied, match="is named by “Ada”: take it out of them first"):
        people.reviewer.delete()
    person.unpublish()
    people.reviewer.delete()
    assert fresh(person).user is None
