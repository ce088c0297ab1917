"""Named questions about pages, so that no listing forgets drafts and private pages."""

from __future__ import annotations

from typing import Self

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet


def is_restricted(path: str = "path") -> Exists:
    """Return the condition that a page, or one above it, is for some readers only.

    Wagtail's ``private()`` asks for the restrictions in a statement of its own each time; as a
    condition it joins the statement it belongs to. ``path`` names the page's path in that statement.
    """
    above = PageViewRestriction.objects.annotate(
        restricted=ExpressionWrapper(OuterRef(path), output_field=CharField())
    )
    return Exists(above.filter(restricted__startswith=F("page__path")))


class SitePageQuerySet(PageQuerySet):
    """What every listing, feed and search starts from."""

    def published(self) -> Self:
        """Only pages that anyone may read: live, and under no view restriction."""
        return self.live().exclude(is_restricted())

    def newest_first(self) -> Self:
        """Order by first publication, newest first, with the key to make the order total."""
        return self.order_by("-first_published_at", "-pk")
