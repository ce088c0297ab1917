"""How large a document may be: past these bounds it is refused with one sentence and nothing is cut.

A page is read and edited by a person, so the bounds lie far above what a page can hold; they are
here so that a file which is no document costs seconds and not gigabytes (``bench/import_bounds.py``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from mindlab.importer.parsers.errors import DocumentError

MAX_BYTES = 32_000_000
"""Size of a source, before it is decoded."""
MAX_LINES = 100_000
"""Lines with words in a source."""
MAX_DAMAGE = 200_000
"""Places in a text that look like damaged characters."""
MAX_INDEX = 900_000
"""Bytes that the different words of a text take up in a search index."""


def check_size(size: int) -> None:
    """Raise DocumentError for a source of more bytes than a document has."""
    if size > MAX_BYTES:
        raise DocumentError(f"The file is larger than {MAX_BYTES // 1_000_000} MB; divide it.")


def check_lines(text: str) -> None:
    """Raise DocumentError for a text of more lines than a page can hold; blank lines are free."""
    if text.count("\n") < MAX_LINES:
        return
    filled = sum(1 for line in text.split("\n") if line and not line.isspace())
    if filled > MAX_LINES:
        raise DocumentError(f"The text has {filled:,} lines, more than a page can hold; divide it.")


def check_words(texts: Sequence[str]) -> None:
    """Raise DocumentError for a document of more different words than a search index takes.

    ``texts``: what a page would hold of it. PostgreSQL keeps at most 1 MB of words for a row, each with
    its places.
    """
    if sum(map(len, texts)) < MAX_INDEX // 4:
        return
    counts = Counter(match[0] for text in texts for match in re.finditer(r"\S+", text.lower()))
    places = sum(8 + 2 * min(count, 255) for count in counts.values())
    size = places + sum(len(word.encode("utf-8", "replace")) for word in counts)
    if size > MAX_INDEX:
        raise DocumentError("The text has more different words than can be searched in one page; divide it.")
