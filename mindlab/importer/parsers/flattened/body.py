"""The body of a flattened text as blocks: headings, paragraphs, lists, diagrams.

The two flattened kinds share it, and so does a Markdown file whose body was pasted in flattened.
What flattening does: the marks of headings go, fences go, nested list marks go or are left alone on
a line above the label they belonged to. The rules here undo these losses and nothing else.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mindlab.importer.parsers.document import (
    Block,
    Code,
    Guess,
    Heading,
    Item,
    LeftOut,
    Lines,
    ListBlock,
    Mermaid,
    Paragraph,
)
from mindlab.importer.parsers.flattened import mermaid
from mindlab.importer.parsers.flattened.headings import (
    BOX,
    STANDING,
    corroborated,
    is_box_label,
    is_loud,
    is_titled_label,
    label_confidence,
    may_stand_alone,
    outline_depth,
    standalone_confidence,
    title_case,
)
from mindlab.importer.parsers.flattened.lines import (
    Line,
    bullet,
    ends_sentence,
    fence,
    is_lone_mark,
    is_rule,
    numbered,
    split_lines,
    word_count,
)
from mindlab.importer.parsers.flattened.relations import is_bare_tie
from mindlab.importer.parsers.flattened.survey import PROSE, Survey

SURE = 0.5
_SENTENCE = 40


@dataclass(frozen=True, slots=True)
class FlattenedBody:
    """Blocks with what was inferred on the way and what carries no words."""

    blocks: tuple[Block, ...]
    guesses: tuple[Guess, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def looks_flattened(text: str) -> bool:
    """Whether prose has no Markdown structure of its own although lines in it look like headings."""
    lines = [line for line in split_lines(text) if not line.is_blank]
    if any(line.text.startswith(("# ", "## ", "### ", "#### ", "|", "```", "~~~", ">")) for line in lines):
        return False
    return any(
        may_stand_alone(line.text) and len(after.text) > PROSE for line, after in itertools.pairwise(lines)
    )


def parse_flattened_body(text: str, first_line: int = 1, heading_level: int = 2) -> FlattenedBody:
    """Blocks of a flattened body; ``first_line`` is the number of its first line in the source."""
    return build_body(split_lines(text, first_line), standing_level=heading_level)


def build_body(lines: Sequence[Line], standing_level: int = 2, label_level: int = 3) -> FlattenedBody:
    """Turn lines into blocks; headings on a line of their own and labels get the levels given."""
    return _Builder(list(lines), standing_level, label_level).build()


@dataclass(slots=True)
class _Builder:
    lines: list[Line]
    standing_level: int
    label_level: int
    blocks: list[Block] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    ordered: bool = False
    lone: Line | None = None
    closers: list[int] = field(default_factory=list)
    survey: Survey = field(init=False)

    def __post_init__(self) -> None:
        self.survey = Survey.of(self.lines)
        self.closers = [i for i in self.survey.filled if fence(self.lines[i].text) == ""]

    def build(self) -> FlattenedBody:
        index = 0
        while index < len(self.lines):
            index = self._step(index)
        self._drop_lone()
        self._flush()
        self._lower_beside_capitals()
        return FlattenedBody(tuple(self.blocks), tuple(corroborated(self.guesses)), tuple(self.left_out))

    def _lower_beside_capitals(self) -> None:
        """Where some headings are in capitals, those that are not stand a level below them."""
        standing = {g.lines.first for g in self.guesses if g.reason == STANDING and g.lines is not None}
        if sum(isinstance(block, Heading) and is_loud(block.text) for block in self.blocks) < 2:
            return
        for index, block in enumerate(self.blocks):
            if isinstance(block, Heading) and block.lines.first in standing and not block.text.isupper():
                self.blocks[index] = replace(block, level=min(6, block.level + 1))

    def _step(self, index: int) -> int:
        """Take the line at ``index``, with those it brings along, and return where to go on."""
        line = self.lines[index]
        if line.is_blank:
            return index + 1
        if mermaid.is_start(line.text):
            return self._take_diagram(index)
        language = fence(line.text)
        if language is not None:
            return self._take_fence(index, language)
        words = self._item_words(index, line)
        if words is not None:
            self._drop_lone()
            self._add_item(line, words, ordered=False)
        elif is_lone_mark(line.text):
            self._drop_lone()
            self.lone = line
        elif is_rule(line.text):
            self._leave(line, "a drawn line")
        elif self._is_numbered_item(index, line):
            self._drop_lone()
            self._add_item(line, line.text.split(None, 1)[1], ordered=True)
        else:
            self._take_text(index, line)
        return index + 1

    def _item_words(self, index: int, line: Line) -> str | None:
        """The words of a list item; a dash opens one only beside another, else it is an attribution."""
        words = bullet(line.text)
        if words is None and index in self.survey.lost_items:
            span = Lines(line.number, line.number)
            reason = "One of several short lines under a line that announces them."
            self.guesses.append(Guess("list", line.text, 0.6, reason, span))
            return line.text
        if words is None or line.text[0] not in "–—":
            return words
        beside = [
            n for n in (self.survey.neighbour(index, -1), self.survey.neighbour(index, 1)) if n is not None
        ]
        return words if any(n.text[0] == line.text[0] for n in beside) else None

    def _take_text(self, index: int, line: Line) -> None:
        close = index > 0 and not self.lines[index - 1].is_blank
        if self.items and self.lone is None and line.indent >= 2 and close and self._has_room(self.items[-1]):
            last = self.items[-1]
            lines = Lines(last.lines.first, line.number)
            self.items[-1] = Item(f"{last.text} {line.text}", lines, last.depth)
            return
        if self._continues_a_paragraph(index, line):
            last_block = self.blocks[-1]
            if isinstance(last_block, Paragraph):
                lines = Lines(last_block.lines.first, line.number)
                self.blocks[-1] = Paragraph(lines, f"{last_block.text} {line.text}")
                return
        if self.lone is not None:
            self._take_after_lone(index, line, self.lone)
            return
        self._flush()
        confidence, reason = self._heading(index, line)
        lines = Lines(line.number, line.number)
        if confidence < SURE:
            self.blocks.append(Paragraph(lines, line.text))
            return
        is_label = line.text.endswith(":")
        text = line.text.rstrip(":").rstrip() if is_label else line.text
        level = self.label_level if is_label else self.standing_level
        level = min(6, level + max(0, outline_depth(text) - 1))
        self.blocks.append(Heading(lines, text or line.text, level))
        self.guesses.append(Guess("heading", text, round(confidence, 2), reason, lines))

    @staticmethod
    def _has_room(part: Item | Paragraph) -> bool:
        """Joining line by line is for wrapped prose; the bound keeps it linear on anything else."""
        return len(part.text) < 8000

    def _take_after_lone(self, index: int, line: Line, mark: Line) -> None:
        """A mark alone on its line: the label it belonged to follows, as a heading of its list."""
        self.lone = None
        lines = Lines(mark.number, line.number)
        after = self.survey.neighbour(index, 1)
        heads = after is not None and bullet(after.text) is not None
        is_label = line.text.endswith(":") and word_count(line.text) <= 14
        if is_label or (heads and may_stand_alone(line.text)):
            self._flush()
            text = line.text.rstrip(":").rstrip() or line.text
            self.blocks.append(Heading(lines, text, self.label_level + 1))
            reason = "A list mark stands alone on the line above: the line is the label of what follows."
            self.guesses.append(Guess("heading", text, 0.9 if is_label else 0.7, reason, lines))
        elif len(line.text) > 300:
            self._flush()
            self.blocks.append(Paragraph(lines, line.text))
        else:
            self.items.append(Item(line.text, lines))

    def _continues_a_paragraph(self, index: int, line: Line) -> bool:
        """Hard-wrapped prose: the line above broke off and this one goes on in lower case."""
        if not index or self.items or self.lone is not None or not self.blocks:
            return False
        above = self.lines[index - 1]
        return (
            isinstance(self.blocks[-1], Paragraph)
            and self.blocks[-1].lines.last == above.number
            and self._has_room(self.blocks[-1])
            and 45 <= len(above.text) <= 120
            and not ends_sentence(above.text)
            and not above.text.endswith((":", ";"))
            and line.text[0].islower()
            and not is_bare_tie(line.text)
        )

    def _heading(self, index: int, line: Line) -> tuple[float, str]:
        after = self.survey.neighbour(index, 1)
        if after is None:
            return 0.0, ""
        if line.text.endswith(":"):
            confidence = label_confidence(line.text, self.survey.plain_labels, self.survey.titled_labels)
            return confidence, "A short line that ends in a colon and is written like a title."
        is_small = self.survey.is_small_heading(index)
        if (not may_stand_alone(line.text) and not is_small) or index in self.survey.lost_lists:
            return 0.0, ""
        if is_box_label(line.text):
            self.guesses.append(Guess("box", line.text, 0.6, BOX, Lines(line.number, line.number)))
            return 0.0, ""
        parted = self.survey.is_parted(index)
        before_prose = (
            len(after.text) > max(PROSE, len(line.text))
            or bullet(after.text) is not None
            or numbered(after.text) is not None
            or mermaid.is_start(after.text)
            or (after.text.endswith(":") and word_count(after.text) > 4)
            or (ends_sentence(after.text) and (parted or len(after.text) > max(_SENTENCE, len(line.text))))
            or self._heads_a_heading(after)
        )
        on_another = not before_prose and parted and may_stand_alone(after.text)
        if not before_prose and not parted:
            return 0.0, ""
        stands_out = 1.0 if parted else 0.5 if self.survey.is_dense else 0.0
        confidence = standalone_confidence(
            line.text, parted=stands_out, before_prose=before_prose or on_another
        )
        above = self.survey.neighbour(index, -1)
        if above is not None and is_box_label(above.text.rstrip("…")):
            confidence = min(confidence, 0.6)
        if on_another:  # a heading above another short line with no text below it either
            confidence = min(confidence, 0.7)
        return confidence, STANDING

    def _heads_a_heading(self, after: Line) -> bool:
        """Whether the line below is a heading itself, with prose or a list of its own below it."""
        if not may_stand_alone(after.text) or self.survey.at[after.number] in self.survey.lost_lists:
            return False
        below = self.survey.neighbour(self.survey.at[after.number], 1)
        return below is not None and (len(below.text) > PROSE or bullet(below.text) is not None)

    def _is_numbered_item(self, index: int, line: Line) -> bool:
        """Numbered lines are headings when prose follows each or they are labels, and items when numbers
        follow numbers."""
        found = numbered(line.text)
        if found is None or (found[1].endswith(":") and is_titled_label(found[1])):
            return False
        after, before = self.survey.neighbour(index, 1), self.survey.neighbour(index, -1)
        next_number = numbered(after.text) if after else None
        last_number = numbered(before.text) if before else None
        follows = last_number is not None and last_number[0] + 1 == found[0]
        leads = next_number is not None and next_number[0] == found[0] + 1
        expected = len(self.items) + 1 if self.ordered else 1
        if self.items and self.ordered and found[0] == expected:
            return True
        if not (follows or leads) or found[0] != expected:
            return False
        return not (after is not None and len(after.text) > 400 and title_case(found[1]) > 0.75)

    def _add_item(self, line: Line, words: str, *, ordered: bool) -> None:
        if self.items and self.ordered != ordered:
            self._flush()
        self.ordered = ordered
        self.items.append(Item(words, Lines(line.number, line.number), min(line.indent // 2, 6)))

    def _take_diagram(self, index: int) -> int:
        end = mermaid.end_of(self.lines, index)
        if end == index + 1:
            self._take_text(index, self.lines[index])
            return end
        self._drop_lone()
        self._flush()
        taken = [line for line in self.lines[index:end] if not line.is_blank]
        lines = Lines(taken[0].number, taken[-1].number)
        text = "\n".join(" " * line.indent + line.text for line in taken)
        self.blocks.append(Mermaid(lines, text))
        return end

    def _take_fence(self, index: int, language: str) -> int:
        """A fence that survived: code up to the fence that closes it, or a line to leave out."""
        rank = bisect_right(self.closers, index)
        end = self.closers[rank] if rank < len(self.closers) else index
        if end <= index + 1:
            self._leave(self.lines[index], "a code fence without a partner")
            return index + 1
        self._drop_lone()
        self._flush()
        lines = Lines(self.lines[index].number, self.lines[end].number)
        inner = self.lines[index + 1 : end]
        text = "\n".join(" " * line.indent + line.text for line in inner)
        is_diagram = language == "mermaid" or mermaid.is_start(inner[0].text)
        self.blocks.append(Mermaid(lines, text) if is_diagram else Code(lines, text, language))
        return end + 1

    def _leave(self, line: Line, reason: str) -> None:
        self.left_out.append(LeftOut(line.text, reason, Lines(line.number, line.number)))

    def _drop_lone(self) -> None:
        if self.lone is not None:
            self._leave(self.lone, "a list mark without words")
            self.lone = None

    def _flush(self) -> None:
        if self.items:
            lowest = min(item.depth for item in self.items)
            items = tuple(Item(i.text, i.lines, i.depth - lowest) for i in self.items)
            lines = Lines(items[0].lines.first, items[-1].lines.last)
            self.blocks.append(ListBlock(lines, items, self.ordered))
            self.items = []
        self.ordered = False
