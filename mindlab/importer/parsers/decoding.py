"""Bytes to text: byte-order marks, UTF-8, UTF-16, the legacy single-byte encodings, and refusals.

UTF-8 is what a text is expected to be. A text with not one valid multi-byte sequence whose odd
bytes all make sense as Windows-1252 is a legacy file and is read as such, with a warning. Anything
between the two (some sequences good, some broken) was UTF-8 and is damaged: guessing would store
wrong letters, so it is refused with the line that is broken.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import ftfy.bad_codecs

from mindlab.importer.parsers.errors import DocumentError

ftfy.bad_codecs.ok()

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"PK\x05\x06", "a zip archive or an office document"),
    (b"%PDF-", "a PDF"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}",
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\u2028\u2029]")
_LATE_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_LONE_LETTERS = frozenset("àÀâÂåÅäÄéÉèÈêÊíÍóÓöÖøØúÚýÿñÑçÇµßµªº")
_CP1252_SIGNS = frozenset("€‚„…†‡‰‹‘’“”•–—™›\xa0¡¢£¤¥¦§¨©«¬\xad®¯°±²³´¶·¸¹»¼½¾¿×÷ˆ˜")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with LF line ends, the encoding it was read in, and what a person should know of it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """Read ``data`` as text; C1 controls stay, because a repair may need them.

    Raises DocumentError for an empty file, a binary one and damaged UTF-8.
    """
    if not data.strip(b" \t\r\n\x0b\x0c\x00"):
        raise DocumentError("The file is empty.")
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise DocumentError(f"The file is not text: it looks like {name}.")
    text, encoding, warnings = _decode(data)
    text = _LINE_ENDS.sub("\n", text)
    text, removed = _CONTROLS.subn("", text)
    if removed > 8 and removed > 0.02 * (len(text) + removed):
        raise DocumentError("The file is not text: it holds too many control characters.")
    if removed:
        plural = "" if removed == 1 else "s"
        warnings.append(f"{removed} control character{plural} removed.")
    if not text.strip():
        raise DocumentError("The file is empty.")
    return Decoded(text, encoding, tuple(warnings))


def strip_controls(text: str) -> str:
    """Remove the control characters that no repair needed; NEL becomes a space, as it parts words."""
    return _LATE_CONTROLS.sub("", text).replace("\x85", " ")


def _decode(data: bytes) -> tuple[str, str, list[str]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data, encoding), encoding.removesuffix("-sig"), []
    wide = _wide_encoding(data)
    if wide is not None:
        return _strictly(data, wide), wide, [f"The file has no byte-order mark; it was read as {wide}."]
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        return _legacy(data, error)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        name = "UTF-8" if encoding == "utf-8-sig" else encoding.upper()
        raise DocumentError(f"The text is not valid {name}: line {line} is damaged.") from error


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark: in Western text every other byte is zero."""
    sample = data[:4096]
    half = len(sample) // 2
    if half < 4 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _legacy(data: bytes, error: UnicodeDecodeError) -> tuple[str, str, list[str]]:
    controls = len(re.findall(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", data))
    high = len(re.findall(rb"[\x80-\xff]", data))
    if controls > 0.01 * len(data) or high > 0.5 * len(data):
        raise DocumentError("The file is not text: it looks like binary data.") from error
    text = str(data.decode("sloppy-windows-1252"))
    if _MULTIBYTE.search(data) is None and _is_plausible(text):
        return text, "windows-1252", ["The file is not UTF-8; it was read as Windows-1252 (Latin-1)."]
    line = data.count(b"\n", 0, error.start) + 1
    raise DocumentError(f"The text is not valid UTF-8: line {line} is damaged.") from error


def _is_plausible(text: str) -> bool:
    """Whether every character beyond ASCII stands where Western text would have it."""
    return all(_stands_well(text, match.start()) for match in re.finditer("[^\x00-\x7f]", text))


def _stands_well(text: str, at: int) -> bool:
    char = text[at]
    if char in _CP1252_SIGNS:
        return True
    if "\x80" <= char <= "\x9f":
        return False
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if char in "ÿþÞÐ":
        return before.isalpha() and after.isalpha() and before.islower() == char.islower()
    if char.isupper() and before.islower():
        return False
    return before.isalpha() or after.isalpha() or char in _LONE_LETTERS
