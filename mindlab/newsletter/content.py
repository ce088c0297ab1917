"""What an issue says once every page, link and count in it is resolved: frozen, and plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


class ExportRefusedError(Exception):
    """Raised when an issue cannot go out as it stands; ``problems`` says why and what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True, slots=True)
class Prose:
    """Rich text twice: HTML with absolute links, and plain paragraphs with the addresses in them."""

    html: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A page that the issue links to: ``uuid`` is its public identifier, ``url`` is absolute."""

    uuid: str
    kind: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading between groups of pages."""

    title: str
    type: Literal["section"] = "section"


@dataclass(frozen=True, slots=True)
class Pick:
    """A page to read, as the issue words it; ``label`` names its kind for a reader."""

    title: str
    deck: str
    url: str
    label: str
    uuid: str
    type: Literal["pick"] = "pick"


@dataclass(frozen=True, slots=True)
class Words:
    """A few words of the editor between the picks."""

    prose: Prose
    type: Literal["text"] = "text"


Entry = Section | Pick | Words


@dataclass(frozen=True, slots=True)
class CallToAction:
    """What the reader is asked to do, and the button that does it."""

    text: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose newsletter it is, as the site's settings say."""

    name: str
    blurb: str
    address: str
    """The postal address on lines of its own, "" where none is set."""
    site_url: str


@dataclass(frozen=True, slots=True)
class IssueContent:
    """An issue, resolved: all that the renderer needs."""

    number: int
    date: str
    """The day of publication in words, "" for a draft."""
    language: str
    subject: str
    preheader: str
    url: str
    """Where the issue stands on the web, absolute."""
    introduction: Prose
    entries: tuple[Entry, ...]
    call_to_action: CallToAction | None
    sender: Sender
    targets: tuple[Target, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the content as JSON-ready mappings and lists, for the snapshot."""
        return asdict(self)
