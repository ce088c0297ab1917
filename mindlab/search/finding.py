"""One question to all published pages, answered in the order of relevance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Page

from mindlab.core.pages import Kind, SitePage, kind_of, public_models

LONGEST_QUERY = 200
MOST_HITS = 500
"""Nobody reads on after this many; it bounds what one question can cost."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A page found, with what a list shows of it."""

    page: SitePage
    kind: Kind
    summary: str
    """The deck, definition or role, as plain words."""


@dataclass(frozen=True, slots=True)
class Facet:
    """How many hits are of one kind."""

    kind: Kind
    number: int


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of all hits in the order of relevance, and how they divide among kinds."""

    ids: tuple[int, ...]
    facets: tuple[Facet, ...]


def clean(query: str) -> str:
    """Return the words of a query: what the full-text engines would take for syntax is left out."""
    words = "".join(" " if char in '"\x00' or not char.isprintable() else char for char in query)
    return " ".join(words.split())[:LONGEST_QUERY]


def find(query: str, kind: str = "") -> Found:
    """Find published pages that hold all words of ``query``; ``kind`` keeps one kind of them.

    The facets count all kinds, whichever is chosen.
    """
    words = clean(query)
    if not words:
        return Found((), ())
    types = {ContentType.objects.get_for_model(model).pk: kind_of(model) for model in public_models()}
    ranked = (
        _ranked_sqlite(words, list(types)) if connection.vendor == "sqlite" else _ranked(words, list(types))
    )
    published: dict[int, int] = dict(
        Page.objects.live().public().filter(pk__in=ranked).values_list("pk", "content_type_id")
    )
    numbers = Counter(types[content_type].slug for content_type in published.values())
    facets = tuple(Facet(kind, numbers[kind.slug]) for kind in types.values() if numbers[kind.slug])
    ids = (pk for pk in ranked if pk in published)
    return Found(tuple(pk for pk in ids if not kind or types[published[pk]].slug == kind), facets)


def hits(ids: tuple[int, ...] | list[int]) -> list[Hit]:
    """Return the pages of ``ids`` in their order, each of its own type."""
    pages = {page.pk: page for page in Page.objects.filter(pk__in=ids).specific()}
    return [Hit(pages[pk], kind_of(type(pages[pk])), pages[pk].summary) for pk in ids if pk in pages]


def _ranked(words: str, types: list[int]) -> list[int]:
    pages = Page.objects.live().public().filter(content_type__in=types)
    return [page.pk for page in pages.search(words, operator="and")[:MOST_HITS]]


def _ranked_sqlite(words: str, types: list[int]) -> list[int]:
    """Ask FTS5 itself: Wagtail's ranked search on SQLite runs the index again for every hit.

    The last word may be the beginning of one. Titles weigh ten times as much as text; the columns
    of the index are autocomplete, body and title.
    """
    terms = words.split()
    question = " AND ".join([*(f'"{term}"' for term in terms[:-1]), f'"{terms[-1]}"*'])
    places = ", ".join(["%s"] * len(types))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry.object_id FROM wagtailsearch_indexentry_fts"  # noqa: S608 - only placeholders vary
            " JOIN wagtailsearch_indexentry entry ON entry.id = wagtailsearch_indexentry_fts.rowid"
            " JOIN wagtailcore_page page ON page.id = CAST(entry.object_id AS INTEGER) AND page.live"
            f" WHERE wagtailsearch_indexentry_fts MATCH %s AND entry.content_type_id IN ({places})"
            " ORDER BY bm25(wagtailsearch_indexentry_fts, 1.0, 1.0, 10.0) LIMIT %s",
            [question, *types, MOST_HITS],
        )
        return [int(row[0]) for row in cursor.fetchall()]
