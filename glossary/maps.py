"""The map of a concept's neighbours: pure geometry, in two forms, one for wide and one for narrow columns.

Labels stand in columns with one line each, so that none can meet another, however many there are. One
that is longer than its line is cut; the list below the map has it in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mindlab.core.rich_text import excerpt

MOST = 30
"""Neighbours a map bears; the list below it has all of them."""

WIDTH, PITCH, MARGIN = 960.0, 34.0, 24.0
LABEL_GAP = 12.0
COLUMN = 300.0
"""Where the dots of the left column stand; the right one mirrors it."""
LETTER = 8.4
"""An upper bound of a letter's mean width in the map's 15-unit sans."""
LONGEST = 34

NARROW_WIDTH, NARROW_PITCH, SPINE = 360.0, 32.0, 14.0
NARROW_LONGEST = 36


class Titled(Protocol):
    """What a map shows by its title."""

    @property
    def title(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Spot:
    """A neighbour on the map: its dot, its label and the line that leads to it."""

    connection: Titled
    label: str
    x: float
    y: float
    text_x: float
    text_y: float
    anchor: str
    path: str


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing in its own units: size, the spots, and the box and text of the concept itself."""

    width: float
    height: float
    spots: tuple[Spot, ...]
    title: str
    box: tuple[float, float, float, float]
    """x, y, width, height."""
    text: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Maps:
    """Both forms of a map, and how much of the whole they show."""

    wide: Map
    narrow: Map
    shown: int
    total: int


def maps_of(title: str, connections: Sequence[Titled]) -> Maps | None:
    """Return the maps of a concept with these neighbours, or None where there are fewer than two."""
    if len(connections) < 2:
        return None
    shown = list(connections[:MOST])
    return Maps(wide(title, shown), narrow(title, shown), len(shown), len(connections))


def wide(title: str, shown: Sequence[Titled]) -> Map:
    """Place the concept in the middle and its neighbours in a column on each side."""
    right, left = shown[: (len(shown) + 1) // 2], shown[(len(shown) + 1) // 2 :]
    height = 2 * MARGIN + PITCH * max(len(right), len(left))
    middle = height / 2
    half = min(max(len(title) * 10.5 / 2 + 22, 70), 150)
    spots = [
        *_column(left, WIDTH / 2 - half, COLUMN, middle, anchor="end"),
        *_column(right, WIDTH / 2 + half, WIDTH - COLUMN, middle, anchor="start"),
    ]
    box = (WIDTH / 2 - half, middle - 24, 2 * half, 48.0)
    return Map(WIDTH, height, tuple(spots), excerpt(title, 28), box, (WIDTH / 2, middle + 6))


def _column(shown: Sequence[Titled], start: float, x: float, middle: float, *, anchor: str) -> list[Spot]:
    side = -1 if anchor == "end" else 1
    top = middle - PITCH * (len(shown) - 1) / 2
    spots = []
    for position, connection in enumerate(shown):
        y = top + PITCH * position
        bend = (start + x) / 2
        path = f"M{start:g} {middle:g}C{bend:g} {middle:g} {bend:g} {y:g} {x:g} {y:g}"
        label = excerpt(connection.title, LONGEST)
        spots.append(Spot(connection, label, x, y, x + side * LABEL_GAP, y + 5, anchor, path))
    return spots


def narrow(title: str, shown: Sequence[Titled]) -> Map:
    """Hang the neighbours on a line that leads down from the concept."""
    head = 40.0
    spots = []
    for position, connection in enumerate(shown):
        y = head + NARROW_PITCH * (position + 0.75)
        top, turn = max(y - NARROW_PITCH, head), y - NARROW_PITCH * 0.4
        path = f"M{SPINE:g} {top:g}V{turn:g}Q{SPINE:g} {y:g} {SPINE + 20:g} {y:g}"
        label = excerpt(connection.title, NARROW_LONGEST)
        spots.append(Spot(connection, label, SPINE + 24, y, SPINE + 36, y + 5, "start", path))
    height = head + NARROW_PITCH * (len(shown) + 0.25)
    box = (0.0, 0.0, min(len(title) * 10.5 + 32, NARROW_WIDTH), 40.0)
    return Map(NARROW_WIDTH, height, tuple(spots), excerpt(title, 30), box, (16.0, 26.0))
