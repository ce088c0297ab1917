"""The publication gate: a text is public only after every step of the review approved that text."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction

from mindlab.core.gate import Review, Reviewed, Verdict
from mindlab.core.pages import ReviewedPage
from mindlab.core.privacy import is_restricted
from mindlab.core.shown import kind_of, material
from mindlab.editorial import publications, steps
from mindlab.editorial.material.places import places_of
from mindlab.editorial.records import Standing, standing_of
from mindlab.editorial.rows import Publication, ReviewRecord

MOST_REVIEWED = 50
"""Pages that the page of a reviewer names."""


class ReviewGate:
    """Answers for core from the review records."""

    def verdict(self, page: ReviewedPage) -> Verdict:
        """Judge the content ``page`` holds: what is wrong with it, and which steps have not approved it."""
        standing = _standing(page)
        missing = [_reason(step, standing) for step in page.required_steps if step not in standing.approvals]
        blockers = tuple(page.blockers())
        return Verdict(
            (*(blocker.reason for blocker in blockers), *missing),
            tuple(standing.approvals.values()),
            blockers,
            standing.content,
            tuple(standing.shown),
        )

    def made_public(self, page: ReviewedPage, verdict: Verdict) -> None:
        """Write the publication of what ``page`` holds, with the approvals that the verdict rests on."""
        judged = verdict.content if verdict.content and verdict.content["slug"] == page.slug else None
        shown = verdict.shown if judged is not None else None
        publications.write(
            page, verdict.approvals, basis=Publication.Basis.REVIEW, content=judged, shown=shown
        )
        if (kind := kind_of(type(page))) in material():
            publications.renew(kind, page.pk)

    def withdrawn(self, page: Page) -> None:
        """Write that ``page`` is public no longer."""
        publications.close(page.pk)

    def step(self, page: Page) -> str:
        """Name the step of the review the page is in, for listings."""
        return steps.name_of(page)

    def is_shown_elsewhere(self, page: ReviewedPage) -> bool:
        """Tell whether public or scheduled pages show the row of ``page``, as bylines show a person's."""
        return kind_of(type(page)) in material() and bool(places_of(page))

    def reviews(self, page: ReviewedPage) -> list[Review]:
        """Return the approvals of what is public, in one query; none for a draft."""
        if not page.live:
            return []
        path = ExpressionWrapper(OuterRef("contributor__path"), output_field=CharField())
        restricted = PageViewRestriction.objects.annotate(path=path).filter(path__startswith=F("page__path"))
        approvals = publications.approvals_of_what_is_public(page).select_related("contributor")
        approvals = approvals.annotate(
            is_private=Exists(restricted), by_one_person=F("publications__one_person")
        )
        return [_review(record) for record in approvals]

    def reviewed_by(self, person: Any) -> list[Reviewed]:
        """Return what a person approved of what is public now, the newest first; one query."""
        public = Page.objects.live().exclude(is_restricted()).values("pk")
        approvals = ReviewRecord.objects.filter(
            contributor=person.pk, publications__until=None, publications__page__in=public
        )
        found = approvals.select_related("page").order_by("-decided_at", "-pk").distinct()[:MOST_REVIEWED]
        return [Reviewed(record.page, record.get_step_display(), record.decided_at) for record in found]


def _standing(page: ReviewedPage) -> Standing:
    subject, slug = _subject(page)
    if subject.pk is None:
        return Standing(digest="")
    return standing_of(page, subject_id=subject.pk, slug=slug)


def _subject(page: ReviewedPage) -> tuple[Any, str]:
    """Return the page whose approvals count, and for an alias the slug that those were given for."""
    source: Any = page
    while source.alias_of_id:
        source = source.alias_of
    return source, "" if source is page else source.slug


def _reason(step: str, standing: Standing) -> str:
    label = str(ReviewRecord.Step(step).label).lower()
    if things := standing.changed.get(step):
        names = ", ".join(f"“{thing.label}”" for thing in things)
        return _("%(step)s saw another version of %(things)s") % {"step": label, "things": names}
    if step in standing.by_one_person:
        return _("%(step)s was taken by somebody who took another step") % {"step": label}
    return _("%(step)s has not approved this text") % {"step": label}


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
        by_one_person=record.by_one_person,
    )
