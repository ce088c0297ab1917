"""What the pages of articles and topics show."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from articles.listings import article_lists, articles_under, concepts_under, hub_lists
from articles.models import ArticlePage, TopicPage
from glossary.links import LINKING
from mindlab.core.models import SiteImage, SiteRendition, Topic
from mindlab.evidence.presenting import Presented, credits_of, present, topics_of
from mindlab.reading.contents import Entry
from mindlab.reading.paging import paged
from mindlab.reading.references import give_renditions
from mindlab.reading.rows import Rows


def article_context(article: ArticlePage, request: Any) -> dict[str, Any]:
    """Return what an article's template shows.

    At most three queries: child rows, other articles, the cover and what the text points at; what
    notes link to, where they do; the reviews.
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


def hub_context(hub: TopicPage, request: Any) -> dict[str, Any]:
    """Return what a hub's template shows, in as many queries as an article."""
    presented = present(
        hub,
        request,
        streams={"body": (hub.body, 3 if hub.essay_title else 2)},
        relations={"credits": credits_of(hub)},
        lists=hub_lists(hub),
        linking=LINKING,
    )
    found = presented.found
    return {
        **presented.context(),
        "article_count": found["article_count"],
        "concept_count": found["concept_count"],
        "articles": found["articles"],
        "concept": found["concepts"][0] if found["concepts"] else None,
        "contents": _contents(presented),
        "description": hub.search_description or hub.deck,
    }


def _contents(presented: Presented) -> list[Entry]:
    entries = list(presented.reading.bodies["body"].contents)
    if presented.notes:
        entries.append(Entry("sources", _("Sources"), min((entry.level for entry in entries), default=2)))
    return entries


def _cover_lists(article: ArticlePage) -> dict[str, Rows]:
    if not article.cover_id:
        return {}
    return {
        "cover": Rows(SiteImage.objects.filter(pk=article.cover_id)),
        "cover_renditions": Rows(SiteRendition.objects.filter(image=article.cover_id)),
    }


def _give_cover(article: ArticlePage, presented: Presented) -> None:
    for cover in presented.found.get("cover", []):
        give_renditions(cover, presented.found["cover_renditions"])
        article.cover = cover


def topic_context(topic: Topic, request: Any) -> dict[str, Any]:
    """Return what the page of a topic without a hub shows."""
    return {
        "topic": topic,
        "articles": paged(articles_under(topic), request),
        "concepts": concepts_under(topic).only("title", "slug", "url_path", "definition"),
    }
