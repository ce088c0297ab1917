"""Drawn diagrams, kept by the hash of their source, so that reading a page rarely draws."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from mindlab.core.blockers import Blocker, at_block, blocks
from mindlab.core.models import Diagram
from mindlab.figures import diagrams
from mindlab.figures.redrawing import redraw

LATE_SECONDS = 600
"""How long a source that the engine was too busy for waits until a reader's visit tries it again."""

AT_ONCE = 100
"""How many stored drawings are looked at together."""

LATE = "The diagram was not drawn in time."

WIDTH_STEPS = (320, 420, 520, 640, 760, 960)
"""Natural widths in CSS pixels at which a figure changes the column it stands in."""


def ensure(
    sources: Iterable[str], *, retry: bool = False, stored: Mapping[str, Diagram] | None = None
) -> dict[str, Diagram]:
    """Return the diagram of each source by its key, drawing and storing what is missing.

    One query when all are stored, none when ``stored`` gives those that are. A source that cannot be
    drawn is stored with the engine's reason in ``error``, so that readers do not wait for it again;
    ``retry`` draws such a source once more. What the engine had no time for is not stored: it is
    tried again by the next publication, or after ``LATE_SECONDS`` by a visit.
    """
    wanted = {diagrams.key(source): source for source in sources if source.strip()}
    if not wanted:
        return {}
    found = dict(Diagram.objects.in_bulk(list(wanted)) if stored is None else stored)
    for key, source in wanted.items():
        if key not in found or (retry and found[key].error):
            found[key] = _store(key, source, retry=retry)
    return found


def _store(key: str, source: str, *, retry: bool) -> Diagram:
    waiting = f"diagram-late:{key}"
    late = Diagram(key=key, source=source, width=0, height=0, description=[], error=LATE)
    if not retry and cache.get(waiting):
        return late
    try:
        drawing = diagrams.draw(source)
    except diagrams.DiagramLateError:
        cache.set(waiting, True, LATE_SECONDS)
        return late
    except diagrams.DiagramError as error:
        values = _values(str(error))
    else:
        values = _values(drawing)
    return Diagram.objects.update_or_create(key=key, defaults={"source": source, **values})[0]


def refused(page: Any) -> Iterator[Blocker]:
    """Yield each diagram block of a page whose source is known not to be drawable; one query at most."""
    found = [
        (name, index, child, diagrams.key(child.value["source"]))
        for name, index, child in blocks(page)
        if child.block_type == "diagram" and child.value["source"]
    ]
    keys = {key for *_place, key in found}
    rows = Diagram.objects.filter(pk__in=keys).exclude(error="") if keys else Diagram.objects.none()
    errors = dict(rows.values_list("pk", "error"))
    for name, index, child, key in found:
        if key in errors:
            yield at_block(page, name, index, child, ("source",), errors[key])


def unsound(sources: Mapping[str, str], *, anew: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the keys of stored drawings that are not of their sources, with a sentence for each.

    Whether a row holds the source it is found by costs nothing; whether it holds its drawing shows only
    when that is drawn again: a second or two of one processor for each, on all processors at once.
    """
    for start in range(0, len(sources), AT_ONCE):
        keys = list(sources)[start : start + AT_ONCE]
        whole = []
        for row in Diagram.objects.filter(pk__in=keys):
            if row.source == sources[row.pk]:
                whole.append(row)
            else:
                yield row.pk, _("the source of a stored diagram was changed")
        for row, drawing in zip(whole, redraw([row.source for row in whole]) if anew else (), strict=False):
            if drawing is not None and any(getattr(row, k) != v for k, v in _values(drawing).items()):
                yield row.pk, _("a stored diagram is not the drawing of its source")


def _values(drawing: diagrams.Drawing | str) -> dict[str, Any]:
    """Return what is stored of a drawing, or of the reason why there is none."""
    if isinstance(drawing, str):
        return {"svg": "", "width": 0, "height": 0, "description": [], "error": drawing}
    return {
        "svg": drawing.svg,
        "width": drawing.width,
        "height": drawing.height,
        "description": list(diagrams.describe(drawing)),
        "error": "",
    }


def size(diagram: Diagram) -> str:
    """Return the name of the smallest width step that holds the drawing, for the style sheet."""
    return next((str(step) for step in WIDTH_STEPS if diagram.width <= step), "full")


def sources_in(content: Any) -> Iterator[str]:
    """Yield the source of each diagram block inside raw stream data, at any depth."""
    if isinstance(content, str):
        if content.startswith("[") and '"diagram"' in content:
            yield from sources_in(json.loads(content))
    elif isinstance(content, dict):
        if content.get("type") == "diagram" and isinstance(content.get("value"), dict):
            yield content["value"].get("source", "")
        for part in content.values():
            yield from sources_in(part)
    elif isinstance(content, (list, tuple)):
        for part in content:
            yield from sources_in(part)
