"""What the review records say about a page's text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from mindlab.core.digests import page_digest
from mindlab.editorial.models import ReviewRecord
from mindlab.editorial.tasks import ReviewTask

Decisions = dict[str, dict[str, ReviewRecord]]
"""By digest and step, the newest record."""


def newest(records: Iterable[ReviewRecord]) -> Decisions:
    """Sort records, oldest first, into the newest for each text and step."""
    decisions: Decisions = {}
    for record in records:
        decisions.setdefault(record.digest, {})[record.step] = record
    return decisions


def approvals(decisions: Decisions, digest: str, steps: Sequence[str]) -> list[ReviewRecord | None]:
    """Return for each step the approval that stands for this text, or None."""
    given = decisions.get(digest, {})
    return [record if (record := given.get(step)) and record.is_approval else None for step in steps]


def last_complete(records: Iterable[ReviewRecord], steps: Sequence[str], until: datetime) -> list[Any]:
    """Return the approvals of the text that had all of them last, up to a time, or an empty list.

    Publication takes a full set of approvals, so up to a page's last publication these are the
    approvals of the words that were published.
    """
    decisions: Decisions = {}
    complete: list[Any] = []
    for record in records:
        if record.decided_at > until:
            break
        decisions.setdefault(record.digest, {})[record.step] = record
        given = approvals(decisions, record.digest, steps)
        if all(given):
            complete = given
    return complete


def record_decision(task: ReviewTask, task_state: Any, user: Any, action_name: str, comment: str) -> None:
    """Write who decided what about which words.

    Only a published contributor's page gives the reviewer its name: anybody who may write a draft
    can put another person's account into one.
    """
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
    revision = page.get_latest_revision()
    decisions = ReviewRecord.objects.filter(page_id=page.pk, step=step)
    if page.last_published_at is not None:
        decisions = decisions.filter(decided_at__gt=page.last_published_at)
    if revision is None or not decisions.exists():
        return False
    last = decisions.filter(digest=page_digest(revision.as_object())).order_by("decided_at", "pk").last()
    return last is not None and last.is_approval
