"""What the pages of articles and topics show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from glossary.links import LINKING
from glossary.models import ConceptPage
from mindlab.core.listed import PagesInOrder
from mindlab.core.models import SiteImage, SiteRendition, Topic
from mindlab.core.paging import paged
from mindlab.evidence.presenting import Presented, credits_of, present, topics_of
from mindlab.reading.contents import Entry
from mindlab.reading.references import give_renditions
from mindlab.reading.rows import Rows

NEWEST_ON_A_HUB = 9
CONCEPTS_ON_A_HUB = 12
READ_NEXT = 3
CONCEPTS_OF_A_TOPIC = 24
"""Concepts that a topic without a hub lists; the glossary has all of them."""


def article_context(article: Any, request: Any) -> dict[str, Any]:
    """Return what an article's template shows.

    At most five queries: what is private; the newest articles under its topics; child rows, other
    articles, the cover and what the text points at; what notes link to, where they do; the reviews.
    """
    presented = present(
        article,
        request,
        streams={"body": (article.body, 2)},
        relations={"credits": credits_of(article), "tagged_items": topics_of(article)},
        lists={**article_lists(article), **_cover_lists(article)},
        linking=LINKING,
    )
    _give_cover(article, presented)
    return {
        **presented.context(),
        "topics": [item.tag for item in article.tagged_items.all()],
        "read_next": presented.found["read_next"],
        "contents": _contents(presented),
        "description": article.search_description or article.deck,
    }


def hub_context(hub: Any, request: Any, articles: Any) -> dict[str, Any]:
    """Return what a hub's template shows, given all articles; in as many queries as an article."""
    presented = present(
        hub,
        request,
        streams={"body": (hub.body, 3 if hub.essay_title else 2)},
        relations={"credits": credits_of(hub)},
        lists=hub_lists(hub, articles),
        linking=LINKING,
    )
    found = presented.found
    own = len(found["concepts"])
    essay = _contents(presented)
    return {
        **presented.context(),
        "article_count": found["article_count"],
        "concept_count": found["concept_count"],
        "articles": found["articles"],
        "concept": found["concepts"][0] if own else None,
        "topic_concepts": found["topic_concepts"],
        "has_more_concepts": found["concept_count"] > own + len(found["topic_concepts"]),
        "contents": [*essay, *_lists_in_contents(found, _top_level(essay))],
        "description": hub.search_description or hub.deck,
    }


def hub_lists(hub: Any, articles: Any) -> dict[str, Any]:
    """Return what a hub shows beside its essay, in one statement: counts, newest articles, concepts."""
    concept = ConceptPage.objects.published().filter(pk=hub.concept_id or 0)
    others = ConceptPage.objects.first_under(
        hub.topic_id or 0, CONCEPTS_ON_A_HUB, without=hub.concept_id or 0
    )
    return {
        "article_count": articles.number_under(hub.topic_id or 0),
        "concept_count": ConceptPage.objects.number_under(hub.topic_id or 0),
        "articles": Rows(
            articles.newest_under(hub.topic_id or 0, NEWEST_ON_A_HUB), articles.model.card_fields()
        ),
        "concepts": Rows(concept, ConceptPage.card_fields()),
        "topic_concepts": Rows(others, ConceptPage.card_fields()),
    }


def article_lists(article: Any) -> dict[str, Any]:
    """Return what an article shows beside its text: other articles under its topics."""
    items = article.tagged_items.model.objects.filter(content_object=article.pk or 0)
    others = type(article).objects.sharing_topics(items, READ_NEXT, without=article.pk or 0)
    return {"read_next": Rows(others, article.card_fields())}


def _contents(presented: Presented) -> list[Entry]:
    entries = list(presented.reading.bodies["body"].contents)
    if presented.notes:
        entries.append(Entry("sources", _("Sources"), _top_level(entries)))
    return entries


def _top_level(entries: list[Entry]) -> int:
    return min((entry.level for entry in entries), default=2)


def _lists_in_contents(found: Mapping[str, Any], level: int) -> Iterator[Entry]:
    """Yield the lists that stand below a hub's essay, the newest articles each by its title."""
    if found["concepts"] or found["topic_concepts"]:
        yield Entry("its-concepts", _("In the glossary"), level)
    if found["articles"]:
        yield Entry("its-articles", _("Newest articles"), level)
        yield from (Entry(f"article-{page.pk}", page.title, level + 1) for page in found["articles"])


def _cover_lists(article: Any) -> dict[str, Rows]:
    if not article.cover_id:
        return {}
    return {
        "cover": Rows(SiteImage.objects.filter(pk=article.cover_id)),
        "cover_renditions": Rows(SiteRendition.objects.filter(image=article.cover_id)),
    }


def _give_cover(article: Any, presented: Presented) -> None:
    for cover in presented.found.get("cover", []):
        give_renditions(cover, presented.found["cover_renditions"])
        article.cover = cover


def topic_context(topic: Topic, request: Any, articles: PagesInOrder) -> dict[str, Any]:
    """Return what the page of a topic without a hub shows."""
    concepts = ConceptPage.objects.only("title", "slug", "url_path", "definition").under(topic.pk)
    return {
        "topic": topic,
        "shared_title": topic.name,
        "description": _("Articles and concepts on %(topic)s.") % {"topic": topic.name},
        "articles": paged(articles, request),
        "concepts": concepts[:CONCEPTS_OF_A_TOPIC],
        "concept_count": concepts.count(),
    }
