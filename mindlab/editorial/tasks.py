"""The tasks that make the steps of the review."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.locks import BasicLock
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState, WorkflowState

from mindlab.core import gate
from mindlab.core.gate import PublicationRefused
from mindlab.core.locking import hold, whole
from mindlab.core.pages import ReviewedPage
from mindlab.editorial import records
from mindlab.editorial.authors import is_author
from mindlab.editorial.locks import ReviewLock


class ReviewTask(AbstractGroupApprovalTask):
    """One step of the review, taken by the members of its groups or an administrator.

    Nobody approves their own work, and nobody two steps of one text, whatever their rights. Every
    way of the admin to end a task comes through ``on_action``; a task that code ends past it leaves
    no record, and without a record the gate publishes nothing.
    """

    step: ClassVar[str] = ""
    """The name of the step, one of ``ReviewRecord.Step``."""

    lock_class = ReviewLock

    class Meta:
        abstract = True

    @whole()
    def start(self, workflow_state: Any, user: Any = None) -> Any:
        """Start this step, or pass over it when it has approved exactly this text already.

        Raises:
            PublicationRefused: when something is wrong with the text, whoever approves it.
        """
        page = workflow_state.content_object
        hold(page.pk)
        page.refresh_from_db(fields=["latest_revision"])
        require_whole(page)
        task_state = None
        if records.has_approved(self.step, page):
            task_state = passed_over(self, workflow_state)
        return task_state or super().start(workflow_state, user=user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Return what ``user`` may do: not approve, where they may not judge the text."""
        actions: list[tuple[str, Any, bool]] = super().get_actions(obj, user)
        if actions and not self.may_judge(user, obj):
            actions = [action for action in actions if action[0] != "approve"]
        return actions

    def may_judge(self, user: Any, page: Page) -> bool:
        """Return whether ``page`` is neither this person's own work nor approved by them at another step."""
        return may_judge(user, page, self.step)

    @whole()
    def on_action(
        self, task_state: Any, user: Any, action_name: str, page: Page | None = None, **kwargs: Any
    ) -> Any:
        """Approve or request changes, and write the record of it.

        Who has read ``page`` while holding its row hands it over, with what is known of it.

        Raises:
            PermissionDenied: when the step is not this one, not under way, or not this person's
                to take, and when the text may not be published after all.
        """
        page = read_again(task_state, page)
        standing = records.standing_of_latest(page)
        if user is None:
            raise PermissionDenied(_("Nobody decides without an account."))
        reviewer = records.reviewer_of(user)
        check(self, task_state, page, reviewer, action_name)
        reopen_steps(task_state.workflow_state, standing)
        records.record_decision(self, task_state, page, reviewer, action_name, kwargs.get("comment", ""))
        try:
            with records.judged(task_state.revision, page):
                return super().on_action(task_state, user, action_name, **kwargs)
        except ValidationError as error:
            raise PublicationRefused(page, error.messages) from error

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups take this step, and nobody for their own work.")


class EditorialReviewTask(ReviewTask):
    """Editors check language, structure and whether the text says what it is."""

    step = "editorial"

    class Meta:
        verbose_name = gettext_lazy("editorial review")


class ScientificReviewTask(ReviewTask):
    """Scientific reviewers check that the text is right."""

    step = "scientific"

    class Meta:
        verbose_name = gettext_lazy("scientific review")


STEPS: tuple[type[ReviewTask], ...] = (EditorialReviewTask, ScientificReviewTask)


def may_judge(user: Any, page: Page, step: str) -> bool:
    """Return whether ``page`` is neither this person's own work nor approved by them at another step.

    It is found out once for each page object and text: buttons, locks and rights all ask for it.
    """
    known: dict[Any, bool] = page.__dict__.setdefault("_may_judge", {})
    key = (user.pk, step, page.latest_revision_id)
    if key not in known:
        may_take_both = settings.ONE_PERSON_MAY_TAKE_BOTH_STEPS
        known[key] = not is_author(user, page) and (
            may_take_both or not records.has_taken_another_step(user, page, step)
        )
    return known[key]


def read_again(task_state: TaskState, page: Page | None = None) -> Any:
    """Read a task state anew with all that a decision asks for, once its page is held; return the page.

    That is the page the task state belongs to, whatever address the request came by.
    """
    page_id = task_state.workflow_state.object_id
    if page is None or str(page.pk) != page_id:
        page = None
        hold(int(page_id))
    related = TaskState.objects.select_related("revision", "task", "workflow_state__workflow")
    task_state.refresh_from_db(from_queryset=related)
    state = task_state.workflow_state
    if state.current_task_state_id == task_state.pk:
        state.current_task_state = task_state
    if page is None:
        page = state.content_object
    else:
        WorkflowState._meta.get_field("content_object").set_cached_value(state, page)
    if page.latest_revision_id == task_state.revision_id:
        # One object for the revision, whichever way it is come by.
        if Page._meta.get_field("latest_revision").is_cached(page):
            task_state.revision = page.latest_revision
        else:
            page.latest_revision = task_state.revision
    return page


def check(
    task: ReviewTask, task_state: Any, page: Page, reviewer: records.Reviewer, action_name: str
) -> None:
    """Return if ``reviewer`` may end this step of ``page`` this way.

    Raises:
        PermissionDenied: with the reason.
    """
    if task_state.task_id != task.pk or task_state.status != TaskState.STATUS_IN_PROGRESS:
        raise PermissionDenied(_("This step is not under way."))
    if task_state.revision_id != page.latest_revision_id:
        raise PermissionDenied(_("There is a newer text than the one under review."))
    if action_name not in {name for name, *_rest in task.get_actions(page, reviewer.user)}:
        raise PermissionDenied(
            _(
                "Only reviewers take this step, and nobody approves their own work "
                "or two steps of the same text."
            )
        )
    if action_name == "approve":
        _check_name(reviewer)
        _check_approval(page, reviewer.user)


def reopen_steps(workflow_state: WorkflowState, standing: records.Standing | None) -> None:
    """Let a step be taken again whose approval does not hold: what it saw changed, or it left no record."""
    taken = (TaskState.STATUS_APPROVED, TaskState.STATUS_SKIPPED)
    for state in workflow_state.task_states.filter(status__in=taken).select_related("task"):
        step = getattr(state.task.specific_class, "step", "")
        if standing is not None and step and step not in standing.approvals:
            things = ", ".join(f"“{thing.label}”" for thing in standing.changed.get(step, ()))
            changed = _("Taken again: since this approval somebody changed %(things)s.") % {"things": things}
            comment = changed if things else _("Taken again: nothing on record says who approved it.")
            TaskState.objects.filter(pk=state.pk).update(status=TaskState.STATUS_CANCELLED, comment=comment)


def _check_name(reviewer: records.Reviewer) -> None:
    """Return if readers can be told who approves: the page names them."""
    if not reviewer.name:
        raise PermissionDenied(
            _(
                "Nothing was decided: readers are told who approved, and your account has no name. "
                "An administrator gives it one under Settings, Users; then decide again."
            )
        )


def _check_approval(page: Any, user: Any) -> None:
    """Return if the newest text is whole, and nobody else holds the page locked while they work on it."""
    if page.locked and BasicLock(page).for_user(user):
        holder = page.locked_by.get_full_name() or page.locked_by.get_username() if page.locked_by else ""
        raise PermissionDenied(
            _("%(person)s has locked this page: it can be approved when it is unlocked.")
            % {"person": holder or _("Somebody")}
        )
    require_whole(page)


def require_whole(page: Any) -> None:
    """Return if nothing is wrong with the newest text of ``page``, whoever approves it.

    Raises:
        PublicationRefused: with what is wrong.
    """
    if isinstance(page, Page) and issubclass(page.specific_class or Page, ReviewedPage):
        gate.require_whole(records.latest_text(page) or page.specific)


def passed_over(task: ReviewTask, workflow_state: WorkflowState) -> TaskState:
    """Return a task state that says the step was not needed again."""
    state: TaskState = task.get_task_state_class()(workflow_state=workflow_state, task=task)
    state.status = TaskState.STATUS_SKIPPED
    state.revision = workflow_state.content_object.get_latest_revision()
    state.finished_at = timezone.now()
    state.comment = _("This text was approved at this step before.")
    state.save()
    return state
