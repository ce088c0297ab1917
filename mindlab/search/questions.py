"""From what a reader types to a question in the syntax of a database, the same words for both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mindlab.core.search_words import compounds

GRAMMAR = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "by", "do", "does", "for", "from", "how", "in", "into"),
        *("is", "it", "its", "of", "on", "or", "that", "the", "their", "this", "to", "was", "what", "when"),
        *("where", "which", "who", "why", "with"),
    )
)
"""Words that a question need not find, unless it has no others."""
MOST_WORDS = 40
SHORTEST_BEGINNING = 3
"""Latin letters that are taken for the beginning of a word: fewer are a name, as OT or K are."""

_FORMS = (
    ("us", "i"),
    ("um", "a"),
    ("on", "a"),
    ("is", "es"),
    ("ex", "ices"),
    ("ix", "ices"),
    ("a", "ae"),
    ("ma", "mata"),
    ("yx", "yces"),
)
"""Endings of one and of many, in Latin and Greek: the databases know the English ones."""

Choices = tuple[tuple[str, ...], ...]
"""Ways to find one thing that was asked for: each is words that are found together."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: each thing in one of its forms; the last word may begin a longer one."""

    things: tuple[Choices, ...]
    any_of_them: bool = False

    def __bool__(self) -> bool:
        return bool(self.things)

    def for_sqlite(self) -> str:
        """Return the question as FTS5 reads it."""
        return self._in_words(lambda word, begins: f'"{word}"{"*" if begins else ""}', " AND ", " OR ")

    def for_postgresql(self) -> str:
        """Return the question as ``to_tsquery`` reads it."""
        return self._in_words(lambda word, begins: f"'{word}'{':*' if begins else ''}", " & ", " | ")

    def _in_words(self, quoted: Callable[[str, bool], str], both: str, either: str) -> str:
        def all_of(words: tuple[str, ...], is_last: bool) -> str:
            last = len(words) - 1
            return both.join(
                quoted(word, is_last and place == last and _may_begin(word))
                for place, word in enumerate(words)
            )

        asked = []
        for place, choices in enumerate(self.things, start=1):
            is_last = place == len(self.things) and not self.any_of_them
            asked.append(f"({either.join(f'({all_of(words, is_last)})' for words in choices)})")
        return (either if self.any_of_them else both).join(asked)


def question(query: str, *, any_word: bool = False) -> Question:
    """Return what is looked for with ``query``: all its words, or with ``any_word`` one of them."""
    found = list(dict.fromkeys(compounds(query)))
    telling = [words for words in found if not GRAMMAR.issuperset(words)] or found
    return Question(tuple(_choices(words) for words in telling[:MOST_WORDS]), any_of_them=any_word)


def _choices(words: tuple[str, ...]) -> Choices:
    """Return the ways to find words that dashes join: as many words, or written as one."""
    if len(words) > 1:
        return (words, ("".join(words),))
    return ((words[0],), *((form,) for form in _other_numbers(words[0])))


def _may_begin(word: str) -> bool:
    """Return whether a word may stand for longer ones: signs of other scripts often are whole words."""
    return len(word) >= SHORTEST_BEGINNING or not word.isascii()


def _other_numbers(word: str) -> Iterable[str]:
    if not word.isascii() or len(word) < 4:
        return
    for one, many in _FORMS:
        for ending, other in ((one, many), (many, one)):
            stem = word.removesuffix(ending)
            if stem != word and len(stem) >= 2:
                yield stem + other
