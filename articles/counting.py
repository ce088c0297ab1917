"""The live count of articles, asked for by prose that names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Count

from articles.models import ArticlePage


def articles_of_topics(topics: Iterable[int]) -> Mapping[int, int]:
    """Return the number of published articles under each topic that has any."""
    rows = (
        ArticlePage.objects.published()
        .filter(topics__in=list(topics))
        .order_by()
        .values_list("topics")
        .annotate(number=Count("pk", distinct=True))
    )
    return dict(rows)
