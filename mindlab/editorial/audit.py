"""What of the public site is not as its review left it: found by comparing rows and files with publications.

Python's ways are closed by guards; this finds what SQL, ``queryset.update``, a restored backup or a copied
file did past them. It reads a hundred pages at a time, in a number of statements that does not grow with
them, and every file that public pages show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, TaskState

from glossary.edges import unsound
from glossary.models import ConceptPage
from mindlab.core.addresses import reviewed_models
from mindlab.core.digests import data_digest, data_digests
from mindlab.core.models import ContributorPage, StoredFile, sha256_of
from mindlab.core.shown import PAGE, Key, Shown, digest_of, material, thing
from mindlab.editorial.rows import Publication, ReviewRecord, ShownThing
from mindlab.figures.diagrams import key as diagram_key
from mindlab.reading import drawings

CHUNK = 100
"""How many pages are read at a time."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as its review left it: where, what, and since when as far as it is known."""

    page_id: int | None
    kind: str
    address: str
    what: str
    after: datetime | None = None
    """It was sound then: the time of the publication, or of the last entry about the thing in the log."""
    by: str = ""
    """Who that entry names."""

    def __str__(self) -> str:
        line = f"{self.page_id or '-'}\t{self.kind}\t{self.address}\t{self.what}"
        since = f"\tafter {self.after:%Y-%m-%d %H:%M}" if self.after else ""
        return f"{line}{since}{f' ({self.by})' if self.by else ''}"


@dataclass(slots=True)
class Seen:
    """What an audit has learned so far."""

    pages: int = 0
    shown: dict[Key, Shown] = field(default_factory=dict)
    """Things as they stand, worked out once each."""
    swapped: set[Key] = field(default_factory=set)
    """Things whose file is not the one that their row knows."""
    unapproved: int = 0
    """Pages of which nothing says who approved them: they were public before that was written down."""
    unknown: set[Key] = field(default_factory=set)
    """Things with a file whose bytes nobody had written down when publications began to be written."""
    drawn: dict[str, tuple[Page, str]] = field(default_factory=dict)
    """The sources of diagrams that public pages show, by key, each with one page that shows it."""


def findings(
    seen: Seen, *, redraw: bool = False, progress: Callable[[int], None] = lambda pages: None
) -> Iterator[Finding]:
    """Yield what is not as its review left it, page by page; nothing on a sound site."""
    for model in reviewed_models():
        keys = list(model._base_manager.filter(live=True).order_by("path").values_list("pk", flat=True))
        for start in range(0, len(keys), CHUNK):
            pages = read(model, keys[start : start + CHUNK])
            yield from _of_pages(model, pages, seen)
            seen.pages += len(pages)
            progress(seen.pages)
    yield from _publications_of_nothing_public()
    yield from _of_withdrawn_reviewers()
    yield from _of_drawings(seen, redraw=redraw)


def read(model: type[Page], keys: Sequence[int]) -> list[Any]:
    """Return pages with all that is part of them, in a number of statements that does not grow with them."""
    pages = list(
        model._base_manager.filter(pk__in=keys).order_by("path").select_related("live_revision", "alias_of")
    )
    prefetch_related_objects(pages, *_paths(model))
    return pages


def _paths(model: Any, prefix: str = "") -> list[str]:
    paths = []
    for relation in get_all_child_relations(model):
        name = f"{prefix}{relation.get_accessor_name()}"
        paths += [name, *_paths(relation.related_model, f"{name}__")]
    return paths


def _of_pages(model: type[Page], pages: Sequence[Any], seen: Seen) -> Iterator[Finding]:
    rows = Publication.objects.filter(page__in=pages, until=None).prefetch_related("shown", "approvals")
    current = {row.page_id: row for row in rows if row.page_id is not None}
    data = {page.pk: page.serializable_data() for page in pages}
    _look_at(current.values(), seen)
    authors = Authorship(model, pages, current)
    for page in pages:
        for source in drawings.sources_in(data[page.pk]):
            seen.drawn.setdefault(diagram_key(source), (page, source))
        publication = current.get(page.pk)
        if publication is None:
            yield _found(page, _("nothing says who approved it"))
            continue
        seen.unapproved += publication.basis == Publication.Basis.UNKNOWN
        said = [
            *_of_text(model, page, data[page.pk], publication),
            *_of_approvals(page, data[page.pk], publication),
            *authors.of(page, publication),
        ]
        yield from (_found(page, what, publication.since) for what in said)
        yield from _of_things(page, publication, seen)
    if issubclass(model, ConceptPage):
        for page, what in unsound(pages):
            yield _found(page, what, current[page.pk].since if page.pk in current else None)


def _found(page: Page, what: str, after: datetime | None = None, by: str = "") -> Finding:
    return Finding(page.pk, str(page._meta.verbose_name), page.url_path, what, after, by)


# --- The text, its place and its dates ---


def _of_text(
    model: type[Page], page: Any, data: Mapping[str, Any], publication: Publication
) -> Iterator[str]:
    digest = data_digests(model, data).whole
    if digest != publication.digest:
        yield _("the text is not the one that was published")
    revision = page.live_revision
    if page.live_revision_id != publication.revision_id:
        yield _("another revision is live than the one that was published")
    elif _speaks_for_itself(page) and data_digest(model, revision.content) != publication.digest:
        yield _("its live revision says other words than were published")
    if page.url_path != publication.url_path:
        yield _("its address was %(path)s when it was published") % {"path": publication.url_path}
    if page.first_published_at != publication.first_published_at:
        yield _("its date of first publication was %(date)s when it was published") % {
            "date": publication.first_published_at
        }


def _speaks_for_itself(page: Any) -> bool:
    """Return whether the live revision says what is public: Wagtail leaves that of an alias behind."""
    return page.live_revision is not None and page.alias_of_id is None


# --- The approvals it rests on ---


def _of_approvals(page: Any, data: Mapping[str, Any], publication: Publication) -> Iterator[str]:
    if publication.basis == Publication.Basis.UNKNOWN:
        return
    records = {str(record.uuid): record for record in publication.approvals.all()}
    copied = {row["record"]: row for row in publication.approved_by}
    if set(records) != set(copied):
        yield _("its approvals are not those that were written down when it was published")
    approved = _digest_as_approved(page, data, publication)
    for key in records.keys() & copied.keys():
        if not _is_as_copied(records[key], copied[key], approved):
            yield _("the record of its %(step)s was changed") % {"step": copied[key]["step"]}
    if missing := set(publication.steps) - {record.step for record in records.values()}:
        yield _("no approval is on record for: %(steps)s") % {"steps": ", ".join(sorted(missing))}
    people = [record.user_id or record.account_name for record in records.values()]
    if len(set(people)) < len(people) and not publication.one_person:
        yield _("one person took two steps of its review")


def _digest_as_approved(page: Any, data: Mapping[str, Any], publication: Publication) -> str:
    """Return the digest that the approvals name: for an alias, that of its text under its source's slug."""
    source = page
    while source.alias_of_id:
        source = source.alias_of
    if source is page or data_digest(type(page), data) != publication.digest:
        return publication.digest
    return data_digest(type(page), {**data, "slug": source.slug})


def _is_as_copied(record: ReviewRecord, row: Mapping[str, Any], digest: str) -> bool:
    """Compare a record with its copy: to a thousandth of a second, which is what a dump keeps of times."""
    said = (record.step, record.reviewer_name, record.account_name, _to_thousandth(record.decided_at))
    time = _to_thousandth(datetime.fromisoformat(row["decided_at"]))
    return (
        said == (row["step"], row["name"], row["account"], time)
        and record.is_approval
        and record.digest == digest
    )


def _to_thousandth(time: datetime) -> datetime:
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


class Authorship:
    """Whether those who approved pages had written them, asked for a hundred pages at once."""

    def __init__(self, model: type[Page], pages: Sequence[Any], current: Mapping[int, Publication]) -> None:
        self.model = model
        self.records = {key: list(row.approvals.all()) for key, row in current.items()}
        approvals = [record for records in self.records.values() for record in records]
        self.submitters = self._submitters(approvals)
        self.saved = self._saved(pages, {record.user_id for record in approvals if record.user_id})

    def of(self, page: Any, publication: Publication) -> Iterator[str]:
        """Say which approvals of a page were given by somebody whose own work it was."""
        for record in self.records[page.pk]:
            if record.user_id is None:
                continue
            if record.user_id in {page.owner_id, *self.submitters[record.revision_id]}:
                yield _("%(person)s approved their own work") % {"person": record.account_name}
            elif (page.pk, record.user_id) in self.saved and self._wrote(page, publication, record.user_id):
                yield _("%(person)s approved words of their own") % {"person": record.account_name}

    def _submitters(self, approvals: Iterable[ReviewRecord]) -> Mapping[int | None, set[int]]:
        found: dict[int | None, set[int]] = defaultdict(set)
        states = TaskState.objects.filter(revision__in={record.revision_id for record in approvals})
        for revision, user in states.values_list("revision_id", "workflow_state__requested_by"):
            found[revision].add(user)
        return found

    def _saved(self, pages: Sequence[Any], users: set[int]) -> set[tuple[int, int]]:
        """Return the pairs of page and approver where the approver ever saved a revision of the page."""
        if not users:
            return set()
        rows = Revision.page_revisions.filter(object_id__in=[str(page.pk) for page in pages], user__in=users)
        return {(int(key), user) for key, user in rows.values_list("object_id", "user_id").distinct()}

    def _wrote(self, page: Any, publication: Publication, user_id: int) -> bool:
        """Return whether a person brought in words between what was public before and this publication."""
        before, since, until = _what_came_before(publication)
        revisions = Revision.page_revisions.filter(object_id=str(page.pk)).order_by("created_at", "pk")
        if since:
            revisions = revisions.filter(created_at__gt=since)
        if until:
            revisions = revisions.filter(created_at__lte=until)
        for user, content in revisions.values_list("user_id", "content"):
            digest = data_digest(self.model, content)
            if user == user_id and digest != before:
                return True
            before = digest
        return False


def _what_came_before(publication: Publication) -> tuple[str, datetime | None, datetime | None]:
    """Return what was public before these words, when that was saved, and when these were."""
    rows = Publication.objects.filter(page=publication.page_id, since__lte=publication.since)
    digest, since, until = "", None, publication.since
    for row in rows.order_by("-since", "-pk").values_list("digest", "revision__created_at", "since"):
        if row[0] == publication.digest and not digest:
            until = row[1] or row[2]
        elif digest and row[0] != digest:
            break
        else:
            digest, since = row[0], row[1] or row[2]
    return digest, since, until


# --- What it shows ---


def _look_at(publications: Iterable[Publication], seen: Seen) -> None:
    """Work out the things that publications show as they stand now, each once, their files read anew."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for publication in publications:
        for shown in publication.shown.all():
            if shown.kind != PAGE and (shown.kind, shown.key) not in seen.shown:
                wanted[shown.kind].add(shown.key)
    for kind, model in material().items():
        for row in model._base_manager.filter(pk__in=wanted[kind]) if wanted[kind] else ():
            if isinstance(row, StoredFile):
                known, row.file_digest = row.file_digest, sha256_of(row.file) or "gone"
                if known and known != row.file_digest:
                    seen.swapped.add((kind, row.pk))
            seen.shown[kind, row.pk] = thing(row)


def _of_things(page: Any, publication: Publication, seen: Seen) -> Iterator[Finding]:
    for shown in publication.shown.all():
        if shown.kind == PAGE:
            continue
        key = shown.kind, shown.key
        now = seen.shown.get(key)
        if now is not None and now.digest == shown.digest:
            if shown.file_name and now.file_name != shown.file_name:
                names = {"label": shown.label, "name": shown.file_name}
                what = _("the document “%(label)s” was approved as “%(name)s” and has another name") % names
                yield _found(page, what, *_last_logged(shown, publication))
            continue
        if now is not None and not shown.digest:
            seen.unknown.add(key)
            continue
        what = _what_changed(shown, now, is_swapped=key in seen.swapped)
        yield _found(page, what, *_last_logged(shown, publication))


def _what_changed(shown: ShownThing, now: Shown | None, *, is_swapped: bool) -> str:
    names = {"kind": shown.kind, "label": shown.label or shown.key}
    if now is None:
        return _("the %(kind)s “%(label)s” is gone") % names
    if is_swapped:
        return _("the file of the %(kind)s “%(label)s” is not the one that was approved") % names
    return _("the %(kind)s “%(label)s” is not as it was approved") % names


def _last_logged(shown: ShownThing, publication: Publication) -> tuple[datetime, str]:
    """Return when something was last logged about a thing since it was published, and who did it."""
    model = material()[shown.kind]
    if issubclass(model, Page):
        entries: Any = PageLogEntry.objects.filter(page=shown.key)
    else:
        content_type = ContentType.objects.get_for_model(model)
        entries = ModelLogEntry.objects.filter(content_type=content_type, object_id=str(shown.key))
    entry = entries.filter(timestamp__gt=publication.since).order_by("-timestamp").first()
    return (entry.timestamp, entry.user_display_name) if entry else (publication.since, "")


def _publications_of_nothing_public() -> Iterator[Finding]:
    rows = Publication.objects.filter(Q(page=None) | Q(page__live=False), until=None)
    for row in rows.order_by("pk"):
        what = _("it is written down as public and is not")
        yield Finding(row.page_id, _("publication"), row.url_path, what, row.since)


def _of_withdrawn_reviewers() -> Iterator[Finding]:
    """Yield the people whose page is withdrawn, where pages say other of them as reviewers than it said."""
    named = ReviewRecord.objects.filter(publications__until=None).values("contributor")
    people = {person.pk: person for person in ContributorPage._base_manager.filter(live=False, pk__in=named)}
    rows = Publication.objects.filter(page__in=people).select_related("revision").order_by("since", "pk")
    last = {row.page_id: (row.until, row.revision.content) for row in rows if row.page_id and row.revision}
    for key, (until, content) in sorted(last.items()):
        said = {name: content.get(name) for name in ContributorPage.readers_see}
        if digest_of(ContributorPage.shown_as, said) != thing(people[key]).digest:
            what = _("what pages say of this reviewer is not what was published last")
            yield _found(people[key], what, until)


# --- What was drawn for it ---


def _of_drawings(seen: Seen, *, redraw: bool) -> Iterator[Finding]:
    """Yield stored drawings that are not of their source; drawing anew takes a second or two for each."""
    sources = {key: source for key, (_page, source) in seen.drawn.items()}
    for key, what in drawings.unsound(sources, anew=redraw):
        yield _found(seen.drawn[key][0], what)
