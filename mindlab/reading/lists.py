"""Flat list items with a depth, as editors enter them, as the tree that HTML wants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Item:
    """An item with the items below it."""

    text: Any
    children: list[Item] = field(default_factory=list)


def nest(items: Iterable[Any]) -> list[Item]:
    """Return the tree of items; one that is indented by more than a step hangs under the one before."""
    roots: list[Item] = []
    open_items: list[Item] = []
    for entry in items:
        depth = min(int(entry["depth"] or 0), len(open_items))
        item = Item(entry["text"])
        del open_items[depth:]
        (open_items[-1].children if open_items else roots).append(item)
        open_items.append(item)
    return roots
