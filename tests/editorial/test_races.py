"""Two people at one page at the same moment: one comes first, the other is told, and nothing is torn."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from mindlab.core.digests import data_digest, page_digest
from mindlab.editorial.models import ReviewRecord
from tests.editorial.helpers import approve_all, change, decide, fresh, let_the_date_come, make_people, submit
from tests.editorial.test_matrix import form
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("ROUNDS", "4"))
"""How often each race is run."""


@pytest.fixture
def people():
    return make_people()


def at_once(*acts):
    """Let each act begin at the same moment on a connection of its own; return what they returned."""
    together = Barrier(len(acts))

    def one(act):
        try:
            together.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(one, act) for act in acts]]


def unless_refused(act):
    """Return the same act, which says so where the page is locked or its step is not under way any more."""

    def one():
        try:
            return act()
        except PermissionDenied:
            return "refused"

    return one


def poster(user, page, data, *, accept="text/html", url=""):
    """Return the act of posting to a page's editor, or to another address, as a person."""
    client = Client(headers={"accept": accept})
    client.force_login(user)
    url = url or reverse("wagtailadmin_pages:edit", args=[page.pk])
    return lambda: client.post(url, data)


def approval(user, page):
    deck = page.get_latest_revision_as_object().deck
    fields = {"action-workflow-action": "true", "workflow-action-name": "approve", "deck": deck}
    return poster(user, page, form(page, **fields))


def under_review(people, step="editorial"):
    page = make_article(deck="Under review.", owner=people.writer)
    submit(page, people.writer)
    if step == "scientific":
        decide(page, people.editor)
    return fresh(page)


def torn(page):
    """Say what does not fit together in a page and its review."""
    page = fresh(page)
    found = []
    running = TaskState.objects.for_instance(page).filter(status=TaskState.STATUS_IN_PROGRESS)
    if len(running) > 1:
        found.append(f"{len(running)} task states in progress")
    if any(state.revision_id != page.latest_revision_id for state in running):
        found.append("an older revision under review")
    if running and page.current_workflow_task_state != running[0]:
        found.append("a task state in progress that is not the review's")
    if WorkflowState.objects.for_instance(page).active().count() > 1:
        found.append("two reviews")
    records = ReviewRecord.objects.filter(page_id=page.pk).select_related("revision")
    if any(data_digest(type(page), record.revision.content) != record.digest for record in records):
        found.append("an approved revision with other words")
    approved = {record.digest for record in records if record.step == "scientific"}
    if page.live and page_digest(page) not in approved:
        found.append("public words that nobody approved")
    return found


def no_errors(responses):
    return [response.status_code for response in responses if response.status_code >= 500]


@pytest.mark.parametrize("step", ["editorial", "scientific"])
def test_an_approval_beside_an_edit(step, people):
    for _round in range(ROUNDS):
        page = under_review(people, step)
        person = people.writing_editor if step == "editorial" else people.writing_reviewer
        editing = poster(person, page, form(page, deck="Edited."))
        responses = at_once(approval(people.administrator, page), editing)
        assert no_errors(responses) == []
        assert torn(page) == []
        assert fresh(page).get_latest_revision_as_object().deck in ("Edited.", "Under review.")


def test_an_approval_beside_an_edit_in_code(people):
    for _round in range(ROUNDS):
        page = under_review(people, "scientific")

        at_once(
            unless_refused(lambda page=page: decide(page, people.reviewer)),
            unless_refused(lambda page=page: change(page, people.writing_reviewer, deck="Edited.")),
        )
        assert torn(page) == []


def test_two_approvals_of_one_step(people):
    for _round in range(ROUNDS):
        page = under_review(people)
        responses = at_once(approval(people.editor, page), approval(people.writing_editor, page))
        assert no_errors(responses) == []
        assert ReviewRecord.objects.filter(page_id=page.pk).count() == 1
        assert torn(page) == []
        assert not fresh(page).live


def test_an_approval_beside_a_withdrawal(people):
    for _round in range(ROUNDS):
        page = under_review(people, "scientific")
        withdrawal = poster(people.writer, page, form(page, **{"action-cancel-workflow": "true"}))
        responses = at_once(approval(people.reviewer, page), withdrawal)
        assert no_errors(responses) == []
        assert torn(page) == []
        page = fresh(page)
        assert page.live is (ReviewRecord.objects.filter(page_id=page.pk).count() == 2)


def test_an_autosave_beside_a_submission(people):
    for _round in range(ROUNDS):
        page = make_article(deck="A draft.", owner=people.writer)
        draft = change(page, people.writer, deck="A draft, autosaved once.")
        page = fresh(page)
        data = form(page, deck="Autosaved.", overwrite_revision_id=draft.pk)
        autosave = poster(people.writer, page, data, accept="application/json")
        submission = poster(people.writer, page, form(page, deck="Submitted.", **{"action-submit": "true"}))
        responses = at_once(autosave, submission)
        assert no_errors(responses) == []
        assert torn(page) == []
        assert fresh(page).current_workflow_task_state.revision.content["deck"] == "Submitted."


def test_an_autosave_beside_a_submission_in_code(people):
    for _round in range(ROUNDS):
        page = make_article(deck="A draft.", owner=people.writer)
        draft = change(page, people.writer, deck="A draft, autosaved once.")

        def autosave(page=page, draft=draft):
            text = draft.as_object()
            text.deck = "Autosaved."
            text.save_revision(user=people.writer, overwrite_revision=draft, clean=False)

        at_once(unless_refused(autosave), lambda page=page: submit(page, people.writer))
        assert torn(page) == []


def test_two_submissions(people):
    for _round in range(ROUNDS):
        page = make_article(deck="A draft.", owner=people.writer)
        data = form(page, deck="Submitted.", **{"action-submit": "true"})
        responses = at_once(poster(people.writer, page, data), poster(people.writing_editor, page, data))
        assert no_errors(responses) == []
        assert WorkflowState.objects.for_instance(page).count() == 1
        assert torn(page) == []


@pytest.mark.parametrize("way", ["unpublish", "delete", "move_confirm"])
def test_an_approval_of_a_newer_text_beside_the_end_of_the_page(way, people):
    for _round in range(ROUNDS):
        page = make_article(deck="Public.", owner=people.writer)
        submit(page, people.writer)
        approve_all(page, people)
        change(page, people.writer, deck="Newer.")
        submit(page, people.writer)
        decide(page, people.editor)
        page = fresh(page)
        args = [page.pk, page.get_parent().pk] if way == "move_confirm" else [page.pk]
        url = reverse(f"wagtailadmin_pages:{way}", args=args)
        responses = at_once(approval(people.reviewer, page), poster(people.administrator, page, {}, url=url))
        assert no_errors(responses) == []
        if way != "delete":
            assert torn(page) == []


def test_a_publication_that_is_due_beside_an_edit(people):
    for _round in range(ROUNDS):
        page = make_article(deck="Due.", owner=people.writer)
        change(page, people.administrator, go_live_at=timezone.now() + timedelta(days=1))
        submit(page, people.writer)
        approve_all(page, people)
        let_the_date_come(page)
        _published, edit = at_once(
            lambda: call_command("publish_scheduled"),
            unless_refused(lambda page=page: change(page, people.writing_editor, deck="Edited.")),
        )
        page = fresh(page)
        assert (page.live, page.deck) == (True, "Due.")
        edited = "Due." if edit == "refused" else "Edited."
        assert page.get_latest_revision_as_object().deck == edited
        assert torn(page) == []
