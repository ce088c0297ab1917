"""The publication row: written whenever something of a reviewed type becomes public, and read by
everything that asks what is public, who approved it, and which pages show a thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from mindlab.core.digests import Digests, data_digests
from mindlab.core.locking import whole
from mindlab.core.models import ContributorPage
from mindlab.core.pages import ReviewedPage
from mindlab.core.shown import PAGE, Key, Shown, keys_shown_by, things, types_that_always_show
from mindlab.editorial.rows import Publication, ReviewRecord, ShownThing


def current(page: Page) -> Publication | None:
    """Return what is public of ``page`` now, or None."""
    return Publication.objects.filter(page_id=page.pk, until=None).first()


def approvals_of_what_is_public(page: Page) -> QuerySet[ReviewRecord]:
    """Return the approvals that what is public of ``page`` rests on, in the order they were given."""
    return ReviewRecord.objects.filter(publications__page_id=page.pk, publications__until=None).order_by(
        "decided_at", "pk"
    )


@whole()
def write(
    page: ReviewedPage,
    approvals: Iterable[ReviewRecord],
    *,
    basis: str,
    content: Mapping[str, Any] | None = None,
    shown: Iterable[Shown] | None = None,
) -> Publication:
    """Write that ``page``, as it stands in memory, is public from now on, in place of what was.

    Who has serialised its content and looked up what it shows hands them over.
    """
    now = timezone.now()
    close(page.pk, now)
    content = page.serializable_data() if content is None else content
    publication = _row(page, data_digests(type(page), content), list(approvals), basis, now)
    keys = keys_shown_by(type(page), content)
    _write_shown(publication, [*(things(keys) if shown is None else shown), *_pages(keys)])
    return publication


def close(page_id: int, when: datetime | None = None) -> None:
    """Write that what is public of a page is so no longer."""
    Publication.objects.filter(page_id=page_id, until=None).update(until=when or timezone.now())


def showing(kind: str, key: int) -> QuerySet[Publication]:
    """Return the publications that are current and show a thing: an image, a source, a topic."""
    current = Publication.objects.filter(until=None)
    if always := types_that_always_show(kind):
        return current.filter(page__content_type__in=ContentType.objects.get_for_models(*always).values())
    return current.filter(shown__kind=kind, shown__key=key)


def naming(kind: str, key: int) -> QuerySet[Publication]:
    """Return the publications that are current and show a thing, or name it among those who approved."""
    shown = showing(kind, key)
    if kind != ContributorPage.shown_as:
        return shown
    approved = Publication.objects.filter(until=None, approvals__contributor=key)
    return Publication.objects.filter(Q(pk__in=shown.values("pk")) | Q(pk__in=approved.values("pk")))


@whole()
def renew(kind: str, key: int) -> int:
    """Write anew the publications that show a thing otherwise than it is now; return how many.

    For a thing that two people changed: everything else stays, words, approvals, steps of that day.
    """
    (now_shown,) = things([(kind, key)])
    as_it_is = ShownThing.objects.filter(
        kind=kind, key=key, digest=now_shown.digest, file_name=now_shown.file_name
    )
    outdated = showing(kind, key).exclude(pk__in=as_it_is.values("publication"))
    old = list(outdated.prefetch_related("shown", "approvals"))
    now = timezone.now()
    Publication.objects.filter(pk__in=[row.pk for row in old]).update(until=now)
    for row in old:
        shown, approvals = list(row.shown.all()), list(row.approvals.all())
        fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in _OWN}
        new = Publication.objects.create(**{**fields, "since": now, "basis": Publication.Basis.MATERIAL})
        new.approvals.set(approvals)
        _write_shown(new, [now_shown, *(s for s in shown if (s.kind, s.key) != (kind, key))])
    return len(old)


_OWN = frozenset({"id", "uuid", "since", "until", "basis"})


def _row(
    page: ReviewedPage, digests: Digests, approvals: list[ReviewRecord], basis: str, now: datetime
) -> Publication:
    people = {record.user_id or record.account_name for record in approvals}
    publication = Publication.objects.create(
        page_id=page.pk,
        page_uuid=page.translation_key,
        page_title=page.title,
        url_path=page.url_path,
        first_published_at=page.first_published_at,
        revision_id=page.live_revision_id,
        digest=digests.whole,
        words=digests.words,
        evidence=digests.evidence,
        steps=list(page.required_steps),
        one_person=len(people) < len(approvals),
        basis=basis,
        approved_by=[_copied(record) for record in approvals],
        since=now,
    )
    publication.approvals.add(*approvals)
    return publication


def _copied(record: ReviewRecord) -> Mapping[str, Any]:
    return {
        "record": str(record.uuid),
        "step": record.step,
        "name": record.reviewer_name,
        "account": record.account_name,
        "decided_at": record.decided_at.isoformat(),
    }


def _write_shown(publication: Publication, shown: Iterable[Shown | ShownThing]) -> None:
    ShownThing.objects.bulk_create(
        ShownThing(
            publication=publication,
            kind=thing.kind,
            key=thing.key,
            digest=thing.digest,
            label=thing.label,
            file_name=thing.file_name,
        )
        for thing in shown
    )


def _pages(keys: Iterable[Key]) -> list[Shown]:
    """Return the public pages among what a page points at, each as it was published."""
    wanted = [key for kind, key in keys if kind == PAGE]
    rows = Publication.objects.filter(page_id__in=wanted, until=None) if wanted else []
    return [Shown(PAGE, int(row.page_id or 0), row.digest, row.page_title) for row in rows]
