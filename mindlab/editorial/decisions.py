"""What the desk tells a reviewer: what a change would cost, who was first, what waits next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page, Revision, TaskState, WorkflowState

from mindlab.core.pages import ReviewedPage
from mindlab.editorial import records, steps
from mindlab.editorial.authors import credited_ids, is_author
from mindlab.editorial.tasks import STEPS, ReviewTask, may_judge

ENDED = (TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED)

LOOKED_THROUGH = 5
"""How many of the oldest waiting texts are asked whether a person may judge them."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What a reviewer should know before the first keystroke."""

    text: str
    may_approve: bool


def advice(page: Page, user: Any) -> Advice | None:
    """Return what a person who may take the step that ``page`` is in should know; None for all others."""
    task = page.current_workflow_task
    if not isinstance(task, ReviewTask):
        return None
    actions = {name for name, *_rest in task.get_actions(page, user)}
    if "approve" in actions:
        text = _(
            "You may take this step, %(step)s, for the text as it stands. If you change a word and save, "
            "the text becomes your work too: the review begins again and somebody else has to approve it. "
            "To suggest another wording, write it in a comment on the field instead."
        )
        return Advice(text % {"step": task.name}, may_approve=True)
    if actions:
        text = _("You cannot approve this text: %(reason)s. You may still request changes.")
        return Advice(text % {"reason": reason_against(page, user, task)}, may_approve=False)
    return None


def reason_against(page: Page, user: Any, task: ReviewTask) -> str:
    """Say why ``user``, who may take steps of this kind, may not approve this text."""
    if is_author(user, page):
        return _authorship(page, user)
    if not settings.ONE_PERSON_MAY_TAKE_BOTH_STEPS and records.has_taken_another_step(user, page, task.step):
        return _("you approved another step of it, and each step takes somebody else")
    return _("its step is for other reviewers")


def _authorship(page: Page, user: Any) -> str:
    if page.owner_id == user.pk:
        return _("you wrote its first draft, so somebody else has to approve it")
    if page.workflow_states.active().filter(requested_by=user).exists():
        return _("you submitted it, so somebody else has to approve it")
    changes = Revision.page_revisions.filter(object_id=str(page.pk), user=user)
    changed_at = changes.order_by("created_at").values_list("created_at", flat=True).last()
    if changed_at is None or user.pk in credited_ids(page):
        return _("you are named as one of its authors, so somebody else has to approve it")
    return _("you changed it on %(date)s, so somebody else has to approve it") % {"date": _date(changed_at)}


def is_current(page: Page, task_state_id: str) -> bool:
    """Return whether this is the task state that ``page`` is in, so that a decision about it is in time."""
    current = page.current_workflow_task_state
    return current is not None and str(current.pk) == task_state_id


def why_late(page: Page, task_state_id: str, user: Any, *, decides: bool = True) -> str:
    """Say what became of the step that a decision or a text came too late for, and what to do."""
    undone = _("Nothing was decided") if decides else _("Nothing was saved")
    state = _named(page, task_state_id)
    if state is None:
        return _("%(undone)s: the form does not say which step it is about. Open the page anew.") % {
            "undone": undone
        }
    who = _("You") if state.finished_by_id == user.pk else _name(state.finished_by)
    words = {"who": who, "step": state.task.name, "date": _date(state.finished_at), "undone": undone}
    if state.status == TaskState.STATUS_APPROVED:
        words["undone"] = _("Nothing was decided a second time") if decides else undone
        return _("%(who)s approved %(step)s on %(date)s already. %(undone)s.") % words
    if state.status == TaskState.STATUS_REJECTED:
        return _("%(who)s requested changes in %(step)s on %(date)s already. %(undone)s.") % words
    return _("%(who)s changed the text or ended its review on %(date)s. %(undone)s: read it again.") % words


def was_reviewer(page: Page, task_state_id: str, user: Any) -> bool:
    """Return whether this is a task state of ``page`` that ``user`` may have had before them."""
    state = _named(page, task_state_id)
    return state is not None and bool(state.task.specific.user_can_access_editor(page, user))


def was_taken_by(page: Page, task_state_id: str, user: Any) -> bool:
    """Return whether ``user`` ended this task state themselves, so that a late decision is a second click."""
    state = _named(page, task_state_id)
    return state is not None and state.status in ENDED and state.finished_by_id == user.pk


def tell(request: HttpRequest, page: Page, task: Any, action: str, state: WorkflowState) -> None:
    """Tell a person what they have just decided and where the page stands now, its review as in ``state``."""
    now = Page.objects.get(pk=page.pk)
    now._current_workflow_states = [state] if state.is_active else []
    words = {"step": task.name, "title": now.get_admin_display_title(), "now": steps.name_of(now)}
    if action == "approve":
        messages.success(request, _("You approved %(step)s of “%(title)s”. It is now: %(now)s.") % words)
    else:
        messages.success(request, _("You requested changes to “%(title)s”. It is now: %(now)s.") % words)


def lead_on(request: HttpRequest, page: Page) -> str:
    """Say which page waits for this person next, and return its address; the dashboard's if there is none."""
    waiting = next_in_line(request.user, but=page)
    if waiting is None:
        messages.info(request, _("No other text waits for you."))
        return reverse("wagtailadmin_home")
    title = waiting.get_admin_display_title()
    messages.info(request, _("The next text that waits for you: “%(title)s”.") % {"title": title})
    return reverse("wagtailadmin_pages:edit", args=[waiting.pk])


def next_in_line(user: Any, but: Page) -> Page | None:
    """Return the page that waits longest for this person's approval, other than the one just left."""
    states = (
        _open_to(user)
        .filter(workflow_state__status=WorkflowState.STATUS_IN_PROGRESS)
        .exclude(Q(workflow_state__object_id=str(but.pk)) | Q(workflow_state__requested_by=user))
        .select_related("revision", "task", "workflow_state")
        .order_by("started_at", "pk")
    )
    for state in states[:LOOKED_THROUGH]:
        page = state.revision.content_object
        if page.latest_revision_id == state.revision_id:
            page.latest_revision = state.revision
        page._current_workflow_states = [state.workflow_state]
        step = getattr(state.task.specific_class, "step", "")
        if isinstance(page, ReviewedPage) and may_judge(user, page, step):
            return page
    return None


def _open_to(user: Any) -> QuerySet[TaskState]:
    """Return the task states under way that are for ``user`` by their groups, as one query."""
    states = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__active=True)
    if user.is_superuser:
        return states
    own = [task.objects.filter(groups__user=user).values("pk") for task in STEPS]
    return states.filter(reduce(or_, (Q(task__in=tasks) for tasks in own)))


def _named(page: Page, task_state_id: str) -> Any:
    """Return the task state of ``page`` that a form or an address names, or None."""
    if not task_state_id.isdecimal():
        return None
    states = TaskState.objects.for_instance(page).select_related("task", "finished_by")
    return states.filter(pk=task_state_id).first()


def _name(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user is not None else _("Somebody")


def _date(moment: Any) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT") if moment else ""
