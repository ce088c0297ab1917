"""A fingerprint of a page's content, so that an approval can name exactly the words it is for.

The digest of a page is the same for the object from the database, for a revision of it and for the
object on its way to publication, as long as they say the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.blocks import BaseStreamBlock, BaseStructBlock, Block, BooleanBlock, ListBlock, RichTextBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import COMMENTS_RELATION_NAME

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

EMPTY: tuple[Any, ...] = (None, "", [], {})
"""What says nothing where no default is declared; False and 0 say something."""

CHILD_BOOKKEEPING = frozenset({"sort_order", "uuid"})
"""Order is kept by the order of the rows; a row that was never published has no lasting uuid."""

BLOCK_KEY = re.compile(
    r'(<(?:p|h[1-6]|li|ul|ol|blockquote|pre|hr)) data-block-key="[a-zA-Z0-9]{1,10}"(?=[ />])'
)
"""The key that the editor writes first into the tag of every paragraph, and anew where one was pasted."""


@dataclass(frozen=True, slots=True)
class Digests:
    """The sha256 of what a page says, in hexadecimal: of its words, and of what they rest on."""

    words: str
    evidence: str
    """Claims with their citations, and measurements: the rows whose model has ``is_evidence``."""

    @property
    def whole(self) -> str:
        """The digest of both, which an approval names."""
        return _sha256([self.words, self.evidence])


def page_digest(page: Any, *, slug: str = "") -> str:
    """Return the digest of what ``page`` says, in hexadecimal; ``slug`` stands in for its own."""
    return page_digests(page, slug=slug).whole


def page_digests(page: Any, *, slug: str = "") -> Digests:
    """Return the digests of what ``page`` says; ``slug`` stands in for its own."""
    data = page.serializable_data()
    if slug:
        data["slug"] = slug
    return data_digests(type(page), data)


def data_digest(model: type[models.Model], data: Mapping[str, Any]) -> str:
    """Return the digest of serialised content, as a revision stores it, without a query."""
    return data_digests(model, data).whole


def data_digests(model: type[models.Model], data: Mapping[str, Any]) -> Digests:
    """Return the digests of serialised content, as a revision stores it, without a query."""
    stored = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    evidence = {
        relation.get_accessor_name()
        for relation in get_all_child_relations(model)
        if getattr(relation.related_model, "is_evidence", False)
    }
    row = _row(model, stored, BOOKKEEPING)
    words = {name: value for name, value in row.items() if name not in evidence}
    rests_on = {name: value for name, value in row.items() if name in evidence}
    return Digests(words=_sha256([model._meta.label_lower, words]), evidence=_sha256(rests_on))


def _sha256(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


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
        return block_value(field.stream_block, json.loads(value or "[]"))
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
