"""What the home page shows."""

from __future__ import annotations

from typing import Any

from articles.listings import topics_listed
from articles.models import ArticlePage
from glossary.models import ConceptPage
from mindlab.core.querysets import is_restricted

NEWEST = 6
CONCEPTS = 8


def home_context(home: Any) -> dict[str, Any]:
    """Return the pages put forward, the newest articles and concepts, and the topics: five queries."""
    put_forward = home.featured.filter(page__live=True).exclude(is_restricted("page__path"))
    featured = [item.page.specific for item in put_forward.select_related("page")] if home.pk else []
    shown = {page.pk for page in featured}
    articles = ArticlePage.objects.published().exclude(pk__in=shown).newest_first()
    concepts = ConceptPage.objects.published().only("title", "slug", "url_path", "definition")
    return {
        "featured": featured,
        "articles": articles.prefetch_related("tagged_items__tag")[:NEWEST],
        "concepts": concepts.newest_first()[:CONCEPTS],
        "topics": topics_listed(),
        "description": home.search_description or home.deck,
    }
