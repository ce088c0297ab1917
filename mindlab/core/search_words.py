"""The words that search knows a text by, the same on both databases, and the fields that hold them.

Databases cut texts into words each in its own way: one drops accents and the other does not, "TNF-α" is
two words or one, "IL-6" holds a negative number. So a text is indexed with the words that this rule finds
and the database may miss, and a question is asked in words of this rule alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from wagtail.search import index

from mindlab.core.names import folded_letters
from mindlab.core.slugs import GREEK_LETTERS

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_APOSTROPHES = re.compile(r"(?<=\w)'(?=\w)")
_COMPOUND = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_GREEK = {**GREEK_LETTERS, "ς": "sigma"}
_SYMBOL = re.compile("(?<![\u0370-\u03ff])[α-ω](?![\u0370-\u03ff])")
"""A Greek letter that is no part of a Greek word."""
_PLAIN = re.compile(r"[a-z]+|[a-z]+\d+")
"""A word that no database cuts otherwise."""


def compounds(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a text in order, those that dashes join together: ("tnf", "alpha")."""
    folded = _APOSTROPHES.sub("", folded_letters(text).translate(_DASHES))
    for match in _COMPOUND.finditer(_SYMBOL.sub(lambda sign: _GREEK[sign[0]], folded)):
        yield tuple(match[0].split("-"))


def with_words(value: Any) -> Any:
    """Return what a field gives to the index, and the words that a database may not find in it."""
    found = missed(value)
    if not found:
        return value
    return [*value, found] if isinstance(value, list) else [value, found]


def missed(value: Any) -> str:
    """Return the words of a text, or of several, that a database may not find in it, each once."""
    parts = value if isinstance(value, list) else [value]
    tokens = (token for part in parts for token in str(part or "").split())
    return " ".join(dict.fromkeys(word for token in tokens for word in _missed_in(token)))


@lru_cache(maxsize=50_000)
def _missed_in(token: str) -> tuple[str, ...]:
    """Return the words of what stands between two spaces, none where it is a plain word."""
    if _PLAIN.fullmatch(token.strip(".,;:!?()\"'").lower()):
        return ()
    found: list[str] = []
    for parts in compounds(token):
        found += [*parts, "".join(parts)] if len(parts) > 1 else parts
    return tuple(found)


class Searched(index.SearchField):
    """A field whose text is found by its words as ``compounds`` gives them."""

    def get_value(self, obj: Any) -> Any:
        """Return the text with the words that the database may miss."""
        return with_words(super().get_value(obj))


class MissedWords(index.SearchField):
    """The words alone that the database may miss, beside a field of Wagtail's own that holds the text."""

    def get_value(self, obj: Any) -> str:
        """Return the words."""
        return missed(super().get_value(obj))
