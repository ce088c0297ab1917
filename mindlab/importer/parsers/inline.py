"""Inline text in its two forms at once: plain words, and the same words as safe inline HTML.

Both the Markdown and the HTML parser write through `InlineWriter`, so that the list of tags, the
escaping, the nesting and the fate of links are decided in one place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import Literal
from urllib.parse import unquote

TAGS = {
    "a": "a",
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "cite": "i",
    "dfn": "i",
    "var": "i",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "sub": "sub",
    "sup": "sup",
    "s": "s",
    "del": "s",
    "strike": "s",
}
"""Inline elements that are kept, and the element each becomes."""

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]{1,30}):")
_KEPT_SCHEMES = ("http", "https", "mailto")
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_SPACE = re.compile(r"[ \t\r\n\f]+")

REFUSED = "an address of a kind that is not kept"
IN_A_CELL = "the address of a link in a table, whose cells hold words alone"
WITHOUT_WORDS = "the address of a link that has no words"
SAME_PAGE = "a link to a place within the source's own page"

LinkFate = Literal["external", "document", "text", "refused"]


@dataclass(frozen=True, slots=True)
class Inline:
    """Finished inline content: ``text`` plain, ``html`` the same words with inline tags."""

    text: str
    html: str


def judge_link(href: str) -> tuple[LinkFate, str]:
    """What becomes of an address, and the address to write.

    ``external`` (http, https, mailto), ``document`` (a path to another document, percent-decoded),
    ``text`` (a place in the same document: only the words stay), ``refused`` (any other scheme).
    Browsers ignore control characters and spaces in a scheme, so they are taken out before judging.
    """
    address = _INVISIBLE.sub("", href) if ":" in href else href.strip()
    scheme = _SCHEME.match(address)
    if scheme:
        return ("external" if scheme.group(1).lower() in _KEPT_SCHEMES else "refused"), address
    if address.startswith(("//", "\\\\")):
        return "external", "https:" + address.replace("\\", "/")
    if not address or address.startswith(("#", "?")):
        return "text", address
    reference = unquote(href).strip()
    if _SCHEME.match(_INVISIBLE.sub("", reference)):
        return "refused", reference
    return "document", reference


_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_RAISED_OR_LOWERED = re.compile(r"<(sup|sub)>(.*?)</\1>", re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]*>")


def raised(words: str, tag: str) -> str:
    """Words of a ``sup`` or ``sub`` as plain signs: 10⁶ and H₂O, and ``^`` or ``_`` before what has none."""
    table = _RAISED if tag == "sup" else _LOWERED
    stripped = words.strip()
    if stripped and all(ord(sign) in table for sign in stripped):
        return stripped.translate(table)
    return (
        ("^" if tag == "sup" else "_") + stripped if stripped and not stripped.startswith("[") else stripped
    )


def flat(content: Inline) -> str:
    """Inline content as one plain line, for the cell of a table."""
    if "<su" not in content.html:
        return content.text.replace("\n", " ")
    html = _RAISED_OR_LOWERED.sub(lambda match: escape(raised(_bare(match[2]), match[1])), content.html)
    return _bare(html.replace("<br>", " "))


def _bare(html: str) -> str:
    return unescape(_ANY_TAG.sub("", html))


class InlineWriter:
    """Writes words and inline tags, and keeps the tags balanced whatever the calls.

    With ``collapse`` every run of white space becomes one space, as a browser shows it.
    """

    def __init__(self, *, collapse: bool = False) -> None:
        self._collapse = collapse
        self._text: list[str] = []
        self._html: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._after_space = True

    def write(self, words: str) -> None:
        """Add plain words."""
        if self._collapse:
            words = _SPACE.sub(" ", words)
            if self._after_space:
                words = words.lstrip(" ")
        if not words:
            return
        self._after_space = words[-1] in " \n"
        self._text.append(words)
        self._html.append(escape(words, quote=False))

    def line_break(self) -> None:
        """Add a forced line break."""
        if self._text:
            self._text.append("\n")
            self._html.append("<br>")
            self._after_space = True

    def start(self, name: str, href: str = "") -> None:
        """Open the element that stands for ``name``; what is not in `TAGS` is passed over."""
        tag = TAGS.get(name, "")
        if tag == "a" and (not href or any(known == "a" for known, _ in self._open)):
            tag = ""
        if tag:
            self._open.append((tag, name))
            self._html.append(f'<a href="{escape(href)}">' if tag == "a" else f"<{tag}>")

    def end(self, name: str) -> None:
        """Close the innermost open element made for ``name``, and what was opened inside it."""
        for depth in range(len(self._open) - 1, max(-1, len(self._open) - 60), -1):
            if self._open[depth][1] == name:
                self._close_to(depth)
                return

    def _close_to(self, depth: int) -> None:
        while len(self._open) > depth:
            self._html.append(f"</{self._open.pop()[0]}>")

    @property
    def opened(self) -> list[tuple[str, str]]:
        """The elements open now, outermost first, as (tag written, name given)."""
        return list(self._open)

    @property
    def empty(self) -> bool:
        """True while no visible word was written."""
        return not any(part.strip() for part in self._text)

    def finish(self) -> Inline:
        """Close what is open and hand back the content, trimmed at both ends."""
        self._close_to(0)
        return Inline(tidy_text("".join(self._text)), tidy_html("".join(self._html)))


_EMPTY_ELEMENT = re.compile(r"<(b|i|s|code|sub|sup|a)(?: [^>]*)?></\1>")
_EDGE_BREAKS = re.compile(r"^(?:\s|<br>)+")


def tidy_text(text: str) -> str:
    """Plain text without space at its ends and around its line breaks."""
    if "\n" not in text:
        return text.strip()
    return "\n".join(line.strip() for line in text.strip().split("\n"))


def tidy_html(html: str) -> str:
    """Inline HTML without empty elements and without space or breaks at its ends."""
    for _ in range(4):
        html, count = _EMPTY_ELEMENT.subn("", html)
        if not count:
            break
    html = _EDGE_BREAKS.sub("", html).rstrip()
    while html.endswith("<br>"):
        html = html[:-4].rstrip()
    return html


def plain(text: str) -> Inline:
    """Inline content from words without any mark-up."""
    words = text.strip()
    return Inline(words, escape(words, quote=False).replace("\n", "<br>"))


def joined(parts: list[Inline]) -> Inline:
    """Several contents as one, each on a line of its own."""
    return Inline("\n".join(part.text for part in parts), "<br>".join(part.html for part in parts))


def plain_inline(text: str) -> Inline:
    """Words as they stand, their line breaks read as spaces."""
    return plain(" ".join(text.split()))
