"""What machines that read the whole site are told: where they may go, and which pages there are."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.models import ListedTopic, topics_listed


class TopicSitemap(Sitemap[ListedTopic]):
    """Topics without a hub: they have an address, and are no page of the tree."""

    def items(self) -> list[ListedTopic]:
        """Return those with anything to read."""
        return [listed for listed in topics_listed() if listed.hub is None]

    def location(self, item: ListedTopic) -> str:
        return reverse("wagtail_serve", args=[f"topics/{item.topic.slug}/"])


MORE_SITEMAPS = {"topics": TopicSitemap}
"""The sections of the sitemap beside those of pages."""


@require_safe
@cache_control(max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers from the admin and from lists of search results, and name the sitemap."""
    lines = (
        "User-agent: *",
        f"Disallow: {reverse('wagtailadmin_home')}",
        f"Disallow: {reverse('search')}",
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
