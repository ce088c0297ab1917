"""Many diagrams drawn anew at once, on all processors: for those who doubt what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from mindlab.figures.diagrams import DiagramError, DiagramLateError, Drawing, draw


def redraw(sources: Sequence[str]) -> Iterator[Drawing | str | None]:
    """Yield for each source its drawing, the reason why it cannot be drawn, or None if it was late."""
    if sources:
        # Each process has an engine of its own. Nothing of the site is copied into it.
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            yield from pool.map(_drawing, sources)


def _drawing(source: str) -> Drawing | str | None:
    try:
        return draw(source)
    except DiagramLateError:
        return None
    except DiagramError as error:
        return str(error)
