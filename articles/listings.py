"""Lists of articles and topics, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from articles.models import ArticlePage, ArticleTopic, TopicPage
from glossary.models import ConceptPage, ConceptTopic
from mindlab.core.models import Topic
from mindlab.reading.rows import Rows, number_of

CARD_FIELDS = ("title", "slug", "url_path", "deck", "first_published_at")
CONCEPT_FIELDS = ("title", "slug", "url_path", "definition", "first_published_at")
NEWEST_ON_A_HUB = 9
READ_NEXT = 3


@dataclass(frozen=True, slots=True)
class ListedTopic:
    """A topic as lists show it, with its hub if there is one."""

    topic: Topic
    hub: TopicPage | None

    @property
    def title(self) -> str:
        """The hub's title, or the topic's name."""
        return str(self.hub.title if self.hub else self.topic.name)


def articles_under(topic: Any) -> QuerySet[ArticlePage]:
    """Return the published articles of a topic, newest first."""
    tagged = ArticleTopic.objects.filter(tag=topic, content_object=OuterRef("pk"))
    return ArticlePage.objects.published().filter(Exists(tagged)).newest_first()


def concepts_under(topic: Any) -> QuerySet[ConceptPage]:
    """Return the published concepts of a topic, by title."""
    tagged = ConceptTopic.objects.filter(tag=topic, content_object=OuterRef("pk"))
    return ConceptPage.objects.published().filter(Exists(tagged)).order_by("title")


def articles_by_topics(topics: Iterable[int], *, without: int = 0) -> QuerySet[ArticlePage]:
    """Return the published articles under any of the topics, newest first."""
    tagged = ArticleTopic.objects.filter(tag__in=topics, content_object=OuterRef("pk"))
    return ArticlePage.objects.published().filter(Exists(tagged)).exclude(pk=without).newest_first()


def hub_lists(hub: TopicPage) -> dict[str, Any]:
    """Return what a hub shows beside its essay, in one statement: counts, newest articles, its concept."""
    topic = hub.topic_id or 0
    concept = ConceptPage.objects.published().filter(pk=hub.concept_id or 0)
    return {
        "article_count": number_of(articles_under(topic)),
        "concept_count": number_of(concepts_under(topic)),
        "articles": Rows(articles_under(topic)[:NEWEST_ON_A_HUB], CARD_FIELDS),
        "concepts": Rows(concept, CONCEPT_FIELDS),
    }


def article_lists(article: ArticlePage) -> dict[str, Any]:
    """Return what an article shows beside its text: other articles under its topics."""
    topics = ArticleTopic.objects.filter(content_object=article.pk or 0).values("tag")
    others = articles_by_topics(topics, without=article.pk or 0)
    return {"read_next": Rows(others[:READ_NEXT], CARD_FIELDS)}


def topics_listed() -> list[ListedTopic]:
    """Return every topic with a published hub, article or concept, with their numbers, in one query."""
    hubs = TopicPage.objects.published()
    article_items = ArticleTopic.objects.filter(
        tag=OuterRef("pk"), content_object__in=ArticlePage.objects.published().order_by().values("pk")
    )
    concept_items = ConceptTopic.objects.filter(
        tag=OuterRef("pk"), content_object__in=ConceptPage.objects.published().order_by().values("pk")
    )
    topics = (
        Topic.objects.annotate(
            articles=_counted(article_items),
            concepts=_counted(concept_items),
            has_hub=Exists(hubs.filter(topic=OuterRef("pk"))),
        )
        .exclude(articles=0, concepts=0, has_hub=False)
        .select_related("hub")
        .order_by("name")
    )
    return [ListedTopic(topic, topic.hub if topic.has_hub else None) for topic in topics]


def _counted(rows: QuerySet[Any]) -> Coalesce:
    from django.db.models import Subquery

    grouped = rows.order_by().values("tag").annotate(number=Count("pk"))
    return Coalesce(Subquery(grouped.values("number")), 0)


def open_topic(slug: str) -> Topic | None:
    """Return the topic of that slug if a published article or concept is under it."""
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        return None
    return topic if articles_under(topic).exists() or concepts_under(topic).exists() else None
