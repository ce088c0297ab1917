"""What a look at a whole flattened text tells before its lines are read: neighbours, styles, lost lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mindlab.importer.parsers.flattened import mermaid
from mindlab.importer.parsers.flattened.headings import is_plain_label, is_titled_label, may_stand_alone
from mindlab.importer.parsers.flattened.lines import Line, bullet, numbered, word_count

PROSE = 80
"""Characters from which on a line is taken for prose."""
_SMALL_HEADS = 3


@dataclass(slots=True)
class Survey:
    """The lines of a text, those with words, and what its author's habits are; indices are into ``lines``."""

    lines: Sequence[Line]
    filled: list[int] = field(default_factory=list)
    """The lines with words."""
    at: dict[int, int] = field(default_factory=dict)
    """The index of the line with a number."""
    lost_lists: set[int] = field(default_factory=set)
    """Lines of lists whose marks were lost."""
    lost_items: set[int] = field(default_factory=set)
    """The same, where a line announces the list."""
    plain_labels: int = 0
    titled_labels: int = 0
    is_dense: bool = False
    """True for a text without blank lines between its paragraphs."""
    _rank: dict[int, int] = field(default_factory=dict)
    _small_heads: int = 0

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Survey:
        """Look at all lines once."""
        survey = cls(lines)
        survey.filled = [i for i, line in enumerate(lines) if not line.is_blank]
        survey.at = {lines[index].number: index for index in survey.filled}
        survey._rank = {index: rank for rank, index in enumerate(survey.filled)}
        survey.is_dense = len(lines) < 1.1 * len(survey.filled)
        survey._look()
        return survey

    def neighbour(self, index: int, step: int) -> Line | None:
        """The line with words that stands ``step`` such lines away."""
        rank = self._rank[index] + step
        return self.lines[self.filled[rank]] if 0 <= rank < len(self.filled) else None

    def is_parted(self, index: int) -> bool:
        """Whether blank lines, or the ends of the text, stand around a line."""
        last = index + 1 >= len(self.lines)
        return (index == 0 or self.lines[index - 1].is_blank) and (last or self.lines[index + 1].is_blank)

    def is_small_heading(self, index: int) -> bool:
        """Whether a line is a heading but for its first letter, in a text whose author writes none large."""
        return self._small_heads >= _SMALL_HEADS and self._is_small_head(index)

    def _look(self) -> None:
        """Count the styles of labels, each wording once, and find lists whose marks were lost."""
        run: list[int] = []
        labels: set[str] = set()
        diagram_end = 0
        for index in self.filled:
            text = self.lines[index].text
            if index < diagram_end:
                continue
            if mermaid.is_start(text):
                diagram_end = mermaid.end_of(self.lines, index)
            self._small_heads += self._is_small_head(index)
            if text.endswith(":") and bullet(text) is None and text not in labels:
                labels.add(text)
                self.titled_labels += is_titled_label(text)
                self.plain_labels += is_plain_label(text)
            is_marked = bullet(text) is not None or numbered(text) is not None or mermaid.is_start(text)
            if may_stand_alone(text) and not is_marked:
                run.append(index)
                continue
            self._note_run(run)
            run = []
        self._note_run(run)

    def _is_small_head(self, index: int) -> bool:
        text, after = self.lines[index].text, self.neighbour(index, 1)
        return (
            text[:1].islower()
            and self.is_parted(index)
            and word_count(text) <= 12
            and may_stand_alone(text[:1].upper() + text[1:])
            and after is not None
            and len(after.text) > PROSE
        )

    def _note_run(self, run: list[int]) -> None:
        """Three lines and more in heading's form with no prose between them are a list, not headings."""
        if not run:
            return
        before = self.neighbour(run[0], -1)
        introduced = before is not None and before.text.endswith(":")
        if len(run) >= 4 or (introduced and len(run) >= 2):
            after = self.neighbour(run[-1], 1)
            heads = after is not None and len(after.text) > PROSE and not introduced
            (self.lost_items if introduced else self.lost_lists).update(run[:-1] if heads else run)
