"""Flattened topic hubs and essays: title, deck, count, headings, paragraphs, furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mindlab.importer.parsers.document import (
    Block,
    DeclaredCount,
    Furniture,
    Guess,
    Heading,
    Kind,
    Lines,
    ParsedDocument,
)
from mindlab.importer.parsers.flattened import mermaid
from mindlab.importer.parsers.flattened.body import build_body
from mindlab.importer.parsers.flattened.frame_words import is_bar, is_name_before_date, is_name_of_site
from mindlab.importer.parsers.flattened.furniture import find_tail, is_head_furniture
from mindlab.importer.parsers.flattened.headings import may_stand_alone, title_case
from mindlab.importer.parsers.flattened.lines import (
    Line,
    bullet,
    ends_sentence,
    numbered,
    split_lines,
    word_count,
)
from mindlab.importer.parsers.flattened.titles import title_of_name

_NOUN = (
    r"(?:articles?|posts?|essays?|stories|story|entries|entry|pieces?|items?|guides?|pages?|documents?|texts?"
    r"|papers?|notes?|resources?|publications?|results?|insights?|episodes?|videos?)"
)
_COUNT = re.compile(
    r"^\(?(?:(?:showing|browse|see|view|read|explore)\s+)?(?:all\s+|[\d–-]+\s+of\s+)?(\d[\d,. ]{0,8})"
    rf"\s+((?:(?!min)[a-z]+\s+)?{_NOUN})(?:\s+(?:in|on|about|tagged)\b.{{0,60}}?)?\)?$",
    re.IGNORECASE,
)
_COUNT_AFTER = re.compile(rf"^({_NOUN})\s*(?:\((\d{{1,6}})\)|:\s*(\d{{1,6}}))$", re.IGNORECASE)
_HEAD_LINES = 8
_LONGEST_DECK = 400


@dataclass(slots=True)
class _Head:
    """What stands above the body: indices into the lines, and how sure each is."""

    title: int | None = None
    deck: list[int] = field(default_factory=list)
    count: int | None = None
    furniture: list[int] = field(default_factory=list)
    body: int = 0
    deck_confidence: float = 0.0


def declared_count(line: Line) -> DeclaredCount | None:
    """The count that a line such as "34 articles" or "Articles (34)" declares, or None."""
    if len(line.text) > 80:
        return None
    lines = Lines(line.number, line.number)
    match = _COUNT.match(line.text)
    if match:
        digits = re.sub(r"\D", "", match[1])
        return DeclaredCount(int(digits), match[2], lines)
    match = _COUNT_AFTER.match(line.text)
    if match:
        return DeclaredCount(int(match[2] or match[3]), match[1].lower(), lines)
    return None


def parse_flattened_topic(text: str, name: str, kind: Kind | None = None) -> ParsedDocument:
    """A hub or an essay as structure; without ``kind`` a count or furniture makes it a topic."""
    lines = split_lines(text)
    tail = find_tail(lines)
    end = tail.start if tail else len(lines)
    head = _read_head(lines, end)
    body = build_body(lines[head.body : end])
    blocks: list[Block] = [
        _furniture(lines[i], "frame of the old site above the text") for i in head.furniture
    ]
    blocks += body.blocks
    guesses = list(body.guesses)
    if tail:
        rest = [line for line in lines[end:] if not line.is_blank]
        blocks += [_furniture(line, tail.reason) for line in rest]
        guesses += [_furniture_guess(line, tail.confidence, tail.reason) for line in rest]
    count = declared_count(lines[head.count]) if head.count is not None else None
    chosen: Kind = kind or ("topic" if count is not None else "article")
    title, title_guess = _title(lines, head, name)
    guesses = [
        *title_guess,
        *_head_guesses(lines, head, count),
        *guesses,
        *_repeated_counts(body.blocks, count),
    ]
    return ParsedDocument(
        kind=chosen,
        title=title,
        blocks=tuple(blocks),
        text=text,
        deck=" ".join(lines[i].text for i in head.deck) or None,
        title_lines=_span(lines, [head.title] if head.title is not None else []),
        deck_lines=_span(lines, head.deck),
        declared_count=count,
        guesses=tuple(guesses),
        left_out=body.left_out,
    )


def _read_head(lines: Sequence[Line], end: int) -> _Head:
    """Title, deck and count, in this order; each may be missing."""
    filled: list[int] = []
    for index in range(end):
        if not lines[index].is_blank:
            filled.append(index)
        if len(filled) > _HEAD_LINES:
            break
    head = _Head()
    rest = _without_frame(lines, filled[:_HEAD_LINES], head)
    if not rest:
        return head
    head.count = next((i for i in rest if declared_count(lines[i]) is not None), None)
    while _is_masthead(lines, rest, filled, end):
        head.furniture.append(rest.pop(0))
    head.furniture.sort()
    first = rest[0]
    if head.count != first and _may_be_title(lines, first, rest[1:]):
        head.title = first
        rest = rest[1:]
    if head.count is not None:
        _read_counted_deck(lines, head, rest)
    elif head.title is not None:
        _guess_deck(lines, head, rest)
    taken = [i for i in (head.title, head.count, *head.deck) if i is not None]
    head.body = max([*taken, *_frame_before_text(head, taken, filled)], default=-1) + 1
    head.furniture = [index for index in head.furniture if index < head.body]
    return head


def _is_masthead(lines: Sequence[Line], rest: Sequence[int], filled: Sequence[int], end: int) -> bool:
    """Whether the first line is the name or the bar of the site, and the second the title.

    Then a line that may be a title stands below it, and its own words say so or come again at the end.
    """
    if len(rest) < 3 or len(lines[rest[0]].text) > 100 or not may_stand_alone(lines[rest[1]].text):
        return False
    text, below = lines[rest[0]].text, lines[rest[2]].text
    if is_bar(text):
        return True
    has_deck = declared_count(lines[rest[2]]) is not None or (
        len(below) <= _LONGEST_DECK and ends_sentence(below)
    )
    tail = [line.text for line in lines[end:]]
    again = any(line == text or line.startswith((f"{text} is ", f"© {text}")) for line in tail)
    stands_apart = is_name_of_site(text) and not lines[rest[1]].text.isupper()
    return again or (stands_apart and (has_deck or _is_masthead(lines, rest[1:], filled, end)))


def _frame_before_text(head: _Head, taken: Sequence[int], filled: Sequence[int]) -> list[int]:
    """The lines of the frame that no line of the text stands before."""
    known = {*taken, *head.furniture}
    first = next((index for index in filled if index not in known), None)
    return [index for index in head.furniture if first is None or index < first]


def _without_frame(lines: Sequence[Line], filled: Sequence[int], head: _Head) -> list[int]:
    """The first lines without those of the site's frame, which end where the text begins."""
    rest: list[int] = []
    for rank, index in enumerate(filled):
        text = lines[index].text
        after = lines[filled[rank + 1]].text if rank + 1 < len(filled) else ""
        is_frame = is_head_furniture(text) or (bool(rest) and is_name_before_date(text, after))
        if is_frame and len(filled) - rank + len(rest) > 2:
            head.furniture.append(index)
            continue
        if len(text) > _LONGEST_DECK:
            return [*rest, *filled[rank:]]
        rest.append(index)
    return rest


def _may_be_title(lines: Sequence[Line], index: int, rest: Sequence[int]) -> bool:
    text = lines[index].text
    if len(text) > 160 or not rest or mermaid.is_start(text) or numbered(text) is not None:
        return False
    if bullet(text) is not None:
        return False
    if may_stand_alone(text):
        return True
    return word_count(text) <= 12 and not text.endswith((".", ":", ";", ","))


def _read_counted_deck(lines: Sequence[Line], head: _Head, rest: Sequence[int]) -> None:
    """What stands between title and count is the deck, when it is short enough to be one."""
    between = [i for i in rest if head.count is not None and i < head.count]
    frame = [i for i in between if is_head_furniture(lines[i].text)]
    deck = [i for i in between if i not in frame]
    if len(deck) <= 3 and sum(len(lines[i].text) for i in deck) <= 2 * _LONGEST_DECK:
        head.deck, head.deck_confidence = deck, 0.95
        head.furniture += frame
    else:
        head.count = None
        _guess_deck(lines, head, deck)


def _guess_deck(lines: Sequence[Line], head: _Head, rest: Sequence[int]) -> None:
    """Without a count, a deck is one short paragraph under the title, much shorter than what follows."""
    if len(rest) < 3:
        return
    text, following = lines[rest[0]].text, [lines[i].text for i in rest[1:5]]
    if len(text) > _LONGEST_DECK or bullet(text) is not None or text.endswith(":"):
        return
    if _is_open_deck(text) and len(following[0]) > 2 * len(text) and ends_sentence(following[0]):
        head.deck, head.deck_confidence = [rest[0]], 0.6
        return
    prose = [len(t) for t in following if ends_sentence(t)]
    if not prose or not ends_sentence(text) or word_count(text) < 5:
        return
    if len(text) <= 240 and len(text) < 0.45 * max(prose):
        head.deck, head.deck_confidence = [rest[0]], 0.7 if len(text) < 180 else 0.6


def _is_open_deck(text: str) -> bool:
    """A standfirst without a full stop: longer than a heading, and not written as one."""
    return (
        9 <= word_count(text) <= 30
        and title_case(text) < 0.5
        and not ends_sentence(text)
        and text[-1] not in ",;—–-"
    )


def _title(lines: Sequence[Line], head: _Head, name: str) -> tuple[str | None, list[Guess]]:
    if head.title is not None:
        line = lines[head.title]
        confidence = 0.97 if head.count is not None else 0.9
        reason = "The first line stands alone and does not end like a sentence."
        return line.text, [Guess("title", line.text, confidence, reason, Lines(line.number, line.number))]
    title = title_of_name(name)
    if title is None:
        return None, []
    return title, [Guess("title", title, 0.4, "The text has no title; this is the name of the file.")]


def _head_guesses(lines: Sequence[Line], head: _Head, count: DeclaredCount | None) -> list[Guess]:
    guesses = []
    if head.deck:
        text = " ".join(lines[i].text for i in head.deck)
        reason = "It stands between the title and the text."
        guesses.append(Guess("deck", text, head.deck_confidence, reason, _span(lines, head.deck)))
    if count is not None:
        reason = "A line of its own near the title that counts what the old site listed."
        guesses.append(Guess("count", str(count.value), 0.95, reason, count.lines))
    reason = "It belongs to the frame of the old site."
    guesses += [_furniture_guess(lines[index], 0.7, reason) for index in head.furniture]
    return guesses


def _repeated_counts(blocks: Sequence[Block], count: DeclaredCount | None) -> list[Guess]:
    """Headings that repeat the declared count, which a live value is to replace."""
    if count is None:
        return []
    pattern = re.compile(rf"\b{count.value}\b")
    return [
        Guess("count", str(count.value), 0.9, "The heading repeats the count of the old site.", block.lines)
        for block in blocks
        if isinstance(block, Heading) and pattern.search(block.text)
    ]


def _furniture(line: Line, reason: str) -> Furniture:
    return Furniture(Lines(line.number, line.number), line.text, reason)


def _furniture_guess(line: Line, confidence: float, reason: str) -> Guess:
    return Guess("furniture", line.text, confidence, reason, Lines(line.number, line.number))


def _span(lines: Sequence[Line], indices: Sequence[int]) -> Lines | None:
    if not indices:
        return None
    return Lines(lines[indices[0]].number, lines[indices[-1]].number)
