"""Flattened glossary concepts: no title, no section headings, labels in bold that became lines."""

from __future__ import annotations

from mindlab.importer.parsers.document import Block, Furniture, Guess, Lines, Paragraph, ParsedDocument
from mindlab.importer.parsers.flattened import mermaid
from mindlab.importer.parsers.flattened.body import build_body
from mindlab.importer.parsers.flattened.furniture import find_after_ties, find_tail
from mindlab.importer.parsers.flattened.headings import may_stand_alone
from mindlab.importer.parsers.flattened.lines import Line, ends_sentence, split_lines
from mindlab.importer.parsers.flattened.relations import take_relations
from mindlab.importer.parsers.flattened.sections import assign_sections
from mindlab.importer.parsers.flattened.titles import infer_title


def parse_flattened_concept(text: str, name: str) -> ParsedDocument:
    """A concept as structure: definition, plain words, mechanism, practice, key facts, relations."""
    lines = split_lines(text)
    tail = find_tail(lines)
    if tail is not None and tail.confidence < 0.75:
        tail = None
    tail = find_after_ties(lines) or tail
    end = tail.start if tail else len(lines)
    written = _written_title(lines[:end])
    first = lines.index(written) + 1 if written is not None else 0
    body = build_body(lines[first:end], standing_level=3)
    blocks, ties = take_relations(body.blocks)
    sectioned = assign_sections(blocks)
    guesses = [*_title_guess(sectioned.blocks, written, name), *body.guesses, *sectioned.guesses, *ties]
    out: list[Block] = list(sectioned.blocks)
    if tail is not None:
        for line in lines[end:]:
            if not line.is_blank:
                span = Lines(line.number, line.number)
                out.append(Furniture(span, line.text, tail.reason))
                guesses.append(Guess("furniture", line.text, tail.confidence, tail.reason, span))
    title = next((guess.value for guess in guesses if guess.what == "title"), None)
    return ParsedDocument(
        kind="concept",
        title=title,
        blocks=tuple(out),
        text=text,
        title_lines=Lines(written.number, written.number) if written is not None else None,
        guesses=tuple(guesses),
        left_out=body.left_out,
    )


def _written_title(lines: list[Line]) -> Line | None:
    """A title that survived: a short first line before a first paragraph of whole sentences."""
    filled = [line for line in lines[:40] if not line.is_blank][:2]
    if len(filled) < 2:
        return None
    first, second = filled
    if (
        len(first.text) <= 80
        and not mermaid.is_start(first.text)
        and may_stand_alone(first.text)
        and len(second.text) > 100
    ):
        return first if ends_sentence(second.text) or second.text.endswith(":") else None
    return None


def _title_guess(blocks: tuple[Block, ...], written: Line | None, name: str) -> list[Guess]:
    if written is not None:
        lines = Lines(written.number, written.number)
        reason = "The first line stands alone and does not end like a sentence."
        return [Guess("title", written.text, 0.9, reason, lines)]
    first = next((block for block in blocks if isinstance(block, Paragraph)), None)
    inferred = infer_title(first.text if first is not None else "", name)
    if inferred is None:
        return []
    span = first.lines if first is not None else None
    return [Guess("title", inferred.text, inferred.confidence, inferred.reason, span)]
