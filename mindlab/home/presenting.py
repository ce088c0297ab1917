"""What the home page shows."""

from __future__ import annotations

from typing import Any

from articles.listings import CARD_FIELDS, CONCEPT_FIELDS, topics_listed
from articles.models import ArticlePage, TopicPage
from glossary.models import ConceptPage
from mindlab.reading.contents import plain
from mindlab.reading.rows import Rows, gather

NEWEST = 6
CONCEPTS = 8


def home_context(home: Any) -> dict[str, Any]:
    """Return the pages put forward, the newest articles and concepts, and the topics.

    Three queries: which pages are put forward; all pages shown; the topics with their numbers.
    """
    chosen = [item.page_id for item in home.featured.all()]
    articles = ArticlePage.objects.published()
    concepts = ConceptPage.objects.published()
    found = gather(
        {
            "featured_articles": Rows(articles.filter(pk__in=chosen), CARD_FIELDS),
            "featured_concepts": Rows(concepts.filter(pk__in=chosen), CONCEPT_FIELDS),
            "featured_hubs": Rows(TopicPage.objects.published().filter(pk__in=chosen), CARD_FIELDS),
            "articles": Rows(articles.exclude(pk__in=chosen).newest_first()[:NEWEST], CARD_FIELDS),
            "concepts": Rows(concepts.exclude(pk__in=chosen).newest_first()[:CONCEPTS], CONCEPT_FIELDS),
        }
    )
    featured = [*found["featured_articles"], *found["featured_hubs"], *found["featured_concepts"]]
    featured.sort(key=lambda page: chosen.index(page.pk))
    return {
        "featured": [(page, plain(getattr(page, "definition", "")) or page.deck) for page in featured],
        "articles": found["articles"],
        "concepts": found["concepts"],
        "topics": topics_listed(),
        "description": home.search_description or home.deck,
    }
