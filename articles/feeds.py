"""The feed of new articles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from articles.models import ArticleCredit, ArticlePage
from mindlab.core.listed import all_of
from mindlab.core.printable import printable_data

NEWEST = 20


class PrintableFeed(Atom1Feed):
    """A feed that rows of older sites, saved before texts were cleaned, do not break."""

    def add_item(self, *args: Any, **kwargs: Any) -> None:
        super().add_item(*printable_data(args), **printable_data(kwargs))


class ArticleFeed(Feed[ArticlePage, None]):
    """The newest published articles as Atom."""

    feed_type = PrintableFeed
    title = _("MindLAB: new articles")
    subtitle = _("Articles on neuroscience, each reviewed before it is published.")
    link = "/articles/"
    feed_url = "/feed/"

    def items(self) -> QuerySet[ArticlePage]:
        """Return the newest published articles with their bylines."""
        articles: QuerySet[ArticlePage] = ArticlePage.objects.newest_of(
            all_of("article"), NEWEST
        ).prefetch_related("credits__contributor", "tagged_items__tag")
        return articles

    def item_title(self, item: ArticlePage) -> str:
        return str(item.title)

    def item_description(self, item: ArticlePage) -> str:
        """Return the deck as HTML, which is what the feed says it is."""
        return escape(item.deck)

    def item_link(self, item: ArticlePage) -> str:
        return str(item.url)

    def item_guid(self, item: ArticlePage) -> str:
        return item.urn

    def item_author_name(self, item: ArticlePage) -> str:
        authors = [c.contributor for c in item.credits.all() if c.role == ArticleCredit.Role.AUTHOR]
        return ", ".join(author.title for author in authors)

    def item_pubdate(self, item: ArticlePage) -> datetime | None:
        return item.first_published_at

    def item_updateddate(self, item: ArticlePage) -> datetime | None:
        return item.last_published_at

    def item_categories(self, item: ArticlePage) -> list[str]:
        return [row.tag.name for row in item.tagged_items.all()]
