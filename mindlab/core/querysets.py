"""Named questions about pages, so that no listing forgets drafts and private pages."""

from __future__ import annotations

from typing import Self

from wagtail.query import PageQuerySet


class SitePageQuerySet(PageQuerySet):
    """What every listing, feed and search starts from."""

    def published(self) -> Self:
        """Only pages that anyone may read: live, and under no view restriction."""
        return self.live().public()

    def newest_first(self) -> Self:
        """Order by first publication, newest first, with the key to make the order total."""
        return self.order_by("-first_published_at", "-pk")
