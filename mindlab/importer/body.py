"""Blocks of the document tree as StreamField data, each with an id that the same words get again."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable
from html import escape, unescape
from typing import Any

from mindlab.core.rich_text import PROSE
from mindlab.importer import sanitise
from mindlab.importer.draft import Findings, Passage, RawBlock, Resolver, Substitution, Wanted
from mindlab.importer.parsers.document import (
    Block,
    Callout,
    Code,
    DeclaredCount,
    Furniture,
    Heading,
    Image,
    Item,
    Lines,
    ListBlock,
    Mermaid,
    Paragraph,
    Quote,
    Table,
    inline,
)
from mindlab.reading.live_values import token_html

MAX_DEPTH = 2
HIGHEST, LOWEST = 2, 4
"""Levels of headings a body holds; the page's title is level 1."""
CALLOUT_KINDS = {
    "warning": "caution",
    "caution": "caution",
    "danger": "caution",
    "error": "caution",
    "attention": "caution",
    "important": "caution",
    "testimony": "testimony",
    "testimonial": "testimony",
    "case": "testimony",
    "sponsored": "sponsored",
    "advertisement": "sponsored",
    "sales": "sales",
    "offer": "sales",
}
"""The callout each word of a source becomes; any other word is a note."""

_TAG = re.compile(r"(<[^>]*>)")
_EXTERNAL = re.compile(r'<a href="(?!document:)([^"]*)">')


class Writer:
    """Turns blocks into StreamField children of one page, and keeps the passages and findings."""

    def __init__(
        self, document: uuid.UUID, resolver: Resolver, findings: Findings, count: DeclaredCount | None = None
    ) -> None:
        self.passages: list[Passage] = []
        self.findings = findings
        self._document = document
        self._resolver = resolver
        self._count = count
        self._seen: Counter[str] = Counter()
        self._shift = 0

    def demote_headings(self, blocks: tuple[Block, ...]) -> None:
        """Move all headings down so that the highest of them is a section under the page's title."""
        levels = [block.level for block in blocks if isinstance(block, Heading)]
        self._shift = max(0, HIGHEST - min(levels, default=HIGHEST))

    def block_id(self, field: str, kind: str, text: str) -> str:
        """An id made from the document, the field and the words, counted where they stand again."""
        name = f"{field}\n{kind}\n{text}"
        self._seen[name] += 1
        return str(uuid.uuid5(self._document, f"{name}\n{self._seen[name]}"))

    def add(self, stream: list[RawBlock], field: str, block: Block) -> None:
        """Append what ``block`` becomes to ``stream``, or record why it becomes nothing."""
        match block:
            case Furniture():
                self.findings.leave_out(block.text, block.reason or "furniture of the old site", block.lines)
            case Image():
                self._add_image(stream, field, block)
            case ListBlock():
                self._add_list(stream, field, list(block.items), block.lines, ordered=block.ordered)
            case _:
                kind, value, words = self._plain_block(block)
                if value is None:
                    return
                self._append(stream, field, kind, value, words, block.lines)

    def _append(
        self, stream: list[RawBlock], field: str, kind: str, value: Any, words: str, lines: Lines
    ) -> None:
        child: RawBlock = {"type": kind, "value": value, "id": self.block_id(field, kind, words)}
        stream.append(child)
        self.passages.append(Passage(field, child["id"], lines))

    def _plain_block(self, block: Block) -> tuple[str, Any, str]:
        """The type, value and words of a block that becomes one child; no value when it has no words."""
        makers: dict[type[Block], Callable[[Any], tuple[str, Any, str]]] = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Mermaid: self._diagram,
            Quote: self._quote,
            Callout: self._callout,
            Table: self._table,
            Code: self._code,
        }
        return makers[type(block)](block)

    def rich(self, html: str, lines: Lines) -> str:
        """Washed rich text of one paragraph, with links resolved and counts made live."""
        return self._live(sanitise.paragraph(html, PROSE, self.link), lines)

    def item(self, html: str, lines: Lines) -> str:
        """The same for an item of a list or a fact."""
        return self._live(sanitise.list_item(html, self.link), lines)

    def link(self, reference: str) -> int | None:
        """The page a link names; remembers the ones that name none yet."""
        page = self._resolver.page(reference)
        if page is None:
            self.findings.unresolved.append(Wanted("page", sanitise.plain(reference)))
        return page

    def counts_in(self, text: str) -> bool:
        """Whether the count the old site printed stands in ``text``."""
        return self._count is not None and bool(_count_pattern(self._count).search(text))

    def _live(self, html: str, lines: Lines) -> str:
        if self._count is None or self._resolver.topic is None:
            return html
        topic, pattern = self._resolver.topic, _count_pattern(self._count)

        def token(match: re.Match[str]) -> str:
            noun = match[2]
            one, many = _singular(noun), _plural(noun)
            after = f"the live number of {many}"
            reason = "A count of the old site: the number of published articles stands in its place."
            self.findings.substitutions.append(Substitution(match[0], after, reason, lines))
            return token_html(topic, none="", one=f"{{count}} {one}", many=f"{{count}} {many}")

        parts = _TAG.split(html)
        return "".join(part if index % 2 else pattern.sub(token, part) for index, part in enumerate(parts))

    def _heading(self, block: Heading) -> tuple[str, Any, str]:
        words = self._live(sanitise.heading(inline(block)), block.lines)
        if not words:
            return "heading", None, ""
        if block.synthetic:
            reason = "A heading of our own: the source has none here. Keep it, reword it or delete it."
            self.findings.ask("heading", block.text, reason, block.lines)
        for address in _EXTERNAL.findall(inline(block)):
            reason = "the address of a link in a heading, which holds none"
            self.findings.leave_out(unescape(address), reason, block.lines)
        level = min(max(block.level + self._shift, HIGHEST), LOWEST)
        return "heading", {"text": words, "level": str(level)}, block.text

    def _paragraph(self, block: Paragraph) -> tuple[str, Any, str]:
        return "text", self.rich(inline(block), block.lines) or None, block.text

    def _diagram(self, block: Mermaid) -> tuple[str, Any, str]:
        source, removed = sanitise.diagram(block.text)
        for line in removed:
            self.findings.leave_out(line, "an interaction or setting inside a diagram", block.lines)
        return "diagram", {"caption": "", "source": source} if source.strip() else None, block.text

    def _quote(self, block: Quote) -> tuple[str, Any, str]:
        text = self.rich(inline(block), block.lines)
        attribution = sanitise.one_line(block.attribution)
        return "quote", {"text": text, "attribution": attribution} if text else None, block.text

    def _callout(self, block: Callout) -> tuple[str, Any, str]:
        kind = CALLOUT_KINDS.get(block.variant.casefold(), "note")
        text, title = self.rich(inline(block), block.lines), sanitise.one_line(block.title)
        if not text and title:
            text, title = f"<p>{escape(title, quote=False)}</p>", ""
        value = {"kind": kind, "title": title, "text": text}
        return "callout", value if text else None, block.title + block.text

    def _table(self, block: Table) -> tuple[str, Any, str]:
        width = max((len(row) for row in block.rows), default=0)
        rows = [[sanitise.plain(cell) for cell in row] + [""] * (width - len(row)) for row in block.rows]
        value = {
            "data": rows,
            "first_row_is_table_header": block.header,
            "first_col_is_header": False,
            "table_header_choice": "row" if block.header else "neither",
            "table_caption": sanitise.one_line(block.caption),
            "cell": [],
            "mergeCells": [],
        }
        return "table", value if width else None, "\n".join("\t".join(row) for row in rows)

    def _code(self, block: Code) -> tuple[str, Any, str]:
        return "text", sanitise.code(block.text) if block.text.strip() else None, block.text

    def _add_list(
        self, stream: list[RawBlock], field: str, items: list[Item], lines: Lines, *, ordered: bool = False
    ) -> None:
        children: list[RawBlock] = []
        for item in items:
            # A list is numbered as a whole or not at all: the number of an item in another one is words.
            mark = f"{item.number}. " if item.number and not ordered else ""
            text = self.item(mark + inline(item), item.lines)
            if text:
                value = {"text": text, "depth": str(min(item.depth, MAX_DEPTH))}
                identifier = self.block_id(field, "item", item.text)
                children.append({"type": "item", "value": value, "id": identifier})
                self.passages.append(Passage(field, identifier, item.lines))
        if children:
            first = next((item.number for item in items if item.number), 1)
            if ordered and first > 1:
                reason = "The list began with this number; lists begin with 1 here."
                self.findings.leave_out(f"{first}.", reason, lines)
            words = "\n".join(item.text for item in items)
            self._append(stream, field, "list", {"ordered": ordered, "items": children}, words, lines)

    def _add_image(self, stream: list[RawBlock], field: str, block: Image) -> None:
        answer = self._resolver.image(block.source)
        if answer.image is None:
            words = " ".join(part for part in (block.source, block.alt, block.caption) if part)
            self.findings.leave_out(words, answer.reason, block.lines)
            self.findings.ask("image", block.source, answer.reason, block.lines)
            if answer.may_come:
                self.findings.unresolved.append(Wanted("image", sanitise.plain(block.source)))
            return
        alt, caption = (
            sanitise.one_line(block.alt),
            self.item(escape(block.caption, quote=False), block.lines),
        )
        if not alt:
            reason = "Describe the image for readers who do not see it, or mark it as decoration."
            self.findings.ask("alt text", block.source, reason, block.lines)
        image = {"image": answer.image, "alt_text": alt, "decorative": False}
        words = f"{block.source}\n{block.alt}"
        self._append(stream, field, "image", {"image": image, "caption": caption}, words, block.lines)


def _count_pattern(count: DeclaredCount) -> re.Pattern[str]:
    nouns = sorted({_singular(count.noun), _plural(count.noun)}, key=len, reverse=True)
    return re.compile(rf"\b({count.value})\s+({'|'.join(map(re.escape, nouns))})\b", re.IGNORECASE)


def _singular(noun: str) -> str:
    if noun.casefold().endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.casefold().endswith("s") else noun


def _plural(noun: str) -> str:
    if noun.casefold().endswith("s"):
        return noun
    return noun[:-1] + "ies" if noun.casefold().endswith("y") else noun + "s"
