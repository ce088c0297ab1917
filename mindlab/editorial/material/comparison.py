"""A change as a person reads it: each field as it stood and as it would be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.compare import diff_text

from mindlab.core.shown import material
from mindlab.editorial.rows import MaterialChange

FOCAL_POINT = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field by its name for people, with what it said and what it would say."""

    label: str
    before: str
    after: str

    @property
    def marked(self) -> SafeString:
        """What it would say, with what goes and what comes marked, as HTML."""
        html: SafeString = diff_text(self.before, self.after).to_html()
        return html


def differences(change: MaterialChange) -> list[Difference]:
    """Return what a change would make different, its file aside."""
    return list(_differences(change, material()[change.kind]))


def summary(change: MaterialChange) -> str:
    """Name the fields that a change is about, in a line."""
    names = [difference.label for difference in differences(change)]
    if change.file:
        names.insert(0, _("File"))
    return ", ".join(names)


def _differences(change: MaterialChange, model: type[models.Model]) -> Iterator[Difference]:
    for name in change.values:
        if name not in FOCAL_POINT:
            field = model._meta.get_field(name)
            label = capfirst(str(getattr(field, "verbose_name", name)))
            yield Difference(
                label, _words(field, change.values_before, name), _words(field, change.values, name)
            )
    if set(change.values) & set(FOCAL_POINT):
        before, after = _focal_point(change.values_before), _focal_point(change.values)
        yield Difference(_("Focal point"), before, after)


def _words(field: Any, values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if value in (None, "", []):
        return ""
    if getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        return "; ".join(_person(entry) for entry in value)
    return str(value)


def _person(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return str(entry)
    names = [str(entry[part]) for part in ("family", "given", "literal") if entry.get(part)]
    return ", ".join(names) or str(dict(entry))


def _focal_point(values: Mapping[str, Any]) -> str:
    parts = {"x": "focal_point_x", "y": "focal_point_y", "w": "focal_point_width", "h": "focal_point_height"}
    said = [f"{letter} {values[name]}" for letter, name in parts.items() if values.get(name) is not None]
    return ", ".join(said)
