"""Measurements as ranges on scales: pure geometry, in per cent of the width of a row."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

POINT = 1.2
"""The width of a single value's mark, in per cent."""
LINEAR_SPAN = 25.0
"""Values of one unit share a linear scale up to this ratio of the largest to the smallest."""


@dataclass(frozen=True, slots=True)
class Row:
    """A measurement on its scale; ``is_open`` when the range goes on beyond its right end."""

    measurement: Any
    start: float
    width: float
    is_point: bool
    is_open: bool
    scale_start: str
    scale_end: str


def rows(measurements: Iterable[Any]) -> list[Row]:
    """Place each measurement that has a number on a scale of its unit, in the order given.

    Measurements of one unit stand on one scale, so that their lengths compare, unless they differ by
    more than ``LINEAR_SPAN``: then each has a scale of its own. Scales begin at zero where nothing
    is negative; per cent end at 100 where they can.
    """
    listed = [measurement for measurement in measurements if _bounds(measurement) is not None]
    by_unit: dict[str, list[Any]] = defaultdict(list)
    for measurement in listed:
        by_unit[measurement.unit].append(measurement)
    return [_row(measurement, by_unit[measurement.unit]) for measurement in listed]


def _row(measurement: Any, siblings: list[Any]) -> Row:
    tops = [max(abs(bound) for bound in _bounds(sibling) or (0.0, 0.0)) for sibling in siblings]
    smallest = min((top for top in tops if top), default=1.0)
    together = siblings if max(tops) <= LINEAR_SPAN * smallest else [measurement]
    low, high = _scale(together)
    first, last = _bounds(measurement) or (0.0, 0.0)
    comparator = measurement.comparator
    is_open = comparator in (">", "≥")
    if is_open:
        last = high
    elif comparator in ("<", "≤"):
        first = low
    is_point = first == last
    start, end = (100 * (value - low) / (high - low) for value in (first, last))
    width = POINT if is_point else max(end - start, POINT)
    start = min(max(start - POINT / 2, 0.0), 100 - POINT) if is_point else start
    return Row(measurement, round(start, 2), round(width, 2), is_point, is_open, _text(low), _text(high))


def _bounds(measurement: Any) -> tuple[float, float] | None:
    if measurement.low is not None and measurement.high is not None:
        low, high = float(measurement.low), float(measurement.high)
        return min(low, high), max(low, high)
    if measurement.value is not None:
        return float(measurement.value), float(measurement.value)
    return None


def _scale(measurements: list[Any]) -> tuple[float, float]:
    bounds = [found for measurement in measurements if (found := _bounds(measurement))]
    low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
    is_share = all(measurement.unit.strip() == "%" for measurement in measurements)
    if is_share and low >= 0 and high <= 100:
        return 0.0, 100.0
    opens = any(measurement.comparator in (">", "≥") for measurement in measurements)
    end = _round_up(high * (1.6 if opens else 1.15)) if high > 0 else 0.0
    start = -_round_up(-low * 1.15) if low < 0 else 0.0
    return (start, end) if end > start else (start, start + 1)


def _round_up(value: float) -> float:
    """Return the next number that reads well: 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten."""
    power = 10 ** math.floor(math.log10(value))
    for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10):
        if value <= step * power * 1.0001:
            return step * power
    return 10 * power


def _text(number: float) -> str:
    return f"{number:g}" if abs(number) < 1e6 else f"{number:.0f}"
