"""What links in a text lead to: the address of a published page, and a concept's definition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail.models import Page

from mindlab.core.privacy import is_restricted
from mindlab.core.rich_text import excerpt, plain
from mindlab.reading.references import Linking, Target
from mindlab.reading.rows import Rows

LONGEST = 180
"""Characters of a definition that a note in the margin bears."""


def rows(pks: Iterable[int]) -> Rows:
    """Return the rows of the published pages among ``pks``; links to others lead nowhere."""
    pages = Page.objects.filter(pk__in=list(pks), live=True).exclude(is_restricted())
    return Rows(pages, ("title", "url_path"), joined={"conceptpage": ("definition",)})


def targets(pages: Iterable[Any]) -> dict[int, Target]:
    """Return what links to these pages lead to, by key."""
    found = {}
    for page in pages:
        concept = getattr(page, "conceptpage", None)
        definition = first_sentence(concept.definition) if concept else ""
        if page.url:
            found[page.pk] = Target(page.url, page.title, definition)
    return found


LINKING = Linking(rows, targets)
"""How links in every text of this site find what they lead to."""


def first_sentence(html: str) -> str:
    """Return the first sentence of a definition as plain text, cut at a word where it is too long."""
    text = plain(html)
    sentence, stop, _ = text.partition(". ")
    sentence += stop.strip()
    return excerpt(sentence, LONGEST)
