"""What the review records say about a page's text and what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from wagtail.models import Page, Revision

from mindlab.core.digests import data_digest, page_digest
from mindlab.core.models import ContributorPage
from mindlab.core.pages import ReviewedPage
from mindlab.core.shown import Key, Shown, keys_shown_by, material, things, things_shown_by
from mindlab.editorial.rows import MaterialChange, Publication, ReviewRecord, ShownThing


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a judgement rests on besides the records; it stays so while the page and the things are held."""

    digest: str
    shown: Sequence[Shown]
    agreed: Mapping[Key, tuple[datetime, str]]
    """Of things that two people changed: since when, and to what digest."""
    approvals_count_from: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the review stands for the content of a page: what it was asked about, and what it found."""

    digest: str
    shown: Sequence[Shown] = ()
    content: Mapping[str, Any] | None = None
    """What was judged, as a revision stores it."""
    approvals: Mapping[str, ReviewRecord] = field(default_factory=dict)
    """By step, the approval that holds for this content as it stands."""
    changed: Mapping[str, Sequence[Shown]] = field(default_factory=dict)
    """By step, the things that were changed since the step approved these words."""
    by_one_person: Sequence[str] = ()
    """The steps whose approval was given by somebody who had taken an earlier step."""
    grounds: Grounds | None = None
    """None where nobody has approved these words."""


def standing_of(page: ReviewedPage, *, subject_id: int, slug: str = "") -> Standing:
    """Judge the content that ``page`` holds by the records of the page with the key ``subject_id``.

    Approvals older than the last publication count for what was published then and for nothing
    else: what was replaced or withdrawn does not come back without a new review.
    """
    content = page.serializable_data()
    digest = data_digest(type(page), {**content, "slug": slug or content["slug"]})
    grounds: Grounds | None = page.__dict__.get("_grounds")
    if grounds is not None and grounds.digest != digest:
        grounds = None
    shown = grounds.shown if grounds is not None else things(keys_shown_by(type(page), content))
    given = _newest_approvals(subject_id, digest, page.required_steps)
    if not given:
        return Standing(digest, shown, content)
    grounds = grounds or _grounds(subject_id, digest, shown)
    limit = grounds.approvals_count_from
    given = {step: record for step, record in given.items() if limit is None or record.decided_at > limit}
    changed = _changed_since(given, grounds)
    twice = [] if settings.ONE_PERSON_MAY_TAKE_BOTH_STEPS else _taken_by_one_person(given)
    approvals = {step: record for step, record in given.items() if step not in changed and step not in twice}
    return Standing(digest, shown, content, approvals, changed, twice, grounds)


def standing_of_latest(page: Page) -> Standing | None:
    """Judge the newest text of a reviewed page, once for each revision; None where there is none."""
    if not issubclass(page.specific_class or Page, ReviewedPage):
        return None
    standings: dict[int | None, Standing] = page.__dict__.setdefault("_standings", {})
    key = page.latest_revision_id
    if key not in standings:
        text = latest_text(page)
        if text is None:
            return None
        standings[key] = standing_of(text, subject_id=page.pk)
    return standings[key]


def latest_text(page: Page) -> Any:
    """Return the newest text of ``page``, made once for each revision; None where there is none."""
    texts: dict[int | None, Any] = page.__dict__.setdefault("_latest_texts", {})
    key = page.latest_revision_id
    if key not in texts:
        revision = page.get_latest_revision()
        texts[key] = None if revision is None else revision.as_object()
    return texts[key]


def has_approved(step: str, page: Page) -> bool:
    """Return whether the newest text of ``page``, as it would be shown now, has the approval of ``step``."""
    standing = standing_of_latest(page)
    return standing is not None and step in standing.approvals


def has_taken_another_step(user: Any, page: Page, step: str) -> bool:
    """Return whether ``user`` approved the newest text of ``page`` at another step than this."""
    if page.latest_revision_id not in page.__dict__.get("_standings", {}):
        others = ReviewRecord.objects.filter(page_id=page.pk, user=user).exclude(step=step)
        if not others.exists():
            return False
    standing = standing_of_latest(page)
    approvals = standing.approvals if standing else {}
    return any(record.user_id == user.pk for name, record in approvals.items() if name != step)


@contextmanager
def judged(revision: Revision, page: Page) -> Iterator[None]:
    """Let a revision that was judged while its page is held give that very text, within a block.

    When the text becomes public it is judged again by the records alone, if it still says the same.
    """
    text, standing = latest_text(page), standing_of_latest(page)
    revision.__dict__["as_object"] = lambda: text
    text.__dict__["_grounds"] = standing.grounds if standing is not None else None
    try:
        yield
    finally:
        del revision.__dict__["as_object"], text.__dict__["_grounds"]


def record_decision(
    task: Any, task_state: Any, subject: Page, reviewer: Reviewer, action_name: str, comment: str
) -> None:
    """Write who decided what about which words and things."""
    page = latest_text(subject)
    standing = standing_of_latest(subject) or Standing(page_digest(page), things_shown_by(page))
    decisions = ReviewRecord.Decision
    ReviewRecord.objects.create(
        page_id=page.pk,
        page_uuid=page.translation_key,
        page_title=page.title,
        revision=task_state.revision,
        digest=standing.digest,
        shown=[[thing.kind, thing.key, thing.digest] for thing in standing.shown],
        step=task.step,
        task_id=task.pk,
        contributor=reviewer.contributor,
        user=reviewer.user,
        reviewer_name=reviewer.name,
        account_name=reviewer.user.get_username(),
        decision=decisions.APPROVED if action_name == "approve" else decisions.CHANGES_REQUESTED,
        comment=comment or "",
        decided_at=timezone.now(),
    )


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides, as readers are told of them."""

    user: Any
    contributor: ContributorPage | None
    """Their public page."""

    @property
    def name(self) -> str:
        """The name under which readers see what they approve, or "" where there is none."""
        page = self.contributor
        return str(page.title if page is not None else self.user.get_full_name()).strip()


def reviewer_of(user: Any) -> Reviewer:
    """Return the person who signs in as ``user`` as they are now.

    What the object of the account remembers of a page may be from before that was published. Only a
    published contributor's page gives the reviewer its name: anybody who may write a draft can put
    another person's account into one.
    """
    return Reviewer(user, ContributorPage.objects.filter(user=user.pk, live=True).first())


def _newest_approvals(page_id: int, digest: str, steps: Sequence[str]) -> dict[str, ReviewRecord]:
    """Return by step, in the order of the steps, the newest decision about these words if it approves."""
    decisions = ReviewRecord.objects.filter(page_id=page_id, digest=digest, step__in=steps)
    newest = {record.step: record for record in decisions.order_by("decided_at", "pk")}
    return {step: newest[step] for step in steps if step in newest and newest[step].is_approval}


def _approvals_count_from(page_id: int, digest: str) -> datetime | None:
    """Return when the last publication of other words than these began, or None if these were the last."""
    last = Publication.objects.filter(page_id=page_id).order_by("-since", "-pk").first()
    return None if last is None or last.digest == digest else last.since


def _grounds(page_id: int, digest: str, shown: Sequence[Shown]) -> Grounds:
    agreed = {**_last_agreed_on(shown), **_last_shown_people(shown, page_id)} if shown else {}
    return Grounds(digest, shown, agreed, _approvals_count_from(page_id, digest))


def _changed_since(given: Mapping[str, ReviewRecord], grounds: Grounds) -> dict[str, list[Shown]]:
    """Return by step the things that the reviewer saw otherwise, and that no two people changed since."""
    changed = {
        step: [thing for thing in grounds.shown if not _stands(record, thing, grounds.agreed)]
        for step, record in given.items()
    }
    doubtful = {thing for things in changed.values() for thing in things}
    own = _public_by_their_own_review(doubtful) if doubtful else set()
    changed = {step: [thing for thing in things if thing not in own] for step, things in changed.items()}
    return {step: things for step, things in changed.items() if things}


def _stands(record: ReviewRecord, thing: Shown, agreed: Mapping[Key, tuple[datetime, str]]) -> bool:
    """Return whether a thing is as two people left it: as the reviewer saw it, or as changed since.

    What was replaced after the approval does not come back by one person, although the reviewer saw it.
    """
    when, digest = agreed.get((thing.kind, thing.key), (None, ""))
    if when is not None and when > record.decided_at:
        return digest == thing.digest
    return record.covers(thing)


def _last_agreed_on(things: Iterable[Shown]) -> dict[Key, tuple[datetime, str]]:
    """Return when a second person last agreed to a change of each thing, and to which state of it."""
    keys = {(thing.kind, thing.key) for thing in things}
    accepted = MaterialChange.objects.filter(
        status=MaterialChange.Status.ACCEPTED, key__in=[key for _kind, key in keys]
    ).order_by("decided_at", "pk")
    rows = accepted.values_list("kind", "key", "decided_at", "digest_after")
    return {(kind, key): (when, digest) for kind, key, when, digest in rows if when and (kind, key) in keys}


def _last_shown_people(things: Iterable[Shown], page_id: int) -> dict[Key, tuple[datetime, str]]:
    """Return since when, and in which state, what was public last of a page showed people.

    Their own review changes them, and what was public follows; without one they stay as it left them.
    """
    kinds = {thing.kind for thing in things if issubclass(material()[thing.kind], Page)}
    if not kinds:
        return {}
    last = Publication.objects.filter(page_id=page_id).order_by("-since", "-pk")[:1]
    rows = ShownThing.objects.filter(publication__in=last.values("pk"), kind__in=kinds)
    found = rows.values_list("kind", "key", "publication__since", "digest")
    return {(kind, key): (since, digest) for kind, key, since, digest in found}


def _public_by_their_own_review(things: Iterable[Shown]) -> set[Shown]:
    """Return those of the things that are pages, people, and public as they stand: the gate saw to that."""
    own = {thing.key: thing for thing in things if issubclass(material()[thing.kind], Page)}
    public = Publication.objects.filter(page_id__in=own, until=None) if own else Publication.objects.none()
    return {own[key] for key in public.values_list("page_id", flat=True)}


def _taken_by_one_person(given: Mapping[str, ReviewRecord]) -> list[str]:
    """Return the steps that were approved by somebody who had approved an earlier one."""
    seen: set[Any] = set()
    twice = []
    for step, record in given.items():
        if {record.user_id or record.account_name, record.account_name} & seen:
            twice.append(step)
        seen |= {record.user_id or record.account_name, record.account_name}
    return twice
