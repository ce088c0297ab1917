"""Which pages are for some readers only: known as a few paths before any list is asked for.

As a condition that joins the restrictions to every row, it costs as much as rows times restrictions.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from wagtail.models import PageViewRestriction

MOST_LEAVES = 200
"""Paths that a statement names one by one; it asks for more of them itself."""


@dataclass(frozen=True, slots=True)
class Private:
    """The paths of pages that are for some readers only: those without and those with pages below them."""

    leaves: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.leaves or self.branches)

    def covers(self, path: str) -> bool:
        """Whether the page at a path, or one above it, is for some readers only."""
        return path in self.leaves or path.startswith(self.branches)


_known: ContextVar[list[Private] | None] = ContextVar("known_private", default=None)


def private() -> Private:
    """Return what is private; one query, and in a request only one for all that asks."""
    known = _known.get()
    if known:
        return known[0]
    found = _ask()
    if known is not None:
        known.append(found)
    return found


def is_restricted(path: str = "path") -> Q:
    """Return the condition that a page, or one above it, is for some readers only.

    ``path`` names the page's path in the statement that the condition stands in.
    """
    found = private()
    leaves: Any = found.leaves
    if len(leaves) > MOST_LEAVES:
        leaves = PageViewRestriction.objects.filter(page__numchild=0).values("page__path")
    condition = Q(**{f"{path}__in": leaves})
    for branch in found.branches:
        condition |= Q(**{f"{path}__startswith": branch})
    return condition


def known_in_each_request(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: what is private is asked for once in a request, when something first wants to know."""

    def answer(request: Any) -> Any:
        token = _known.set([])
        try:
            return get_response(request)
        finally:
            _known.reset(token)

    return answer


def forget(**kwargs: Any) -> None:
    """Ask again when a restriction or the place of a page has changed."""
    known = _known.get()
    if known is not None:
        known.clear()


def _ask() -> Private:
    # Ordered here: for the sake of an order, a database walks all pages.
    rows = sorted(PageViewRestriction.objects.order_by().values_list("page__path", "page__numchild"))
    leaves: list[str] = []
    branches: list[str] = []
    for path, below in rows:
        if branches and path.startswith(branches[-1]):
            continue
        (branches if below else leaves).append(path)
    return Private(tuple(dict.fromkeys(leaves)), tuple(branches))
