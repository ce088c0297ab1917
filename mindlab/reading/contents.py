"""The text of a page in pieces, and the table of contents made from its headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.blocks import ListBlock, StreamValue, StructValue
from wagtail.rich_text import RichText

from mindlab.core.rich_text import plain
from mindlab.reading import live_values
from mindlab.reading.references import AtHand, give_choice, without_choices


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of the text with the id it is known by, and the level of its heading if it is one."""

    block: StreamValue.StreamChild
    id: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: the id of a heading, its words, its level (2 to 6)."""

    id: str
    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Body:
    """A text ready to be shown: its pieces, and what the table of contents says about it."""

    pieces: tuple[Piece, ...] = ()
    contents: tuple[Entry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pieces)

    def values(self, block_type: str) -> list[Any]:
        """Return the values of all blocks of one type."""
        return [piece.block.value for piece in self.pieces if piece.block.block_type == block_type]


def body_of(stream: StreamValue, *, top_level: int = 2, at_hand: AtHand | None = None) -> Body:
    """Return the body of a stream whose first headings stand at ``top_level``.

    Live values are in words; the headings of sections that stay away are gone with their sections,
    and so are buttons that lead to nothing public. No level is skipped on the way down, whatever
    levels the editor chose (WCAG 1.3.1).
    """
    pieces: list[Piece] = []
    entries: list[Entry] = []
    blocks = _blocks(stream, at_hand)
    levels = _levels([block for block in blocks if block.block_type == "heading"], top_level)
    for position, block in enumerate(blocks):
        level = 0
        # A block made by code may have no id; its place is the next best name.
        name = f"b-{block.id or position}"
        if block.block_type == "heading":
            level = next(levels)
            entries.append(Entry(name, plain(block.value["text"].source), level))
        pieces.append(Piece(block, name, level))
    return Body(tuple(pieces), tuple(entries))


def _blocks(stream: StreamValue, at_hand: AtHand | None) -> list[StreamValue.StreamChild]:
    """Return the blocks that are shown, with what they choose; what is not at hand is asked for."""
    if at_hand is None:
        return list(live_values.resolve(stream))
    raw = live_values.shown(list(stream.raw_data), at_hand.counts)
    emptied = [without_choices(child) for child in raw]
    blocks = StreamValue(stream.stream_block, emptied, is_lazy=True)
    return [block for block, child in zip(blocks, raw, strict=True) if give_choice(block, child, at_hand)]


def _levels(headings: list[Any], top_level: int) -> Iterator[int]:
    chosen = [int(heading.value["level"] or 2) for heading in headings]
    highest = min(chosen, default=2)
    before = top_level - 1
    for level in chosen:
        before = min(top_level + level - highest, before + 1, 6)
        yield before


def rich_texts(value: Any) -> Iterator[str]:
    """Yield the source of every rich text inside a block's value, in reading order."""
    if isinstance(value, RichText):
        yield value.source
    elif isinstance(value, StructValue):
        for part in value.values():
            yield from rich_texts(part)
    elif isinstance(value, StreamValue):
        for child in value:
            yield from rich_texts(child.value)
    elif isinstance(value, (list, tuple)) or _is_list_value(value):
        for part in value:
            yield from rich_texts(part)


def _is_list_value(value: Any) -> bool:
    return isinstance(getattr(value, "list_block", None), ListBlock)


def words_in(texts: Iterable[str]) -> int:
    """Count the words of rich texts, for the reading time."""
    return sum(len(plain(text).split()) for text in texts)
