"""Puts blocks together as a parser meets them: items into lists, quoted blocks into quotes and callouts.

The Markdown and the HTML parser both report what opens and closes; this module makes the flat
blocks of the document tree from it, in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .document import Block, Callout, Code, Heading, Item, Lines, ListBlock, Paragraph, Quote
from .inline import Inline, joined, plain, plain_inline

MAX_DEPTH = 12
"""Lists and quotes nested deeper than this are read as if they stood at this depth."""

_ATTRIBUTION = re.compile(r"(?:—|–|--)\s*(\S[^\n]{1,120})$")


@dataclass(frozen=True, slots=True)
class _Part:
    """An item on its way into a list."""

    item: Item
    group: int


@dataclass(slots=True)
class _Frame:
    """A container being filled: the document, a quote or a callout."""

    parts: list[Block | _Part] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)
    """For each open list the number of its next item, 0 when it is not ordered."""
    numbers: list[int] = field(default_factory=list)
    items: list[int | None] = field(default_factory=list)
    """For each open item the index of its part, None until it has words."""
    variant: str = ""
    title: str = ""
    transparent: int = 0


class Assembler:
    """Takes blocks in reading order and hands back the finished sequence."""

    def __init__(self) -> None:
        self._frames = [_Frame()]
        self._group = 0

    def open_list(self, *, ordered: bool, start: int = 1) -> None:
        """A list begins, inside the open item if there is one; ``start`` numbers its first item."""
        frame = self._frames[-1]
        if not frame.lists:
            self._group += 1
        frame.lists.append(max(1, start) if ordered else 0)

    def close_list(self) -> None:
        """The innermost list ends."""
        frame = self._frames[-1]
        if frame.lists:
            frame.lists.pop()

    def open_item(self) -> None:
        """An item of the innermost list begins; an item outside any list makes one."""
        frame = self._frames[-1]
        if not frame.lists:
            self.open_list(ordered=False)
        frame.items.append(None)
        frame.numbers.append(frame.lists[-1])
        frame.lists[-1] += frame.lists[-1] > 0

    def close_item(self) -> None:
        """The innermost item ends."""
        if self._frames[-1].items:
            self._frames[-1].items.pop()
            self._frames[-1].numbers.pop()

    def open_quote(self, variant: str = "", title: str = "") -> None:
        """A quotation begins, or a callout when ``variant`` names its kind."""
        if len(self._frames) > MAX_DEPTH:
            self._frames[-1].transparent += 1
        else:
            self._frames.append(_Frame(variant=variant, title=title))

    def close_quote(self, lines: Lines) -> None:
        """The innermost quotation or callout ends."""
        if self._frames[-1].transparent:
            self._frames[-1].transparent -= 1
        elif len(self._frames) > 1:
            frame = self._frames.pop()
            self._frames[-1].parts.extend(_quoted(frame, lines))

    def paragraph(self, content: Inline, lines: Lines) -> None:
        """Words that stand alone: a paragraph, or words of the open item."""
        if not content.text:
            return
        frame = self._frames[-1]
        if not frame.items:
            frame.parts.append(Paragraph(lines, content.text, content.html))
            return
        index = frame.items[-1]
        if index is None:
            depth = min(max(len(frame.lists), len(frame.items)) - 1, MAX_DEPTH)
            item = Item(content.text, lines, max(depth, 0), content.html, frame.numbers[-1])
            frame.items[-1] = len(frame.parts)
            frame.parts.append(_Part(item, self._group))
        elif index == len(frame.parts) - 1 and isinstance(part := frame.parts[index], _Part):
            both = joined([Inline(part.item.text, part.item.html), content])
            span = Lines(part.item.lines.first, max(lines.last, part.item.lines.last))
            item = replace(part.item, text=both.text, html=both.html, lines=span)
            frame.parts[index] = replace(part, item=item)
        else:
            frame.parts.append(Paragraph(lines, content.text, content.html))

    def add(self, block: Block) -> None:
        """A block that stands by itself wherever it is: heading, code, table, image, diagram."""
        frame = self._frames[-1]
        if isinstance(block, Heading) and frame.items and frame.items[-1] is None:
            self.paragraph(Inline(block.text, block.html), block.lines)
        else:
            frame.parts.append(block)

    @property
    def last(self) -> Block | None:
        """The block added last in the open container, None after an item or at the start."""
        parts = self._frames[-1].parts
        return parts[-1] if parts and not isinstance(parts[-1], _Part) else None

    def replace_last(self, block: Block) -> None:
        """Put another block in the place of the last one."""
        self._frames[-1].parts[-1] = block

    def finish(self, last_line: int) -> tuple[Block, ...]:
        """Close what is open and hand back the blocks."""
        while len(self._frames) > 1:
            self._frames[-1].transparent = 0
            self.close_quote(Lines(last_line, last_line))
        return tuple(_grouped(self._frames[0].parts))


def _grouped(parts: Iterable[Block | _Part]) -> list[Block]:
    blocks: list[Block] = []
    run: list[_Part] = []
    for part in parts:
        if run and (not isinstance(part, _Part) or part.group != run[-1].group):
            blocks.append(_list_of(run))
            run = []
        if isinstance(part, _Part):
            run.append(part)
        else:
            blocks.append(part)
    if run:
        blocks.append(_list_of(run))
    return blocks


def _list_of(run: list[_Part]) -> ListBlock:
    items = tuple(part.item for part in run)
    last = max(item.lines.last for item in items)
    number = min(items, key=lambda item: item.depth).number
    return ListBlock(Lines(items[0].lines.first, last), items=items, ordered=number > 0)


def _quoted(frame: _Frame, lines: Lines) -> list[Block]:
    """Words of a quotation as one block; code, tables, images and callouts inside stay themselves."""
    blocks: list[Block] = []
    run: list[tuple[Inline, Lines]] = []
    started = False

    def close_run() -> None:
        nonlocal started
        if run or (frame.variant and frame.title and not started):
            blocks.append(_boxed(frame, run, lines, title="" if started else frame.title))
            started = True
            run.clear()

    for block in _grouped(frame.parts):
        words = words_of_block(block)
        if words:
            run.extend(words)
        else:
            close_run()
            blocks.append(block)
    close_run()
    return blocks


def words_of_block(block: Block) -> list[tuple[Inline, Lines]]:
    """The words of a block that can stand in another one, with their lines; none for tables and the like."""
    if isinstance(block, (Paragraph, Heading)):
        return [(Inline(block.text, block.html or plain(block.text).html), block.lines)]
    if isinstance(block, ListBlock):
        marked = ((f"{item.number}. " if item.number else "• ", item) for item in block.items)
        return [(Inline(mark + item.text, mark + item.html), item.lines) for mark, item in marked]
    if isinstance(block, Quote):
        said = [(Inline(block.text, block.html), block.lines)]
        return [*said, (plain("— " + block.attribution), block.lines)] if block.attribution else said
    if isinstance(block, Code) and "\n" not in block.text:
        return [(Inline(block.text, f"<code>{plain(block.text).html}</code>"), block.lines)]
    return []


def _boxed(frame: _Frame, run: list[tuple[Inline, Lines]], lines: Lines, title: str) -> Block:
    first = lines.first if title else min((where.first for _, where in run), default=lines.first)
    span = Lines(first, max((where.last for _, where in run), default=lines.last))
    if frame.variant:
        content = joined([words for words, _ in run])
        return Callout(span, text=content.text, variant=frame.variant, title=title, html=content.html)
    attribution = ""
    if len(run) > 1 and (match := _ATTRIBUTION.match(run[-1][0].text)):
        attribution = match.group(1)
        run = run[:-1]
    content = joined([words for words, _ in run])
    return Quote(span, text=content.text, html=content.html, attribution=attribution)


def plain_paragraphs(text: str, first_line: int = 1) -> tuple[Block, ...]:
    """Paragraphs between empty lines, every mark kept: the reading that always works."""
    blocks: list[Block] = []
    held: list[str] = []
    number = first_line
    for number, line in enumerate([*text.split("\n"), ""], first_line):
        if line.strip():
            held.append(line)
        elif held:
            content = plain_inline(" ".join(held))
            blocks.append(Paragraph(Lines(number - len(held), number - 1), content.text, content.html))
            held = []
    return tuple(blocks)
