"""Damaged text put right: UTF-8 that was read in a one-byte encoding, once or several times over.

Our own rule (`mojibake`) goes first, because it looks at one sequence at a time; ftfy follows with
what needs a whole line (other encodings, lost bytes). Of ftfy only the decoding is used: quotes,
ligatures, widths, entities and normal forms of sound text are the author's.
"""

from __future__ import annotations

from itertools import islice

import ftfy

from mindlab.importer.parsers.decoding import strip_controls
from mindlab.importer.parsers.document import Repair
from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.limits import MAX_DAMAGE
from mindlab.importer.parsers.mojibake import suspects, undo_once

_FTFY = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)
_LAYERS = 30
_LONGEST_SHOWN = 200
_MOST_SHOWN = 1000


def repair(text: str) -> tuple[str, tuple[Repair, ...]]:
    """The text with damaged characters put right, and one record for each place that changed.

    Line numbers are kept. Repairing repaired text changes nothing. Raises DocumentError for a text of
    more damage than `MAX_DAMAGE`.
    """
    if text.isascii():
        return text, ()
    if next(islice(suspects().finditer(text), MAX_DAMAGE, None), None) is not None:
        raise DocumentError(f"The text is damaged in more than {MAX_DAMAGE:,} places; find a sound copy.")
    lines = text.split("\n")
    repairs: list[Repair] = []
    for index, line in enumerate(lines):
        if line.isascii() or suspects().search(line) is None:
            lines[index] = strip_controls(line)
            continue
        mended, rule = _repair_fully(line)
        lines[index] = mended
        if rule:
            repairs += _places(index + 1, line, mended, rule)
    return "\n".join(lines), tuple(repairs)


def _repair_fully(line: str) -> tuple[str, str]:
    """Repair a line and strip it of controls until neither changes it: stripping may join a sequence."""
    rules: dict[str, None] = {}
    for _ in range(_LAYERS):
        mended, found = _repair_line(line)
        mended = strip_controls(mended)
        rules.update(dict.fromkeys(found))
        if mended == line:
            break
        line = mended
    return line, ", ".join(rules)


def _repair_line(line: str) -> tuple[str, list[str]]:
    """The line with its layers of damage undone, and the rules that did it."""
    rules: dict[str, None] = {}
    for _ in range(_LAYERS):
        start = line
        has_sound_pair = False
        for _ in range(_LAYERS):
            mended, encodings, has_sound_pair = undo_once(line)
            rules.update(dict.fromkeys(f"UTF-8 read as {name}" for name in encodings))
            if mended == line:
                break
            line = mended
        if not has_sound_pair and suspects().search(line) is not None:
            fixed = ftfy.fix_text(line, _FTFY)
            if fixed != line:
                rules["ftfy"] = None
                line = fixed
        if line == start:
            break
    return line, list(rules)


def _places(number: int, before: str, after: str, rule: str) -> list[Repair]:
    """One record for each word that changed, or one for the stretch where words do not pair up."""
    old, new = before.split(" "), after.split(" ")
    if len(old) != len(new):
        first = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
        old, new = [" ".join(old[first : first + 40])], [" ".join(new[first : first + 40])]
    pairs = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    places = [Repair(number, a[:_LONGEST_SHOWN], b[:_LONGEST_SHOWN], rule) for a, b in pairs[:_MOST_SHOWN]]
    if len(pairs) > _MOST_SHOWN:
        more = f"{len(pairs) - _MOST_SHOWN} more places on this line"
        places.append(Repair(number, more, more, rule))
    return places
