"""The sitemap in parts: an index, and for each kind of page as many parts as it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.contrib.sitemaps import Sitemap, views
from wagtail.models import Page, get_page_models

from mindlab.core.listed import ListedPage, PagesInOrder, all_of, length
from mindlab.core.pages import SitePage, kind_of, public_models
from mindlab.core.privacy import is_restricted

FRAMES = "frames"
"""The section of the pages that only lead to others."""
Sections = Mapping[str, Callable[[], Any]]
"""Sections of what is no page of the tree, by name."""
FIELDS = ("url_path", "last_published_at", "latest_revision_created_at", "locale", "content_type")


class PartedSitemap(Sitemap):
    """A section of the sitemap; of a page, no more is read than its address and date."""

    limit = 1_000

    def items(self) -> Any:
        """Return the pages that lead to others: home and the indexes."""
        frames = set(get_page_models()) - set(public_models()) - {Page}
        types = ContentType.objects.get_for_models(*frames).values()
        pages = Page.objects.live().filter(content_type__in=types).exclude(is_restricted())
        return pages.order_by("path").specific()

    def get_latest_lastmod(self) -> None:
        """Leave the date of a part out of the index: it takes all pages of the section to know it."""

    def _urls(self, page: Any, protocol: str, domain: str) -> list[dict[str, Any]]:
        shown = self.paginator.page(page).object_list
        return [each for item in shown for each in item.get_sitemap_urls(self.request)]


class SitemapOfKind(PartedSitemap):
    """The section of a kind of page, in the order of publication, so that a page keeps its part."""

    def __init__(self, request: HttpRequest, model: type[SitePage]) -> None:
        super().__init__(request)
        self.model = model

    def items(self) -> PagesInOrder:
        """Return the public pages of the kind, to be read a part at a time."""
        listing = all_of(kind_of(self.model).slug)
        entries = ListedPage.objects.filter(listing=listing).order_by("published_at", "page")
        return PagesInOrder(entries, self.model.objects.published().only(*FIELDS), length(listing))


def sections(request: HttpRequest, more: Sections) -> dict[str, Any]:
    """Return the sections of the sitemap by name, those of pages first."""
    others = {name: make() for name, make in more.items()}
    kinds = {kind_of(model).slug: SitemapOfKind(request, model) for model in public_models()}
    return {FRAMES: PartedSitemap(request), **kinds, **others}


def index(request: HttpRequest, more: Sections) -> HttpResponse:
    """Answer with the addresses of all parts that hold a page."""
    found = {name: section for name, section in sections(request, more).items() if section.paginator.count}
    answer: HttpResponse = views.index(request, found, sitemap_url_name="sitemap_section")
    return answer


def section(request: HttpRequest, section: str, more: Sections) -> HttpResponse:
    """Answer with one part of a section.

    Raises:
        Http404: where there is no such section or part.
    """
    found = sections(request, more)
    if section not in found:
        raise Http404(f"The sitemap has no section {section!r}.")
    answer: HttpResponse = views.sitemap(request, found, section=section)
    return answer
