"""The document tree: what every parser returns and everything after it reads.

Text in, frozen dataclasses out. Nothing in this package imports Django or Wagtail, so that
parsers can be tested, fuzzed and timed alone.

Line numbers are 1-based lines of the decoded source, first and last included. Every text comes
twice: ``text`` is plain, ``html`` the same words as inline HTML (``a``, ``b``, ``i``, ``code``,
``sub``, ``sup``, ``br`` only, everything else escaped). A link to another document is written
``<a href="document:REFERENCE">`` and resolved when the documents have become pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

Kind = Literal["topic", "article", "concept"]
Section = Literal["definition", "plain_words", "mechanism", "practice", "key_facts", "relations"]


@dataclass(frozen=True, slots=True)
class Lines:
    """A span of lines of the source, 1-based, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Block:
    """What all blocks carry: where they stood, and the section of a concept they belong to."""

    lines: Lines
    section: Section | None = field(default=None, kw_only=True)
    synthetic: bool = field(default=False, kw_only=True)
    """True for words of the importer's own, such as a heading it had to add."""


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """A heading; ``level`` runs from 1 to 6."""

    text: str
    level: int
    html: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph(Block):
    """A paragraph of prose."""

    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list; ``depth`` 0 is the outermost level."""

    text: str
    lines: Lines
    depth: int = 0
    html: str = ""
    number: int = 0
    """The number it bears in an ordered list, 0 in another."""


@dataclass(frozen=True, slots=True)
class ListBlock(Block):
    """A list, its nesting kept as the depth of each item."""

    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Mermaid(Block):
    """A diagram, as Mermaid source without a fence."""

    text: str


@dataclass(frozen=True, slots=True)
class Relation(Block):
    """A tie to another concept: the term as written, and the gloss that explains it."""

    target: str
    text: str
    html: str = ""
    reference: str = ""
    """What the term is a link to, where it is one: the name of another document."""


@dataclass(frozen=True, slots=True)
class Furniture(Block):
    """A line of the old site that is not content; kept in the report with its reason."""

    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Quote(Block):
    """Words of somebody else, set apart."""

    text: str
    html: str = ""
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Callout(Block):
    """A marked box: ``variant`` is the word the source used (note, warning, tip, ...)."""

    text: str
    variant: str = "note"
    title: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class Table(Block):
    """Rows of cells as plain text; the first row holds the headings when ``header`` is true."""

    rows: tuple[tuple[str, ...], ...]
    header: bool = True
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Code(Block):
    """Source code or another text kept letter by letter."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Image(Block):
    """An image by its reference as written: a path beside the document, or an address."""

    source: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """Something the source does not say and the parser inferred.

    ``what`` names the thing (``kind``, ``title``, ``deck``, ``heading``, ``section``, ``relation``,
    ``furniture``); ``confidence`` runs from 0 to 1; ``reason`` is a sentence for an editor.
    """

    what: str
    value: str
    confidence: float
    reason: str
    lines: Lines | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """Damaged characters put right on one line."""

    line: int
    before: str
    after: str
    rule: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words of the source that are not in the draft, and why."""

    text: str
    reason: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class DeclaredCount:
    """A count the old site printed, such as "34 articles"; live values replace it."""

    value: int
    noun: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """A link of the document to another document, as written (wikilink or relative path)."""

    reference: str
    text: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """One source text as structure; ``text`` is the repaired text that line numbers refer to."""

    kind: Kind
    title: str | None
    blocks: tuple[Block, ...]
    text: str
    deck: str | None = None
    title_lines: Lines | None = None
    """Where the title stands; None when it was inferred or came from front matter."""
    deck_lines: Lines | None = None
    declared_count: DeclaredCount | None = None
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    """Dates of the original by name ("date", "updated"), as ISO 8601 text."""
    front_matter: tuple[tuple[str, Any], ...] = ()
    links: tuple[LinkTarget, ...] = ()
    guesses: tuple[Guess, ...] = ()
    repairs: tuple[Repair, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()


def inline(block: Any) -> str:
    """The inline HTML of a block or item: its ``html`` or else its ``text``, escaped."""
    return block.html or escape(block.text, quote=False)
