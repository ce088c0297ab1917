"""The publication gate's registry: lower floors ask it, a higher floor answers.

``ReviewedPage.save()`` asks the registered gate whenever a page of a reviewed type would become
public. With no gate registered the answer is a refusal, so that a misconfigured site publishes
nothing rather than everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from mindlab.core.pages import ReviewedPage


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer: ``missing`` names, for a person, each step that has not been taken."""

    missing: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """True when nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who approved the published text, for display: a name, an address or "", and the step."""

    name: str
    url: str
    credentials: str
    step: str


class Gate(Protocol):
    """What a higher floor registers: may this content, exactly as it stands, be public?"""

    def verdict(self, page: ReviewedPage) -> Verdict:
        """Judge the content that ``page`` holds now, saved or not."""
        ...

    def step(self, page: ReviewedPage) -> str:
        """Name the step of the review the page is in, for listings."""
        ...


class PublicationRefused(PermissionDenied):
    """Raised when something would publish a page that has not passed its review."""

    def __init__(self, page: ReviewedPage, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(f"“{page.title}” cannot be published: {'; '.join(self.missing)}.")


_gates: list[Gate] = []


def register(gate: Gate) -> None:
    """Make ``gate`` the one that is asked; called from ``AppConfig.ready()`` of a higher floor."""
    _gates[:] = [gate]


def verdict(page: ReviewedPage) -> Verdict:
    """Ask the registered gate about the content ``page`` holds; no gate refuses."""
    if not _gates:
        return Verdict(missing=("no publication gate is registered",))
    return _gates[0].verdict(page)


def step(page: ReviewedPage) -> str:
    """Name the step of the review ``page`` is in, or "" without a gate."""
    return _gates[0].step(page) if _gates else ""
