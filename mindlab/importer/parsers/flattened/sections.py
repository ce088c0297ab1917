"""The sections of a concept, whose headings flattening lost: which block belongs to which.

Three kinds of evidence: where a block stands (the definition comes first, the relations last), the
words of labels (patients and interventions mark practice), and a change of manner inside the last
list, where advice gives way to a row of facts with figures.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mindlab.importer.parsers.document import (
    Block,
    Guess,
    Heading,
    Item,
    Lines,
    ListBlock,
    Paragraph,
    Relation,
    Section,
)
from mindlab.importer.parsers.section_names import section_named

_PLAIN = re.compile(
    r"\b(?:imagine|picture|think of|suppose|like an?|as if|analogy|metaphor|in other words|simply put"
    r"|put simply|in plain|everyday|just as)\b",
    re.IGNORECASE,
)
_PRACTICE = re.compile(
    r"\b(?:clinic\w*|patients?|populations?|therap\w+|treat\w*|interventions?|rehabilitat\w*|contraindications?"
    r"|cautions?|precautions?|thresholds?|biomarkers?|implications?|applications?|practi\w+|protocols?|assessments?"
    r"|disorders?|diagnos\w+|dosage|dosing|side effects|screening|relevan\w+|essential for|management"
    r"|prevention|training|exercises?|pathology|disease\w*)\b",
    re.IGNORECASE,
)
_MECHANISM = re.compile(
    r"\b(?:mechanis\w+|regions?|cascades?|signal\w+|molecul\w+|integration|modulation|neurochemi\w+|pathways?"
    r"|circuit\w*|activation|receptors?|process\w*|networks?|encod\w+|retriev\w+|anatom\w+|structure\w*|inputs?"
    r"|outputs?|synap\w+|cell\w*|neur\w+|types?|functions?|dynamics|develop\w+|subregions?|connect\w+|physiolog\w+)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")
_LEAST_FACTS = 3
_LEAST_CHANGE = 2.0


@dataclass(frozen=True, slots=True)
class Sectioned:
    """Blocks with their sections, and one guess for each section."""

    blocks: tuple[Block, ...]
    guesses: tuple[Guess, ...]


def assign_sections(blocks: Sequence[Block]) -> Sectioned:
    """Give every block of a concept its section."""
    parted, facts, change = _part_key_facts(list(blocks))
    sections: list[Section] = ["mechanism"] * len(parted)
    confidence: dict[Section, float] = {"mechanism": 0.75, "relations": 0.9}
    _mark_opening(parted, sections, confidence)
    _mark_practice(parted, sections, confidence)
    if facts is not None:
        sections[facts] = "key_facts"
        confidence["key_facts"] = round(min(0.75, 0.5 + change / 20), 2)
    _mark_named(parted, sections, confidence)
    for index, block in enumerate(parted):
        if isinstance(block, Relation):
            sections[index] = "relations"
    done = tuple(replace(b, section=s) for b, s in zip(parted, sections, strict=True))
    return Sectioned(done, tuple(_guesses(done, confidence)))


def _mark_opening(blocks: Sequence[Block], sections: list[Section], confidence: dict[Section, float]) -> None:
    """The first paragraph defines; those after it, when they speak in pictures, are plain words."""
    if not blocks or not isinstance(blocks[0], Paragraph):
        return
    sections[0] = "definition"
    confidence["definition"] = 0.9
    end = 1
    while end < len(blocks) and isinstance(block := blocks[end], Paragraph) and not block.text.endswith(":"):
        end += 1
    opening = [b.text for b in blocks[1:end] if isinstance(b, Paragraph)]
    pictured = next((i for i, text in enumerate(opening) if _PLAIN.search(text[:400])), None)
    if pictured is None:
        return
    confidence["plain_words"] = 0.85 if pictured == 0 else 0.6
    if pictured:
        sections[1 : 1 + pictured] = ["definition"] * pictured
    sections[1 + pictured : end] = ["plain_words"] * (end - 1 - pictured)


def _mark_practice(
    blocks: Sequence[Block], sections: list[Section], confidence: dict[Section, float]
) -> None:
    """Practice is the closing stretch of labels whose words speak of it more than of mechanism."""
    labels = [(i, b.text) for i, b in enumerate(blocks) if isinstance(b, Heading) and b.level <= 3]
    scores = [
        bool(_PRACTICE.search(t)) - bool(_MECHANISM.search(t) and not _PRACTICE.search(t)) for _, t in labels
    ]
    best, total, start = 0, 0, None
    for position in range(len(labels) - 1, -1, -1):
        total += scores[position]
        if total > best:
            best, start = total, position
    if start is None:
        return
    first = labels[start][0]
    sections[first:] = ["practice"] * (len(sections) - first)
    wrong = sum(score < 0 for score in scores[start:]) + sum(score > 0 for score in scores[:start])
    confidence["practice"] = max(0.4, min(0.78, 0.55 + 0.08 * best - 0.05 * wrong))


def _mark_named(blocks: Sequence[Block], sections: list[Section], confidence: dict[Section, float]) -> None:
    """A label that names a section settles it, up to the next label of its level."""
    current: Section | None = None
    for index, block in enumerate(blocks):
        if isinstance(block, Heading) and block.level <= 3:
            current = section_named(block.text)
            if current is not None:
                confidence[current] = 0.95
        if current is not None:
            sections[index] = current


def _part_key_facts(blocks: list[Block]) -> tuple[list[Block], int | None, float]:
    """Split the closing list where facts begin; returns the index of the facts and the evidence."""
    index = next((i for i in range(len(blocks) - 1, -1, -1) if not isinstance(blocks[i], Relation)), None)
    if index is None:
        return blocks, None, 0.0
    block = blocks[index]
    if not isinstance(block, ListBlock) or len(block.items) < _LEAST_FACTS:
        return blocks, None, 0.0
    cut, change = _change_point(block.items)
    if cut is None:
        return blocks, None, 0.0
    left, right = block.items[:cut], block.items[cut:]
    parts: list[Block] = [
        replace(block, items=part, lines=Lines(part[0].lines.first, part[-1].lines.last))
        for part in (left, right)
        if part
    ]
    return [*blocks[:index], *parts, *blocks[index + 1 :]], index + len(parts) - 1, change


def _change_point(items: Sequence[Item]) -> tuple[int | None, float]:
    """Where items without figures give way to items with them (log-likelihood of two shares)."""
    figures = [bool(_FIGURE.search(item.text)) for item in items]
    whole = _likelihood(sum(figures), len(figures))
    best, before, total = _LEAST_CHANGE, 0, sum(figures)
    cut: int | None = None
    for position in range(1, len(items) - _LEAST_FACTS + 1):
        before += figures[position - 1]
        after = total - before
        rest = len(items) - position
        if after / rest < 0.5 or after / rest - before / position < 0.4:
            continue
        gain = _likelihood(before, position) + _likelihood(after, rest) - whole
        if gain > best:
            best, cut = gain, position
    return cut, best


def _likelihood(hits: int, size: int) -> float:
    if hits in (0, size):
        return 0.0
    share = hits / size
    return hits * math.log(share) + (size - hits) * math.log(1 - share)


def _guesses(blocks: Sequence[Block], confidence: dict[Section, float]) -> list[Guess]:
    """One guess for each stretch of blocks in one section."""
    reasons: dict[Section, str] = {
        "definition": "The text opens with it.",
        "plain_words": "It follows the definition and explains by a picture.",
        "mechanism": "It stands between the explanation and what concerns practice.",
        "practice": "From here on the labels speak of practice.",
        "key_facts": "Inside the last list, items with figures take over.",
        "relations": "The text closes with terms and what ties them to the concept.",
    }
    guesses: list[Guess] = []
    start = 0
    for index, block in enumerate(blocks):
        is_last = index + 1 == len(blocks) or blocks[index + 1].section != block.section
        if is_last and block.section is not None:
            lines = Lines(blocks[start].lines.first, block.lines.last)
            sure = round(confidence.get(block.section, 0.5), 2)
            guesses.append(Guess("section", block.section, sure, reasons[block.section], lines))
            start = index + 1
    return guesses
