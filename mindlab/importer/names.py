"""How names of concepts compare: without regard to case, hyphens and number."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"[\s\-‐-―_/]+")
_EDGES = re.compile(r"^\W+|[^\w)]+$")
_PLURALS = (
    # Field's own Latin and Greek plurals first, then English.
    (re.compile(r"(?<=\w{2})yses$"), "ysis"),
    (re.compile(r"(?<=\w{2})theses$"), "thesis"),
    (re.compile(r"(?<=\w{2})ochondria$"), "ochondrion"),
    (re.compile(r"(?<=\w)ganglia$"), "ganglion"),
    (re.compile(r"^ganglia$"), "ganglion"),
    (re.compile(r"(?<=\w{3})ae$"), "a"),
    (re.compile(r"(?<=\w{3})(?<!a)i$"), "us"),
    (re.compile(r"(?<=\w{2})ies$"), "y"),
    (re.compile(r"(?<=\w)(ss|x|ch|sh)es$"), r"\1"),
    (re.compile(r"(?<=\w{2})(?<![sui])s$"), ""),
)


def name_key(name: str) -> str:
    """The form in which two names are compared: "Mirror-Neurons" and "mirror neuron" give one key."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    words = _EDGES.sub("", _BREAKS.sub(" ", folded).strip()).split()
    return " ".join([*words[:-1], singular(words[-1])])[:255] if words else ""


def singular(word: str) -> str:
    """The singular of a folded English, Latin or Greek noun; the same word where no rule fits."""
    for pattern, ending in _PLURALS:
        replaced, count = pattern.subn(ending, word)
        if count:
            return replaced
    return word
