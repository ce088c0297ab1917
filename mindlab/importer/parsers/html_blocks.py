"""HTML elements to blocks: one walk without recursion, for whole pages, raw HTML in Markdown, and docx."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from lxml import etree

from .assembly import Assembler
from .document import Block, Code, Furniture, Heading, Image, LeftOut, Lines, LinkTarget, Mermaid, Table
from .inline import (
    IN_A_CELL,
    REFUSED,
    SAME_PAGE,
    TAGS,
    WITHOUT_WORDS,
    Inline,
    InlineWriter,
    judge_link,
    raised,
)

MAX_NESTING = 400
"""Elements nested deeper are read without their tags (libxml2 drops what stands below 2,048)."""

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
CODE_TAGS = frozenset(
    {"script", "style", "template", "iframe", "object", "embed", "svg", "canvas", "noscript"}
)
"""Elements whose content is not prose of the page."""
_MEDIA_TAGS = frozenset({"iframe", "object", "embed", "video", "audio", "source", "track", "area"})
FORM_TAGS = frozenset({"button", "input", "select", "textarea"})
_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section
    summary table tbody td tfoot th thead tr ul
"""
BLOCK_TAGS = frozenset(_BLOCK_NAMES.split())
_CLOSED_BY_OTHERS = frozenset({"p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_MATHML_WORDS = ("mi", "mn", "mo", "ms", "mtext")
_LAYOUT_SIGNS = ("table", "h1", "h2", "h3", "h4", "pre", "blockquote")
_CALLOUT = re.compile(r"(?:^|\s)(?:callout|admonition|alert|notice)(?:[-_ ]+(\w+))?", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:^|\s)(?:language-|lang-|brush:\s*)(\w+)|(?:^|\s)(mermaid)(?:\s|$)")

Element: TypeAlias = Any
"""An lxml element; lxml carries no types."""
SkipRule = Callable[[Element], str]
"""The reason why an element is left out, "" to keep it."""


@dataclass(frozen=True, slots=True)
class Read:
    """Blocks of some HTML, with the links in it and what was left out."""

    blocks: tuple[Block, ...]
    links: tuple[LinkTarget, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def parse_tree(html: str) -> Element | None:
    """The element tree of a text as HTML5 tokenises it; None when there is nothing in it."""
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(_shallow(html).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _shallow(html: str) -> str:
    if html.count("<") < MAX_NESTING:
        return html
    parts: list[str] = []
    depth, done = 0, 0
    for match in _TAG.finditer(html):
        name = match.group(2).lower()
        if name in _VOID or name in _CLOSED_BY_OTHERS or match.group().endswith("/>"):
            continue
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        if depth > MAX_NESTING or (match.group(1) and depth == MAX_NESTING):
            parts += [html[done : match.start()], "\n"]
            done = match.end()
    return "".join(parts) + html[done:] if parts else html


def read_fragment(html: str, first_line: int = 1) -> Read:
    """Blocks of a piece of HTML whose first line is line ``first_line`` of the source."""
    root = parse_tree(html)
    if root is None:
        return Read(())
    return HtmlReader(first_line - 1).read(root)


def words_of(element: Element) -> str:
    """The words inside an element, code and comments left aside, with single spaces."""
    parts: list[str] = []
    todo: list[Element | str] = [element]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node.tag, str) and node.tag not in CODE_TAGS:
            parts.append(" " if node.tag in BLOCK_TAGS or node.tag == "br" else "")
            parts.append(node.text or "")
            for child in reversed(node):
                todo += [child.tail or "", child]
    return " ".join("".join(parts).split())


class HtmlReader:
    """Walks an element tree and assembles blocks; ``skip`` says which elements are furniture.

    ``embedded`` is for HTML made from a Word file: images are called ``embedded:N`` there, and links
    within the page are the file's own notes.
    """

    def __init__(self, line_offset: int = 0, skip: SkipRule | None = None, *, embedded: bool = False) -> None:
        self._embedded = embedded
        self._offset = line_offset
        self._skip = skip
        self._assembler = Assembler()
        self._links: list[LinkTarget] = []
        self._left: list[LeftOut] = []
        self._writer = InlineWriter(collapse=True)
        self._inline: list[tuple[str, str]] = []
        self._pending: list[Image | Furniture] = []
        """What stands inside a line of text and follows it as a block."""
        self._line = self._last = self._here = 1 + line_offset
        self._formulas: list[str] = []
        self._table: _TableReader | None = None
        self._pre: list[str] | None = None
        self._pre_inside = 0
        self._caption = False

    def read(self, root: Element) -> Read:
        """Blocks of everything under an element."""
        todo: list[tuple[Element, bool]] = [(root, False)]
        while todo:
            element, closing = todo.pop()
            if closing:
                self._end(element)
            elif isinstance(element.tag, str) and self._start(element):
                self._text(element.text)
                todo.append((element, True))
                todo.extend((child, False) for child in reversed(element))
                continue
            if element is not root:
                self._text(element.tail)
        self._flush()
        if self._formulas:
            reason = "the signs of formulas, which stand in the text as TeX"
            self._left.append(LeftOut(" ".join(self._formulas), reason, Lines(1, self._last)))
        return Read(self._assembler.finish(self._last), tuple(self._links), tuple(self._left))

    def _start(self, element: Element) -> bool:
        tag = str(element.tag)
        self._here = max(self._here, (element.sourceline or 0) + self._offset)
        if tag in CODE_TAGS or tag in FORM_TAGS or (self._skip and self._skip(element)):
            self._leave_out(element, tag)
            return False
        if tag == "math":
            self._formula(element)
            return False
        if self._pre is not None:
            self._pre_inside += tag == "pre"
            return True
        if self._table is not None:
            return self._start_in_table(element, tag, self._table)
        if tag in BLOCK_TAGS:
            self._flush()
            self._start_block(element, tag)
        else:
            self._start_inline(element, tag)
        return True

    def _start_in_table(self, element: Element, tag: str, table: _TableReader) -> bool:
        if tag in ("sup", "sub"):
            table.write(raised("".join(element.itertext()), tag))
            return False
        if tag in BLOCK_TAGS or tag in ("br", "img"):
            table.start(element, self)
        elif tag == "a":
            address = self._judged(element)
            if address and not address.startswith("document:"):
                self._note(address, IN_A_CELL)
        return True

    def _note(self, words: str, reason: str) -> None:
        self._left.append(LeftOut(words, reason, Lines(self._here, self._here)))

    def _note_media(self, element: Element) -> None:
        """The address of a film, a sound or a frame, which no draft holds."""
        names = ("src", "data", "href", "title", "alt")
        words = " ".join(value[:2000] for name in names if (value := (element.get(name) or "").strip()))
        if words:
            self._note(words, f"the address of a <{element.tag}>, which is not imported")

    def _leave_out(self, element: Element, tag: str) -> None:
        reason = self._skip(element) if self._skip else ""
        here = Lines(self._here, self._here)
        if tag in CODE_TAGS:
            if tag in _MEDIA_TAGS:
                self._note_media(element)
            words = " ".join(" ".join(element.itertext()).split())
            code = tag in ("script", "style")
            if words:
                self._left.append(LeftOut(words[:200] if code else words, f"inside a <{tag}>", here))
        elif words := words_of(element):
            if tag in FORM_TAGS:
                reason = reason or "a control of the old site"
            self._pending.append(Furniture(here, text=words, reason=reason))

    def _start_block(self, element: Element, tag: str) -> None:
        if tag in ("ul", "ol", "menu", "dir"):
            first = element.get("start") or "1"
            start = int(first) if first.isascii() and first.isdigit() and len(first) < 6 else 1
            self._assembler.open_list(ordered=tag == "ol", start=start)
        elif tag == "li":
            self._assembler.open_item()
        elif tag == "blockquote":
            self._assembler.open_quote()
        elif tag == "pre":
            self._pre = []
        elif tag == "figcaption":
            self._caption = True
        elif tag == "table" and not _is_layout(element):
            self._table = _TableReader(self._here)
        elif variant := _callout_variant(element, tag):
            self._assembler.open_quote(variant)

    def _start_inline(self, element: Element, tag: str) -> None:
        if tag == "br":
            self._writer.line_break()
        elif tag == "img":
            self._image(element)
        elif tag in _MEDIA_TAGS:
            self._note_media(element)
        elif tag in TAGS:
            href = self._judged(element) if tag == "a" else ""
            if href and not words_of(element):
                self._note(href.removeprefix("document:"), WITHOUT_WORDS)
            self._inline.append((tag, href))
            self._writer.start(tag, href)

    def _judged(self, element: Element) -> str:
        href = (element.get("href") or "")[:4000]
        fate, address = judge_link(href) if href else ("text", "")
        here = Lines(self._here, self._here)
        if fate == "refused":
            self._left.append(LeftOut(address, REFUSED, here))
        elif fate == "text" and address and not self._embedded:
            self._left.append(LeftOut(address, SAME_PAGE, here))
        if fate == "document":
            self._links.append(LinkTarget(address, words_of(element), Lines(self._here, self._here)))
            return "document:" + address
        return address if fate == "external" else ""

    def _formula(self, element: Element) -> None:
        """A formula as its TeX where it has one; the same formula in MathML is then left out."""
        source = next((node.text for node in element.iter("annotation") if node.text), element.get("alttext"))
        signs = [node.text.strip() for node in element.iter(*_MATHML_WORDS) if node.text]
        if not source:
            self._text(" ".join(signs))
            return
        tex = re.sub(r"^\{\\displaystyle\s+(.*)\}$", r"\1", source.strip(), flags=re.DOTALL)
        self._text(f"${tex.strip()}$")
        self._formulas += [*signs, "displaystyle"] if tex != source.strip() else signs

    def _image(self, element: Element) -> None:
        several = (element.get("srcset") or "").strip().split(",")[0].split()
        source = (element.get("src") or element.get("data-src") or (several[0] if several else "")).strip()
        alt = " ".join((element.get("alt") or "").split())
        if "fallback" in (element.get("class") or ""):
            return
        embedded = self._embedded and source.startswith("embedded:")
        if not source or (judge_link(source)[0] in ("refused", "text") and not embedded):
            if alt:
                here = Lines(self._here, self._here)
                self._left.append(LeftOut(alt, "an image without a file of its own", here))
            return
        self._pending.append(Image(Lines(self._here, self._here), source=source, alt=alt))

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self._pre is not None:
            self._pre.append(text)
        elif self._table is not None:
            self._table.write(text)
        else:
            if self._writer.empty:
                blank = len(text) - len(text.lstrip())
                self._line = self._here + text.count("\n", 0, blank)
            self._writer.write(text)
        words = text.rstrip()
        if words:
            self._last = max(self._last, self._here + words.count("\n"))
        self._here += text.count("\n")

    def _end(self, element: Element) -> None:
        tag = str(element.tag)
        if self._pre is not None:
            self._end_in_pre(element, tag)
        elif self._table is not None:
            if tag == "table" and self._table.end_table():
                table, self._table = self._table.table(self._here), None
                if table:
                    self._assembler.add(table)
                self._flush()
        elif tag in BLOCK_TAGS:
            self._end_block(element, tag)
        elif tag in TAGS:
            self._writer.end(tag)
            for index in range(len(self._inline) - 1, -1, -1):
                if self._inline[index][0] == tag:
                    del self._inline[index]
                    break

    def _end_block(self, element: Element, tag: str) -> None:
        span = Lines(self._line, max(self._line, self._last))
        if tag in HEADINGS:
            content = self._taken()
            if content.text:
                self._assembler.add(
                    Heading(
                        span, text=content.text.replace("\n", " "), level=HEADINGS[tag], html=content.html
                    )
                )
            self._put_pending()
        elif tag == "figcaption" and self._caption:
            self._caption = False
            content = self._taken()
            last = self._assembler.last
            if isinstance(last, Image) and not last.caption:
                self._assembler.replace_last(replace(last, caption=content.text))
            else:
                self._assembler.paragraph(content, span)
        else:
            self._flush()
        if tag in ("ul", "ol", "menu", "dir"):
            self._assembler.close_list()
        elif tag == "li":
            self._assembler.close_item()
        elif tag == "blockquote" or _callout_variant(element, tag):
            self._assembler.close_quote(span)

    def _end_in_pre(self, element: Element, tag: str) -> None:
        if tag != "pre":
            return
        if self._pre_inside:
            self._pre_inside -= 1
        else:
            self._close_pre(element)

    def _close_pre(self, element: Element) -> None:
        source = "".join(self._pre or []).strip("\n")
        self._pre = None
        if not source.strip():
            return
        span = Lines(max(1, self._here - source.count("\n")), self._here)
        marks = " ".join(filter(None, [element.get("class"), *(child.get("class") for child in element)]))
        match = _LANGUAGE.search(marks)
        if match and "mermaid" in match.groups():
            self._assembler.add(Mermaid(span, text=source))
        else:
            self._assembler.add(Code(span, text=source, language=(match.group(1) or "") if match else ""))

    def _taken(self) -> Inline:
        content = self._writer.finish()
        self._writer = InlineWriter(collapse=True)
        for tag, href in self._inline[-20:]:
            self._writer.start(tag, href)
        return content

    def _flush(self) -> None:
        if not self._writer.empty:
            self._assembler.paragraph(self._taken(), Lines(self._line, max(self._line, self._last)))
        self._put_pending()

    def _put_pending(self) -> None:
        for block in self._pending:
            self._assembler.add(block)
        self._pending.clear()


def _is_layout(table: Element) -> bool:
    if table.get("role") == "presentation" or next(iter(table.iter("td", "th")), None) is None:
        return True
    return any(element is not table for element in _first_two(table))


def _first_two(table: Element) -> list[Element]:
    found = []
    for element in table.iter(*_LAYOUT_SIGNS):
        found.append(element)
        if len(found) == 2:
            break
    return found


def _callout_variant(element: Element, tag: str) -> str:
    if tag not in ("div", "aside", "section"):
        return ""
    match = _CALLOUT.search(element.get("class") or "")
    return (match.group(1) or "note").lower() if match else ""


class _TableReader:
    """Collects the cells of a data table as plain text."""

    def __init__(self, line: int) -> None:
        self._first = line
        self._rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._caption: list[str] | None = None
        self._captions: list[str] = []
        self._loose: list[str] = []
        self._span = self._down = 1
        self._hanging: dict[int, int] = {}
        """How many more rows a cell above reaches into, by column."""
        self._header = False
        self._depth = 1

    def start(self, element: Element, reader: HtmlReader) -> None:
        tag = str(element.tag)
        if tag == "table":
            self._depth += 1
        elif tag in ("tr", "td", "th", "caption") and self._depth == 1:
            self._close_cell()
            if tag == "tr":
                self._fill()
                self._rows.append([])
            elif tag == "caption":
                self._caption = []
            else:
                if not self._rows:
                    self._rows.append([])
                self._header = self._header or (tag == "th" and len(self._rows) == 1)
                self._cell = []
                self._span = _reach(element.get("colspan"))
                self._down = _reach(element.get("rowspan"))
        elif tag == "img":
            reader._image(element)
        else:
            self.write("\n")

    def write(self, text: str) -> None:
        target = self._cell if self._cell is not None else self._caption
        (self._loose if target is None else target).append(text)

    def _close_cell(self) -> None:
        if self._cell is not None:
            self._fill(closing=False)
            row = self._rows[-1]
            for column in range(len(row), len(row) + self._span):
                if self._down > 1:
                    self._hanging[column] = self._down - 1
            row += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
        if self._caption is not None:
            self._captions.append(" ".join("".join(self._caption).split()))
        self._cell = self._caption = None

    def _fill(self, *, closing: bool = True) -> None:
        """Leave the columns empty that a cell above reaches into: before the next cell, or up to the end."""
        if not self._rows:
            return
        row = self._rows[-1]
        while self._hanging.get(len(row), 0) or (closing and any(c > len(row) for c in self._hanging)):
            left = self._hanging.pop(len(row), 0)
            if left > 1:
                self._hanging[len(row)] = left - 1
            row.append("")
            if len(row) > 1000:
                return

    def end_table(self) -> bool:
        self._depth -= 1
        return self._depth == 0

    def table(self, line: int) -> Table | None:
        self._close_cell()
        rows = [row for row in self._rows if any(row)]
        caption = " ".join([*self._captions, *" ".join(self._loose).split()])
        if not rows and not caption:
            return None
        width = max((len(row) for row in rows), default=0)
        even = tuple((*row, *[""] * (min(width, 200) - len(row))) for row in rows)
        return Table(
            Lines(self._first, max(self._first, line)), rows=even, header=self._header, caption=caption
        )


def _reach(span: str | None) -> int:
    """How many columns or rows a cell takes up, 1 to 50."""
    return max(1, min(int(span), 50)) if span and span.isascii() and span.isdigit() else 1
