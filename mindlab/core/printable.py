"""Text as every XML can hold it: cleaned in front of each save, whichever way a text comes.

A character that XML 1.0 has no place for (https://www.w3.org/TR/xml/#charsets) would break the feed,
an exported issue and the markup of a mail. They come by pasting: Word has a soft line break as U+000B,
a page break as U+000C, a hyphen that does not break as U+001E and an optional one as U+001F.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.signals import pre_save
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Revision

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAKS, _HYPHEN = ("\x0b", "\x0c"), "\x1e"
_ESCAPED = re.compile(r"\\(?:[bf]|u00[01]|ud[89a-f]|ufff[ef])")
"""What JSON writes for such a character, or for one of a few that are none."""
LEFT_ALONE = frozenset({"sessions", "contenttypes", "wagtailsearch", "django_tasks_database"})
"""Apps whose rows hold nothing that people write."""


def printable(text: str, *, line_break: str = " ") -> str:
    """Return a text without the characters that no XML can hold; those that stand for others become these."""

    def instead(found: re.Match[str]) -> str:
        return line_break if found[0] in _BREAKS else "\u2011" if found[0] == _HYPHEN else ""

    return UNPRINTABLE.sub(instead, text)


def printable_data(value: Any) -> Any:
    """Return what JSON can hold with all its texts made printable, names included."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {printable_data(name): printable_data(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [printable_data(part) for part in value]
    return value


def make_printable(row: Any) -> None:
    """Make the texts of a row printable where it stands, before it is saved or shown."""
    model: Any = type(row)
    for field in text_fields(model):
        # A column that was not fetched is not saved either.
        if field.attname in row.__dict__:
            _clean(row, field)


def make_all_printable(page: Any) -> None:
    """Make the texts of a page and of the rows that it holds in memory printable."""
    make_printable(page)
    for rows in page.__dict__.get("_cluster_related_objects", {}).values():
        for row in rows:
            make_all_printable(row)


@cache
def text_fields(model: Any) -> tuple[Any, ...]:
    """Return the fields of a model that hold text, by itself or within JSON."""
    kinds = (models.CharField, models.TextField, models.JSONField, StreamField)
    return tuple(
        field
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) and not (model is Revision and field.name == "content")
    )


def on_save(sender: type[models.Model], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Make a row printable before it is written, one loaded from a fixture included."""
    make_printable(instance)


def connect() -> None:
    """Stand in front of each save of a row that holds what people write."""
    for model in apps.get_models():
        if model._meta.app_label not in LEFT_ALONE and text_fields(model):
            pre_save.connect(on_save, sender=model, dispatch_uid=f"printable:{model._meta.label}")


def _clean(row: Any, field: Any) -> None:
    value = row.__dict__[field.attname]
    if isinstance(field, StreamField):
        stored = field.value_to_string(row)
        if _ESCAPED.search(stored) and (kept := printable_data(json.loads(stored))) != json.loads(stored):
            setattr(row, field.attname, field.to_python(json.dumps(kept)))
    elif isinstance(field, models.JSONField):
        if _ESCAPED.search(json.dumps(value, default=str)):
            setattr(row, field.attname, printable_data(value))
    elif isinstance(value, str) and UNPRINTABLE.search(value):
        is_plain = isinstance(field, models.TextField) and not isinstance(field, RichTextField)
        setattr(row, field.attname, printable(value, line_break="\n" if is_plain else " "))
