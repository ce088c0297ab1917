"""When two spellings are one term: the one rule for relations, other names, wanted concepts and imports.

Letters are folded as those of all names are (``mindlab.core.names``); the number of words is folded here.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from mindlab.core.names import LONGEST, folded

if TYPE_CHECKING:
    import inflect

PLURALS = {
    # Two singulars share a plural; the field means the second.
    "axes": "axis",
    "bases": "basis",
    # What inflect does not know, or takes for another word.
    "addenda": "addendum",
    "calices": "calyx",
    "cerebella": "cerebellum",
    "cilia": "cilium",
    "claustra": "claustrum",
    "crura": "crus",
    "endothelia": "endothelium",
    "epithelia": "epithelium",
    "flagella": "flagellum",
    "foramina": "foramen",
    "fornices": "fornix",
    "maois": "maoi",
    "mitochondria": "mitochondrion",
    "ostia": "ostium",
    "pallida": "pallidum",
    "putamina": "putamen",
    "qualia": "quale",
    "reticula": "reticulum",
    "septa": "septum",
    "striata": "striatum",
    "tecta": "tectum",
    "tegmenta": "tegmentum",
}
"""Plurals whose singular neither inflect nor an ending tells."""
_PLURAL_ENDINGS = ("s", "a", "i", "ae", "ice", "eet", "eeth", "women", "ren", "oxen", "people")
_SINGULAR_ENDINGS = ("ss", "us", "is")
SINGULARS = frozenset({"alias", "atlas", "bias", "canvas", "chaos", "glans", "lens", "pancreas", "pons"})
"""Singulars in -s that inflect takes for plurals."""
_ABBREVIATION = re.compile(r"([^aeiouy]{2,}i)s?")
"""SSRI, fMRI, and more than one of them: they look like Latin plurals."""
_ENDINGS = (
    (re.compile(r"(?<=\w{3})ae$"), "a"),
    (re.compile(r"(?<=\w{2})(?<![ao])i$"), "us"),
    (re.compile(r"mata$"), "ma"),
)
"""Latin and Greek plurals that no English singular looks like."""


def term_key(term: str) -> str:
    """Return the form in which terms are compared: two spellings with one key are one term.

    Case, accents, composition, apostrophes, dashes, soft hyphens, quotation marks around it and the
    number of its words do not matter; "" is the key of what holds no term.
    """
    return _key(term[:LONGEST])


@lru_cache(maxsize=100_000)
def _key(term: str) -> str:
    return " ".join(singular(word) for word in folded(term).split())


@lru_cache(maxsize=100_000)
def singular(word: str) -> str:
    """Return the singular of a lower-case English noun, Latin and Greek ones included."""
    if word in PLURALS:
        return PLURALS[word]
    if abbreviation := _ABBREVIATION.fullmatch(word):
        return abbreviation.group(1)
    return str(_engine().singular_noun(word) or _by_ending(word)) if _may_be_plural(word) else word


def _may_be_plural(word: str) -> bool:
    if len(word) < 4 or word in SINGULARS or not (word.isascii() and word.isalnum()):
        return False
    return word.endswith(_PLURAL_ENDINGS) and not word.endswith(_SINGULAR_ENDINGS)


def _by_ending(word: str) -> str:
    for plural, ending in _ENDINGS:
        replaced, count = plural.subn(ending, word)
        if count:
            return replaced
    return word


@cache
def _engine() -> inflect.engine:
    # Takes half a second to load, and most processes never compare a term.
    import inflect

    engine = inflect.engine()
    engine.classical(all=True)
    return engine
