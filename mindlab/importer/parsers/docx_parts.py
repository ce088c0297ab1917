"""What mammoth passes over in a Word file: formulas are written as their signs, the rest is reported."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from .document import LeftOut, Lines
from .errors import DocumentError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_WHERE = Lines(1, 1)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A Word file whose formulas are words, and what of it no draft will hold."""

    data: bytes
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...] = ()


def prepare(data: bytes) -> Prepared:
    """Write formulas as text, and gather comments, deleted words, headers and footers.

    Raises DocumentError when a part is no XML.
    """
    left: list[LeftOut] = []
    changed: dict[str, bytes] = {}
    formulas = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.startswith("word/") and name.endswith(".xml")]
        for name in names:
            if name in _TEXTS:
                root = _parsed(archive.read(name))
                left += _entries(root.iter(f"{_W}del"), f"{_W}delText", "words that were deleted in Word")
                found, opened = _write_formulas(root), _open_fields(root)
                formulas += found
                if found or opened:
                    changed[name] = etree.tostring(
                        root, xml_declaration=True, encoding="UTF-8", standalone=True
                    )
            elif name == "word/comments.xml":
                root = _parsed(archive.read(name))
                left += _entries(root.iter(f"{_W}comment"), f"{_W}t", "a comment in the Word file")
            elif name.startswith(("word/header", "word/footer")):
                root = _parsed(archive.read(name))
                left += _entries([root], f"{_W}t", "a header or footer of the pages in Word")
        if changed:
            data = _rewritten(archive, changed)
    warning = f"Formulas were read as their signs, one after the other: look at all {formulas}."
    return Prepared(data, tuple(dict.fromkeys(left)), (warning,) if formulas else ())


def _parsed(xml: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError("The Word file is damaged and cannot be read.") from error


def _entries(elements: Any, tag: str, reason: str) -> Iterator[LeftOut]:
    for element in elements:
        words = " ".join("".join(node.text or "" for node in element.iter(tag)).split())
        if words:
            yield LeftOut(words, reason, _WHERE)


def _write_formulas(root: Any) -> int:
    """Put a run of plain text in the place of each formula; returns how many there were."""
    formulas = list(root.iter(f"{_M}oMath"))
    for formula in formulas:
        run = etree.Element(f"{_W}r")
        text = etree.SubElement(run, f"{_W}t")
        text.text = "".join(node.text or "" for node in formula.iter(f"{_M}t"))
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.tail = formula.tail
        formula.getparent().replace(formula, run)
    for group in list(root.iter(f"{_M}oMathPara")):
        parent, runs = group.getparent(), list(group.iter(f"{_W}r"))
        place = parent.index(group)
        parent.remove(group)
        for run in reversed(runs):
            parent.insert(place, run)
    return len(formulas)


def _open_fields(root: Any) -> int:
    """Put what simple fields hold, such as cross references, where they stand; returns how many."""
    fields = list(root.iter(f"{_W}fldSimple"))
    for element in fields:
        for child in list(element):
            element.addprevious(child)
        element.getparent().remove(element)
    return len(fields)


def _rewritten(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in archive.infolist():
            copy.writestr(part, changed.get(part.filename) or archive.read(part))
    return out.getvalue()
