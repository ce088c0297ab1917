"""What is done to Markdown before it is parsed: comments and template marks out, nesting bounded.

Every function keeps the number of lines, so that line numbers stay those of the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .document import LeftOut, Lines

MAX_MARKERS = 24
MAX_INDENT = 80

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$")
_MARKERS = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+")
_ONE_MARKER = re.compile(r"[ \t]*(?:>|[-*+]|\d{1,9}[.)])")
_COMMENT = re.compile(r"%%|<!--")
_ATTRIBUTES = re.compile(r"(?:(?<=[*_`)\]\w.])|(?<![^\n]))[ \t]*\{:[^{}\n]{0,500}\}", re.MULTILINE)
_HEADING_ID = re.compile(r"\{[#.][^{}]{0,200}\}$")
_SHORTCODE = re.compile(r"\{\{[<%][^\n{}]{0,1000}?[%>]\}\}")
_TEMPLATE_TAG = re.compile(r"\{%-?[ \t][^\n{}]{0,1000}?[ \t]-?%\}")
_BLOCK_ID = re.compile(
    r"(?:(?<=\S)[ \t]+|^[ \t]*)\^(?=[A-Za-z0-9-]*[A-Za-z])[A-Za-z0-9-]{4,60}[ \t]*$", re.MULTILINE
)
_MARKDOWN_TAG = re.compile(
    r"[ \t]*<(div|section|article|figure|aside|details|main)\b[^<>]{0,1000}\bmarkdown\b[^<>]{0,200}>[ \t]*$"
)
_CLOSING_TAG = re.compile(r"[ \t]*</(div|section|article|figure|aside|details|main)>[ \t]*$")


@dataclass(frozen=True, slots=True)
class Sifted:
    """Markdown ready to parse, and what was taken out of it."""

    text: str
    left_out: tuple[LeftOut, ...]


def sift(text: str) -> Sifted:
    """Take comments, attribute lists and shortcodes out of a text; each is kept as left out."""
    left: list[LeftOut] = []
    parts: list[str] = []
    line = 1
    for piece, is_code in _apart_from_fences(text):
        parts.append(piece if is_code else _sift_prose(piece, line, left))
        line += piece.count("\n")
    return Sifted(_bounded(_open_markdown_tags("".join(parts))), tuple(left))


def _apart_from_fences(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, fenced code apart from the rest."""
    pieces: list[tuple[str, bool]] = []
    held: list[str] = []
    fence = ""
    for line in _lines(text):
        match = _FENCE.match(line.rstrip("\n")) if "```" in line or "~~~" in line else None
        if not fence and match and not ("`" in match.group(1) and "`" in match.group(2)):
            pieces.append(("".join(held), False))
            held, fence = [line], match.group(1)
            continue
        held.append(line)
        if fence and match and match.group(1).startswith(fence) and not match.group(2).strip():
            pieces.append(("".join(held), True))
            held, fence = [], ""
    pieces.append(("".join(held), bool(fence)))
    return pieces


def _lines(text: str) -> list[str]:
    """The lines with their ends; only a line feed ends a line."""
    *lines, last = text.split("\n")
    return [*(line + "\n" for line in lines), last]


def _sift_prose(text: str, first_line: int, left: list[LeftOut]) -> str:
    text = _without_comments(text, first_line, left)
    text = _cut(_BLOCK_ID, text, first_line, "an address inside the source's own page", left)
    if "{" not in text:
        return text
    for pattern, reason in (
        (_ATTRIBUTES, "attributes of the source's own template"),
        (_TEMPLATE_TAG, "a tag of the source's own template"),
        (_SHORTCODE, "a shortcode of the source's own site generator"),
    ):
        text = _cut(pattern, text, first_line, reason, left)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if (
            line.endswith("}")
            and line.lstrip(" ").startswith("#")
            and (match := _HEADING_ID.search(line[-210:]))
        ):
            where = Lines(first_line + number, first_line + number)
            left.append(LeftOut(match.group(), "an address inside the source's own page", where))
            lines[number] = line[: -len(match.group())].rstrip()
    return "\n".join(lines)


def _cut(pattern: re.Pattern[str], text: str, first_line: int, reason: str, left: list[LeftOut]) -> str:
    parts: list[str] = []
    done, line = 0, first_line
    for match in pattern.finditer(text):
        line += text.count("\n", done, match.start())
        parts.append(text[done : match.start()])
        done = match.end()
        left.append(LeftOut(match.group().strip(), reason, Lines(line, line)))
    return "".join(parts) + text[done:] if parts else text


def _without_comments(text: str, first_line: int, left: list[LeftOut]) -> str:
    if "%%" not in text and "<!--" not in text:
        return text
    parts: list[str] = []
    done, line, lost = 0, first_line, {"%%": False, "<!--": False}
    for match in _COMMENT.finditer(text):
        start, mark = match.start(), match.group()
        if start < done or lost[mark] or _inside_code(text, start):
            continue
        closing = "%%" if mark == "%%" else "-->"
        end = text.find(closing, match.end())
        if end < 0:
            lost[mark] = True
            continue
        end += len(closing)
        line += text.count("\n", done, start)
        parts.append(text[done:start])
        comment = text[start:end]
        words = comment[len(mark) : -len(closing)].strip()
        if words:
            left.append(LeftOut(words, "a comment in the source", Lines(line, line + comment.count("\n"))))
        glued = text[start - 1 : start].strip() and text[end : end + 1].strip()
        parts.append("\n" * comment.count("\n") or (" " if glued else ""))
        line += comment.count("\n")
        done = end
    return "".join(parts) + text[done:]


def _inside_code(text: str, position: int) -> bool:
    start = max(text.rfind("\n", 0, position) + 1, position - 2000)
    return text.count("`", start, position) % 2 == 1


def _open_markdown_tags(text: str) -> str:
    """Blank the lines of tags that say their content is Markdown, and of the tags that close them."""
    if "markdown" not in text or "<" not in text:
        return text
    lines = text.split("\n")
    open_tags: dict[str, int] = {}
    for number, line in enumerate(lines):
        if "<" not in line:
            continue
        if match := _MARKDOWN_TAG.match(line):
            open_tags[match.group(1)] = open_tags.get(match.group(1), 0) + 1
            lines[number] = ""
        elif (match := _CLOSING_TAG.match(line)) and open_tags.get(match.group(1)):
            open_tags[match.group(1)] -= 1
            lines[number] = ""
    return "\n".join(lines)


def _bounded(text: str) -> str:
    """Bound the nesting that line starts can ask for, so that no parser has to give up on a text."""
    if " " * MAX_INDENT not in text and "\t" * 20 not in text and not _many_markers(text):
        return text
    return "\n".join(_bounded_line(line) for line in text.split("\n"))


def _many_markers(text: str) -> bool:
    return any(text.count(mark) > MAX_MARKERS for mark in ">-*+.)")


def _bounded_line(line: str) -> str:
    stripped = line.lstrip(" \t")
    indent = line[: len(line) - len(stripped)]
    if len(indent.expandtabs(4)) > MAX_INDENT:
        line = " " * MAX_INDENT + stripped
    match = _MARKERS.match(line)
    if not match or len(match.group()) <= MAX_MARKERS:
        return line
    position, count = 0, 0
    while count < MAX_MARKERS and (marker := _ONE_MARKER.match(line, position, match.end())):
        position, count = marker.end(), count + 1
    rest = line[position:]
    tail = rest[match.end() - position :]
    numbers = re.findall(r"\d+", rest[: match.end() - position])
    return line[:position] + " " + " ".join([*numbers, tail.strip()])
