"""Single characters of UTF-8 that were read in a one-byte encoding, found one sequence at a time.

``μ`` is the bytes CE BC. Read as Windows-1250 they show as ``ÎĽ``, as Windows-1252 ``Î¼``, as Mac
Roman ``Œº``. ftfy decodes whole lines and so misses a lone sequence among sound characters; here
each sequence is weighed by itself. The tables are computed from the codecs; what is written by hand
are the sequences that also occur in sound text (``Å²`` is an area, ``2√π`` a number, ``Îşi`` a
Romanian word) and the context that tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import ftfy.bad_codecs

ftfy.bad_codecs.ok()

CODECS = {
    "Windows-1252": "sloppy-windows-1252",
    "Windows-1250": "sloppy-windows-1250",
    "Latin-1": "latin-1",
    "Mac Roman": "mac-roman",
}
_RANGES = (
    (0xA0, 0x17F),
    (0x192, 0x192),
    (0x1A0, 0x1A1),
    (0x1AF, 0x1B0),
    (0x218, 0x21B),
    (0x2C6, 0x2DD),
    (0x300, 0x308),
    (0x30C, 0x30C),
    (0x391, 0x3A9),
    (0x3AC, 0x3CE),
    (0x3D1, 0x3D6),
    (0x3F0, 0x3F5),
    (0x1D2C, 0x1D6A),
    (0x1E00, 0x1EFF),
    (0x2002, 0x205F),
    (0x2070, 0x209C),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2150, 0x218B),
    (0x2190, 0x23FF),
    (0x2500, 0x25FF),
    (0x2600, 0x27BF),
    (0x27C0, 0x27FF),
    (0x2900, 0x2AFF),
    (0x2C60, 0x2C7F),
    (0xF8FF, 0xF8FF),
    (0xFB00, 0xFB06),
    (0xFE0E, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFFD, 0xFFFD),
    (0x1D400, 0x1D7FF),
    (0x1F300, 0x1F6FF),
    (0x1F900, 0x1F9FF),
)
_MAC_LEADS = frozenset("¬√ƒ≈∆œŒ‚Ô·»\uf8ff")
_MAC_ONLY_THREE = frozenset("·")
_NO_OPERANDS = frozenset("±≥≤≠")
_CLOSERS = frozenset("”’»›")
_MARKS = frozenset("”’»›“‘„‚«‹–—…•†‡™‰€˜ˆ")
_MAC_SIGNS = frozenset("π∫∑∏Ω∞µ±°≤≥≠∂")
_QUOTATION = 400
_WORD_GOES_ON = re.compile(r"(?!sin|cos|tan|exp|log)[a-zà-ž]{3}")
_VOWELS = frozenset("aeiouyóęą")
_ROMANIAN = re.compile(r"Îş(?=[a-zăâîşţ])|ÎŞ(?=[A-ZĂÂÎŞŢ])|Ăşt|ĂŞT")


def _characters() -> list[str]:
    return [chr(code) for first, last in _RANGES for code in range(first, last + 1)]


@cache
def _table() -> dict[str, tuple[str, str]]:
    """Each damaged sequence with the character it was and the name of the encoding."""
    table: dict[str, tuple[str, str]] = {}
    for name, codec in CODECS.items():
        for char in _characters():
            bad = char.encode("utf-8").decode(codec)
            if name == "Mac Roman" and not _may_be_mac(char, bad):
                continue
            table.setdefault(bad, (char, name))
    for code in range(0x80, 0xA0):  # C1 controls come about in text damaged twice; see `_is_damage`
        for name in ("Windows-1252", "Windows-1250", "Latin-1"):
            table.setdefault(chr(code).encode("utf-8").decode(CODECS[name]), (chr(code), name))
    return table


def _may_be_mac(char: str, bad: str) -> bool:
    """Whether a sequence of Mac Roman signs is odd enough in sound text to be looked at."""
    if bad[0] == "»":
        return char in "ȘșȚț"
    return bad[0] in _MAC_LEADS and not (bad[0] in _MAC_ONLY_THREE and len(bad) < 3)


@cache
def _pattern() -> re.Pattern[str]:
    by_lead: dict[str, set[str]] = {}
    for bad in _table():
        by_lead.setdefault(bad[0], set()).add(bad[1:])
    parts = []
    for lead, rests in by_lead.items():
        ordered = sorted(rests, key=len, reverse=True)
        parts.append(re.escape(lead) + "(?:" + "|".join(map(re.escape, ordered)) + ")")
    return re.compile("|".join(parts))


@cache
def suspects() -> re.Pattern[str]:
    """A character that may open a damaged sequence, followed by another beyond ASCII or a stray space."""
    leads = "".join(sorted({bad[0] for bad in _table()}))
    return re.compile("[" + re.escape(leads) + "][^\x00-\x7f]|[âÂÃĂ√¬‚][ \"'?]|\ufffd|[\x80-\x9f]")


@cache
def _runs() -> re.Pattern[str]:
    return re.compile(f"(?:{_pattern().pattern}){{1,1000}}")


def undo_once(line: str) -> tuple[str, tuple[str, ...], bool]:
    """Put one layer of damage right in a line.

    Returns the line, the encodings that did the damage, and whether a sequence was left alone that
    looks damaged and is sound where it stands. Two sequences side by side never occur in sound text.
    """
    rules: dict[str, None] = {}
    has_sound_pair = False

    def mend(match: re.Match[str]) -> str:
        nonlocal has_sound_pair
        single = _table().get(match[0])
        if single is not None and not _is_damage(line, match, single[0]):
            has_sound_pair = True
            return match[0]
        parts = [_table()[part] for part in _pattern().findall(match[0])]
        rules.update(dict.fromkeys(name for _, name in parts))
        return "".join(char for char, _ in parts if char != "\ufeff")

    mended = _runs().sub(mend, line)
    return mended, tuple(rules), has_sound_pair


def _is_damage(line: str, match: re.Match[str], char: str) -> bool:
    """Whether a sequence that stands alone is damage here, where some may also be sound text."""
    bad = match[0]
    before = line[match.start() - 1 : match.start()] if match.start() else ""
    after = line[match.end() : match.end() + 1]
    if "\x80" <= char <= "\x9f":
        return before.islower()
    if len(bad) > 2:
        return not (bad[1] == "»" and bad[2] in _MARKS and _ends_a_quote(line, match))
    mac = _MAC_LETTERS.get(bad[0])
    if mac is not None and (bad[0] != "∆" or bad[1] in _MAC_SIGNS):
        return mac(line, match, before, after)
    if "\u0300" <= char <= "\u036f":
        return before.isalpha() and bad[1] not in _CLOSERS | {"“", "‘"}
    return not _is_sound_pair(line, match, char, before, after)


def _is_sound_pair(line: str, match: re.Match[str], char: str, before: str, after: str) -> bool:
    """Whether two characters that may be one damaged one make sense where they stand."""
    bad = match[0]
    if before.isupper() and bad[1] in _MARKS:
        return not after.isalpha() or char.isupper() != after.isupper()
    alone = not before.isalpha() and not after.isalpha()
    return (
        (bad[0] == "Å" and not _is_within_word(before, after, bad[1]))
        or (bad[1] in _MARKS and bad[0] in "ÄÅĹ" and alone)
        or (before.isupper() and bad[1].isupper() and not after.islower())
        or (bad[1] in _CLOSERS and not before.islower() and _closes_a_quote(line, match, bad[1]))
        or bool(_ROMANIAN.match(line, match.start()) and not before.isalpha())
    )


def _ends_a_quote(line: str, match: re.Match[str]) -> bool:
    """Whether a guillemet inside the sequence closes one that is open: «está»—dijo."""
    opened = line.rfind("«", max(0, match.start() - _QUOTATION), match.start())
    return opened >= 0 and line.find("»", opened, match.start()) < 0


def _is_within_word(before: str, after: str, second: str) -> bool:
    """``MaÅ‚a`` is damage, ``12 Å²`` and ``the Å’s`` are not."""
    if second == "’" and after == "s":
        return False
    return before.islower() or (after.islower() and not before.isdigit())


def _is_mac_letter(line: str, match: re.Match[str], before: str, after: str) -> bool:
    """``caf√©`` is damage and so is ``Ram√≥n``; ``2√π`` and ``≈Ångström`` are mathematics."""
    if match[0] == "≈Å" and after in _VOWELS:
        return True
    if match[0][1] in _MAC_SIGNS and _WORD_GOES_ON.match(line, match.end()):
        return True
    if match[0] == "√π" and before in ("O", "o") and not after.isalnum():
        return True  # the French word
    if match[0][1] in _NO_OPERANDS and after.isalpha():
        return True
    if match[0][1] in _MAC_SIGNS or match[0] == "≈Å":
        earlier = line[max(0, match.start() - 2) : match.start()]
        in_word = len(earlier) == 2 and earlier.isalpha()
        return in_word or (before.isalpha() and after.isalpha())
    return match[0][0] == "√" or before.isalpha() or after.isalpha()


def _is_mac_guillemet(line: str, match: re.Match[str], before: str, after: str) -> bool:
    """``învă»õare`` is damage, »öffnen« a word in quotation marks."""
    return before.isalpha() or (match[0][1] in "òôõ" and after.isalpha())


_MAC_LETTERS: dict[str, Callable[[str, re.Match[str], str, str], bool]] = {
    "√": _is_mac_letter,
    "≈": _is_mac_letter,
    "»": _is_mac_guillemet,
    "∆": lambda line, match, before, after: before.isalpha(),
}
"""How to tell, by the sign that opens it, whether a pair of Mac Roman signs is a letter."""


def _closes_a_quote(line: str, match: re.Match[str], mark: str) -> bool:
    """Whether a quotation mark that ends the sequence is the one that an earlier mark asks for."""
    openers = {"”": "“„", "’": "‘‚", "»": "«", "›": "‹"}[mark]
    first, last = max(0, match.start() - _QUOTATION), match.end() + _QUOTATION
    opened = max(line.rfind(opener, first, match.start()) for opener in openers)
    within = line[opened + 1 : match.start()]
    if match[0][0] in "ÂÃ" and within.strip() and not within[-1].isalnum():
        return False  # a letter of this kind is no word of its own
    if opened < 0 or line.find(mark, opened, match.start()) >= 0:
        return False
    return line.find(mark, match.end(), last) < 0
