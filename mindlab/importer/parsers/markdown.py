"""Markdown documents: CommonMark, tables, footnotes, front matter and Obsidian's additions."""

from __future__ import annotations

import re
from dataclasses import replace

from . import roles
from .assembly import plain_paragraphs
from .document import Block, Guess, Kind, LeftOut, Paragraph, ParsedDocument
from .errors import DocumentError
from .flattened.body import parse_flattened_body
from .front_matter import FrontMatter, read_front_matter
from .markdown_blocks import MarkdownBlocks
from .markdown_source import sift

MAX_CHARACTERS = 4_000_000
MAX_LINES = 200_000
MAX_PIPES = 200_000
"""Longer texts are read as plain paragraphs: Markdown's parser would need minutes and gigabytes."""

_BARE_NUMBER = re.compile(r"[ ]{0,3}\d{1,3}[.)][ \t]+\S.{0,150}$")
_STRUCTURE = re.compile(
    r"(?m)^[ ]{0,3}(?:#{1,6}[ \t]|>|[-*+][ \t]|```|~~~|\|.*\||\[\^?[^\]]+\]:|</?[a-z]|\$\$"
    r"|(?:=|-){3,}[ \t]*$)"
    r"|\]\(|\[\[|\*\*|__\w|(?<![\w*])\*[^\s*][^*\n]{0,200}\*|`"
)


_TAG_LINE = re.compile(r"(?:#(?=[\w/-]*[^\W\d])[\w/-]{1,80}(?:[\s,]+|$))+")


def parse_markdown(text: str, name: str, kind: Kind | None = None) -> ParsedDocument:
    """A Markdown text as a document tree; ``name`` is its path, for a title where no line gives one, and
    ``kind`` what it is, if known.

    Raises `DocumentError` when there are no words in it. Line numbers are those of ``text``.
    """
    if not text.strip():
        raise DocumentError("The document is empty.")
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    matter = read_front_matter(source)
    matter = replace(matter, kind=kind or matter.kind)
    if _is_too_long(matter.body):
        warning = "The text is too long for Markdown's parser; it was read as plain paragraphs."
        return _document(text, name, matter, plain_paragraphs(matter.body), warnings=(warning,))
    if is_flattened(matter.body):
        flat = parse_flattened_body(matter.body)
        return _document(text, name, matter, flat.blocks, guesses=flat.guesses, left=flat.left_out)
    sifted = sift(matter.body)
    reader = MarkdownBlocks()
    blocks = reader.read(sifted.text)
    document = _document(text, name, matter, blocks, left=(*sifted.left_out, *reader.left_out))
    return replace(document, links=tuple(reader.links), warnings=(*document.warnings, *reader.warnings))


def _is_too_long(body: str) -> bool:
    return len(body) > MAX_CHARACTERS or body.count("\n") > MAX_LINES or body.count("|") > MAX_PIPES


def is_flattened(body: str) -> bool:
    """Whether a body has no mark of Markdown and at least one bare line that reads as a heading."""
    if _STRUCTURE.search(body):
        return False
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    return len(lines) >= 6 and any(_is_bare_heading(line) for line in lines)


def _is_bare_heading(line: str) -> bool:
    return (
        len(line) <= 100
        and line[-1] not in ".!?;,:"
        and (line[0].isupper() or bool(_BARE_NUMBER.match(line)))
    )


def _without_tags(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], list[LeftOut]]:
    """The blocks without lines of nothing but tags (``#sleep #eeg/rhythm``), and these lines."""
    kept: list[Block] = []
    tags: list[LeftOut] = []
    for block in blocks:
        if isinstance(block, Paragraph) and _TAG_LINE.fullmatch(block.text):
            tags.append(LeftOut(block.text, "tags of the note, which became its topics", block.lines))
        else:
            kept.append(block)
    return (tuple(kept), tags) if kept else (blocks, [])


def _document(
    text: str,
    name: str,
    matter: FrontMatter,
    blocks: tuple[Block, ...],
    *,
    guesses: tuple[Guess, ...] = (),
    left: tuple[LeftOut, ...] = (),
    warnings: tuple[str, ...] = (),
) -> ParsedDocument:
    blocks, tag_lines = _without_tags(blocks)
    tags = [word.strip("#,") for line in tag_lines for word in line.text.split()]
    outline = roles.Outline(
        [*blocks], title=matter.title, deck=matter.deck, kind=matter.kind, guesses=[*guesses]
    )
    roles.find_title(outline, name)
    roles.find_deck(outline)
    roles.find_count(outline)
    roles.find_kind(outline)
    if outline.kind == "concept":
        roles.assign_sections(outline)
    return ParsedDocument(
        kind=outline.kind or "article",
        title=outline.title,
        title_lines=outline.title_lines,
        deck=outline.deck,
        deck_lines=outline.deck_lines,
        declared_count=outline.count,
        blocks=tuple(outline.blocks),
        text=text,
        aliases=matter.aliases,
        tags=tuple(dict.fromkeys((*matter.tags, *tags))),
        authors=matter.authors,
        dates=matter.dates,
        front_matter=matter.fields,
        guesses=tuple(outline.guesses),
        left_out=(*matter.left_out, *left, *tag_lines),
        warnings=(*matter.warnings, *warnings),
    )
