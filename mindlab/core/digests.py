"""A fingerprint of a page's content, so that an approval can name exactly the words it is for.

The digest of a page is the same for the object from the database, for a revision of it and for the
object on its way to publication, as long as they say the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME

if TYPE_CHECKING:
    from mindlab.core.pages import ReviewedPage

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
        COMMENTS_RELATION_NAME,
    }
)
"""Names on a page that say where it stands and what happened to it, not what it says. Title, slug,
search title and description are content: readers see them, and an address can mislead too."""

CHILD_BOOKKEEPING = frozenset({"sort_order", "uuid"})
"""Order is kept by the order of the rows; a row that was never published has no lasting uuid."""

# Written by the editor into every paragraph, and anew where one was pasted.
BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


def page_digest(page: ReviewedPage, *, slug: str = "") -> str:
    """Return the sha256 of what ``page`` says, in hexadecimal; ``slug`` stands in for its own."""
    data = page.serializable_data()
    if slug:
        data["slug"] = slug
    return data_digest(type(page), data)


def data_digest(model: type[models.Model], data: Mapping[str, Any]) -> str:
    """Return the digest of serialised content, as a revision stores it, without a query."""
    plain = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    content = [model._meta.label_lower, _row(model, plain, BOOKKEEPING)]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _row(model: type[models.Model], data: Mapping[str, Any], ignored: frozenset[str]) -> dict[str, Any]:
    """Return what a row and its children say; keys, places and empty values are left out.

    Empty values are no content, so that a field added by a later release changes no digest.
    """
    row = {}
    for field in model._meta.fields:
        if field.name in ignored or field.primary_key or isinstance(field, ParentalKey):
            continue
        value = _value(field, data.get(field.name))
        if not _is_empty(value):
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


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, StreamField):
        return _plain(json.loads(value) if isinstance(value, str) and value else value)
    if isinstance(field, models.DecimalField) and value is not None:
        return format(Decimal(str(value)).normalize(), "f")
    return _plain(value)


def _plain(value: Any) -> Any:
    """Return JSON with one spelling for the same content, without the ids of blocks."""
    if isinstance(value, str):
        return BLOCK_KEY.sub("", value.replace("\r\n", "\n"))
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        block = "type" in value and "value" in value
        items = {key: _plain(item) for key, item in value.items() if not (block and key == "id")}
        return {key: item for key, item in items.items() if not _is_empty(item)}
    return value


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})
