"""Obsidian's wikilinks, embeds and highlights, as inline rules for markdown-it, and how they read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_WIKILINK = re.compile(r"(!?)\[\[([^\[\]\n|]{1,400}?)(?:\\?\|([^\[\]\n]{0,400}))?\]\]")
_HIGHLIGHT = re.compile(r"==(?=[^\s=])([^=\n]{1,1000}?)(?<=[^\s=])==(?!=)")
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg|bmp|tiff?)$", re.IGNORECASE)
_SIZE = re.compile(r"\d{1,5}(?:x\d{1,5})?$")


@dataclass(frozen=True, slots=True)
class Wikilink:
    """A wikilink: the reference as written, the words that show, and whether it is an image."""

    reference: str
    label: str
    image: bool


def wikilink_plugin(md: MarkdownIt) -> None:
    """Teach a Markdown parser ``[[target#heading|label]]`` and ``![[file]]`` (token ``wikilink``)."""
    md.inline.ruler.before("link", "wikilink", _rule)


def _rule(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith(("[[", "![["), state.pos):
        return False
    match = _WIKILINK.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("wikilink", "", 0)
        token.meta = {"link": read_wikilink(match)}
    state.pos = match.end()
    return True


def highlight_plugin(md: MarkdownIt) -> None:
    """Teach a Markdown parser ``==words that matter==``, which become bold."""
    md.inline.ruler.before("link", "highlight", _highlight)


def _highlight(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("==", state.pos):
        return False
    match = _HIGHLIGHT.match(state.src, state.pos, state.posMax)
    if not match or state.src[state.pos - 1 : state.pos] == "=":
        return False
    if not silent:
        end, last = match.end(1), state.posMax
        state.push("strong_open", "strong", 1)
        state.pos, state.posMax = match.start(1), end
        state.md.inline.tokenize(state)
        state.push("strong_close", "strong", -1)
        state.posMax = last
    state.pos = match.end()
    return True


def read_wikilink(match: re.Match[str]) -> Wikilink:
    """The parts of a matched wikilink; without a label it reads as its last path segment does."""
    embed, reference, label = match.group(1), match.group(2).strip(), (match.group(3) or "").strip()
    page, _, place = reference.partition("#")
    image = bool(embed) and bool(_IMAGE.search(page))
    if image:
        return Wikilink(reference, "" if _SIZE.match(label) else label, True)
    if not label or (embed and _SIZE.match(label)):
        name = page.split("^")[0].rstrip("/").split("/")[-1]
        name = re.sub(r"\.(?:md|markdown)$", "", name)
        heading = " > ".join(part.strip() for part in place.split("#") if part and not part.startswith("^"))
        label = " > ".join(part for part in (name, heading) if part) or reference
    return Wikilink(reference, label, False)
