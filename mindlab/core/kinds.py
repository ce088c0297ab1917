"""The kinds of page that readers look for; each app names its own when it is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.models import Page

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: its name in addresses, its model, and its summary in plain words."""

    slug: str
    model: type[Page]
    summary: Callable[[Any], str]
    order: int
    """Its place among the kinds, in lists of them."""

    @property
    def label(self) -> _StrOrPromise:
        """The name of the kind, as readers see it."""
        label: _StrOrPromise = self.model._meta.verbose_name
        return label


_kinds: dict[type[Page], Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called from ``AppConfig.ready()`` of the app that owns the model."""
    _kinds[kind.model] = kind


def all_kinds() -> list[Kind]:
    """Return all kinds in their order."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def kind_of(model: type[Page]) -> Kind:
    """Return the kind of a model, which must be registered."""
    return _kinds[model]
