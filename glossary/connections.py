"""The concepts a concept is tied to, grouped by how, ready to be listed and drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from glossary.querysets import neighbours, wanted_terms
from glossary.relations import reading


@dataclass(frozen=True, slots=True)
class Connection:
    """A tie as the list shows it; ``concept`` is None for a term that no concept covers yet."""

    title: str
    kind: str
    concept: Any
    here: tuple[str, ...]
    there: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The ties of one kind; ``label`` is "" for those whose kind no editor has said."""

    label: str
    connections: tuple[Connection, ...]


def connections_of(concept: Any) -> list[Connection]:
    """Return all ties of a concept, those to published concepts first; one query for the edges."""
    tied = neighbours(concept) if concept.pk else []
    found = [
        Connection(near.concept.title, str(near.kind), near.concept, tuple(near.here), tuple(near.there))
        for near in tied
    ]
    for relation in wanted_terms(concept, tied):
        title = relation.term
        if title:
            kind = str(reading(relation.kind, relation.direction, outward=True))
            found.append(Connection(title, kind, None, (relation.gloss,) if relation.gloss else ()))
    return found


def grouped(connections: Iterable[Connection]) -> list[Group]:
    """Group ties by kind, in the order kinds first appear, those without a kind last."""
    kinds: dict[str, list[Connection]] = {}
    for connection in connections:
        kinds.setdefault(connection.kind, []).append(connection)
    unsaid = kinds.pop("", [])
    groups = [Group(kind[:1].upper() + kind[1:], tuple(ties)) for kind, ties in kinds.items()]
    if unsaid:
        groups.append(Group(_("Also connected") if groups else "", tuple(unsaid)))
    return groups
