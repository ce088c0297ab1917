"""When two spellings are one name: case, accents, composition, apostrophes, dashes and spaces do not matter.

It is worked out here and never by a database, because SQLite and PostgreSQL fold letters differently.
"""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛ʼ′´", "'"))
# Letters that no normal form takes apart, and a sign that is typed for one.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "∆": "δ"})
_MARKS = re.compile(r"[\u0300-\u036f]")
_INSIDE = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'")
_BREAKS = str.maketrans(dict.fromkeys("-‐‑‒–—―−_/", " "))
_AROUND = " \"'`“”„«»‹›.,;:!?…*"
"""What may stand around a name and is no part of it."""
LONGEST = 255
"""Characters of a key, and of what is compared: as many as the title of a page may have."""


def name_key(name: str) -> str:
    """Return the form in which names are compared: two spellings with one key are one name.

    A name of nothing but signs is compared by these; "" is the key of what holds no name at all.
    """
    return folded(name)[:LONGEST] or " ".join(unicodedata.normalize("NFKC", name).split())[:LONGEST]


def folded(name: str) -> str:
    """Return a name in lower case without accents, apostrophes, dashes and what stands around it."""
    text = name.casefold() if name.isascii() else folded_letters(name)
    if "'" in text:
        text = _INSIDE.sub("", text)
    return " ".join(text.translate(_BREAKS).split()).strip(_AROUND)


def folded_letters(name: str) -> str:
    """Return a text in lower case without accents, each letter and sign in its one form."""
    text = "".join(char for char in name if unicodedata.category(char) != "Cf")
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)))
    return unicodedata.normalize("NFKC", text.casefold().translate(_LETTERS))
