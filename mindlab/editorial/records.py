"""What the review records say about a page's text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from mindlab.editorial.models import ReviewRecord

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
