"""The one way in: bytes of a source to a parsed document."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from mindlab.importer.parsers.decoding import decode
from mindlab.importer.parsers.document import Furniture, Guess, Kind, ParsedDocument
from mindlab.importer.parsers.docx import parse_docx
from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.flattened.concept import parse_flattened_concept
from mindlab.importer.parsers.flattened.topic import parse_flattened_topic
from mindlab.importer.parsers.html import parse_html
from mindlab.importer.parsers.limits import check_lines, check_size, check_words
from mindlab.importer.parsers.markdown import parse_markdown
from mindlab.importer.parsers.recognise import Recognition, recognise, recognise_flattened
from mindlab.importer.parsers.repair import repair


def parse(data: bytes, name: str, kind: Kind | Literal["auto"] = "auto") -> ParsedDocument:
    """Decode, repair, recognise and parse one source; ``name`` is its file name or path.

    Raises DocumentError, with one sentence for the report, for what cannot be read.
    """
    if name.lower().endswith(".docx"):
        return _searchable(parse_docx(data, name, None if kind == "auto" else kind))
    check_size(len(data))
    decoded = decode(data)
    check_lines(decoded.text)
    text, repairs = repair(decoded.text)
    recognition = recognise(text, name)
    document = _searchable(_parse(text, name, recognition, kind))
    return replace(
        document,
        repairs=(*repairs, *document.repairs),
        warnings=(*decoded.warnings, *document.warnings),
    )


def _searchable(document: ParsedDocument) -> ParsedDocument:
    """The document, when a search index can hold its words; furniture and mark-up do not count."""
    texts: list[str] = []
    for block in document.blocks:
        if not isinstance(block, Furniture):
            texts += [getattr(block, name, "") for name in ("text", "target")]
            texts += [item.text for item in getattr(block, "items", ())]
            texts += [cell for row in getattr(block, "rows", ()) for cell in row]
    check_words(texts)
    return document


def _parse(text: str, name: str, recognition: Recognition, kind: Kind | Literal["auto"]) -> ParsedDocument:
    if recognition.form == "markdown":
        return parse_markdown(text, name, None if kind == "auto" else kind)
    if recognition.form == "html":
        return parse_html(text, name, None if kind == "auto" else kind)
    if recognition.form not in ("topic", "article", "concept"):
        raise DocumentError("The file is not a known format.")
    if kind == "auto":
        chosen: Kind = recognition.form
        guess = Guess("kind", chosen, round(recognition.confidence, 2), recognition.reason)
        return _with_guess(_parse_flattened(text, name, chosen), guess)
    return _parse_flattened(text, name, kind)


def _parse_flattened(text: str, name: str, kind: Kind) -> ParsedDocument:
    """Parse by the form the text has, and give the document the kind asked for."""
    if kind == "concept" or recognise_flattened(text).form == "concept":
        return replace(parse_flattened_concept(text, name), kind=kind)
    return parse_flattened_topic(text, name, kind)


def _with_guess(document: ParsedDocument, guess: Guess) -> ParsedDocument:
    return replace(document, guesses=(guess, *document.guesses))
