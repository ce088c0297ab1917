"""Markdown's block structure to blocks of the document tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from .assembly import Assembler, plain_paragraphs, words_of_block
from .document import (
    Block,
    Code,
    Heading,
    Item,
    LeftOut,
    Lines,
    LinkTarget,
    ListBlock,
    Mermaid,
    Paragraph,
    Table,
)
from .html_blocks import BLOCK_TAGS, read_fragment
from .inline import IN_A_CELL, Inline, flat, joined, plain, plain_inline
from .markdown_inline import InlineReader, markdown_parser

_CALLOUT = re.compile(r"\[!([\w-]{1,40})(?:\|[^\]\n]{0,80})?\][+-]?[ \t]*([^\n]*)(?:\n|$)")
_TAG_START = re.compile(r"\s*</?([a-zA-Z][a-zA-Z0-9]*)")
_BROKEN_TAG = re.compile(r"<[a-zA-Z/][^<>]*(?:<|\Z)|<[!?]")
"""Where a parser of HTML would drop what follows."""
_WHOLE_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")
_EXTERNAL = re.compile(r'<a href="(?!document:)([^"]*)">')
_OUTER_PIPES = re.compile(r"^\||(?<!\\)\|$")
_MERMAID = ("mermaid", "{mermaid}")


def _in_a_note(block: Block) -> list[Inline]:
    """The words of a block inside a footnote, where only words can stand."""
    if isinstance(block, Table):
        return [plain(part) for part in (block.caption, *(" | ".join(row) for row in block.rows)) if part]
    words = [content for content, _ in words_of_block(block)]
    other = [getattr(block, name, "") for name in ("text", "alt", "caption", "source")]
    return words or [plain(part) for part in other if part]


class MarkdownBlocks:
    """Blocks of one Markdown text; after `read`, ``links``, ``left_out`` and ``warnings`` are filled."""

    def __init__(self) -> None:
        self._md = markdown_parser()
        self._env: dict[str, Any] = {}
        self._inline = InlineReader(self._md, self._env)
        self._assembler = Assembler()
        self._tokens: list[Token] = []
        self._lines: list[str] = []
        self._position = 0
        self._notes: list[tuple[str, list[Inline], Lines]] = []
        self._note: list[Inline] | None = None
        self._html_open = False
        self._quotes: list[Lines] = []
        self._here = Lines(1, 1)
        self.warnings: list[str] = []

    @property
    def links(self) -> list[LinkTarget]:
        """Links to other documents, in reading order."""
        return self._inline.links

    @property
    def left_out(self) -> list[LeftOut]:
        """What was left out, with reasons."""
        return self._inline.left_out

    def read(self, text: str) -> tuple[Block, ...]:
        """Blocks of a text; what Markdown's parser cannot take is read as plain paragraphs."""
        self._lines = text.split("\n")
        try:
            self._tokens = self._md.parse(text, self._env)
        except (RecursionError, IndexError, ValueError):
            self.warnings.append("The Markdown is too tangled to be parsed; it was read as plain paragraphs.")
            return plain_paragraphs(text)
        handlers = self._handlers()
        for index, token in enumerate(self._tokens):
            if token.map:
                self._here = Lines(token.map[0] + 1, max(token.map[0] + 1, token.map[1]))
            self._position = index
            if handler := handlers.get(token.type):
                handler(token)
        self._write_notes()
        self.left_out.extend(self._inline.unused_definitions())
        if self._inline.plain_pieces:
            self.warnings.append(
                "Some text is too tangled to be parsed as Markdown; its marks stand as they are."
            )
        return self._assembler.finish(self._here.last)

    def _handlers(self) -> dict[str, Callable[[Token], None]]:
        assembler = self._assembler
        return {
            "inline": self._words,
            "bullet_list_open": lambda token: assembler.open_list(ordered=False),
            "ordered_list_open": self._open_ordered_list,
            "bullet_list_close": lambda token: assembler.close_list(),
            "ordered_list_close": lambda token: assembler.close_list(),
            "list_item_open": lambda token: assembler.open_item(),
            "list_item_close": lambda token: assembler.close_item(),
            "blockquote_open": self._open_quote,
            "blockquote_close": lambda token: assembler.close_quote(self._quotes.pop()),
            "table_open": self._table,
            "fence": self._fence,
            "code_block": self._code_block,
            "html_block": lambda token: self._html(token.content),
            "math_block": self._maths,
            "footnote_reference_open": self._open_note,
            "footnote_reference_close": self._close_note,
        }

    def _open_ordered_list(self, token: Token) -> None:
        self._assembler.open_list(ordered=True, start=int(token.attrs.get("start", 1)))

    def _maths(self, token: Token) -> None:
        words = " ".join(token.content.split())
        self._paragraph(plain(f"$${words}$$"), self._here)

    def _open_note(self, token: Token) -> None:
        self._note = []
        self._notes.append((str(token.meta["label"]), self._note, self._here))

    def _close_note(self, token: Token) -> None:
        self._note = None

    def _words(self, token: Token) -> None:
        opener = self._tokens[self._position - 1] if self._position else None
        if token.meta.get("done"):
            return
        content = self._inline.read(token.content, self._here)
        if opener is not None and opener.type == "heading_open":
            level = int(opener.tag[1])
            if self._note is not None:
                self._note.append(content)
            elif content.text:
                text, html = content.text.replace("\n", " "), content.html.replace("<br>", " ")
                self._assembler.add(Heading(self._here, text=text, level=level, html=html))
        else:
            self._paragraph(content, self._here)
        self._put_images()

    def _paragraph(self, content: Inline, lines: Lines) -> None:
        if self._note is not None:
            self._note.append(content)
        else:
            self._assembler.paragraph(content, lines)

    def _put_images(self) -> None:
        for image in self._inline.images:
            self._assembler.add(image)
        self._inline.images.clear()

    def _open_quote(self, token: Token) -> None:
        self._quotes.append(self._here)
        following = self._tokens[self._position + 1 : self._position + 3]
        if len(following) == 2 and following[1].type == "inline":
            match = _CALLOUT.match(following[1].content)
            if match:
                title = self._inline.read(match.group(2), self._here).text if match.group(2).strip() else ""
                following[1].content = following[1].content[match.end() :]
                self._assembler.open_quote(match.group(1).lower(), title)
                return
        self._assembler.open_quote()

    def _table(self, token: Token) -> None:
        rows: list[list[str]] = []
        columns = 0
        for inner in self._tokens[self._position + 1 :]:
            if inner.type == "table_close":
                break
            if inner.type == "tr_open":
                rows.append([])
                cells = self._cells(inner, columns)
            elif inner.type == "tr_close":
                columns = columns or len(rows[-1])
                rows[-1] += [self._cell(cell) for cell in cells[columns:]]
            elif inner.type == "inline":
                if len(rows[-1]) < len(cells):
                    inner.content = cells[len(rows[-1])]
                rows[-1].append(self._cell(inner.content))
                inner.meta["done"] = True
        header = bool(rows) and any(rows[0])
        kept = tuple(tuple(row) for row in rows if any(row))
        if self._note is not None:
            self._note.extend(plain(" | ".join(row)) for row in kept)
        elif kept:
            self._assembler.add(Table(self._here, rows=kept, header=header))
        self._put_images()

    def _cell(self, content: str) -> str:
        read = self._inline.read(content, self._here)
        addresses = (unescape(address) for address in _EXTERNAL.findall(read.html))
        self.left_out.extend(LeftOut(address, IN_A_CELL, self._here) for address in addresses)
        return flat(read)

    def _cells(self, row: Token, columns: int) -> list[str]:
        """The cells of a row that has more than the table has columns: the standard drops what is over.

        Pipes within code are no borders here. Empty for a row of the right length.
        """
        if not row.map or not columns or self._lines[row.map[0]].count("|") < columns:
            return []
        cells = _OUTER_PIPES.sub("", self._lines[row.map[0]].strip(" \t>"))
        pieces = escapedSplit(cells)
        if len(pieces) <= columns:
            return []
        joined_cells: list[str] = []
        for piece in pieces:
            if joined_cells and joined_cells[-1].count("`") % 2:
                joined_cells[-1] += "|" + piece
            else:
                joined_cells.append(piece)
        return [cell.strip() for cell in joined_cells]

    def _fence(self, token: Token) -> None:
        info = token.info.strip().split(None, 1)
        language = info[0] if info else ""
        source = token.content.rstrip("\n")
        if len(info) > 1:
            where = Lines(self._here.first, self._here.first)
            self.left_out.append(LeftOut(info[1], "a setting of a code fence", where))
        if not source.strip():
            if language:
                self.left_out.append(LeftOut(language, "the language of an empty code fence", self._here))
            return
        if self._note is not None:
            self._note.append(plain(source))
        elif language.lower() in _MERMAID:
            self._assembler.add(Mermaid(self._here, text=source))
        else:
            self._assembler.add(Code(self._here, text=source, language=language[:40]))

    def _code_block(self, token: Token) -> None:
        match = _TAG_START.match(token.content)
        if self._html_open and match and match.group(1).lower() in BLOCK_TAGS:
            self._html(token.content)
        elif self._note is not None:
            self._note.append(plain(token.content))
        elif token.content.strip():
            self._assembler.add(Code(self._here, text=token.content.rstrip("\n")))

    def _html(self, content: str) -> None:
        """Raw HTML; after a tag that was not closed, indented lines go on being HTML and are not code."""
        self._html_open = True
        if content.lstrip().startswith(("<?", "<!")):
            self.left_out.append(
                LeftOut(content.strip(), "a declaration in the source's own code", self._here)
            )
            return
        if _BROKEN_TAG.search(content):
            self._paragraph(plain_inline(_WHOLE_TAG.sub(" ", content)), self._here)
            return
        read = read_fragment(content, self._here.first)
        self.links.extend(read.links)
        self.left_out.extend(read.left_out)
        for block in read.blocks:
            if isinstance(block, Paragraph):
                self._paragraph(Inline(block.text, block.html), block.lines)
            elif self._note is not None:
                self._note.extend(_in_a_note(block))
            else:
                self._assembler.add(block)

    def _write_notes(self) -> None:
        """Footnotes as one list at the end, each with the label it is called by."""
        notes = [*self._notes, *((label, [words], lines) for label, words, lines in self._inline.notes)]
        items = []
        for label, words, lines in notes:
            content = joined([part for part in words if part.text])
            mark = plain(f"[{label}]")
            items.append(
                Item(f"{mark.text} {content.text}".strip(), lines, 0, f"{mark.html} {content.html}".strip())
            )
        if items:
            span = Lines(items[0].lines.first, max(item.lines.last for item in items))
            self._assembler.add(ListBlock(span, items=tuple(items)))
