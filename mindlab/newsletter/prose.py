"""Rich text for mail: HTML that every mail program bears, and words for those that show none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

import nh3
from django.conf import settings
from wagtail.rich_text import expand_db_html

from mindlab.newsletter.content import Prose
from mindlab.reading.references import PAGE_LINK

TAGS = {"p", "br", "a", "b", "strong", "i", "em", "sup", "sub", "code", "s", "del"}
SCHEMES = {"http", "https", "mailto", "tel"}
NISSL = "#4a2f8a"
STYLES = {
    "a": {"style": f"color:{NISSL};text-decoration:underline"},
    "p": {"style": "margin:0 0 14px"},
    "code": {"style": "font-family:Consolas,Menlo,monospace;font-size:0.9em"},
    "sup": {"style": "font-size:0.75em;line-height:0"},
    "sub": {"style": "font-size:0.75em;line-height:0"},
}
"""Mail programs that drop style sheets keep these."""

RAISED = dict(zip("0123456789+−-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))
LOWERED = dict(zip("0123456789+−-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))

ORDINALS = {"st", "nd", "rd", "th"}


def linked_pages(source: str) -> list[int]:
    """Return the keys of the pages that a piece of rich text links to, in order."""
    return [int(match[1]) for match in PAGE_LINK.finditer(source)]


def prose(source: str, addresses: Mapping[int, str], own: str = "") -> Prose:
    """Resolve stored rich text; ``addresses`` gives the absolute address of each page it links to.

    Live counts become words. Other addresses of this site are made absolute as on the page that stands at
    ``own``: an anchor leads to its place there.
    """

    def link(match: re.Match[str]) -> str:
        key, words = int(match[1]), match[2]
        return f'<a href="{escape(addresses[key])}">{words}</a>' if key in addresses else words

    html = nh3.clean(
        expand_db_html(PAGE_LINK.sub(link, source)),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel=None,
        url_relative=("rewrite_with_base", own or f"{settings.SITE_URL}/"),
    )
    return Prose(html=html, text=words_of(html))


def styled(html: str) -> str:
    """Return resolved prose, held to the allowed tags again, with the look written into each tag."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=SCHEMES,
        link_rel=None,
        set_tag_attribute_values=STYLES,
    )


def words_of(html: str) -> str:
    """Return HTML as plain paragraphs with an empty line between them and addresses in angle brackets."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return reader.text()


def unlinked_words(source: str) -> str:
    """Return stored rich text as plain words, without the addresses of its links."""
    return words_of(nh3.clean(expand_db_html(PAGE_LINK.sub(r"\2", source)), tags=TAGS - {"a"}))


def one_line(text: str) -> str:
    """Return text on one line, without control characters, which mail headers do not bear."""
    shown = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)
    return " ".join(shown.split())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[list[str]] = [[]]
        self.links: list[tuple[str, int]] = []
        self.forms: list[Mapping[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "p":
            self.paragraphs.append([])
        elif tag == "br":
            self.paragraphs[-1].append("\n")
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.paragraphs[-1])))
        elif tag in {"sup", "sub"}:
            self.forms.append(RAISED if tag == "sup" else LOWERED)

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.paragraphs.append([])
        elif tag in {"sup", "sub"} and self.forms:
            self.forms.pop()
        elif tag == "a" and self.links:
            address, start = self.links.pop()
            words = "".join(self.paragraphs[-1][start:]).strip()
            bare = address.removeprefix("mailto:").removeprefix("tel:")
            if bare and bare != words:
                self.paragraphs[-1].append(f" <{bare}>")

    def handle_data(self, data: str) -> None:
        words = data.replace("\n", " ")
        if self.forms:
            form = self.forms[-1]
            if all(letter in form for letter in words):
                words = "".join(form[letter] for letter in words)
            elif words not in ORDINALS:
                # Without a mark, 10 to the power x would read as 10x.
                words = f"{'^' if form is RAISED else '_'}{words}"
        self.paragraphs[-1].append(words)

    def text(self) -> str:
        lines = ("".join(parts) for parts in self.paragraphs)
        shown = ("\n".join(" ".join(line.split()) for line in text.splitlines()).strip() for text in lines)
        return "\n\n".join(text for text in shown if text)
