"""Word files: mammoth makes HTML of them, and the walk over HTML makes blocks."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

import mammoth

from . import roles
from .document import Block, Item, Kind, Lines, ListBlock, ParsedDocument, Table
from .docx_parts import Prepared, prepare
from .errors import DocumentError
from .html_blocks import HtmlReader, parse_tree

MAX_BYTES = 100_000_000
"""Unpacked size of all parts together."""
MAX_XML_BYTES = 2_500_000
"""Unpacked size of the XML parts together, some 250 pages; mammoth needs seconds for each megabyte."""
MAX_RATIO = 200
"""Unpacked size by packed size, of any part larger than a megabyte."""
MAX_PARTS = 10_000
_UNREADABLE = (BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error)
"""What zipfile and zlib raise for damaged archives; RecursionError is a RuntimeError."""
_STYLE = re.compile(r"\bstyle\b", re.IGNORECASE)
"""Messages about styles that have no element of their own say nothing of the words."""
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p.subtitle:fresh > em
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Bullet 3'] => ul|ol > li > ul|ol > li > ul > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='List Number 3'] => ul|ol > li > ul|ol > li > ol > li:fresh
"""


def parse_docx(data: bytes, name: str, kind: Kind | None = None) -> ParsedDocument:
    """A Word file as a document tree; ``name`` is its path, ``kind`` what it is, if known.

    ``text`` is the file's words line by line, and line numbers are those of it. Images are noted as
    ``embedded:N`` and not unpacked. Raises `DocumentError` for what is no Word file, for one that
    unpacks to more than `MAX_BYTES`, and for one with entities of its own.
    """
    _check(data)
    prepared = _prepared(data)
    html, warnings = _html(prepared.data)
    root = parse_tree(html) if html.strip() else None
    if root is None:
        raise DocumentError("The Word file has no words in it.")
    read = HtmlReader(embedded=True).read(root)
    blocks, text = _numbered(read.blocks)
    if not text.strip():
        raise DocumentError("The Word file has no words in it.")
    outline = roles.Outline(blocks, kind=kind)
    roles.find_title(outline, name)
    roles.find_deck(outline)
    roles.find_count(outline)
    roles.find_kind(outline)
    if outline.kind == "concept":
        roles.assign_sections(outline)
    return ParsedDocument(
        kind=outline.kind or "article",
        title=outline.title,
        title_lines=outline.title_lines,
        deck=outline.deck,
        deck_lines=outline.deck_lines,
        declared_count=outline.count,
        blocks=tuple(outline.blocks),
        text=text,
        links=read.links,
        guesses=tuple(outline.guesses),
        left_out=(*read.left_out, *prepared.left_out),
        warnings=(*prepared.warnings, *warnings),
    )


def _check(data: bytes) -> None:
    """Refuse what would be dangerous or useless to unpack, from the list of parts alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_list(parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        head = stream.read(part.file_size + 1)
                    if len(head) > part.file_size:
                        raise DocumentError("The Word file is damaged: a part is larger than it says.")
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"<\0!\0D\0O" in head:
                        raise DocumentError("The Word file declares entities of its own; it was not opened.")
    except (
        BadZipFile,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise DocumentError("The Word file is damaged and cannot be opened.") from error


def _check_list(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if "word/document.xml" not in names or len(parts) > MAX_PARTS or len(names) != len(parts):
        raise DocumentError("This is not a Word file.")
    if any(part.flag_bits & 1 for part in parts):
        raise DocumentError("The Word file is protected by a password.")
    if sum(part.file_size for part in parts) > MAX_BYTES or any(map(_is_bomb, parts)):
        raise DocumentError("The Word file unpacks to far more than a document; it was not opened.")
    if sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))) > MAX_XML_BYTES:
        raise DocumentError("The Word file is too long to be imported in one piece; divide it.")


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > 1_000_000 and part.file_size > MAX_RATIO * max(1, part.compress_size)


def _prepared(data: bytes) -> Prepared:
    try:
        return prepare(data)
    except _UNREADABLE as error:
        raise DocumentError("The Word file is damaged and cannot be read.") from error


def _html(data: bytes) -> tuple[str, tuple[str, ...]]:
    numbers = iter(range(1, MAX_PARTS * 100))

    def number_image(image: Any) -> dict[str, str]:
        return {"src": f"embedded:{next(numbers)}"}

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(number_image),
            external_file_access=False,
        )
    except (*_UNREADABLE, KeyError, AttributeError, IndexError, TypeError, ExpatError) as error:
        raise DocumentError("The Word file is damaged and cannot be read.") from error
    messages = dict.fromkeys(str(message.message) for message in result.messages)
    return str(result.value), tuple(message for message in messages if not _STYLE.search(message))


def _numbered(blocks: tuple[Block, ...]) -> tuple[list[Block], str]:
    """The blocks with lines of a text that is written out from them, and that text."""
    out: list[Block] = []
    text: list[str] = []
    for block in blocks:
        first = len(text) + 1
        if isinstance(block, ListBlock):
            items: list[Item] = []
            for item in block.items:
                start = len(text) + 1
                text += item.text.split("\n")
                items.append(replace(item, lines=Lines(start, len(text))))
            out.append(replace(block, items=tuple(items), lines=Lines(first, max(first, len(text)))))
        else:
            text += _written(block)
            out.append(replace(block, lines=Lines(first, max(first, len(text)))))
        text.append("")
    return out, "\n".join(text)


def _written(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from ("\t".join(row) for row in block.rows)
    else:
        words = getattr(block, "text", "") or getattr(block, "alt", "") or getattr(block, "source", "")
        yield from words.split("\n")
