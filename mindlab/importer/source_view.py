"""A source text line by line, with what each line became: for the view beside the editor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from wagtail.blocks import StreamValue
from wagtail.models import Page

from mindlab.core.rich_text import plain
from mindlab.importer.models import ImportOutcome, SourceDocument

MAX_LINE = 5000
"""Characters of one line that are shown."""
MAX_WORDS = 120


@dataclass(frozen=True, slots=True)
class Became:
    """What a line became: the field, the type of block, its words now, and whether it is still there."""

    field: str
    first: int
    last: int
    kind: str = ""
    words: str = ""
    kept: bool = True


@dataclass(slots=True)
class Row:
    """One line of the source."""

    number: int
    text: str
    became: list[Became] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Why words of the line are not in the draft."""
    repaired: list[str] = field(default_factory=list)
    """What damaged words of the line became."""
    asked: list[str] = field(default_factory=list)
    """What the editor is asked about the line, the least sure guesses among it."""


def source_rows(document: SourceDocument, page: Page) -> list[Row]:
    """The lines of a document with what the page's draft made of them; four queries."""
    draft = page.get_latest_revision_as_object()
    blocks = dict(_blocks(draft))
    rows = [Row(number, line[:MAX_LINE]) for number, line in enumerate(document.text.split("\n"), 1)]
    for passage in document.provenance.all():
        kind, words = blocks.get(passage.block_id, ("", ""))
        kept = not passage.block_id or passage.block_id in blocks
        became = Became(
            passage.field.replace("_", " "), passage.first_line, passage.last_line, kind, words, kept
        )
        if passage.first_line <= len(rows):
            rows[passage.first_line - 1].became.append(became)
    details = _details(document)
    for entry in details["left_out"]:
        if 0 < entry["lines"]["first"] <= len(rows):
            rows[entry["lines"]["first"] - 1].left_out.append(entry["reason"])
    for entry in details["repaired"]:
        if 0 < entry["line"] <= len(rows):
            rows[entry["line"] - 1].repaired.append(f"{entry['before']} → {entry['after']}")
    for entry in details["questions"]:
        row = (
            rows[entry["lines"]["first"] - 1]
            if entry["lines"] and entry["lines"]["first"] <= len(rows)
            else None
        )
        if row is not None and entry["reason"] not in row.left_out:
            row.asked.append(_question(entry))
    return rows


def _question(entry: dict[str, Any]) -> str:
    sure = f" ({entry['confidence']:.0%})" if entry["confidence"] else ""
    return f"{entry['what']}{sure}: {entry['reason']}"


def _details(document: SourceDocument) -> defaultdict[str, list[dict[str, Any]]]:
    """What the report said when the draft was last written."""
    kind = ImportOutcome.Outcome
    written = document.outcomes.filter(outcome__in=[kind.CREATED, kind.UPDATED, kind.PROPOSED])
    details = written.order_by("-pk").values_list("details", flat=True)
    return defaultdict(list, next((found for found in details[:5] if found.get("inferred") is not None), {}))


def _blocks(page: Page) -> Iterator[tuple[str, tuple[str, str]]]:
    """Id, type and words of each block, list child and relation of a page."""
    for name in ("body", "mechanism", "practice", "key_facts"):
        stream = getattr(page, name, None)
        if isinstance(stream, StreamValue):
            for block in stream.raw_data:
                yield from _block(block)
    if hasattr(page, "relations"):
        for relation in page.relations.all():
            yield str(relation.uuid), ("relation", str(relation))


def _block(block: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    value = block["value"]
    if block["type"] == "list":
        items = value.get("items", [])
        yield block.get("id", ""), ("list", str(len(items)))
        for item in items:
            if isinstance(item, dict) and "value" in item:
                yield item.get("id", ""), ("item", _words(item["value"].get("text", "")))
        return
    if isinstance(value, dict):
        value = value.get("text") or value.get("source") or value.get("title") or ""
    yield block.get("id", ""), (block["type"], _words(str(value)))


def _words(html: str) -> str:
    words = plain(html)
    return words if len(words) <= MAX_WORDS else words[: MAX_WORDS - 1] + "…"
