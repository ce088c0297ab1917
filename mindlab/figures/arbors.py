"""A cover for pages without an image: a neuron's arbor grown from the page's slug.

The same slug grows the same arbor on every machine. It is a drawing in the manner of a Golgi
stain, an ornament that says nothing about a real cell.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

WIDTH, HEIGHT = 480.0, 320.0
MOST_SEGMENTS = 230


@dataclass(frozen=True, slots=True)
class Arbor:
    """Strokes from thick to thin, each a width and the data of one path, and the soma's place and size."""

    strokes: tuple[tuple[float, str], ...]
    x: float
    y: float
    radius: float


@dataclass(slots=True)
class _Tip:
    x: float
    y: float
    angle: float
    width: float
    length: float


@lru_cache(maxsize=512)
def grow(seed: str) -> Arbor:
    """Grow the arbor of a seed inside a frame of ``WIDTH`` by ``HEIGHT`` units; kept, as it never changes."""
    chance = _chance(seed)
    x, y = WIDTH * (0.36 + 0.28 * next(chance)), HEIGHT * (0.42 + 0.16 * next(chance))
    stems = 5 + int(next(chance) * 3)
    turn = next(chance) * math.tau
    tips = [
        _Tip(x, y, turn + math.tau * (stem + 0.6 * (next(chance) - 0.5)) / stems, 4.2, 30 + 26 * next(chance))
        for stem in range(stems)
    ]
    paths: dict[float, list[str]] = {}
    segments = 0
    while tips and segments < MOST_SEGMENTS:
        tip = tips.pop(0)
        segments += 1
        tips.extend(_extend(tip, chance, paths))
    strokes = tuple((width, "".join(paths[width])) for width in sorted(paths, reverse=True))
    return Arbor(strokes, round(x, 1), round(y, 1), round(6.5 + 2 * next(chance), 1))


def _extend(tip: _Tip, chance: Iterator[float], paths: dict[float, list[str]]) -> list[_Tip]:
    bend = tip.angle + 0.5 * (next(chance) - 0.5)
    # Arbors spread wider than high, as the frame does.
    x = tip.x + 1.25 * tip.length * math.cos(bend)
    y = tip.y + 0.85 * tip.length * math.sin(bend)
    middle_x = tip.x + 0.6 * tip.length * math.cos(tip.angle)
    middle_y = tip.y + 0.45 * tip.length * math.sin(tip.angle)
    if not (4 < x < WIDTH - 4 and 4 < y < HEIGHT - 4):
        return []
    width = max(round(tip.width * 2) / 2, 0.5)
    paths.setdefault(width, []).append(
        f"M{tip.x:.0f} {tip.y:.0f}Q{middle_x:.0f} {middle_y:.0f} {x:.0f} {y:.0f}"
    )
    if tip.length < 7:
        return []
    forks = 2 if next(chance) < 0.72 or tip.width > 3 else 1
    spread = 0.35 + 0.5 * next(chance)
    turns = (-spread, spread) if forks == 2 else (0.3 * (next(chance) - 0.5),)
    return [
        _Tip(
            x,
            y,
            bend + turn,
            tip.width * (0.68 if forks == 2 else 0.86),
            tip.length * (0.72 + 0.24 * next(chance)),
        )
        for turn in turns
    ]


def _chance(seed: str) -> Iterator[float]:
    """Yield numbers from 0 to 1 that depend on the seed alone, without end."""
    block = 0
    while True:
        digest = hashlib.sha256(f"{seed}:{block}".encode()).digest()
        for start in range(0, len(digest), 2):
            yield int.from_bytes(digest[start : start + 2]) / 65536
        block += 1
