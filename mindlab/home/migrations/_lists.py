"""The lists of public pages as they were first made, frozen with the migration that fills them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_KEY = 100
KINDS = (
    ("article", "articles", "ArticlePage", ("articles", "ArticleTopic"), ("articles", "ArticleCredit")),
    ("topic", "articles", "TopicPage", None, ("articles", "TopicCredit")),
    ("concept", "glossary", "ConceptPage", ("glossary", "ConceptTopic"), ("glossary", "ConceptCredit")),
    ("person", "core", "ContributorPage", None, None),
    ("issue", "newsletter", "IssuePage", None, None),
)
"""The name of each kind, its model, and the models of the rows that tie it to topics and to people."""


def fill(apps: Any, schema_editor: Any) -> None:
    """List every public page under its kind, its topics and the people in its byline."""
    listed, lengths = apps.get_model("core", "ListedPage"), apps.get_model("core", "ListLength")
    private = tuple(
        apps.get_model("wagtailcore", "PageViewRestriction").objects.values_list("page__path", flat=True)
    )
    numbers: Counter[str] = Counter()
    rows = []
    for kind, app, model, topics, bylines in KINDS:
        pages = _public(apps.get_model(app, model), private)
        for key, listing in _listings(apps, kind, pages, topics, bylines):
            title, when = pages[key]
            numbers[listing] += 1
            rows.append(
                listed(
                    page_id=key,
                    listing=listing,
                    published_at=when or NEVER,
                    letter=_letter(title),
                    title_key=_title_key(title),
                )
            )
    listed.objects.bulk_create(rows, batch_size=500)
    lengths.objects.bulk_create(
        [lengths(listing=listing, number=number) for listing, number in numbers.items()], batch_size=500
    )


def _public(model: Any, private: tuple[str, ...]) -> dict[int, tuple[str, datetime | None]]:
    rows = model.objects.filter(live=True).values_list("pk", "path", "title", "first_published_at")
    return {key: (title, when) for key, path, title, when in rows if not path.startswith(private or ("-",))}


def _listings(
    apps: Any, kind: str, pages: Any, topics: tuple[str, str] | None, bylines: tuple[str, str] | None
) -> Iterator[tuple[int, str]]:
    found = {(key, kind) for key in pages}
    if topics:
        rows = apps.get_model(*topics).objects.values_list("content_object_id", "tag_id")
        found.update((key, f"{kind}/topic/{topic}") for key, topic in rows)
    if bylines:
        rows = apps.get_model(*bylines).objects.values_list("page_id", "contributor_id")
        found.update((key, f"by/{person}") for key, person in rows)
    return (each for each in sorted(found) if each[0] in pages)


def _letter(title: str) -> str:
    first = unicodedata.normalize("NFKD", title.strip()[:1]).upper()[:1]
    return first if first.isalpha() else "#"


def _title_key(title: str) -> str:
    letters = (
        char for char in unicodedata.normalize("NFKD", title.strip()) if not unicodedata.combining(char)
    )
    return "".join(letters).casefold()[:LONGEST_KEY]
