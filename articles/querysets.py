"""Named questions about articles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from mindlab.core.querysets import SitePageQuerySet
from mindlab.reading.rows import number_of


class ArticleQuerySet(SitePageQuerySet):
    """What lists of articles start from."""

    def under(self, topic: Any) -> Self:
        """The published articles of a topic, newest first."""
        tagged = self.model.topics.through.objects.filter(tag=topic, content_object=OuterRef("pk"))
        return self.published().filter(Exists(tagged)).newest_first()

    def by_topics(self, topics: Iterable[int], *, without: int = 0) -> Self:
        """The published articles under any of the topics, newest first."""
        tagged = self.model.topics.through.objects.filter(tag__in=topics, content_object=OuterRef("pk"))
        return self.published().filter(Exists(tagged)).exclude(pk=without).newest_first()

    def number_under(self, topic: int) -> Coalesce:
        """The number of published articles under a topic, as an expression."""
        return number_of(self.under(topic))


def counted_by_topic(rows: QuerySet[Any]) -> Coalesce:
    """Return the number of rows for each topic, as an expression that stands beside it."""
    grouped = rows.order_by().values("tag").annotate(number=Count("pk"))
    return Coalesce(Subquery(grouped.values("number")), 0)
