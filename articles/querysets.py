"""Named questions about articles."""

from __future__ import annotations

from typing import Any, Self

from django.db.models import OuterRef
from django.db.models.functions import Coalesce

from mindlab.core.listed import PagesInOrder, all_of, newest, number_in, under, under_each
from mindlab.core.querysets import SitePageQuerySet
from mindlab.reading.rows import Rows

KIND = "article"


class ArticleQuerySet(SitePageQuerySet):
    """What lists of articles start from."""

    def in_order(self) -> PagesInOrder:
        """All published articles, newest first, to be read a part at a time."""
        return self.listed(all_of(KIND))

    def under(self, topic: int) -> PagesInOrder:
        """The published articles of a topic, newest first, to be read a part at a time."""
        return self.listed(under(KIND, topic))

    def newest_under(self, topic: int, number: int) -> Self:
        """The newest published articles of a topic, newest first."""
        return self.newest_of(under(KIND, topic), number)

    def sharing_topics(self, tagged: Any, number: int, *, without: int = 0) -> Self:
        """The newest published articles under any of the topics of these rows; one query to find them.

        ``tagged`` are the rows that tie a page to its topics.
        """
        entries = newest(under_each(KIND, OuterRef("tag")))[: number + 1]
        found = Rows(entries, ("published_at", "page"))
        lists = [found.build(rows) for rows in tagged.annotate(newest=found).values_list("newest", flat=True)]
        keys = {(entry.published_at, entry.page_id) for entries in lists for entry in entries}
        keys = {(when, key) for when, key in keys if key != without}
        wanted = [key for _when, key in sorted(keys, reverse=True)[:number]]
        return self.published().filter(pk__in=wanted).newest_first()

    def number_under(self, topic: int) -> Coalesce:
        """The number of published articles under a topic, as an expression."""
        return number_in(under(KIND, topic))
