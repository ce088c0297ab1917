"""One question to all published pages, answered in the order of relevance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Page

from mindlab.core.pages import Kind, SitePage, kind_of, public_models
from mindlab.core.privacy import is_restricted
from mindlab.core.rich_text import CUT, excerpt
from mindlab.search.questions import Question, question

LONGEST_QUERY = 300
"""Characters of what is asked: more than a title has."""
MOST_HITS = 200
"""Nobody reads on after this many; it bounds what one question can cost."""
MOST_WEIGHED = 1_000
"""Pages that are weighed against one another; a question that more pages answer says too little for that."""


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
    """Return a query on one line, cut between words where it is too long."""
    words = "".join(char if char.isprintable() else " " for char in query)
    return excerpt(words, LONGEST_QUERY).removesuffix(CUT)


def find(query: str, kind: str = "", *, any_word: bool = False) -> Found:
    """Find published pages that hold all words of ``query``, or any; ``kind`` keeps one kind of them.

    The facets count all kinds, whichever is chosen.
    """
    asked = question(clean(query), any_word=any_word)
    if not asked:
        return Found((), ())
    types = {ContentType.objects.get_for_model(model).pk: kind_of(model) for model in public_models()}
    ranked = _ranked(asked, list(types))
    published: dict[int, int] = dict(
        Page.objects.live()
        .exclude(is_restricted())
        .filter(pk__in=ranked)
        .values_list("pk", "content_type_id")
    )
    numbers = Counter(types[content_type].slug for content_type in published.values())
    facets = tuple(Facet(kind, numbers[kind.slug]) for kind in types.values() if numbers[kind.slug])
    ids = (pk for pk in ranked if pk in published)
    return Found(tuple(pk for pk in ids if not kind or types[published[pk]].slug == kind), facets)


def hits(ids: tuple[int, ...] | list[int]) -> list[Hit]:
    """Return the pages of ``ids`` in their order, each of its own type."""
    pages = {page.pk: page for page in Page.objects.filter(pk__in=ids).specific()}
    return [Hit(pages[pk], kind_of(type(pages[pk])), pages[pk].summary) for pk in ids if pk in pages]


def _ranked(asked: Question, types: list[int]) -> list[int]:
    """Ask the index itself, which both databases rank by: a word in a title weighs ten times one in a text.

    Wagtail's search on SQLite runs the index again for every hit, on PostgreSQL it joins every page to it
    by a text.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return _ranked_by_sqlite(cursor, asked.for_sqlite(), types)
        # What is weighed are the pages that hold the words in their titles, and as many others as are
        # weighed at all: the weight of each takes its whole text.
        cursor.execute(
            _POSTGRESQL,
            {
                "config": settings.SEARCH_CONFIG,
                "words": asked.for_postgresql(),
                "types": types,
                "weighed": MOST_WEIGHED,
                "hits": MOST_HITS,
            },
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _ranked_by_sqlite(cursor: Any, words: str, types: list[int]) -> list[int]:
    """Return the hits by weight; of more than are weighed the newest, first those with the words in titles.

    The columns of the index are autocomplete, body and title.
    """
    cursor.execute(_SQLITE_ENOUGH, [words, MOST_WEIGHED + 1])
    if cursor.fetchone()[0] <= MOST_WEIGHED:
        return _rows(cursor, words, types, "bm25(wagtailsearch_indexentry_fts, 1.0, 1.0, 10.0), page.id DESC")
    newest = "wagtailsearch_indexentry_fts.rowid DESC"
    named = _rows(cursor, f"{{title}} : ({words})", types, newest)
    rest = _rows(cursor, words, types, newest) if len(named) < MOST_HITS else []
    return list(dict.fromkeys([*named, *rest]))[:MOST_HITS]


def _rows(cursor: Any, words: str, types: list[int], order: str) -> list[int]:
    # Only the number of placeholders and the order vary.
    statement = _SQLITE.format(types=", ".join(["%s"] * len(types)), order=order)
    cursor.execute(statement, [words, *types, MOST_HITS])
    return [int(row[0]) for row in cursor.fetchall()]


_SQLITE_ENOUGH = (
    "SELECT count(*) FROM (SELECT 1 FROM wagtailsearch_indexentry_fts"
    " WHERE wagtailsearch_indexentry_fts MATCH %s LIMIT %s)"
)
# A cross join keeps the index of words first, whatever the statistics say.
_SQLITE = (
    "SELECT entry.object_id FROM wagtailsearch_indexentry_fts"
    " CROSS JOIN wagtailsearch_indexentry entry ON entry.id = wagtailsearch_indexentry_fts.rowid"
    " CROSS JOIN wagtailcore_page page ON page.id = CAST(entry.object_id AS INTEGER) AND page.live"
    " WHERE wagtailsearch_indexentry_fts MATCH %s AND entry.content_type_id IN ({types})"
    " ORDER BY {order} LIMIT %s"
)
_POSTGRESQL = (
    "WITH weighed AS ("
    "(SELECT entry.id FROM wagtailsearch_indexentry entry"
    " JOIN wagtailcore_page page ON page.id = CAST(entry.object_id AS INTEGER) AND page.live,"
    " to_tsquery(CAST(%(config)s AS regconfig), %(words)s) asked"
    " WHERE entry.content_type_id = ANY(%(types)s) AND entry.title @@ asked LIMIT %(weighed)s)"
    " UNION (SELECT entry.id FROM wagtailsearch_indexentry entry"
    " JOIN wagtailcore_page page ON page.id = CAST(entry.object_id AS INTEGER) AND page.live,"
    " to_tsquery(CAST(%(config)s AS regconfig), %(words)s) asked"
    " WHERE entry.content_type_id = ANY(%(types)s) AND (entry.title || entry.body) @@ asked"
    " LIMIT %(weighed)s))"
    " SELECT entry.object_id FROM wagtailsearch_indexentry entry JOIN weighed ON entry.id = weighed.id,"
    " to_tsquery(CAST(%(config)s AS regconfig), %(words)s) asked"
    " ORDER BY ts_rank(setweight(entry.title, 'A') || setweight(entry.body, 'D'), asked, 1) DESC,"
    " CAST(entry.object_id AS INTEGER) DESC LIMIT %(hits)s"
)
