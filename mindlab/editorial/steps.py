"""The name of the step a page is in, for every listing of the admin."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, WorkflowState
from wagtail.query import PageQuerySet


def name_of(page: Page) -> str:
    """Return the step in words: "draft", "in scientific review", "published", and their like.

    It asks nothing where a listing has prefetched workflow states, schedules and ``with_dates``.
    The name of a review step is that of its task.
    """
    review = _review(page.current_workflow_state)
    if page.has_unpublished_changes and page.approved_schedule:
        review = _("approved – goes live on %(date)s") % {"date": _date(page)}
    if not page.live:
        return review or (_("expired") if page.expired else _("draft"))
    if page.has_unpublished_changes:
        return _("published; newer text %(step)s") % {"step": review or _("in draft")}
    return _("published; %(step)s") % {"step": review} if review else _("published")


def _review(state: WorkflowState | None) -> str:
    """Return which step the review has come to, or "" when none is going on."""
    task_state: Any = state.current_task_state if state is not None else None
    if state is None or task_state is None:
        return ""
    task = {"task": task_state.task.name[:1].lower() + task_state.task.name[1:]}
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return _("changes requested in %(task)s") % task
    return _("in %(task)s") % task


def with_dates(pages: PageQuerySet) -> PageQuerySet:
    """Let each page carry the date it waits for, so that a listing asks for all of them at once."""
    revisions = Revision.page_revisions.filter(
        object_id=Cast(OuterRef("pk"), CharField()), approved_go_live_at__isnull=False
    )
    return pages.annotate(goes_live_at=Subquery(revisions.values("approved_go_live_at")[:1]))


def _date(page: Page) -> str:
    if hasattr(page, "goes_live_at"):
        date = page.goes_live_at
    else:
        date = page.scheduled_revision.approved_go_live_at if page.scheduled_revision else None
    return date_format(localtime(date), "DATETIME_FORMAT") if date else ""
