"""The addresses of the site: the only place where everything meets."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path
from django.views.decorators.cache import cache_control
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from articles.feeds import ArticleFeed
from mindlab.core import sitemaps
from mindlab.editorial.account import account_view
from mindlab.home.crawlers import MORE_SITEMAPS, robots
from mindlab.search.views import not_found, search


def for_one_reader(patterns: list[Any]) -> list[Any]:
    """Keep documents out of shared caches: who may read one is asked each time."""
    return decorate_urlpatterns(patterns, cache_control(private=True, no_cache=True))


handler404 = not_found

urlpatterns = [
    # Wagtail gives its own no way to be replaced: the first of two addresses answers.
    path("admin/account/", account_view),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(for_one_reader(wagtaildocs_urls.urlpatterns))),
    path("search/", search, name="search"),
    path("feed/", ArticleFeed(), name="article_feed"),
    path("sitemap.xml", sitemaps.index, {"more": MORE_SITEMAPS}, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, {"more": MORE_SITEMAPS}, name="sitemap_section"),
    path("robots.txt", robots),
    *static(f"{settings.MEDIA_URL}images/", document_root=Path(settings.MEDIA_ROOT) / "images"),
    path("", include(wagtail_urls)),
]
