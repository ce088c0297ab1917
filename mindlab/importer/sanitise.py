"""Nothing from a document reaches a page unwashed: allow-lists per feature set, for text and HTML.

Wagtail renders rich text set from code as it stands, so what is stored here is what readers get.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape
from typing import Any

import nh3

from mindlab.core.rich_text import GLOSS, HEADING, INLINE, PROSE

MAX_ADDRESS = 2000
"""Characters of an address that is kept as a link; browsers and mail clients fail on longer ones."""

_TAGS_OF_FEATURE = {
    "bold": "b",
    "italic": "i",
    "superscript": "sup",
    "subscript": "sub",
    "code": "code",
    "strikethrough": "s",
    "link": "a",
}
_SAME_AS = {"strong": "b", "em": "i", "del": "s", "strike": "s"}
_SCHEMES = {"http", "https", "mailto"}
DOCUMENT_SCHEME = "document"

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_ALIASES = re.compile(r"<(/?)(strong|em|del|strike)\s*>", re.IGNORECASE)
_LINK = re.compile(r'<a(?: href="([^"]*)")?>(.*?)</a>', re.DOTALL)
_CLICK = re.compile(r"^\s*(?:click|href|links?|callback)\s+(?!(?:<|[ox])?[-=.~]{2}|&\s)", re.IGNORECASE)
"""An interaction; a node may bear such a name, and then an arrow follows it."""
_STATEMENT_END = re.compile(r';(?=(?:[^"\n]*"[^"\n]*")*[^"\n]*$)')
_LONGEST_STATEMENTS, _MOST_STATEMENTS = 5000, 50
"""Within these bounds of a line semicolons inside quotation marks are told from the others."""
_DIRECTIVE = re.compile(r"%%\{.*?\}%%", re.DOTALL)

ResolveLink = Callable[[str], int | None]
"""From the reference of a document to the id of its page, None when there is none."""


def plain(text: str) -> str:
    """Text without NUL, other control characters and lone surrogates, which no database keeps."""
    return _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Plain text with every run of white space as one space, for titles and names."""
    return " ".join(plain(text).split())


def data(value: Any) -> Any:
    """Nested data with every text in it plain, as lists and dictionaries that any database's JSON takes."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: data(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [data(entry) for entry in value]
    return value


def no_page(reference: str) -> int | None:
    """Resolve no link: every link to another document stays as its words."""
    return None


def inline(html: str, features: Sequence[str], resolve: ResolveLink = no_page) -> str:
    """Inline HTML with the tags of ``features`` only; links to documents become links to pages.

    Addresses with other schemes than http, https and mailto lose their link and keep their words, as
    do links to a document that ``resolve`` does not know. Nothing keeps an attribute but ``href``, so
    no ``linktype`` or ``embedtype`` from outside survives.
    """
    tags = {tag for feature in features if (tag := _TAGS_OF_FEATURE.get(feature))}
    named = _ALIASES.sub(lambda match: f"<{match[1]}{_SAME_AS[match[2].lower()]}>", plain(html))
    washed = nh3.clean(
        named,
        tags={*tags, "br"},
        attributes={"a": {"href"}} if "a" in tags else {},
        url_schemes={*_SCHEMES, DOCUMENT_SCHEME},
        link_rel=None,
    )
    return _LINK.sub(lambda match: _link(match, resolve), washed).replace("<br>", "<br/>").strip()


def _link(match: re.Match[str], resolve: ResolveLink) -> str:
    address, words = unescape(match[1] or ""), match[2]
    scheme, _, rest = address.partition(":")
    if scheme == DOCUMENT_SCHEME:
        page = resolve(rest)
        return f'<a linktype="page" id="{page}">{words}</a>' if page is not None else words
    if scheme.lower() in _SCHEMES and len(address) <= MAX_ADDRESS:
        return f'<a href="{escape(address)}">{words}</a>'
    return words


def paragraph(html: str, features: Sequence[str] = PROSE, resolve: ResolveLink = no_page) -> str:
    """One paragraph of rich text, "" when nothing is left of it."""
    words = inline(html, features, resolve)
    return f"<p>{words}</p>" if words else ""


def heading(html: str) -> str:
    """The words of a heading, without bold and links."""
    return inline(html, HEADING).replace("<br/>", " ")


def list_item(html: str, resolve: ResolveLink = no_page) -> str:
    """An item of a list or a key fact."""
    return paragraph(html, INLINE, resolve)


def gloss(html: str, resolve: ResolveLink = no_page) -> str:
    """The sentence that explains a relation."""
    return paragraph(html, GLOSS, resolve)


def code(text: str) -> str:
    """Source code or maths as rich text: its own lines, its own spaces where HTML would drop them."""
    lines = [escape(line, quote=False).replace("  ", "\u00a0 ") for line in plain(text).split("\n")]
    return f"<p><code>{'<br/>'.join(lines)}</code></p>"


def diagram(source: str) -> tuple[str, tuple[str, ...]]:
    """A Mermaid source without interactions and configuration, and the parts taken out of it."""
    removed = [match.strip() for match in _DIRECTIVE.findall(source)]
    kept: list[str] = []
    for line in plain(_DIRECTIVE.sub("", source)).split("\n"):
        is_short = len(line) < _LONGEST_STATEMENTS and line.count(";") < _MOST_STATEMENTS
        statements = _STATEMENT_END.split(line) if is_short else line.split(";")
        harmless = [statement for statement in statements if not _CLICK.match(statement)]
        removed += [statement.strip() for statement in statements if _CLICK.match(statement)]
        if harmless or not statements:
            kept.append(";".join(harmless))
    return "\n".join(kept).strip("\n"), tuple(removed)
