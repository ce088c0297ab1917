"""Furniture of the old site at the head and the end of a page: labels, teasers, sign-up boxes.

A tail is furniture when it opens with a label of its own, holds nothing but short lines, and says so
by its words or by the gap before it. A label alone proves nothing: "Latest Articles" with an essay
below it is a heading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mindlab.importer.parsers.flattened.frame_words import (
    BLURB,
    CONTENT,
    HEAD,
    LABEL,
    SOURCE,
    is_about_the_author,
    is_date_or_byline,
    is_frame,
)
from mindlab.importer.parsers.flattened.headings import is_aside, may_stand_alone, title_case
from mindlab.importer.parsers.flattened.lines import Line, bullet, ends_sentence, numbered, word_count

_TAIL_LINES = 30
_TAIL_CHARS = 1500
_LONG_LINE = 420
_TEASER = 140
_LONGEST_SAID = 260
"""A sentence or two under a label that says more than this is text of the page."""
_TIES = 4
_MOST_AFTER = 8


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
    last = list(_last_lines(lines, filled))
    for index in last:
        best = _judge(lines, index, filled) or best
    stopped_at_content = len(last) < len(filled) and _is_content(lines[filled[-len(last) - 1]].text)
    return _widened(lines, [index for index in last if index != filled[0]], best, stopped_at_content)


def find_after_ties(lines: Sequence[Line]) -> Tail | None:
    """Short lines after the closing "term — gloss" items of a concept: nothing of it comes after these.

    Lines that name a source, or speak in whole sentences of some length, are none.
    """
    filled = [i for i in range(max(0, len(lines) - 400), len(lines)) if not lines[i].is_blank]
    after = len(filled)
    while after > 0 and len(filled) - after <= _MOST_AFTER and bullet(lines[filled[after - 1]].text) is None:
        after -= 1
    items = [bullet(lines[index].text) or "" for index in filled[max(0, after - _TIES) : after]]
    rest = filled[after:]
    while rest and _is_said_of_the_text(lines[rest[0]].text):
        rest = rest[1:]
    if not rest or len(rest) > _MOST_AFTER or len(items) < _TIES or not all(" — " in item for item in items):
        return None
    if any(len(lines[index].text) > _TEASER and not _is_of_frame(lines[index].text) for index in rest):
        return None
    sure = all(_is_of_frame(lines[index].text) for index in rest)
    reason = "Short lines after the ties to other concepts, with which the text of a concept ends."
    return Tail(rest[0], 0.85 if sure else 0.7, reason)


def _is_said_of_the_text(text: str) -> bool:
    return SOURCE.match(text) is not None or (ends_sentence(text) and not _is_of_frame(text))


def _last_lines(lines: Sequence[Line], filled: Sequence[int]) -> Iterator[int]:
    """The lines a tail may hold, the last first, up to prose of some length or a part of the text."""
    chars = long_lines = 0
    for back, index in enumerate(reversed(filled)):
        line = lines[index]
        chars += len(line.text)
        long_lines += len(line.text) > 200
        if back >= _TAIL_LINES or chars > _TAIL_CHARS or long_lines > 2 or len(line.text) > _LONG_LINE:
            return
        if _is_content(line.text):
            return
        yield index


def _is_content(text: str) -> bool:
    return CONTENT.match(text) is not None or _is_content_item(text)


def _widened(lines: Sequence[Line], last: Sequence[int], best: Tail | None, at_content: bool) -> Tail | None:
    """The tail with the lines of the frame above it, and the short lines among and above these.

    ``last``: indices from the last line upward; ``at_content``: whether a part of the text, such as its
    references, stands above them.
    """
    start = best.start if best is not None else len(lines)
    hits = pending = 0
    top: int | None = None
    after = ""
    for place, index in enumerate(last):
        text = lines[index].text
        above = lines[last[place + 1]].text if place + 1 < len(last) else ""
        if index >= start or _is_of_frame(text) or (hits and is_about_the_author(text, after)):
            top, hits, pending = index, hits + 1, 0
        elif _is_title_like(text) or (len(text) <= _TEASER and _is_title_like(above)):
            pending += 1
        else:
            break
        after = text
    if top is None:
        return best
    if 0 < pending <= hits and not at_content and _is_title_like(lines[last[last.index(top) + pending]].text):
        top = last[last.index(top) + pending]
    if best is not None and top >= best.start:
        return best
    confidence = 0.78 if best is None else min(best.confidence, 0.9)
    return Tail(
        top, confidence - (0.1 if pending else 0.0), "The page ends in words of the old site's frame."
    )


def _is_of_frame(text: str) -> bool:
    return is_frame(text) or (LABEL.match(text) is not None and word_count(text) <= 12)


def _is_title_like(text: str) -> bool:
    if not text or len(text) > 110 or bullet(text) is not None or numbered(text) is not None:
        return False
    if ends_sentence(text):
        return False
    return may_stand_alone(text) or (word_count(text) <= 6 and not is_aside(text) and text[-1] not in ":,;")


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
    said = [len(line.text) for line in rest if ends_sentence(line.text) and not BLURB.search(line.text)]
    prose = sum(said)
    if max(said, default=0) > _LONGEST_SAID:
        return None
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
