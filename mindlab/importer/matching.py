"""Which source is which document of an earlier run: by content, by place, by reference.

A moved file is recognised by its content, an edited one by where it lies. A file that was both
moved and edited is recognised by its reference when most of its lines are still the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from mindlab.importer.models import SourceDocument
from mindlab.importer.parsers.decoding import decode
from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.sources import Source, SourceError, read

CHUNK = 500
"""How many keys one query asks for: SQLite takes at most 999 on old builds."""
ALIKE = 0.5
"""Share of a text's lines that must be the same for it to be the same document edited elsewhere."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Match:
    """The document a source is, if any, and the source of this run whose text it repeats, if any."""

    document_id: int | None = None
    copy_of: str = ""
    displaced: int | None = None
    """The document that was read from this place before and is another file, or none, now."""


@dataclass(frozen=True, slots=True)
class _Known:
    pk: int
    location_key: str
    reference: str
    content_hash: str


def match(sources: Sequence[Source]) -> list[Match]:
    """One match for each source, in their order; each document is matched once."""
    known = _known(sources)
    here = {source.location_key: source for source in sources}
    by_place = {document.location_key: document for document in known}
    by_hash: dict[str, list[_Known]] = {}
    for document in known:
        by_hash.setdefault(document.content_hash, []).append(document)
    found: dict[str, int] = {}
    taken: set[int] = set()

    def claim(source: Source, document: _Known) -> None:
        found[source.location_key] = document.pk
        taken.add(document.pk)

    for source in sources:
        place = by_place.get(source.location_key)
        if place is not None and place.content_hash == source.content_hash:
            claim(source, place)
    for source in _unclaimed(sources, found):
        for document in by_hash.get(source.content_hash, ()):
            if document.pk not in taken and _has_left(document, here, by_hash):
                claim(source, document)
                break
    for source in _unclaimed(sources, found):
        place = by_place.get(source.location_key)
        if place is not None and place.pk not in taken:
            claim(source, place)
    return _with_copies(sources, found, by_place)


def _unclaimed(sources: Iterable[Source], found: dict[str, int]) -> list[Source]:
    return [source for source in sources if source.location_key not in found]


def _has_left(document: _Known, here: dict[str, Source], by_hash: dict[str, list[_Known]]) -> bool:
    """Whether a document's own place is not in this run, or holds another text than an edited one of it."""
    at_its_place = here.get(document.location_key)
    if at_its_place is None or at_its_place.content_hash in by_hash:
        return True
    before = SourceDocument.objects.values_list("text", flat=True).get(pk=document.pk)
    try:
        now = decode(read(at_its_place.path)).text
    except (DocumentError, SourceError):
        return False
    return not _are_alike(_lines(before), _lines(now))


def free_places(ids: Iterable[int]) -> None:
    """Take documents off the places that other files have now; their content still tells who they are."""
    displaced = list(SourceDocument.objects.filter(pk__in=ids).only("pk", "uuid"))
    for document in displaced:
        document.location_key = f"left:{document.uuid.hex}"
    SourceDocument.objects.bulk_update(displaced, ["location_key"], batch_size=CHUNK)


def _with_copies(
    sources: Sequence[Source], found: dict[str, int], by_place: dict[str, _Known]
) -> list[Match]:
    first: dict[str, str] = {}
    matches: list[Match] = []
    for source in sources:
        copy_of = first.setdefault(source.content_hash, source.reference)
        mine, before = found.get(source.location_key), by_place.get(source.location_key)
        displaced = before.pk if before is not None and before.pk != mine else None
        matches.append(Match(mine, "" if copy_of == source.reference else copy_of, displaced))
    return matches


def _known(sources: Sequence[Source]) -> list[_Known]:
    """The documents that could be meant, in a number of queries that grows with the chunks alone."""
    fields = ("pk", "location_key", "reference", "content_hash")
    found: dict[int, _Known] = {}
    for chunk in chunks(sources, CHUNK):
        for lookup in (
            {"location_key__in": [source.location_key for source in chunk]},
            {"content_hash__in": [source.content_hash for source in chunk]},
        ):
            for row in SourceDocument.objects.filter(**lookup).order_by("pk").values_list(*fields):
                found[row[0]] = _Known(*row)
    return list(found.values())


def moved_and_edited(source: Source, text: str, seen: set[int]) -> SourceDocument | None:
    """The document of that reference from another place whose text is mostly this one, if any."""
    candidates = SourceDocument.objects.filter(reference=source.reference).exclude(pk__in=seen)
    lines = _lines(text)
    for document in candidates.order_by("-imported_at")[:5]:
        others = _lines(document.text)
        if _are_alike(lines, others):
            return document
    return None


def _are_alike(lines: set[str], others: set[str]) -> bool:
    return bool(lines) and len(lines & others) >= ALIKE * max(len(lines), len(others))


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}


def chunks(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    """``items`` in lists of at most ``size``."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
