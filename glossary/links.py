"""What links in a text lead to: the address of a published page, and a concept's definition."""

from __future__ import annotations

from collections.abc import Iterable

from wagtail.models import Page

from mindlab.core.contents import plain
from mindlab.core.querysets import is_restricted
from mindlab.core.reading import Target

LONGEST = 180
"""Characters of a definition that a note in the margin bears."""


def targets(pks: Iterable[int]) -> dict[int, Target]:
    """Return the published pages among ``pks`` by key, in one query; links to others lead nowhere."""
    pages = (
        Page.objects.filter(pk__in=list(pks), live=True)
        .exclude(is_restricted())
        .only("pk", "title", "url_path", "conceptpage__definition")
        .select_related("conceptpage")
    )
    found = {}
    for page in pages:
        concept = getattr(page, "conceptpage", None)
        definition = first_sentence(concept.definition) if concept else ""
        if page.url:
            found[page.pk] = Target(page.url, page.title, definition)
    return found


def first_sentence(html: str) -> str:
    """Return the first sentence of a definition as plain text, cut at a word where it is too long."""
    text = plain(html)
    sentence, stop, _ = text.partition(". ")
    sentence += stop.strip()
    if len(sentence) <= LONGEST:
        return sentence
    return sentence[:LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " …"
