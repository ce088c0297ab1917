"""Steps of the review as a person takes them, without the admin's pages around them."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from tests.factories import make_user


def make_people():
    """One account for each part in the review, and some who have two."""
    return SimpleNamespace(
        writer=make_user("writer", groups=("Writers",)),
        editor=make_user("editor", groups=("Editors",)),
        reviewer=make_user("reviewer", groups=("Scientific reviewers",)),
        both=make_user("both", groups=("Editors", "Scientific reviewers")),
        administrator=make_user("administrator", is_superuser=True),
        writing_editor=make_user("writing-editor", groups=("Writers", "Editors")),
        writing_reviewer=make_user("writing-reviewer", groups=("Writers", "Scientific reviewers")),
    )


def fresh(page):
    return page.specific_class.objects.get(pk=page.pk)


def submit(page, user):
    page = fresh(page)
    page.get_workflow().start(page, user)


def decide(page, user, action="approve", comment=""):
    page = fresh(page)
    page.current_workflow_task.on_action(page.current_workflow_task_state, user, action, comment=comment)


def approve_all(page, people):
    decide(page, people.editor)
    if fresh(page).current_workflow_task is not None:
        decide(page, people.reviewer)


def change(page, user, **fields):
    """Save a draft with other words, as the editor does for a live page."""
    draft = fresh(page).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    return draft.save_revision(user=user, log_action=True, clean=False)


def publish_through_review(page, people, submitter=None):
    submit(page, submitter or people.writer)
    approve_all(page, people)
    return fresh(page)


def let_the_date_come(page):
    """Move the date a scheduled page waits for into the past."""
    past = timezone.now() - timedelta(minutes=1)
    for revision in page.revisions.filter(approved_go_live_at__isnull=False):
        revision.content["go_live_at"] = past.isoformat()
        page.revisions.filter(pk=revision.pk).update(content=revision.content, approved_go_live_at=past)
