"""What the home page shows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from articles.models import ArticlePage, topics_listed
from glossary.models import ConceptPage
from mindlab.core.listed import all_of
from mindlab.core.pages import pickable_models
from mindlab.reading.rows import Rows, gather

NEWEST = 6
CONCEPTS = 8
TOPICS = 24


def home_context(home: Any) -> dict[str, Any]:
    """Return the pages put forward, the newest articles and concepts, and the topics.

    Three queries: which pages are put forward; all pages shown; the topics with their numbers.
    """
    chosen = [item.page_id for item in home.featured.all()]
    articles = ArticlePage.objects.newest_of(all_of("article"), NEWEST + len(chosen))
    concepts = ConceptPage.objects.newest_of(all_of("concept"), CONCEPTS + len(chosen))
    found = gather(
        {
            "articles": _cards(articles.exclude(pk__in=chosen)[:NEWEST]),
            "concepts": _cards(concepts.exclude(pk__in=chosen)[:CONCEPTS]),
            **{
                model._meta.label_lower: _cards(model.objects.published().filter(pk__in=chosen))
                for model in pickable_models()
            },
        }
    )
    featured = [page for model in pickable_models() for page in found[model._meta.label_lower]]
    featured.sort(key=lambda page: chosen.index(page.pk))
    return {
        "featured": [(page, page.summary) for page in featured],
        "articles": found["articles"],
        "concepts": found["concepts"],
        "topics": topics_listed(TOPICS),
        "description": home.search_description or home.deck or home.described_as,
        "shared_title": home.seo_title or home.headline or home.title,
    }


def _cards(pages: QuerySet[Any]) -> Rows:
    return Rows(pages, pages.model.card_fields())
