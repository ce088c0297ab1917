"""What a parsed document becomes: plain values for a page, before any page exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from mindlab.importer.parsers.document import Guess, Kind, LeftOut, Lines

RawBlock = dict[str, Any]
"""A StreamField child as Wagtail stores it: ``type``, ``value``, ``id``."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of the source that became a block, a list child or (with no ``block_id``) a field."""

    field: str
    block_id: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class DraftRelation:
    """A tie to a concept: to the page ``target``, or to ``term`` where there is none yet."""

    uuid: UUID
    term: str
    target: int | None
    gloss: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Substitution:
    """Words of the source that stand in the draft in another form, such as a count made live."""

    before: str
    after: str
    reason: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class ConceptAnswer:
    """The concept that a term names: its page and its title."""

    page: int
    title: str


@dataclass(frozen=True, slots=True)
class ImageAnswer:
    """What became of an image: the id of its record, or the reason why it is not in the draft."""

    image: int | None
    reason: str = ""
    may_come: bool = False
    """Whether a later run may find it: one that fetches, or after the file was put beside the document."""


class Resolver(Protocol):
    """What the making of a draft asks of the site; answers None for what it does not know."""

    topic: int | None
    """The topic whose articles a hub counts."""

    def page(self, reference: str) -> int | None:
        """The page of the document that a link names."""
        ...

    def concept(self, term: str) -> ConceptAnswer | None:
        """The concept that a relation names."""
        ...

    def image(self, source: str) -> ImageAnswer:
        """The image a document shows."""
        ...


class Wanted(NamedTuple):
    """A name that a document uses and that found nothing: a "concept", a "page" or an "image"."""

    what: str
    name: str


@dataclass(slots=True)
class Findings:
    """What an editor should know about the making of a draft, gathered on the way."""

    left_out: list[LeftOut] = field(default_factory=list)
    substitutions: list[Substitution] = field(default_factory=list)
    questions: list[Guess] = field(default_factory=list)
    unresolved: list[Wanted] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def ask(self, what: str, value: str, reason: str, lines: Lines | None = None) -> None:
        """Put a question to the editor."""
        self.questions.append(Guess(what, value, 0.0, reason, lines))

    def leave_out(self, text: str, reason: str, lines: Lines | None = None) -> None:
        """Record words that are not in the draft."""
        if text.strip():
            self.left_out.append(LeftOut(text, reason, lines or Lines(1, 1)))


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a page: simple fields, streams, children by name, and where each came from."""

    kind: Kind
    title: str
    fields: Mapping[str, str | date]
    streams: Mapping[str, list[RawBlock]]
    relations: tuple[DraftRelation, ...]
    other_names: tuple[str, ...]
    topics: tuple[str, ...]
    authors: tuple[str, ...]
    passages: tuple[Passage, ...]
    findings: Findings
