"""What happens as a step of the review begins, ends, or is overtaken by a newer text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, TaskState, WorkflowState

from mindlab.core.digests import data_digest, page_digest
from mindlab.core.pages import ReviewedPage

if TYPE_CHECKING:
    from mindlab.editorial.models import ReviewTask


def check(task: ReviewTask, task_state: Any, user: Any, action_name: str) -> None:
    """Return if ``user`` may end this step this way.

    The page is the one the task state belongs to, whatever address the request came by.

    Raises:
        PermissionDenied: with the reason.
    """
    page = task_state.revision.content_object
    # Held until the decision is written, so that of two decisions at once the second finds the first.
    status, task_id = (
        TaskState.objects.select_for_update().values_list("status", "task_id").get(pk=task_state.pk)
    )
    if task_id != task.pk or status != TaskState.STATUS_IN_PROGRESS:
        raise PermissionDenied(_("This step is not under way."))
    if task_state.revision_id != page.latest_revision_id:
        raise PermissionDenied(_("There is a newer text than the one under review."))
    if user is None or action_name not in {name for name, *_rest in task.get_actions(page, user)}:
        raise PermissionDenied(_("Only reviewers take this step, and nobody approves their own work."))


def record(task: ReviewTask, task_state: Any, user: Any, action_name: str, comment: str) -> None:
    """Write who decided what about which words.

    Only a published contributor's page gives the reviewer its name: anybody who may write a draft
    can put another person's account into one.
    """
    from mindlab.editorial.models import ReviewRecord

    page = task_state.revision.as_object()
    contributor = getattr(user, "contributor", None)
    if contributor is not None and not contributor.live:
        contributor = None
    decisions = ReviewRecord.Decision
    ReviewRecord.objects.create(
        page_id=page.pk,
        page_uuid=page.translation_key,
        page_title=page.title,
        revision=task_state.revision,
        digest=page_digest(page),
        step=task.step,
        task_id=task.pk,
        contributor=contributor,
        user=user,
        reviewer_name=contributor.title if contributor else user.get_full_name(),
        account_name=user.get_username(),
        decision=decisions.APPROVED if action_name == "approve" else decisions.CHANGES_REQUESTED,
        comment=comment or "",
        decided_at=timezone.now(),
    )


def has_approved(step: str, page: Page) -> bool:
    """Return whether the newest text of ``page`` has the approval of ``step`` since the last publication."""
    from mindlab.editorial.models import ReviewRecord

    revision = page.get_latest_revision()
    decisions = ReviewRecord.objects.filter(page_id=page.pk, step=step)
    if page.last_published_at is not None:
        decisions = decisions.filter(decided_at__gt=page.last_published_at)
    if revision is None or not decisions.exists():
        return False
    last = decisions.filter(digest=page_digest(revision.as_object())).order_by("decided_at", "pk").last()
    return last is not None and last.is_approval


def passed_over(task: ReviewTask, workflow_state: WorkflowState) -> TaskState:
    """Return a task state that says the step was not needed again."""
    state: TaskState = task.get_task_state_class()(workflow_state=workflow_state, task=task)
    state.status = TaskState.STATUS_SKIPPED
    state.revision = workflow_state.content_object.get_latest_revision()
    state.finished_at = timezone.now()
    state.comment = _("This text was approved at this step before.")
    state.save()
    return state


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
