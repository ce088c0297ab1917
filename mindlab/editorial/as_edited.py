"""Content as the editor gives it back where nobody typed a thing.

The editor stores rich text in a spelling of its own: paragraphs around single lines, marks split at
links. A text that an import or code has stored otherwise says the same, and opening it is no change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks import BaseStreamBlock, BaseStructBlock, Block, ListBlock, RichTextBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import features as feature_registry


def as_edited(model: type[models.Model], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return serialised content with its rich text in the spelling of the editor."""
    edited = dict(data)
    for field in model._meta.fields:
        value = data.get(field.name)
        if isinstance(field, StreamField) and value:
            edited[field.name] = json.dumps(_in_block(field.stream_block, json.loads(value)))
        elif isinstance(field, RichTextField) and value:
            edited[field.name] = _spelt(value, field.features)
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        if name in data:
            rows = [as_edited(relation.related_model, child) for child in data[name]]
            edited[name] = [_in_place(row, place) for place, row in enumerate(rows)]
    return edited


def _in_place(row: dict[str, Any], place: int) -> dict[str, Any]:
    """Give a row without an order the place at which the editor lists it."""
    return {**row, "sort_order": place} if row.get("sort_order", place) is None else row


def _in_block(block: Block, value: Any) -> Any:
    if isinstance(block, BaseStreamBlock):
        known = block.child_blocks
        return [
            {**child, "value": _in_block(known[child["type"]], child["value"])}
            if child["type"] in known
            else child
            for child in value or ()
        ]
    if isinstance(block, ListBlock):
        return [_in_item(block.child_block, item) for item in value or ()]
    if isinstance(block, BaseStructBlock) and isinstance(value, Mapping):
        known = block.child_blocks
        return {name: _in_block(known[name], part) if name in known else part for name, part in value.items()}
    if isinstance(block, RichTextBlock) and value:
        return _spelt(value, block.features)
    return value


def _in_item(block: Block, item: Any) -> Any:
    if isinstance(item, Mapping) and item.get("type") == "item":
        return {**item, "value": _in_block(block, item["value"])}
    return _in_block(block, item)


def _spelt(html: str, features: list[str] | None) -> str:
    names = feature_registry.get_default_features() if features is None else features
    converter = ContentstateConverter(names)
    spelt: str = converter.to_database_format(converter.from_database_format(html))
    return spelt
