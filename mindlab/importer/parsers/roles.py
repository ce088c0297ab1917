"""What the blocks of a structured document are for: title, deck, count, kind, sections, relations.

Markdown, web pages and Word files share these rules; each thing inferred is a `Guess` with a
confidence and a reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import PurePosixPath

from .document import (
    Block,
    DeclaredCount,
    Guess,
    Heading,
    Item,
    Kind,
    Lines,
    ListBlock,
    Paragraph,
    Quote,
    Relation,
    Section,
)
from .section_names import section_of

MAX_DECK = 400
MAX_TERM = 120

_COUNT = re.compile(r"(\d{1,5})\s+(articles?|posts?|essays?|entries)\.?$", re.IGNORECASE)
_CLOSED = re.compile(r"<(i|b)>((?:(?!</?\1\b).)*)</\1>", re.DOTALL)
_DEFINES = re.compile(
    r"\b(is|are|was|were|refers? to|describes?|denotes?|means|encompass(es)?|comprises?)\b"
    r"|\b(consists? of|represents?)\b"
)
_TAG = re.compile(r"(<[^>]*>)")
_LINKED = re.compile(r'^(?:<(?:b|i)>)*<a href="document:([^"]*)">')
_SEPARATOR = re.compile(r"\s+(?:—|–|--?)\s+|\s*—\s*|:\s+")
_NAMELESS = frozenset({"index", "readme", "_index", "untitled", "document", "page", "note"})


@dataclass(slots=True)
class Outline:
    """A document on its way: blocks and what was found out about them; the functions here fill it."""

    blocks: list[Block]
    title: str | None = None
    title_lines: Lines | None = None
    deck: str | None = None
    deck_lines: Lines | None = None
    count: DeclaredCount | None = None
    kind: Kind | None = None
    guesses: list[Guess] = field(default_factory=list)


def find_title(outline: Outline, name: str) -> None:
    """Title from the first heading of level 1, else a heading that opens the text, else the file's name.

    A title that was declared stays; a heading that repeats it is then taken for the title's line.
    """
    tops = [
        index for index, block in enumerate(outline.blocks) if isinstance(block, Heading) and block.level == 1
    ]
    first = tops[0] if tops else None
    if outline.title is not None:
        for index, block in enumerate(outline.blocks[:3]):
            if isinstance(block, Heading) and _same(block.text, outline.title):
                outline.title_lines = block.lines
                del outline.blocks[index]
                return
        return
    if first is not None and (first == 0 or len(tops) == 1):
        _take_title(outline, first)
        return
    head = outline.blocks[0] if outline.blocks else None
    if isinstance(head, Heading):
        outline.guesses.append(
            Guess(
                "title", head.text, 0.8, "The heading that opens the text is taken for its title.", head.lines
            )
        )
        _take_title(outline, 0)
        return
    if stem := name_as_title(name):
        outline.title = stem
        outline.guesses.append(
            Guess("title", stem, 0.6, "No heading names the document: the title is its file's name.")
        )


def _take_title(outline: Outline, index: int) -> None:
    heading = outline.blocks.pop(index)
    outline.title, outline.title_lines = getattr(heading, "text", None), heading.lines


def name_as_title(name: str) -> str:
    """A file's name as a person would write it, "" when it says nothing."""
    path = PurePosixPath(name.replace("\\", "/"))
    stem = re.sub(r"\.[A-Za-z]{2,8}$", "", path.name)
    if stem.lower() in _NAMELESS:
        stem = path.parent.name
    words = re.sub(r"^\d{1,4}[-_. ]+(?=\D)", "", re.sub(r"[_\s]+|(?<=[a-z])-(?=[a-z])", " ", stem)).strip(
        " -."
    )
    return words[:1].upper() + words[1:] if any(letter.isalpha() for letter in words) else ""


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W+", " ", one).strip().casefold() == re.sub(r"\W+", " ", other).strip().casefold()


def find_deck(outline: Outline) -> None:
    """A short quotation or emphasised paragraph right under the title, when more text follows it."""
    if outline.deck is not None or outline.title_lines is None or len(outline.blocks) < 2:
        return
    head = outline.blocks[0]
    if head.lines.first < outline.title_lines.first or not isinstance(head, (Quote, Paragraph)):
        return
    if len(head.text) > MAX_DECK or "<a " in head.html or "\n" in head.text:
        return
    if isinstance(head, Quote):
        if head.attribution or head.text.startswith(('"', "“", "«")):
            return
    elif not _CLOSED.fullmatch(head.html) or len(head.text) < 15 or head.text.endswith(":"):
        return
    outline.deck, outline.deck_lines = head.text, head.lines
    del outline.blocks[0]
    outline.guesses.append(
        Guess(
            "deck", head.text, 0.85, "Set apart right under the title: taken for the standfirst.", head.lines
        )
    )


def find_count(outline: Outline) -> None:
    """A line such as "34 articles" near the head: a count that the old site printed."""
    for index, block in enumerate(outline.blocks[:4]):
        if isinstance(block, Paragraph) and (match := _COUNT.match(block.text)):
            outline.count = DeclaredCount(int(match.group(1)), match.group(2), block.lines)
            del outline.blocks[index]
            return


def find_kind(outline: Outline) -> None:
    """Topic, concept or article by the form of the text, unless the source says it."""
    if outline.kind is not None:
        return
    if outline.count is not None:
        _guess_kind(
            outline, "topic", 0.9, "It prints a count of articles under its title, as a topic's hub does."
        )
        return
    relations = _relation_items(outline.blocks)
    defined = _opens_with_definition(outline)
    if relations >= 2 and defined:
        _guess_kind(
            outline, "concept", 0.9, "It opens with a definition and ends with a list of related concepts."
        )
    elif relations >= 2 or (defined and _named_sections(outline.blocks) >= 2):
        _guess_kind(outline, "concept", 0.7, "Its sections are those of a glossary entry.")
    else:
        confidence = 0.6 if relations or (defined and len(outline.blocks) < 8) else 0.85
        _guess_kind(outline, "article", confidence, "Nothing in its form says topic or concept.")


def _guess_kind(outline: Outline, kind: Kind, confidence: float, reason: str) -> None:
    outline.kind = kind
    outline.guesses.append(Guess("kind", kind, confidence, reason))


def _named_sections(blocks: Sequence[Block]) -> int:
    named = {section_of(block.text) for block in blocks if isinstance(block, Heading)}
    return len(named & {"plain_words", "mechanism", "practice", "key_facts", "relations"})


def _relation_items(blocks: Sequence[Block]) -> int:
    """How many items under a heading of relations read as "term — gloss" or are a link alone."""
    count, inside = 0, False
    for block in blocks:
        if isinstance(block, Heading):
            inside = section_of(block.text) == "relations"
        elif inside and isinstance(block, ListBlock):
            count += sum(split_relation(item) is not None for item in block.items)
    return count


def _opens_with_definition(outline: Outline) -> bool:
    first = next((block for block in outline.blocks if not isinstance(block, Heading)), None)
    if not isinstance(first, Paragraph) or not outline.title:
        return False
    head = first.text[:200]
    term = re.sub(r"\(.*?\)", "", outline.title).strip().casefold().rstrip("s")
    return bool(_DEFINES.search(head)) and term[:40] in head.casefold().replace("_", " ")


def split_relation(item: Item) -> tuple[str, str, str] | None:
    """Target, gloss and the gloss's HTML of an item "term — gloss"; None when it is not of that form."""
    parts = _TAG.split(re.sub(r"(:|\s—)\s*(</(?:b|a|i)>)", r"\2\1 ", item.html))
    depth = 0
    for index, part in enumerate(parts):
        if index % 2:
            depth += 0 if part == "<br>" else -1 if part.startswith("</") else 1
        elif depth == 0 and (match := _SEPARATOR.search(part)):
            target = _plain("".join(parts[:index]) + part[: match.start()])
            gloss = (part[match.end() :] + "".join(parts[index + 1 :])).strip()
            if not target or len(target) > MAX_TERM or not gloss:
                return None
            return target, _plain(gloss), gloss
    target = _plain(item.html)
    alone = (
        re.fullmatch(r"(?:<(?:b|i)>)*<a [^>]*>[^<]*</a>(?:</(?:b|i)>)*", item.html)
        or len(target.split()) <= 6
    )
    return (
        (target, "", "") if alone and target and len(target) <= MAX_TERM and target[-1] not in ".:;" else None
    )


def _plain(html: str) -> str:
    text = _TAG.sub(lambda tag: "\n" if tag.group() == "<br>" else "", html)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def assign_sections(outline: Outline) -> None:
    """Give each block of a concept its section, and make relations of the items that are ones."""
    current: Section | None = None
    level = 7
    blocks: list[Block] = []
    for block in outline.blocks:
        if isinstance(block, Heading):
            current, level = _next_section(outline, block, current, level)
            blocks.append(replace(block, section=current))
        elif current in (None, "definition"):
            blocks.append(replace(block, section="definition"))
            if isinstance(block, Paragraph):
                current = "mechanism"
                reason = "The first words of a concept are its definition."
                outline.guesses.append(Guess("section", "definition", 0.85, reason, block.lines))
        elif current == "relations" and isinstance(block, ListBlock):
            blocks.extend(_relations(outline, block))
        else:
            blocks.append(replace(block, section=current))
    outline.blocks = blocks


def _next_section(
    outline: Outline, heading: Heading, current: Section | None, level: int
) -> tuple[Section, int]:
    """The section a heading begins or goes on with, and the level of the heading that named it."""
    named = section_of(heading.text)
    if named in ("plain_words", "key_facts", "relations") or (
        named and (current is None or heading.level <= level)
    ):
        reason = f'The heading "{heading.text}" names this section.'
        outline.guesses.append(Guess("section", named, 0.9, reason, heading.lines))
        return named, heading.level
    if current is not None and heading.level > level:
        return current, level
    reason = "No section is named here; text of a concept's own is taken for its mechanism."
    outline.guesses.append(Guess("section", "mechanism", 0.6, reason, heading.lines))
    return "mechanism", heading.level


def _relations(outline: Outline, block: ListBlock) -> list[Block]:
    out: list[Block] = []
    kept: list[Item] = []
    for item in block.items:
        found = split_relation(item)
        if found is None:
            kept.append(item)
            continue
        if kept:
            out.append(_rest(block, kept))
            kept = []
        target, gloss, html = found
        confidence = 0.95 if gloss else 0.8
        reason = "An item under a heading of related concepts."
        outline.guesses.append(Guess("relation", target, confidence, reason, item.lines))
        link = _LINKED.search(item.html[: item.html.find("</a>") + 1])
        reference = unescape(link[1]) if link is not None else ""
        out.append(
            Relation(
                item.lines, target=target, text=gloss, html=html, reference=reference, section="relations"
            )
        )
    return [*out, _rest(block, kept)] if kept else out


def _rest(block: ListBlock, items: list[Item]) -> ListBlock:
    span = Lines(items[0].lines.first, max(item.lines.last for item in items))
    return ListBlock(span, items=tuple(items), ordered=block.ordered, section="relations")
