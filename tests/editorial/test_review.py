"""The way of a text through the review, and what is written down about it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Revision, TaskState

from articles.models import ArticleIndexPage
from mindlab.core import gate
from mindlab.editorial.authors import author_ids
from mindlab.editorial.models import ReviewRecord
from tests.editorial.helpers import (
    approve_all,
    change,
    decide,
    fresh,
    let_the_date_come,
    publish_through_review,
    submit,
)
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_issue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [make_article, make_concept, make_hub])
def test_two_approvals_publish(make, people):
    page = make(owner=people.writer)
    submit(page, people.writer)
    assert fresh(page).status_string == "in editorial review"
    decide(page, people.editor, comment="Reads well.")
    assert not fresh(page).live
    assert fresh(page).status_string == "in scientific review"
    decide(page, people.reviewer)

    page = fresh(page)
    assert page.live
    assert page.status_string == "published"
    assert page.live_revision == page.latest_revision
    first, second = ReviewRecord.objects.order_by("decided_at")
    assert (first.step, first.decision, first.comment) == ("editorial", "approved", "Reads well.")
    assert (second.step, second.user, second.page_uuid) == (
        "scientific",
        people.reviewer,
        page.translation_key,
    )
    assert first.digest == second.digest
    assert first.revision == page.live_revision


def test_an_issue_takes_the_editorial_step_alone(people):
    page = make_issue(owner=people.writer)
    page = publish_through_review(page, people)
    assert page.live
    assert [record.step for record in ReviewRecord.objects.all()] == ["editorial"]


def test_changes_requested_and_taken_up(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    decide(page, people.editor, "reject", "Too long.")
    assert fresh(page).status_string == "changes requested in editorial review"
    assert ReviewRecord.objects.get().decision == "changes"

    change(page, people.writer, deck="Shorter.")
    fresh(page).current_workflow_state.resume(people.writer)
    approve_all(page, people)
    assert fresh(page).live


def test_a_published_page_with_a_newer_text_says_so(people):
    page = publish_through_review(make_article(owner=people.writer), people)
    change(page, people.writer, deck="Newer.")
    assert fresh(page).status_string == "published; newer text in draft"
    submit(page, people.writer)
    assert fresh(page).status_string == "published; newer text in editorial review"
    approve_all(page, people)
    page = fresh(page)
    assert page.deck == "Newer."
    assert page.status_string == "published"


@pytest.mark.parametrize("role", ["owner", "submitter", "writer of a revision", "credited author"])
@pytest.mark.parametrize("who", ["editor", "administrator", "writing_editor"])
def test_nobody_approves_their_own_work(role, who, people):
    person = getattr(people, who)
    named = (make_contributor(user=person),) if role == "credited author" else ()
    page = make_article(owner=person if role == "owner" else people.writer, contributors=named)
    if role == "writer of a revision":
        change(page, person, deck="My words.")
    submit(page, person if role == "submitter" else people.writer)

    assert person.pk in author_ids(fresh(page))
    task = fresh(page).current_workflow_task
    assert [name for name, *_rest in task.get_actions(fresh(page), person)] == ["reject"]
    with pytest.raises(PermissionDenied):
        decide(page, person)
    assert not ReviewRecord.objects.exists()


def test_who_wrote_before_the_last_publication_may_review_again(people):
    page = make_article(owner=people.writer)
    change(page, people.writing_reviewer, deck="Mine.")
    page = publish_through_review(page, people)
    change(page, people.writer, deck="Theirs.")
    submit(page, people.writer)
    decide(page, people.editor)
    decide(page, people.writing_reviewer)
    assert fresh(page).deck == "Theirs."


def test_saving_the_same_words_makes_no_author_and_keeps_approvals(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    decide(page, people.editor)
    revision = change(page, people.reviewer)

    page = fresh(page)
    assert page.status_string == "in scientific review"
    assert page.current_workflow_task_state.revision_id == revision.pk
    assert people.reviewer.pk not in author_ids(page)
    decide(page, people.reviewer)
    assert fresh(page).live


def test_saving_other_words_sends_the_review_back_to_its_first_step(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    decide(page, people.editor)
    stale = fresh(page).current_workflow_task_state
    change(page, people.writing_reviewer, deck="Other words.")

    assert fresh(page).status_string == "in editorial review"
    with pytest.raises(PermissionDenied):
        stale.task.specific.on_action(stale, people.reviewer, "approve")
    approve_all(page, people)
    assert fresh(page).deck == "Other words."


def test_other_words_in_the_same_step_make_the_old_task_state_stale(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    stale = fresh(page).current_workflow_task_state
    change(page, people.writing_editor, deck="Other words.")

    current = fresh(page).current_workflow_task_state
    assert current.pk != stale.pk
    assert TaskState.objects.get(pk=stale.pk).status == TaskState.STATUS_CANCELLED
    with pytest.raises(PermissionDenied):
        stale.task.specific.on_action(TaskState.objects.get(pk=stale.pk), people.editor, "approve")


def test_a_task_state_of_another_page_is_judged_by_its_own_authors(people):
    mine = make_article(owner=people.editor)
    theirs = make_article(owner=people.writer)
    submit(mine, people.writer)
    submit(theirs, people.writer)
    task_state = fresh(mine).current_workflow_task_state
    with pytest.raises(PermissionDenied):
        fresh(theirs).current_workflow_task.on_action(task_state, people.editor, "approve")


def test_a_step_that_code_ends_past_the_task_leaves_no_way_to_publish(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    fresh(page).current_workflow_task_state.approve(user=people.writer)
    decide(page, people.reviewer)
    assert not fresh(page).live
    assert fresh(page).status_string == "in editorial review"
    with pytest.raises(gate.PublicationRefused, match="editorial review has not approved"):
        fresh(page).current_workflow_task_state.approve(user=people.writer)
    assert not fresh(page).live


def test_the_refusal_names_what_is_missing(people):
    page = make_article(owner=people.writer, deck="")
    with pytest.raises(gate.PublicationRefused) as refusal:
        page.get_latest_revision().publish()
    assert refusal.value.missing == (
        "deck: fill this in before the page is submitted",
        "editorial review has not approved this text",
        "scientific review has not approved this text",
    )


def test_an_approval_does_not_outlive_a_later_publication(people):
    page = publish_through_review(make_article(owner=people.writer, deck="First."), people)
    first = page.live_revision
    change(page, people.writer, deck="Second.")
    page = publish_through_review(page, people)
    with pytest.raises(gate.PublicationRefused):
        first.publish()
    assert fresh(page).deck == "Second."


def test_what_was_unpublished_may_come_back_unchanged(people):
    page = publish_through_review(make_article(owner=people.writer), people)
    page.unpublish()
    assert fresh(page).permissions_for_user(people.editor).can_publish()
    fresh(page).get_latest_revision().publish(user=people.editor)
    assert fresh(page).live


def test_no_gate_refuses(people):
    page = make_article(owner=people.writer)
    registered = list(gate._gates)
    gate._gates.clear()
    try:
        with pytest.raises(gate.PublicationRefused, match="no publication gate"):
            page.get_latest_revision().publish()
    finally:
        gate._gates[:] = registered


def test_the_last_approval_waits_for_the_date(people):
    page = make_article(owner=people.writer)
    date = timezone.now() + timedelta(days=2)
    change(page, people.administrator, go_live_at=date)
    page = publish_through_review(page, people)
    assert not page.live
    assert page.status_string.startswith("approved – goes live on ")

    let_the_date_come(page)
    call_command("publish_scheduled")
    assert fresh(page).live


def test_one_refused_page_does_not_stop_the_schedule(people, capsys):
    past = timezone.now() - timedelta(minutes=1)
    refused = make_article("Refused", owner=people.writer)
    refused.revisions.update(approved_go_live_at=past - timedelta(minutes=1))
    approved = make_article("Approved", owner=people.writer)
    change(approved, people.administrator, go_live_at=timezone.now() + timedelta(days=2))
    approved = publish_through_review(approved, people)
    let_the_date_come(approved)

    with pytest.raises(CommandError, match="1 scheduled page"):
        call_command("publish_scheduled")

    assert fresh(approved).live
    assert not fresh(refused).live
    assert "Refused" in capsys.readouterr().err


def test_reviews_of_the_public_text_in_two_queries_at_most(people, django_assert_max_num_queries):
    make_contributor("Rhea Reviewer", credentials="PhD", user=people.reviewer, is_fictitious=True)
    page = publish_through_review(make_article(owner=people.writer), people)
    with django_assert_max_num_queries(2):  # the records with their people; the site's root paths
        reviews = gate.reviews(page)

    assert [(review.step, review.step_label, review.name) for review in reviews] == [
        ("editorial", "Editorial review", "editor"),  # the name of the account
        ("scientific", "Scientific review", "Rhea Reviewer"),
    ]
    assert reviews[1].url == "/people/rhea-reviewer/" or reviews[1].url.startswith("/people/rhea-reviewer")
    assert (reviews[0].url, reviews[1].credentials, reviews[1].fictitious) == ("", "PhD", True)

    change(page, people.writer, deck="Not reviewed yet.")
    submit(page, people.writer)
    decide(page, people.writing_editor)
    assert [review.name for review in gate.reviews(fresh(page))] == ["editor", "Rhea Reviewer"]


def test_a_reviewer_whose_page_is_not_public_gets_no_address(people):
    make_contributor("Rhea", user=people.reviewer, private=True)
    page = publish_through_review(make_article(owner=people.writer), people)
    assert (gate.reviews(page)[1].url, gate.reviews(page)[1].name) == ("", "Rhea")


def test_a_draft_gives_a_reviewer_no_other_name(people):
    make_contributor("A Famous Professor", user=people.reviewer, live=False)
    page = publish_through_review(make_article(owner=people.writer), people)
    record = ReviewRecord.objects.get(step="scientific")
    assert (record.contributor, record.account_name) == (None, "reviewer")
    assert gate.reviews(page)[1].name == "reviewer"


def test_of_two_decisions_at_once_the_second_is_refused(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    first, second = fresh(page).current_workflow_task_state, fresh(page).current_workflow_task_state
    first.task.specific.on_action(first, people.editor, "approve")
    with pytest.raises(PermissionDenied):
        second.task.specific.on_action(second, people.writing_editor, "reject")
    assert ReviewRecord.objects.get().decision == "approved"
    assert fresh(page).status_string == "in scientific review"


def test_reviews_of_a_draft_are_none(people, django_assert_num_queries):
    page = make_article(owner=people.writer)
    with django_assert_num_queries(0):
        assert gate.reviews(page) == []


def test_records_outlive_the_page_and_the_people(people):
    person = make_contributor("Rhea Reviewer", user=people.reviewer)
    page = publish_through_review(make_article("Gone", owner=people.writer), people)
    key = page.translation_key
    page.delete()
    person.delete()
    people.reviewer.delete()

    record = ReviewRecord.objects.get(step="scientific")
    assert (record.page, record.revision, record.user, record.contributor) == (None, None, None, None)
    assert (record.page_uuid, record.page_title, record.reviewer_name) == (key, "Gone", "Rhea Reviewer")
    assert str(record) == "Gone: Scientific review, Approved"


def test_an_index_page_is_no_text_for_reviewers(people):
    index = ArticleIndexPage.objects.get()
    assert index.status_string == "published"
    assert index.permissions_for_user(people.editor).can_publish()
    index.save_revision(user=people.editor).publish(user=people.editor)
    submit(index, people.writer)
    assert fresh(index).status_string == "published; in editorial review"


def test_only_the_newest_text_can_be_approved(people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    newer = page.latest_revision
    newer.pk = None
    newer.content["deck"] = "Slipped in past save_revision."
    newer.save()
    type(page).objects.filter(pk=page.pk).update(latest_revision=newer)
    with pytest.raises(PermissionDenied, match="newer text"):
        decide(page, people.editor)


def go_back(page, user, revision):
    """Let ``user`` make an old revision the newest text, as the admin's history does."""
    draft = revision.as_object()
    draft.pk, draft.live = page.pk, True
    return draft.save_revision(user=user, log_action=True, previous_revision=revision)


def test_going_back_to_what_is_public_and_publishing_it_again_ends_nobodys_authorship(people):
    page = publish_through_review(make_article(owner=people.writer), people)
    public = page.live_revision
    written = change(page, people.writing_reviewer, deck="Words of the writing reviewer.")
    go_back(fresh(page), people.writing_reviewer, public)
    fresh(page).get_latest_revision().publish()
    go_back(fresh(page), people.writer, written)

    authors = author_ids(fresh(page))
    assert {people.writing_reviewer.pk, people.writer.pk} <= authors
    submit(page, people.writer)
    decide(page, people.administrator)
    with pytest.raises(PermissionDenied):
        decide(page, people.writing_reviewer)
    assert fresh(page).deck != "Words of the writing reviewer."


def test_authorship_begins_anew_when_other_words_are_published(people):
    page = publish_through_review(make_article(owner=people.writer), people)
    change(page, people.writing_reviewer, deck="Words of the writing reviewer.")
    publish_through_review(page, people)
    change(page, people.writer, deck="Words of the writer.")
    assert people.writing_reviewer.pk not in author_ids(fresh(page))


def test_authorship_begins_anew_though_the_published_revision_is_gone(people):
    page = publish_through_review(make_article(owner=people.writer), people)
    for deck in ("First words of the writing reviewer.", "His second words."):
        change(page, people.writing_reviewer, deck=deck)
    page = publish_through_review(page, people)
    Revision.objects.filter(pk=page.live_revision_id).delete()
    change(page, people.writer, deck="Words of the writer.")
    assert people.writing_reviewer.pk not in author_ids(fresh(page))
