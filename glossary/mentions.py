"""Who mentions a concept: lists that a higher floor offers, asked for by the concept's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mindlab.reading.rows import Rows

Mentions = Callable[[Any], Mapping[str, Rows]]
"""Given a concept, returns the rows of ``articles`` and ``hubs`` that share its topics."""

_mentions: list[Mentions] = []


def register(mentions: Mentions) -> None:
    """Name the function that finds them; the floor that has articles calls this when ready."""
    _mentions[:] = [mentions]


def rows_about(concept: Any) -> Mapping[str, Rows]:
    """Return the rows that mention a concept, none where nobody registered."""
    return _mentions[0](concept) if _mentions and concept.pk else {}
