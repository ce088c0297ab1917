"""What a revision stores, without what it points at that is gone: asked once for each model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast
from modelcluster.models import get_all_child_relations

Data = Mapping[str, Any]
Key = tuple[type[models.Model], str, Any]
"""A model, the field by which it is pointed at, and the value."""


def without_dangling(model: type[models.Model], data: Data) -> dict[str, Any]:
    """Return serialised content without keys whose targets are gone, as modelcluster does it.

    A key of the page itself is unset; a row that was to go with its target, or cannot be without
    one, goes; any other key is unset. What a draft alone points at is protected by nothing.
    """
    there = _existing(set(_keys_within(model, data)))
    kept = {field.name: None for field, key in _keys(model, data) if _is_dangling(field, key, there)}
    return {**data, **_rows_within(model, data, there), **kept}


def _rows_within(model: type[models.Model], data: Data, there: set[Key]) -> dict[str, Any]:
    """Return the rows of each relation that stay."""
    kept: dict[str, Any] = {}
    for name, child_model in _children(model):
        if name in data:
            rows = (_row(child_model, row, there) for row in data[name])
            kept[name] = [row for row in rows if row is not None]
    return kept


def _row(model: type[models.Model], data: Data, there: set[Key]) -> dict[str, Any] | None:
    dangling = [field for field, key in _keys(model, data) if _is_dangling(field, key, there)]
    if any(field.remote_field.on_delete is models.CASCADE or not field.null for field in dangling):
        return None
    return {**data, **_rows_within(model, data, there), **{field.name: None for field in dangling}}


def _is_dangling(field: Any, key: Key, there: set[Key]) -> bool:
    return key not in there and field.remote_field.on_delete is not models.DO_NOTHING


def _keys_within(model: type[models.Model], data: Data) -> Iterator[Key]:
    yield from (key for _field, key in _keys(model, data))
    for name, child_model in _children(model):
        for row in data.get(name, ()):
            yield from _keys_within(child_model, row)


def _keys(model: type[models.Model], data: Data) -> Iterator[tuple[Any, Key]]:
    """Yield each field of a row that points at another, with what it points at."""
    for field in model._meta.fields:
        if isinstance(field.remote_field, models.ManyToOneRel) and data.get(field.name) is not None:
            target = field.remote_field.model
            name = str(field.remote_field.field_name)
            yield field, (target, name, _field(target, name).to_python(data[field.name]))


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _children(model: type[models.Model]) -> list[tuple[str, type[models.Model]]]:
    return [(rel.get_accessor_name(), rel.related_model) for rel in get_all_child_relations(model)]


def _existing(keys: set[Key]) -> set[Key]:
    wanted: dict[tuple[type[models.Model], str], set[Any]] = defaultdict(set)
    for model, name, value in keys:
        wanted[model, name].add(value)
    # Django keeps content types; one that is gone is asked for and not found.
    types = wanted.pop((ContentType, "id"), ())
    found: set[Key] = {(ContentType, "id", value) for value in types if _is_content_type(value)}
    targets = list(wanted)
    for place, text in _asked_at_once(wanted, targets):
        model, name = targets[place]
        found.add((model, name, _field(model, name).to_python(text)))
    return found


def _asked_at_once(
    wanted: Mapping[tuple[type[models.Model], str], set[Any]], targets: list[tuple[type[models.Model], str]]
) -> Iterable[tuple[int, str]]:
    """Return which rows are there: the place of the model among ``targets``, and the key as text."""
    parts = [
        model._default_manager.filter(**{f"{name}__in": wanted[model, name]})
        .order_by()
        .values_list(Value(place, models.IntegerField()), Cast(name, models.CharField()))
        for place, (model, name) in enumerate(targets)
    ]
    return parts[0].union(*parts[1:], all=True) if parts else ()


def _is_content_type(key: int) -> bool:
    try:
        ContentType.objects.get_for_id(key)
    except ContentType.DoesNotExist:
        return False
    return True
