"""What keeps a text from being published, in one list: the same at submission, approval and publication.

Fields that a page cannot do without are named in ``required_for_review``; a block or a child row says by
a method ``blockers`` what else it lacks; rules about whole pages are registered. Each blocker says where
it stands, so that the editor's form shows it at the field and a message leads there. A draft may have any
number of them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.blocks import BaseStreamBlock, BaseStructBlock, Block, BooleanBlock, FieldBlock, ListBlock
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError, StreamValue
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import COMMENTS_RELATION_NAME
from wagtail.rich_text import RichText

Path = tuple[str | int, ...]
"""From a page to a part of it: names of fields, places of rows and blocks from 0."""

Finding = tuple[Path, str | Promise]
"""Where in a row or block something is wrong, and what to do about it."""

FILE_ENDING = re.compile(r"\.(?:avif|bmp|gif|heic|jpe?g|png|svg|tiff?|webp)$", re.IGNORECASE)
CAMERA = re.compile(
    r"(?:dscf?n?|dcim|image|img|mvimg|photo|pict?|pxl|scan|screen ?shot|untitled|whatsapp image)[\W_]*\d"
    r"[\d\W_]*(?:at[\d\W_]+)?(?:[ap]m)?",
    re.IGNORECASE,
)
NO_WORDS = re.compile(r"[\d\W_]+|[0-9a-f-]{16,}", re.IGNORECASE)
STORED_TWICE = re.compile(r"_[A-Za-z0-9]{7}$")
"""What the storage adds to a name that is taken."""


class Linked(str):
    """A sentence that names a page: plain as text, and with a link to the page where HTML is shown."""

    __slots__ = ("address", "page_title", "sentence")

    sentence: str
    page_title: str
    address: str

    def __new__(cls, sentence: str, title: str, address: str) -> Linked:
        """Put the title of a page, which stands at ``address``, in place of "{page}" in a sentence."""
        linked = super().__new__(cls, sentence.replace("{page}", title))
        linked.sentence, linked.page_title, linked.address = sentence, title, address
        return linked

    def __str__(self) -> str:
        # Not a copy as a plain string, which forms would show without the link.
        return self

    def __html__(self) -> SafeString:
        before, _page, after = self.sentence.partition("{page}")
        return format_html('{}<a href="{}">{}</a>{}', before, self.address, self.page_title, after)


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that keeps a text from being published: where it stands, and what to do about it."""

    path: Path
    message: str
    """What to do, as it reads at the field: a sentence."""
    place: str = ""
    """The name of the place for a person: "deck", "text, block 3 (table)", "claim 2"; "" if it is said."""
    anchor: str = ""
    """The fragment of the editor's address that leads there."""

    def __str__(self) -> str:
        if not self.place:
            return self.message
        return f"{self.place}: {self.message[:1].lower()}{self.message[1:]}"

    @property
    def reason(self) -> str:
        """The same without the full stop, to be joined with other reasons."""
        return str(self).rstrip(".")


Rule = Callable[[Any], Iterable[Blocker]]

_rules: list[Rule] = []


def register(rule: Rule) -> None:
    """Add a rule about whole pages; called when the app that knows the matter is ready."""
    if rule not in _rules:
        _rules.append(rule)


def blockers(page: Any) -> list[Blocker]:
    """Return what keeps the text that ``page`` holds, saved or not, from being published."""
    return [
        *_fields(page),
        *_dates(page),
        *_rows(page),
        *(blocker for rule in _rules for blocker in rule(page)),
    ]


def _dates(page: Any) -> Iterator[Blocker]:
    if page.expire_at is not None and page.expire_at <= timezone.now():
        yield Blocker(
            ("expire_at",),
            _("The date of expiry has passed: somebody who may publish has to change it, or empty it."),
        )


def is_blank(value: Any) -> bool:
    """Return whether a value says nothing: rich text may be markup alone."""
    if isinstance(value, RichText):
        value = value.source
    if isinstance(value, str):
        return not strip_tags(value).replace("\xa0", " ").strip()
    return value is None or (not isinstance(value, (bool, int, float)) and not value)


def stream(page: Any, name: str) -> StreamValue:
    """Return a stream of a page read anew from what is stored of it.

    Some blocks change what is stored as they are read, and a text must stay what was approved.
    """
    block = page._meta.get_field(name).stream_block
    return block.to_python(json.loads(json.dumps(getattr(page, name).get_prep_value())))


def blocks(page: Any) -> Iterator[tuple[str, int, StreamValue.StreamChild]]:
    """Yield the blocks of a page, read anew, each with the name of its stream and its place there."""
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            for index, child in enumerate(stream(page, field.name)):
                yield field.name, index, child


def at_field(page: Any, name: str, message: str) -> Blocker:
    """Return a blocker that stands at a field of the page."""
    label = str(page._meta.get_field(name).verbose_name)
    return Blocker((name,), str(message), label, f":w:contentpath={name}")


def at_block(
    page: Any,
    name: str,
    index: int,
    child: StreamValue.StreamChild,
    inside: Path,
    message: str | Promise,
) -> Blocker:
    """Return a blocker that stands in ``child``, the block at ``index`` of a stream of the page."""
    label = page._meta.get_field(name).verbose_name
    place = _("%(field)s, block %(number)d (%(type)s)") % {
        "field": label,
        "number": index + 1,
        "type": str(child.block.label).lower(),
    }
    names = [name, child.id, *(part for part in inside if isinstance(part, str))]
    return Blocker((name, index, *inside), str(message), place, f":w:contentpath={'.'.join(names)}")


def at_row(relation: str, index: int, row: models.Model, inside: Path, message: str | Promise) -> Blocker:
    """Return a blocker that stands in a child row, the one at ``index`` of its relation."""
    place = f"{row._meta.verbose_name} {index + 1}"
    return Blocker(
        (relation, index, *inside), str(message), place, f"inline_child_{relation}-{index}-panel-section"
    )


def _fields(page: Any) -> Iterator[Blocker]:
    for name in dict.fromkeys(("title", *page.required_for_review)):
        if is_blank(getattr(page, name)):
            yield at_field(page, name, _("Fill this in before the page is submitted."))
    for name, index, child in blocks(page):
        for inside, message in in_block(child.block, child.value):
            yield at_block(page, name, index, child, inside, message)


def _rows(page: Any) -> Iterator[Blocker]:
    for relation in get_all_child_relations(type(page)):
        name = relation.get_accessor_name()
        if name == COMMENTS_RELATION_NAME:
            continue
        for index, row in enumerate(getattr(page, name).all()):
            for inside, message in in_row(row):
                yield at_row(name, index, row, inside, message)


def in_row(row: Any) -> Iterator[Finding]:
    """Yield what is wrong with a child row: fields it cannot do without, and what it says itself."""
    for field in row._meta.concrete_fields:
        is_asked_for = field.editable and not (field.blank or field.primary_key or field.has_default())
        if is_asked_for and not isinstance(field, ParentalKey) and is_blank(getattr(row, field.attname)):
            yield (field.name,), _("Fill this in before the page is submitted.")
    for relation in get_all_child_relations(type(row)):
        name = relation.get_accessor_name()
        for index, child in enumerate(getattr(row, name).all()):
            for inside, message in in_row(child):
                yield (name, index, *inside), message
    if rule := getattr(row, "blockers", None):
        yield from rule()


def in_block(block: Block, value: Any) -> Iterator[Finding]:
    """Yield what is wrong with a block: parts it cannot do without, and what it says itself."""
    if isinstance(block, ImageBlock):
        yield from _image(block, value)
    elif isinstance(block, TableBlock):
        if not block.get_searchable_content(value):
            yield (), _("Fill in the table, or take it out.")
    elif isinstance(block, FieldBlock):
        if block.required and not isinstance(block, BooleanBlock) and is_blank(value):
            yield (), _("Fill this in before the page is submitted.")
    else:
        for key, child, part in _parts(block, value):
            for inside, message in in_block(child, part):
                yield (key, *inside), message
        if isinstance(block, ListBlock) and len(value) < (block.meta.min_num or 0):
            yield (), _("Add an item, or take the block out.")
    if rule := getattr(block, "blockers", None):
        yield from rule(value)


def _parts(block: Block, value: Any) -> Iterator[tuple[str | int, Block, Any]]:
    """Give the blocks within a block with their names or places, and what they hold."""
    if isinstance(block, BaseStreamBlock):
        for index, child in enumerate(value):
            yield index, child.block, child.value
    elif isinstance(block, ListBlock):
        for index, part in enumerate(value):
            yield index, block.child_block, part
    elif isinstance(block, BaseStructBlock):
        for name, child in block.child_blocks.items():
            yield name, child, value.get(name)


def _image(block: ImageBlock, image: Any) -> Iterator[Finding]:
    if image is None:
        # The block itself answers False whatever it was told.
        if block.child_blocks["image"].required:
            yield ("image",), _("Choose an image.")
        return
    alternative = image.contextual_alt_text or image.default_alt_text
    if image.decorative:
        return
    if is_blank(alternative):
        yield ("alt_text",), _("Say what the image shows, or mark it as decorative.")
    elif is_file_name(alternative, image.file.name):
        yield (
            ("alt_text",),
            _("Say what the image shows, or mark it as decorative: “%(text)s” is the name of a file.")
            % {"text": alternative},
        )


def is_file_name(text: str, file_name: str) -> bool:
    """Return whether words that should describe an image are the name of a file.

    That is one with an ending, one as cameras give it, or that of the file itself, sign by sign, unless
    it reads as a title: a file may well be named for what it shows.
    """
    text = text.strip()
    stem = STORED_TWICE.sub("", PurePath(file_name or "").stem)
    is_stem = text in {stem, PurePath(file_name or "").stem} and not text.istitle()
    return bool(FILE_ENDING.search(text) or CAMERA.fullmatch(text) or NO_WORDS.fullmatch(text) or is_stem)


def block_error(block: Block, value: Any, findings: Iterable[Finding]) -> ValidationError:
    """Return findings as the error that a block's form shows at each place."""
    own: list[Any] = []
    deeper: dict[str | int, list[Finding]] = defaultdict(list)
    for path, message in findings:
        if path:
            deeper[path[0]].append((path[1:], message))
        else:
            own.append(message)
    if isinstance(block, ImageBlock):
        errors = {name: ValidationError([each for _path, each in found]) for name, found in deeper.items()}
        return StructBlockValidationError(block_errors=errors)
    parts = {key: (child, part) for key, child, part in _parts(block, value)} if deeper else {}
    nested = {key: block_error(*parts[key], found) for key, found in deeper.items()}
    for container, error in _ERRORS.items():
        if isinstance(block, container):
            return error(block_errors=nested, non_block_errors=own or None)
    return ValidationError(own)


_ERRORS: Mapping[type[Block], Any] = {
    BaseStreamBlock: StreamBlockValidationError,
    ListBlock: ListBlockValidationError,
    BaseStructBlock: StructBlockValidationError,
}
