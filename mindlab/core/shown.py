"""What a page shows besides its own words: images, sources, names, topics, and the pages it links to.

What an approval is for includes the page's own *material*, things that no other page owns: the file
and the words of an image, the title of a cited source, the name in a byline. A model whose rows
pages show says so by two class attributes: ``shown_as``, the kind of thing, and ``readers_see``,
the fields whose values readers see. What every page of a type shows without pointing at it (the
site's settings) the type of page names in ``always_shows``, by kind.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.blocks import BaseStreamBlock, BaseStructBlock, Block, ListBlock, RichTextBlock
from wagtail.blocks.field_block import ChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.rich_text import extract_references_from_rich_text

from mindlab.core.digests import BOOKKEEPING, item_value
from mindlab.core.locking import whole

PAGE = "page"
"""The kind of a page that another page links to: it has passed a review of its own."""

Key = tuple[str, int]
"""The kind of a thing and the primary key of its row."""


class ShownRow:
    """A row that pages show: saved in one transaction, so that what is judged is what is written."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the judgement about it in the same transaction."""
        with whole():
            super().save(*args, **kwargs)  # type: ignore[misc]


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """One thing that a page shows, as it stood: kind, key, sha256 in hexadecimal, and what to call it."""

    kind: str
    key: int
    digest: str
    label: str = field(default="", compare=False)
    file_name: str = field(default="", compare=False)
    """The name of its file, where that is part of the address readers fetch it by."""


def keys_shown_by(model: type[models.Model], data: Mapping[str, Any]) -> set[Key]:
    """Return what serialised content points at, as a revision stores it; a query for what it always shows."""
    found: set[Key] = set()
    for kind in getattr(model, "always_shows", ()):
        found |= {(kind, key) for key in material()[kind]._base_manager.values_list("pk", flat=True)}
    for target, key in _references(model, data, BOOKKEEPING):
        kind = kind_of(target)
        if kind and str(key).isdigit():
            found.add((kind, int(key)))
    return found


def things_shown_by(page: Any) -> list[Shown]:
    """Return the page's own material as it stands now, in order; at most one query for each kind."""
    return things(keys_shown_by(type(page), page.serializable_data()))


def things(keys: Iterable[Key]) -> list[Shown]:
    """Return things as they stand now, in order; pages are left out, and so is what is gone.

    Within a transaction they stay so until its end: what is judged is what becomes public.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, key in keys:
        wanted[kind].add(key)
    shown = [
        thing(row)
        for kind, model in material().items()
        if kind in wanted
        for row in held(model).filter(pk__in=wanted[kind]).order_by("pk")
    ]
    return sorted(shown)


def held(model: type[models.Model]) -> models.QuerySet[Any]:
    """Return the rows of a model, to be held until the transaction ends if there is one."""
    rows: models.QuerySet[Any] = model._base_manager.all()
    if not connection.in_atomic_block:
        return rows
    parents = [parent.name for parent in model._meta.parents.values() if parent is not None]
    return rows.select_for_update(of=("self", *parents), no_key=True)


def thing(row: Any) -> Shown:
    """Return a row of a model with ``shown_as`` as a thing that pages show."""
    return Shown(row.shown_as, row.pk, digest_of(row.shown_as, said(row)), str(row)[:255], file_name(row))


def file_name(row: Any) -> str:
    """Return the name under which readers fetch the file of a row, or "" where it tells them nothing."""
    if not getattr(row, "address_has_name", False) or not row.file:
        return ""
    return PurePosixPath(row.file.name).name


def said(row: Any) -> dict[str, Any]:
    """Return what readers see of a row, by field."""
    return {name: getattr(row, name) for name in row.readers_see}


def digest_of(kind: str, said: Mapping[str, Any]) -> str:
    """Return the sha256 of what readers see of a thing, in hexadecimal."""
    plain = {name: v.replace("\r\n", "\n") if isinstance(v, str) else v for name, v in said.items()}
    text = json.dumps([kind, plain], cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def types_that_always_show(kind: str) -> list[type[Page]]:
    """Return the types of page that show every thing of a kind without pointing at it."""
    return [m for m in apps.get_models() if issubclass(m, Page) and kind in getattr(m, "always_shows", ())]


def kind_of(model: type[models.Model] | None) -> str:
    """Return the kind of thing that rows of a model are to readers, or "" where they are none."""
    kind: str = getattr(model, "shown_as", "")
    is_page = isinstance(model, type) and issubclass(model, Page)
    return kind or (PAGE if is_page else "")


@cache
def material() -> dict[str, type[models.Model]]:
    """Return the models whose rows pages show as their own material, by kind."""
    found = {model.__dict__.get("shown_as", ""): model for model in apps.get_models()}
    return {kind: found[kind] for kind in sorted(filter(None, found))}


def _references(
    model: type[models.Model], data: Mapping[str, Any], ignored: frozenset[str] = frozenset()
) -> Iterator[tuple[type[models.Model] | None, Any]]:
    for column in model._meta.fields:
        value = data.get(column.name)
        points_nowhere = column.primary_key or isinstance(column, ParentalKey)
        if value in (None, "") or column.name in ignored or points_nowhere:
            continue
        if isinstance(column, StreamField):
            yield from _in_block(column.stream_block, json.loads(value))
        elif isinstance(column, RichTextField):
            yield from _in_rich_text(value)
        elif column.many_to_one or column.one_to_one:
            yield column.related_model, value
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        for child in () if name in ignored else data.get(name, ()):
            yield from _references(relation.related_model, child)


def _in_block(block: Block, value: Any) -> Iterator[tuple[type[models.Model] | None, Any]]:
    for child, part in _parts(block, value):
        yield from _in_block(child, part)
    if isinstance(block, RichTextBlock):
        yield from _in_rich_text(value)
    elif isinstance(block, ChooserBlock):
        yield block.model_class, value
    elif isinstance(block, ImageBlock):
        # Stored before the words of an image had a place of their own: the key alone.
        yield get_image_model(), value


def _parts(block: Block, value: Any) -> Iterator[tuple[Block, Any]]:
    """Give the blocks within a block with what is stored for each."""
    if isinstance(block, BaseStreamBlock):
        for child in value or ():
            if child["type"] in block.child_blocks:
                yield block.child_blocks[child["type"]], child["value"]
    elif isinstance(block, ListBlock):
        for item in value or ():
            yield block.child_block, item_value(item)
    elif isinstance(block, BaseStructBlock) and isinstance(value, Mapping):
        for name, child in block.child_blocks.items():
            yield child, value.get(name)


def _in_rich_text(value: str | None) -> Iterator[tuple[type[models.Model], str]]:
    for model, key, *_paths in extract_references_from_rich_text(value or ""):
        yield model, key
