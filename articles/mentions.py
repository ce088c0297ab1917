"""What the glossary shows of articles and hubs on a concept's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from articles.models import ArticlePage, TopicPage
from glossary.models import ConceptTopic
from mindlab.reading.rows import Rows

MOST = 6


def about(concept: Any) -> Mapping[str, Rows]:
    """Return the newest articles under a concept's topics, and the hubs of those topics or of itself."""
    tagged = ConceptTopic.objects.filter(content_object=concept.pk)
    topics = Q(concept=concept.pk) | Q(topic__in=tagged.values("tag"))
    hubs = TopicPage.objects.published().filter(topics).order_by("title")
    return {
        "articles": Rows(ArticlePage.objects.sharing_topics(tagged, MOST), ArticlePage.card_fields()),
        "hubs": Rows(hubs[:MOST], TopicPage.card_fields()),
    }
