"""Furniture of the old site at the head and the end of a page: labels, teasers, sign-up boxes.

A tail is furniture when it opens with a label of its own, holds nothing but short lines, and says so
by its words or by the gap before it. A label alone proves nothing: "Latest Articles" with an essay
below it is a heading.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from mindlab.importer.parsers.frame_words import (
    BLURB,
    CONTENT,
    HEAD,
    LABEL,
    is_about_the_author,
    is_date_or_byline,
    is_frame,
)
from mindlab.importer.parsers.headings import may_stand_alone, title_case
from mindlab.importer.parsers.lines import Line, bullet, ends_sentence, numbered, word_count

_TAIL_LINES = 30
_TAIL_CHARS = 1500
_LONG_LINE = 420


@dataclass(frozen=True, slots=True)
class Tail:
    """Where furniture begins (an index into the lines), how sure that is, and why."""

    start: int
    confidence: float
    reason: str


def is_head_furniture(text: str) -> bool:
    """Whether a line above or beside a title belongs to the site's frame: a breadcrumb, a byline, a date."""
    return len(text) <= 120 and (HEAD.match(text) is not None or is_date_or_byline(text))


def find_tail(lines: Sequence[Line]) -> Tail | None:
    """The furniture at the end of a page, or None.

    Looks at the last lines only, so it takes the same time for any length of text.
    """
    filled = [i for i in range(max(0, len(lines) - 400), len(lines)) if not lines[i].is_blank]
    best: Tail | None = None
    chars = long_lines = 0
    is_open = True
    for back, index in enumerate(reversed(filled)):
        line = lines[index]
        chars += len(line.text)
        long_lines += len(line.text) > 200
        if back >= _TAIL_LINES or chars > _TAIL_CHARS or long_lines > 2 or len(line.text) > _LONG_LINE:
            break
        if CONTENT.match(line.text) or _is_content_item(line.text):
            break
        best = _judge(lines, index, filled) or best
        is_open = is_open and (is_frame(line.text) or bool(LABEL.match(line.text)))
        if (is_open or (best is not None and best.start == _next(filled, index))) and index != filled[0]:
            after = _next(filled, index)
            best = _framed(best, index, line.text, lines[after].text if after >= 0 else "")
    return best


def _next(filled: Sequence[int], index: int) -> int:
    rank = bisect_right(filled, index)
    return filled[rank] if rank < len(filled) else -1


def _framed(best: Tail | None, index: int, text: str, after: str) -> Tail | None:
    """A tail that begins one line earlier, where that line is of the site's frame, too."""
    if not is_frame(text) and not (best is not None and is_about_the_author(text, after)):
        return best
    confidence = best.confidence if best is not None else 0.78
    return Tail(index, min(confidence, 0.9), "The page ends in words of the old site's frame.")


def _is_content_item(text: str) -> bool:
    """Whether a list item says something, such as a tie to another concept; teasers are titles."""
    words = bullet(text)
    return words is not None and (" — " in words or ends_sentence(words) or word_count(words) > 14)


def _judge(lines: Sequence[Line], index: int, filled: Sequence[int]) -> Tail | None:
    """Whether the text from ``index`` to the end is furniture that opens with a label there."""
    label = lines[index].text
    if index == filled[0] or bullet(label) is not None or len(label) > 120:
        return None
    rest = [lines[i] for i in filled if i > index]
    named = bool(LABEL.match(label)) and word_count(label) <= 12
    gap = _gap(lines, index)
    blurb = any(BLURB.search(line.text) for line in rest)
    prose = sum(len(line.text) for line in rest if ends_sentence(line.text) and not BLURB.search(line.text))
    if named and prose <= 450 and (gap >= 3 or blurb or prose <= 250):
        confidence = 0.95 if gap >= 3 or (blurb and rest) else 0.8
        return Tail(index, confidence, "The page ends in a label of the old site and short lines after it.")
    if not may_stand_alone(label):
        return None
    follows_prose = ends_sentence(lines[filled[filled.index(index) - 1]].text)
    titles = _without_blurb([label, *(line.text for line in rest)])
    if gap >= 1 and follows_prose and _are_teasers(titles):
        return Tail(index, 0.7, "The page ends in several titles with no text below them.")
    return _unnamed(index, label, rest, gap, prose)


def _unnamed(index: int, label: str, rest: Sequence[Line], gap: int, prose: int) -> Tail | None:
    """Furniture under a label of its own making, such as the name of a newsletter."""
    blurb = any(BLURB.search(line.text) for line in rest)
    if gap >= 3 and rest and len(rest) <= 6 and (blurb or prose <= 300):
        confidence = 0.9 if blurb else 0.6
        return Tail(index, confidence, "Short lines after a gap at the end, set apart from the text.")
    if gap >= 1 and 1 <= len(rest) <= 3 and len(BLURB.findall(rest[0].text + " " + label)) >= 2:
        return Tail(index, 0.75, "The page ends in a name and a blurb that asks readers to subscribe.")
    return None


def _without_blurb(texts: list[str]) -> list[str]:
    """The lines of a tail without the name and the blurb of a newsletter that close it."""
    if len(texts) > 3 and BLURB.search(texts[-1]) and not may_stand_alone(texts[-1]):
        return texts[:-2]
    return texts


def _are_teasers(texts: Sequence[str]) -> bool:
    """Whether three to eight lines are titles of other pages: short, unmarked, most in title case."""
    return (
        3 <= len(texts) <= 8
        and all(len(t) <= 90 and may_stand_alone(t) and not bullet(t) and not numbered(t) for t in texts)
        and 2 * sum(title_case(text) >= 0.75 for text in texts) >= len(texts)
    )


def _gap(lines: Sequence[Line], index: int) -> int:
    blank = 0
    while blank < index and lines[index - 1 - blank].is_blank:
        blank += 1
    return blank
