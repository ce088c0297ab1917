"""The named sets of rich text features: what an editor may use, and where; and its plain words."""

from html import unescape

from django.utils.html import strip_tags

HEADING = ["italic", "superscript", "subscript", "live-count"]
"""Inside a heading: no bold (it is one already) and no links."""

GLOSS = ["bold", "italic", "superscript", "subscript", "link"]
"""A sentence in a list of relations."""

INLINE = ["bold", "italic", "superscript", "subscript", "code", "link", "live-count"]
"""Words within one paragraph: list items, key facts, table notes."""

PROSE = [*INLINE, "strikethrough"]
"""Paragraphs. Lists, quotes and headings are blocks of their own."""


CUT = "\u00a0…"
"""What stands where a text was cut, on the line of its last word."""


def plain(html: str) -> str:
    """Return the words of a piece of rich text on one line."""
    return " ".join(unescape(strip_tags(html.replace("</p>", " "))).split())


def excerpt(text: str, longest: int) -> str:
    """Return plain text, cut between words where it has more than ``longest`` characters.

    A single word that is longer is cut within.
    """
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    start = text[: longest - 2]
    whole, _space, _rest = start.rpartition(" ")
    # The last word that fits is whole already where a space comes after it.
    kept = start if text[len(start)] == " " else whole or start
    return kept.rstrip(" ,;:–—-(") + CUT
