"""Inline Markdown to words and inline HTML, with a bound on the work that any text can ask for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from .document import Image, LeftOut, Lines, LinkTarget
from .html_blocks import CODE_TAGS
from .inline import REFUSED, SAME_PAGE, TAGS, WITHOUT_WORDS, Inline, InlineWriter, judge_link, plain
from .links import Wikilink, highlight_plugin, wikilink_plugin

PIECE = 8_000
"""Characters of one run of text that are parsed at once."""
WORK_PER_PIECE = 4_000_000
WORK_PER_DOCUMENT = 250_000_000
"""Bounds on characters times openers (``[``, ``<``): looking for a match is quadratic in them."""

_PIECE_END = re.compile(r"(?<=[.!?])\s+")
_MARKS = re.compile(r"[\n!$&*<=\[\\\]^_`~]")
"""Without one of these there is nothing inline to parse."""
_SOURCE = re.compile(r"""\s(?:src|data)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_HTML_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")


def markdown_parser() -> MarkdownIt:
    """CommonMark with tables, strikethrough, footnotes, maths and wikilinks, for blocks alone at first."""
    md = MarkdownIt("commonmark", {"maxNesting": 240, "html": True})
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin, move_to_end=False, always_match_refs=True)
    md.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False)
    md.use(wikilink_plugin)
    md.use(highlight_plugin)
    md.core.ruler.disable(["inline", "text_join"])
    md.validateLink = _any_link  # type: ignore[method-assign]
    md.normalizeLink = _as_written  # type: ignore[method-assign]
    return md


def _any_link(url: str) -> bool:
    return True


def _as_written(url: str) -> str:
    return url


@dataclass(slots=True)
class InlineReader:
    """Reads inline Markdown, and keeps the links, the images and what was left out on the way."""

    md: MarkdownIt
    env: dict[str, Any]
    links: list[LinkTarget] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    notes: list[tuple[str, Inline, Lines]] = field(default_factory=list)
    """Footnotes written where they belong: label, words, lines."""
    work: int = 0
    plain_pieces: int = 0
    """How many pieces were too tangled to parse and stand as plain words."""
    _hrefs: set[str] = field(default_factory=set)

    def read(self, content: str, lines: Lines) -> Inline:
        """The words of some inline Markdown; images in it are put into ``images``."""
        if not _MARKS.search(content):
            return plain(" ".join(content.split()))
        writer = InlineWriter(collapse=True)
        for piece in _pieces(content):
            tokens = self._tokens(piece)
            if tokens is None:
                self.plain_pieces += 1
                writer.write(piece)
            else:
                _Run(self, writer, lines).write(tokens)
        return writer.finish()

    def _tokens(self, piece: str) -> list[Token] | None:
        work = len(piece) * (piece.count("[") + piece.count("<") + piece.count("^["))
        self.work += work
        if work > WORK_PER_PIECE or self.work > WORK_PER_DOCUMENT:
            return None
        tokens: list[Token] = []
        try:
            self.md.inline.parse(piece, self.md, self.env, tokens)
        except (RecursionError, IndexError, ValueError):
            return None
        return tokens

    def link(self, href: str, text: str, lines: Lines) -> str:
        """The address to write for a link, "" when only its words stay."""
        self._hrefs.add(href)
        fate, address = judge_link(href)
        if fate == "refused":
            self.left_out.append(LeftOut(address, REFUSED, lines))
        elif fate == "text" and len(address) > 1:
            self.left_out.append(LeftOut(address, SAME_PAGE, lines))
        if fate == "document":
            self.links.append(LinkTarget(address, text, lines))
            return "document:" + address
        return address if fate == "external" else ""

    def unused_definitions(self) -> list[LeftOut]:
        """Link definitions that nothing refers to."""
        left = []
        for label, definition in self.env.get("references", {}).items():
            if definition["href"] not in self._hrefs:
                first, last = definition.get("map") or (0, 1)
                words = " ".join(filter(None, (f"[{label}]:", definition["href"], definition.get("title"))))
                left.append(
                    LeftOut(
                        words,
                        "a link definition that nothing refers to",
                        Lines(first + 1, max(first + 1, last)),
                    )
                )
        return left


def _pieces(content: str) -> list[str]:
    """Content in pieces of bounded length, cut after sentences, then at spaces, then anywhere."""
    if len(content) <= PIECE:
        return [content]
    pieces: list[str] = []
    start = 0
    while len(content) - start > PIECE:
        window = content[start : start + PIECE]
        ends = [match.end() for match in _PIECE_END.finditer(window)]
        cut = ends[-1] if ends else window.rfind(" ") + 1 or PIECE
        pieces.append(window[:cut])
        start += cut
    return [*pieces, content[start:]]


class _Run:
    """Writes the tokens of one piece."""

    def __init__(self, reader: InlineReader, writer: InlineWriter, lines: Lines) -> None:
        self._reader = reader
        self._writer = writer
        self._lines = lines
        self._code: list[str] | None = None
        self._code_tag = ""
        self._handlers: dict[str, Callable[[Token], None]] = {
            "softbreak": lambda token: self._words(" "),
            "hardbreak": lambda token: self._writer.line_break(),
            "code_inline": self._code_inline,
            "math_inline": lambda token: self._words(f"{token.markup}{token.content}{token.markup}"),
            "math_inline_double": lambda token: self._words(f"$${token.content}$$"),
            "math_single": lambda token: self._words(f"${token.content}$"),
            "image": self._image,
            "wikilink": self._wikilink,
            "footnote_ref": self._footnote,
            "html_inline": self._html,
        }

    def write(self, tokens: list[Token]) -> None:
        """Write tokens in order."""
        for index, token in enumerate(tokens):
            handler = self._handlers.get(token.type)
            if handler:
                handler(token)
            elif token.type == "link_open":
                self._link(token, tokens, index)
            elif token.nesting == 1:
                self._writer.start(token.tag)
            elif token.nesting == -1:
                self._writer.end(token.tag)
            elif token.content:
                self._words(token.content)
        if self._code is not None:
            self._close_code()

    def _words(self, words: str) -> None:
        if self._code is None:
            self._writer.write(words)
        else:
            self._code.append(words)

    def _code_inline(self, token: Token) -> None:
        self._writer.start("code")
        self._words(token.content)
        self._writer.end("code")

    def _link(self, token: Token, tokens: list[Token], index: int) -> None:
        href, title = str(token.attrs.get("href", "")), str(token.attrs.get("title", ""))
        words: list[str] = []
        for inner in tokens[index + 1 : index + 200]:
            if inner.type == "link_close":
                break
            if inner.type != "image":
                words.append(inner.meta["link"].label if inner.type == "wikilink" else inner.content)
        address = self._reader.link(href, "".join(words), self._lines)
        if address and not "".join(words).strip():
            words_of_it = address.removeprefix("document:")
            self._reader.left_out.append(LeftOut(words_of_it, WITHOUT_WORDS, self._lines))
        self._writer.start("a", address)
        if title:
            self._reader.left_out.append(
                LeftOut(title, "a link's title, which shows only under a pointer", self._lines)
            )

    def _image(self, token: Token) -> None:
        source, title = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
        self._add_image(source, self._alt(token.children or []), title)

    def _alt(self, tokens: list[Token]) -> str:
        parts = []
        for token in tokens:
            if token.type == "wikilink":
                parts.append(token.meta["link"].label)
            elif token.type == "image":
                parts.append(self._alt(token.children or []))
            else:
                parts.append(" " if token.type in ("softbreak", "hardbreak") else token.content)
        return " ".join("".join(parts).split())

    def _add_image(self, source: str, alt: str, caption: str) -> None:
        fate, address = judge_link(source)
        if fate in ("refused", "text") or address.lower().startswith("mailto:"):
            words = " ".join(filter(None, (alt, caption, source[:200])))
            if words:
                self._reader.left_out.append(
                    LeftOut(words, "an image whose address is not kept", self._lines)
                )
            return
        self._reader.images.append(Image(self._lines, source=address, alt=alt, caption=caption))

    def _wikilink(self, token: Token) -> None:
        link: Wikilink = token.meta["link"]
        if link.image:
            self._add_image(link.reference, link.label, "")
            return
        page = link.reference.split("#")[0].split("^")[0].strip()
        href = self._reader.link(link.reference, link.label, self._lines) if page else ""
        self._writer.start("a", href)
        self._words(link.label)
        if href:
            self._writer.end("a")

    def _footnote(self, token: Token) -> None:
        data = self._reader.env["footnotes"]["list"].get(token.meta["id"], {})
        label = str(token.meta.get("label") or data.setdefault("number", self._free_number()))
        if "tokens" in data and not data.get("read"):
            data["read"] = True
            writer = InlineWriter(collapse=True)
            _Run(self._reader, writer, self._lines).write(data["tokens"])
            self._reader.notes.append((label, writer.finish(), self._lines))
        self._writer.start("sup")
        self._words(f"[{label}]")
        self._writer.end("sup")

    def _free_number(self) -> str:
        """A label for a footnote written where it belongs, which no other footnote has."""
        footnotes = self._reader.env["footnotes"]
        taken = {str(name).removeprefix(":") for name in footnotes["refs"]}
        taken |= {data["number"] for data in footnotes["list"].values() if "number" in data}
        return next(str(number) for number in itertools.count(1) if str(number) not in taken)

    def _html(self, token: Token) -> None:
        match = _HTML_TAG.match(token.content)
        if not match:
            self._words(token.content)
            return
        closing, name = bool(match.group(1)), match.group(2).lower()
        if self._code is not None:
            if closing and name == self._code_tag:
                self._close_code()
        elif name in CODE_TAGS and not token.content.endswith("/>"):
            if address := _SOURCE.search(token.content):
                reason = f"the address of a <{name}>, which is not imported"
                self._reader.left_out.append(LeftOut(address[1], reason, self._lines))
            self._code, self._code_tag = ([], name) if not closing else (None, "")
        elif name == "br":
            self._writer.line_break()
        elif name == "img" or (name == "a" and not closing):
            self._element(token.content, name)
        elif name in TAGS:
            (self._writer.end if closing else self._writer.start)(name)
        elif name in ("p", "div", "li", "tr", "td", "th"):
            self._words(" ")

    def _element(self, source: str, name: str) -> None:
        parsed = etree.fromstring(source.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8"))
        element = next(iter(parsed.iter(name)), None) if parsed is not None else None
        if element is None:
            return
        if name == "img":
            self._add_image(element.get("src") or "", element.get("alt") or "", element.get("title") or "")
        else:
            self._writer.start("a", self._reader.link(element.get("href") or "#", "", self._lines))

    def _close_code(self) -> None:
        words = "".join(self._code or []).strip()
        if words:
            self._reader.left_out.append(
                LeftOut(words, f"code of the page in a <{self._code_tag}>", self._lines)
            )
        self._code = None
