"""The publication gate: a text is public only after every step of the review approved that text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction

from mindlab.core.digests import page_digest
from mindlab.core.gate import Review, Verdict
from mindlab.core.pages import ReviewedPage
from mindlab.editorial import records, steps
from mindlab.editorial.models import ReviewRecord


class ReviewGate:
    """Answers for core from the review records."""

    def verdict(self, page: ReviewedPage) -> Verdict:
        """Judge the content ``page`` holds: what is empty, and which steps have not approved it.

        Approvals older than the last publication count for the words published then and no
        others: what was replaced or withdrawn does not come back without a new review.
        """
        return Verdict(missing=(*_missing_content(page), *self._missing_steps(page)))

    def _missing_steps(self, page: ReviewedPage) -> list[str]:
        subject, _slug = _subject(page)
        if subject.pk is None:
            return [_not_approved(step) for step in page.required_steps]
        history = _history(subject.pk)
        if not any(record.is_approval for record in history):
            return [_not_approved(step) for step in page.required_steps]
        digest = digest_for_review(page)
        given = records.approvals(records.newest(history), digest, page.required_steps)
        published_at = _last_published_at(subject.pk)
        if published_at is not None and _published_digest(history, page, published_at) != digest:
            given = [record if record and record.decided_at > published_at else None for record in given]
        return [_not_approved(s) for s, record in zip(page.required_steps, given, strict=True) if not record]

    def step(self, page: Page) -> str:
        """Name the step of the review the page is in, for listings."""
        return steps.name_of(page)

    def reviews(self, page: ReviewedPage) -> list[Review]:
        """Return the approvals of the text that is public, in one query; none for a draft."""
        subject, _slug = _subject(page)
        if not page.live or page.last_published_at is None:
            return []
        history = _history(subject.pk, with_people=True)
        given = records.last_complete(history, page.required_steps, page.last_published_at)
        return [_review(record) for record in given]


def is_approved(page: ReviewedPage) -> bool:
    """Return whether what a live page says now has been approved by every step, whenever that was."""
    subject, _slug = _subject(page)
    decisions = records.newest(_history(subject.pk))
    return all(records.approvals(decisions, digest_for_review(page), page.required_steps))


def missing_approvals(page: ReviewedPage) -> list[str]:
    """Name the steps that never approved what a page says now."""
    subject, _slug = _subject(page)
    decisions = records.newest(_history(subject.pk))
    given = records.approvals(decisions, digest_for_review(page), page.required_steps)
    return [_not_approved(s) for s, record in zip(page.required_steps, given, strict=True) if not record]


def digest_for_review(page: ReviewedPage) -> str:
    """Return the digest approvals are looked up by: an alias says what its source says elsewhere."""
    return page_digest(page, slug=_subject(page)[1])


def _subject(page: ReviewedPage) -> tuple[Any, str]:
    """Return the page whose approvals count, and for an alias the slug that those were given for."""
    source: Any = page
    while source.alias_of_id:
        source = source.alias_of
    return source, "" if source is page else source.slug


def _history(page_id: int, *, with_people: bool = False) -> list[ReviewRecord]:
    """Return a page's records, oldest first."""
    queryset = ReviewRecord.objects.filter(page_id=page_id).order_by("decided_at", "pk")
    if with_people:
        path = ExpressionWrapper(OuterRef("contributor__path"), output_field=CharField())
        restricted = PageViewRestriction.objects.annotate(path=path).filter(path__startswith=F("page__path"))
        queryset = queryset.select_related("contributor").annotate(is_private=Exists(restricted))
    return list(queryset)


def _last_published_at(page_id: int) -> datetime | None:
    return Page.objects.filter(pk=page_id).values_list("last_published_at", flat=True).first()


def _published_digest(history: Sequence[ReviewRecord], page: ReviewedPage, published_at: datetime) -> str:
    published = records.last_complete(history, page.required_steps, published_at)
    return str(published[0].digest) if published else ""


def _missing_content(page: ReviewedPage) -> list[str]:
    names = [page._meta.get_field(name).verbose_name for name in page.missing_content()]
    return [_("%(field)s is empty") % {"field": name} for name in names]


def _not_approved(step: str) -> str:
    label = ReviewRecord.Step(step).label
    return _("%(step)s has not approved this text") % {"step": str(label).lower()}


def _review(record: Any) -> Review:
    person = record.contributor
    is_public = person is not None and person.live and not record.is_private
    return Review(
        step=record.step,
        step_label=record.get_step_display(),
        name=record.reviewer_name,
        credentials=person.credentials if is_public else "",
        url=(person.url or "") if is_public else "",
        fictitious=bool(person is not None and person.is_fictitious),
        decided_at=record.decided_at,
    )
