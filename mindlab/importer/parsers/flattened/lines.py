"""Lines of flattened text and what their outer form says: list marks, rules, words, sentence ends."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BULLET = re.compile(r"^([-*+•·◦‣▪▫●○■□∙⁃➢➤►✓–—])\s+(\S.*)$")
_LONE_MARK = re.compile(r"^[-*+•·◦‣▪▫●○■□∙⁃➢➤►–—]$")
_NUMBERED = re.compile(r"^(\d{1,3})[.)]\s+(\S.*)$")
_RULE = re.compile(r"^(?:(?:[-_*=~–—]\s*){3,})$")
_FENCE = re.compile(r"^(?:```|~~~)\s*([\w-]*)\s*$")
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*$")
_SENTENCE_BREAK = re.compile(r"[.!?…][\"'”’)\]]*\s+[\"'“‘(]*[A-ZÀ-ÞΑ-Ω]")
_ABBREVIATION = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|Prof|St|vs|cf|No|Nos|Fig|Figs|Vol|etc|e\.g|i\.e|et al|approx|[A-Z])\.$"
)

_LONGEST_GAP = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the source (1-based), the text without outer space, the indentation."""

    number: int
    text: str
    indent: int = 0

    @property
    def is_blank(self) -> bool:
        return not self.text


def split_lines(text: str, first: int = 1) -> list[Line]:
    """The lines of ``text``; ``first`` is the number of its first line in the source.

    Of a run of blank lines at most eight are kept: a longer gap says nothing more.
    """
    lines: list[Line] = []
    blank = 0
    for number, raw in enumerate(text.split("\n"), first):
        stripped = raw.strip()
        blank = 0 if stripped else blank + 1
        if blank > _LONGEST_GAP:
            continue
        indent = 0
        if stripped and raw[0] in " \t":
            margin = raw[:400].expandtabs(4)
            indent = len(margin) - len(margin.lstrip())
        lines.append(Line(number, stripped, indent))
    return lines


def bullet(text: str) -> str | None:
    """The words of a list item, without its mark, or None when the line is not one."""
    match = _BULLET.match(text)
    return match[2] if match and not _RULE.match(text) else None


def numbered(text: str) -> tuple[int, str] | None:
    """Number and words of a line that begins with ``1.`` or ``1)``, or None."""
    match = _NUMBERED.match(text)
    return (int(match[1]), match[2]) if match else None


def is_lone_mark(text: str) -> bool:
    """A list mark without words: its label stands on the next line, where flattening put it."""
    return bool(_LONE_MARK.match(text))


def is_rule(text: str) -> bool:
    """A line drawn with dashes, stars or underscores."""
    return bool(_RULE.match(text)) and len(text) >= 3


def fence(text: str) -> str | None:
    """The language of a code fence ("" for none), or None when the line is not a fence."""
    match = _FENCE.match(text)
    return match[1].lower() if match else None


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does; an abbreviation's dot does not count."""
    tail = text[-80:]
    return bool(_ENDS_SENTENCE.search(tail)) and not _ABBREVIATION.search(tail)


def holds_sentences(text: str) -> bool:
    """Whether one sentence ends and another begins inside the text."""
    for match in _SENTENCE_BREAK.finditer(text):
        if not _ABBREVIATION.search(text[max(0, match.start() - 12) : match.start() + 1]):
            return True
    return False


def word_count(text: str) -> int:
    """How many words the first 2,000 characters hold: enough to tell a label from a paragraph."""
    return len(text[:2000].split())
