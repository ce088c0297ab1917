"""Digests of content as they were and as they became when publications began to be written, frozen."""

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.blocks import BaseStreamBlock, BaseStructBlock, Block, BooleanBlock, ListBlock, RichTextBlock
from wagtail.fields import RichTextField, StreamField

BOOKKEEPING = frozenset(
    {
        "alias_of",
        "content_type",
        "depth",
        "draft_title",
        "expire_at",
        "expired",
        "first_published_at",
        "go_live_at",
        "has_unpublished_changes",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live",
        "live_revision",
        "locale",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "owner",
        "path",
        "translation_key",
        "url_path",
        "wagtail_admin_comments",
    }
)
CHILD_BOOKKEEPING = frozenset({"sort_order", "uuid"})
EVIDENCE = frozenset({"claims", "measurements"})
EMPTY: tuple[Any, ...] = (None, "", [], {})
OLD_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
BLOCK_KEY = re.compile(r'(<(?:p|h[1-6]|li|blockquote|pre|hr)) data-block-key="[a-zA-Z0-9]{1,10}"(?=[ />])')


def old_digest(model: type[models.Model], data: Mapping[str, Any]) -> str:
    """Return the digest that records were written with before."""
    stored = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    return _sha256([model._meta.label_lower, _old_row(model, stored, BOOKKEEPING)])


def new_digests(model: type[models.Model], data: Mapping[str, Any]) -> dict[str, str]:
    """Return the digests that records and publications are written with: digest, words, evidence."""
    row = _row(model, json.loads(json.dumps(data, cls=DjangoJSONEncoder)), BOOKKEEPING)
    words = _sha256([model._meta.label_lower, {n: value for n, value in row.items() if n not in EVIDENCE}])
    evidence = _sha256({n: value for n, value in row.items() if n in EVIDENCE})
    return {"digest": _sha256([words, evidence]), "words": words, "evidence": evidence}


def new_digest(model: type[models.Model], data: Mapping[str, Any]) -> str:
    """Return the digest that records are written with."""
    return new_digests(model, data)["digest"]


def _sha256(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _old_row(model: type[models.Model], data: Mapping[str, Any], ignored: frozenset[str]) -> dict[str, Any]:
    """Return what a row and its children say; keys, places and empty values are left out.

    Empty values are no content, so that a field added by a later release changes no digest.
    """
    row = {}
    for field in model._meta.fields:
        if field.name in ignored or field.primary_key or isinstance(field, ParentalKey):
            continue
        value = _old_value(field, data.get(field.name))
        if not _old_is_empty(value):
            row[field.name] = value
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        children = [] if name in ignored else data.get(name, [])
        if children:
            row[name] = _old_children(relation.related_model, children)
    return row


def _old_children(model: type[models.Model], children: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows in their order; rows without one, such as tags, in the order of what they say."""

    def place(pair: tuple[Any, dict[str, Any]]) -> tuple[bool, int, str]:
        order, row = pair
        return (order is None, order or 0, json.dumps(row, sort_keys=True))

    pairs = [(child.get("sort_order"), _old_row(model, child, CHILD_BOOKKEEPING)) for child in children]
    return [row for _order, row in sorted(pairs, key=place)]


def _old_value(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, StreamField):
        return _old_plain(json.loads(value) if isinstance(value, str) and value else value)
    if isinstance(field, models.DecimalField) and value is not None:
        return format(Decimal(str(value)).normalize(), "f")
    return _old_plain(value)


def _old_plain(value: Any) -> Any:
    """Return JSON with one spelling for the same content, without the ids of blocks."""
    if isinstance(value, str):
        return OLD_BLOCK_KEY.sub("", value.replace("\r\n", "\n"))
    if isinstance(value, list):
        return [_old_plain(item) for item in value]
    if isinstance(value, dict):
        block = "type" in value and "value" in value
        items = {key: _old_plain(item) for key, item in value.items() if not (block and key == "id")}
        return {key: item for key, item in items.items() if not _old_is_empty(item)}
    return value


def _old_is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})


def _row(model: type[models.Model], data: Mapping[str, Any], ignored: frozenset[str]) -> dict[str, Any]:
    """Return what a row and its children say; keys, places and unset values are left out.

    A value is unset when it is the default of its field, so that a field added by a later release
    changes no digest; False and 0 are content wherever they are not the default.
    """
    row = {}
    for field in model._meta.fields:
        if field.name in ignored or field.primary_key or isinstance(field, ParentalKey):
            continue
        if field.name not in data:
            continue
        value = _value(field, data[field.name])
        if not _is_unset(field, value):
            row[field.name] = value
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        children = [] if name in ignored else data.get(name, [])
        if children:
            row[name] = _children(relation.related_model, children)
    return row


def _children(model: type[models.Model], children: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows in their order; rows without one, such as tags, in the order of what they say."""

    def place(pair: tuple[Any, dict[str, Any]]) -> tuple[bool, int, str]:
        order, row = pair
        return (order is None, order or 0, json.dumps(row, sort_keys=True))

    pairs = [(child.get("sort_order"), _row(model, child, CHILD_BOOKKEEPING)) for child in children]
    return [row for _order, row in sorted(pairs, key=place)]


def _is_unset(field: models.Field[Any, Any], value: Any) -> bool:
    if isinstance(field, StreamField) or not field.has_default() or callable(field.default):
        return value in EMPTY
    return bool(value == _value(field, json.loads(json.dumps(field.default, cls=DjangoJSONEncoder))))


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, StreamField):
        stream = json.loads(value) if isinstance(value, str) and value else value
        return block_value(field.stream_block, stream or [])
    if isinstance(field, models.DecimalField) and value is not None:
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(field, RichTextField):
        return rich_text(value)
    return plain(value)


def block_value(block: Block, value: Any) -> Any:
    """Return what a block says, as it is stored: without ids, and without what is unset."""
    if isinstance(block, BaseStreamBlock):
        known = block.child_blocks
        return [
            [child["type"], block_value(known[child["type"]], child["value"])]
            if child["type"] in known
            else [child["type"], plain(child["value"])]
            for child in value or ()
        ]
    if isinstance(block, ListBlock):
        return [block_value(block.child_block, item_value(child)) for child in value or ()]
    if isinstance(block, BaseStructBlock) and isinstance(value, Mapping):
        return _struct(block, value)
    if isinstance(block, RichTextBlock):
        return rich_text(value)
    if isinstance(block, BooleanBlock):
        return bool(value)
    return plain(value)


def _struct(block: BaseStructBlock, value: Mapping[str, Any]) -> dict[str, Any]:
    said = {}
    for name, part in value.items():
        child = block.child_blocks.get(name)
        said_here = plain(part) if child is None else block_value(child, part)
        default = None if child is None else _default(child)
        if said_here != default and not (said_here in EMPTY and default in EMPTY):
            said[name] = said_here
    return said


def _default(block: Block) -> Any:
    """Return what a block says where nothing is stored for it."""
    return block_value(block, block.get_prep_value(block.get_default()))


def item_value(child: Any) -> Any:
    """Return an item of a list, which older texts hold without a mapping around it."""
    is_wrapped = isinstance(child, Mapping) and child.get("type") == "item" and "value" in child
    return child["value"] if is_wrapped else child


def rich_text(value: Any) -> Any:
    """Return rich text without the keys of its paragraphs."""
    text = plain(value)
    return BLOCK_KEY.sub(r"\1", text) if isinstance(text, str) else text


def plain(value: Any) -> Any:
    """Return JSON with one spelling for the same content: line ends as HTML reads them, no empty entries."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        items = {key: plain(item) for key, item in value.items()}
        return {key: item for key, item in items.items() if item not in EMPTY}
    return value
