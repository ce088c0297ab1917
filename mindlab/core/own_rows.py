"""A page saves rows of its own alone: what it holds under another page's keys it takes as copies.

Wagtail gives the rows of a copied page keys of their own, and not the rows below those: the revisions
of a copy name the citations of the page they were copied from, and saving the copy would take them away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from modelcluster.models import get_all_child_relations


@contextmanager
def rows_at_hand(page: Any, rows: Mapping[str, list[Any]]) -> Iterator[None]:
    """Let ``page`` answer, within a block, with rows that were just saved instead of asking for them anew.

    Saving a page forgets them, and what follows a save asks for each relation again.
    """
    kept = rows_in_memory(page)
    page._cluster_related_objects = {**kept, **rows}
    try:
        yield
    finally:
        page._cluster_related_objects = kept


def rows_in_memory(page: Any) -> dict[str, list[Any]]:
    """Return the rows that ``page`` holds in memory, by relation."""
    return dict(getattr(page, "_cluster_related_objects", {}))


def take_own_rows(page: Any) -> None:
    """Let rows in memory that are stored under another parent become new ones; a query for each relation."""
    for relation, rows in _rows_below([page]):
        keys = {row.pk: parent.pk for parent, row in rows if row.pk is not None}
        stored = relation.related_model._base_manager.filter(pk__in=keys) if keys else None
        if stored is not None:
            parents = dict(stored.values_list("pk", relation.field.attname))
            for parent, row in rows:
                if row.pk in parents and parents[row.pk] != parent.pk:
                    row.pk, row._state.adding = None, True


def _rows_below(parents: list[Any]) -> Iterator[tuple[Any, list[tuple[Any, Any]]]]:
    """Give each relation with the pairs of parent and row that are held in memory, those above first."""
    for relation in get_all_child_relations(type(parents[0])):
        name = relation.get_accessor_name()
        pairs = [(parent, row) for parent in parents for row in _held(parent, name)]
        if pairs:
            yield relation, pairs
            yield from _rows_below([row for _parent, row in pairs])


def _held(parent: Any, name: str) -> list[Any]:
    rows: list[Any] = parent.__dict__.get("_cluster_related_objects", {}).get(name, [])
    return rows
