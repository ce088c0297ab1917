"""Named questions about pages, so that no listing forgets drafts and private pages."""

from __future__ import annotations

from typing import Self

from wagtail.query import PageQuerySet

from mindlab.core.listed import PagesInOrder, by_title, length, newest
from mindlab.core.privacy import is_restricted


class SitePageQuerySet(PageQuerySet):
    """What every listing, feed and search starts from."""

    def published(self) -> Self:
        """Only pages that anyone may read: live, and under no view restriction."""
        return self.live().exclude(is_restricted())

    def newest_first(self) -> Self:
        """Order by first publication, newest first, with the key to make the order total."""
        return self.order_by("-first_published_at", "-pk")

    def newest_of(self, listing: str, number: int) -> Self:
        """Only the newest pages of a list, newest first."""
        return self.published().filter(pk__in=newest(listing)[:number].values("page")).newest_first()

    def listed(self, listing: str) -> PagesInOrder:
        """Return the pages of a list, newest first, to be read a part at a time."""
        return PagesInOrder(newest(listing), self.published(), length(listing))

    def listed_by_title(self, listing: str) -> PagesInOrder:
        """Return the pages of a list in the order of their titles, to be read a part at a time."""
        return PagesInOrder(by_title(listing), self.published(), length(listing))
