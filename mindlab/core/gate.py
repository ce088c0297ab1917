"""The publication gate's registry: lower floors ask it, a higher floor answers.

``ReviewedPage`` asks the registered gate whenever content of a reviewed type would become public.
With no gate registered the answer is a refusal, so that a misconfigured site publishes nothing
rather than everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.core.exceptions import PermissionDenied
from django.dispatch import Signal

if TYPE_CHECKING:
    from wagtail.models import Page

    from mindlab.core.blockers import Blocker
    from mindlab.core.shown import Shown

text_saved = Signal()
"""Sent when a reviewed page has a newer revision, with ``instance``, ``revision`` and ``user``."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer: ``missing`` names, for a person, each thing that publication lacks."""

    missing: tuple[str, ...] = ()
    approvals: tuple[Any, ...] = ()
    """What the answer rests on, for the gate that gave it."""
    blockers: tuple[Blocker, ...] = ()
    """What is wrong with the text itself; ``missing`` says it too."""
    content: Mapping[str, Any] | None = None
    """What was judged, serialised; it is what becomes public unless saving gives it another address."""
    shown: tuple[Shown, ...] = ()
    """The things it shows, as they stood; they stay so until the transaction ends."""

    @property
    def agrees(self) -> bool:
        """True when nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Review:
    """An approval of the text that is public, for display."""

    step: str
    """The step's key, for example "scientific"."""
    step_label: str
    """The step's name for a reader, for example "Scientific review"."""
    name: str
    credentials: str
    url: str
    """The address of the reviewer's public page, or "" when there is none."""
    fictitious: bool
    decided_at: datetime
    by_one_person: bool = False
    """True where the house allowed one person to take two steps of this text, and one did."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A public page whose text a person approved, for display."""

    page: Page
    step_label: str
    """The name of the step for a reader, for example "Scientific review"."""
    decided_at: datetime


class Gate(Protocol):
    """What a higher floor registers: may this content, exactly as it stands, be public?"""

    def verdict(self, page: Any) -> Verdict:
        """Judge the content that ``page`` holds now, saved or not."""
        ...

    def made_public(self, page: Any, verdict: Verdict) -> None:
        """Take note that what ``page`` holds is public now, as the verdict agreed."""
        ...

    def withdrawn(self, page: Page) -> None:
        """Take note that ``page`` is public no longer."""
        ...

    def step(self, page: Page) -> str:
        """Name the step of the review the page is in, for listings; any class of page will do."""
        ...

    def is_shown_elsewhere(self, page: Any) -> bool:
        """Tell whether other public pages show what the row of ``page`` says: a name in their bylines."""
        ...

    def reviews(self, page: Any) -> list[Review]:
        """Return the approvals of the text that is public, one for each step."""
        ...

    def reviewed_by(self, person: Any) -> list[Reviewed]:
        """Return the pages that anybody may read whose text a person approved, the newest first."""
        ...


class PublicationRefused(PermissionDenied):
    """Raised when something would publish a page that has not passed its review."""

    def __init__(self, page: Any, missing: Sequence[str], blockers: Sequence[Blocker] = ()) -> None:
        self.page = page
        self.missing = tuple(missing)
        self.blockers = tuple(blockers)
        super().__init__(f"“{page.title}” cannot be published: {'; '.join(self.missing)}.")


_gates: list[Gate] = []


def register(gate: Gate) -> None:
    """Make ``gate`` the one that is asked; called from ``AppConfig.ready()`` of a higher floor."""
    _gates[:] = [gate]


def verdict(page: Any) -> Verdict:
    """Ask the registered gate about the content ``page`` holds; no gate refuses."""
    if not _gates:
        return Verdict(missing=("no publication gate is registered",))
    return _gates[0].verdict(page)


def made_public(page: Any, verdict: Verdict) -> None:
    """Tell the registered gate what has become public; called where it was saved."""
    _gates[0].made_public(page, verdict)


def withdrawn(page: Page) -> None:
    """Tell the registered gate what is public no longer; called where it was saved."""
    if _gates:
        _gates[0].withdrawn(page)


def step(page: Page) -> str:
    """Name the step of the review ``page`` is in, or "" without a gate."""
    return _gates[0].step(page) if _gates else ""


def is_shown_elsewhere(page: Any) -> bool:
    """Tell whether other public pages show what the row of ``page`` says."""
    return bool(_gates) and _gates[0].is_shown_elsewhere(page)


def reviews(page: Any) -> list[Review]:
    """Return the approvals of the text that is public, in the order of the steps."""
    return _gates[0].reviews(page) if _gates else []


def reviewed_by(person: Any) -> list[Reviewed]:
    """Return the pages that anybody may read whose text a person approved, the newest first."""
    return _gates[0].reviewed_by(person) if _gates else []


def require(page: Any) -> Verdict:
    """Return the verdict if the content ``page`` holds may be public.

    Raises:
        PublicationRefused: with what is missing.
    """
    answer = verdict(page)
    if not answer.agrees:
        raise PublicationRefused(page, answer.missing, answer.blockers)
    return answer


def require_whole(page: Any) -> None:
    """Return if nothing is wrong with the text that ``page`` holds, whoever has approved it.

    Raises:
        PublicationRefused: with what is wrong.
    """
    if blockers := page.blockers():
        raise PublicationRefused(page, [blocker.reason for blocker in blockers], blockers)


def is_registered() -> bool:
    """Tell whether any gate answers at all."""
    return bool(_gates)
