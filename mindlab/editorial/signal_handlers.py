"""What a newer text does to a review that is under way, and a deletion to what is public."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.models import Revision, TaskState, WorkflowState

from mindlab.core.digests import data_digest
from mindlab.core.pages import ReviewedPage
from mindlab.editorial import publications


def follow_text(sender: Any, instance: ReviewedPage, revision: Revision, user: Any, **kwargs: Any) -> None:
    """Move a review that is under way on to the newest text.

    The same words keep their approvals. Other words send the review back to its first step, under
    a new task state, so that nobody approves words that were replaced under their eyes.
    """
    state = instance.workflow_states.filter(status=WorkflowState.STATUS_IN_PROGRESS).first()
    task_state = state.current_task_state if state is not None else None
    if task_state is None or task_state.revision_id == revision.pk:
        return
    reviewed = task_state.revision
    if data_digest(sender, reviewed.content) == data_digest(sender, revision.content):
        TaskState.objects.filter(workflow_state=state, revision=reviewed).update(revision=revision)
    elif state.get_next_task() == task_state.task:
        _begin_again(state, task_state, revision, user)
    else:
        task_state.specific.cancel(user=user)


def _begin_again(state: WorkflowState, task_state: TaskState, revision: Revision, user: Any) -> None:
    """Replace the task state of a step that goes on with a newer text, without telling everyone again."""
    TaskState.objects.filter(pk=task_state.pk).update(
        status=TaskState.STATUS_CANCELLED, finished_at=timezone.now(), finished_by=user
    )
    state.current_task_state = TaskState.objects.create(
        workflow_state=state, task=task_state.task, revision=revision
    )
    state.save()


def end_publication(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Write, before a page is deleted, that it is public no longer."""
    publications.close(instance.pk)
