"""What a text is, told by its form; the file's name decides only among formats that have endings."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from mindlab.importer.parsers.document import Item, Lines
from mindlab.importer.parsers.flattened import mermaid
from mindlab.importer.parsers.flattened.furniture import find_tail
from mindlab.importer.parsers.flattened.headings import may_stand_alone
from mindlab.importer.parsers.flattened.lines import Line, bullet, is_lone_mark, split_lines
from mindlab.importer.parsers.flattened.relations import split_item
from mindlab.importer.parsers.flattened.topic import declared_count

Form = Literal["topic", "article", "concept", "markdown", "html", "docx", "unknown"]

_HTML = re.compile(
    r"^(?>\s*<!--.*?-->)*+\s*<(?:!doctype\s+html|html|head|body|article|main)\b", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"</(?:p|div|h[1-6]|ul|li|span|a|section|table)>", re.IGNORECASE)
_ATX = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_FRONT = re.compile(
    r"\A(?:---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$|\+\+\+[ \t]*\n.*?^\+\+\+[ \t]*$)", re.MULTILINE | re.DOTALL
)
_MARKS = re.compile(
    r"^(?:```|~~~)\w*|\[\[[^\]\n]{1,200}\]\]|\]\([^)\s]{1,500}\)|^\|.*\|[ \t]*$|\*\*[^*\n]{1,200}\*\*",
    re.MULTILINE,
)
_MARKDOWN_ENDINGS = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx"})
_TEXT_ENDINGS = frozenset({".txt", ".text", ""})


@dataclass(frozen=True, slots=True)
class Recognition:
    """The form of an input, how sure that is, and a sentence that says why."""

    form: Form
    confidence: float
    reason: str


def recognise(text: str, name: str) -> Recognition:
    """What kind of input ``text`` is."""
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    return _by_ending(text, ending) or _by_marks(text[:200_000]) or recognise_flattened(text)


def _by_ending(text: str, ending: str) -> Recognition | None:
    """The formats whose files have endings of their own, and those that are no text documents."""
    foreign = ending not in _TEXT_ENDINGS and not ending[1:].isdigit() and len(ending) <= 5
    if ending == ".docx":
        return Recognition("docx", 0.99, "The file's name ends in .docx.")
    if ending in {".html", ".htm", ".xhtml"} or _HTML.match(text[:5000]):
        return Recognition("html", 0.97, "The text is an HTML page.")
    if ending in _MARKDOWN_ENDINGS:
        return Recognition("markdown", 0.97, "The file's name has the ending of a Markdown file.")
    if foreign or _is_data(text):
        return Recognition("unknown", 0.8, "The file is no text document that can be read.")
    return None


def _by_marks(sample: str) -> Recognition | None:
    """Markdown and HTML by the marks in the text."""
    if len(_TAG.findall(sample)) >= 5:
        return Recognition("html", 0.8, "The text is full of HTML tags.")
    if _FRONT.match(sample):
        return Recognition("markdown", 0.95, "The text opens with front matter.")
    marks = len(_ATX.findall(sample))
    if marks >= 2 or (marks and _MARKS.search(sample)) or len(_MARKS.findall(sample)) >= 5:
        return Recognition("markdown", 0.9, "The text uses the marks of Markdown.")
    return None


def _is_data(text: str) -> bool:
    start, end = text[:200].lstrip(), text[-200:].rstrip()
    if start.startswith("<?xml"):
        return True
    return (start.startswith(("{", "[{")) and '"' in start) and end.endswith(("}", "]"))


def recognise_flattened(text: str) -> Recognition:
    """Tell a concept from a hub or an essay: one is lists under labels, the other prose under titles."""
    lines = list(split_lines(text[:400_000]))
    filled = [line for line in lines if not line.is_blank]
    if any(declared_count(line) for line in filled[:8]):
        return Recognition("topic", 0.95, "A line near the top counts the articles of a section.")
    score, reasons = _concept_score(lines, filled)
    if score >= 2:
        return Recognition("concept", min(0.97, 0.7 + 0.07 * score), "It has " + ", ".join(reasons) + ".")
    confidence = 0.9 if score <= 0 else 0.6
    if find_tail(lines) is not None and score <= 0:
        return Recognition("topic", 0.65, "Prose under headings, which ends in furniture of a section page.")
    return Recognition("article", confidence, "It is prose in paragraphs.")


def _concept_score(lines: list[Line], filled: list[Line]) -> tuple[float, list[str]]:
    """Evidence for a concept, each piece with its name; negative where the form is an essay's."""
    items = [words for line in filled if (words := bullet(line.text)) is not None]
    share = len(items) / max(1, len(filled))
    signs = [
        (2.0, share >= 0.5 and len(items) >= 3, "mostly list items"),
        (1.0, 0.3 <= share < 0.5 and len(items) >= 3, "many list items"),
        (2.0, any(is_lone_mark(line.text) for line in filled), "list marks left alone"),
        (1.5, any(mermaid.is_start(line.text) for line in filled), "a diagram without a fence"),
        (2.0, _closes_with_ties(items), "closing lines of term and gloss"),
        (1.0, _labels_before_items(filled) >= 2, "labels before lists"),
        (1.0, _opens_with_definition(filled), "a definition for its first line"),
    ]
    score = sum(weight for weight, found, _ in signs if found)
    prose = sum(len(line.text) for line in filled if bullet(line.text) is None and len(line.text) > 150)
    if prose > 0.7 * sum(len(line.text) for line in filled) and share < 0.5:
        score -= 2.0
    blank = 1 - len(filled) / max(1, len(lines))
    if share < 0.3 and blank > 0.3:
        score -= 2.0
    if filled and may_stand_alone(filled[0].text) and share < 0.5:
        score -= 1.0
    return score, [name for _, found, name in signs if found]


def _closes_with_ties(items: list[str]) -> bool:
    closing = [split_item(Item(words, Lines(1, 1))) for words in items[-3:]]
    return len(closing) == 3 and all(part is not None for part in closing)


def _labels_before_items(filled: list[Line]) -> int:
    return sum(
        line.text.endswith(":") and bullet(line.text) is None and bullet(after.text) is not None
        for line, after in itertools.pairwise(filled)
    )


def _opens_with_definition(filled: list[Line]) -> bool:
    if not filled or len(filled[0].text) < 40:
        return False
    return bool(re.search(r"\b(?:is|are|refers? to|means|describes?)\b", filled[0].text[:160]))
