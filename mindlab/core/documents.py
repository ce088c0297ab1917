"""Documents: who may read them, and how a page says that it links to one.

A stranger reads what a page that they may read links to, and nothing else: neither what was uploaded
for later nor what a page linked to once. Links are known to Wagtail's reference index; those that
were typed as an address are told to it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from wagtail.documents import get_document_model
from wagtail.models import Page, ReferenceIndex
from wagtail.rich_text import LinkHandler

Reference = tuple[Any, str, str, str]
"""A model, a key, and two paths, as Wagtail's reference index wants them."""


def require_reader(document: Any, request: HttpRequest) -> None:
    """Let those read a document who work here, and those who may read a page that links to it.

    Raises:
        Http404: for everybody else, as if there were no such document.
    """
    if not request.user.has_perm("wagtailadmin.access_admin") and not _is_linked_to(document, request):
        raise Http404("No page that this visitor may read links to the document.")


def _is_linked_to(document: Any, request: HttpRequest) -> bool:
    on_pages = ReferenceIndex.get_references_to(document).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    pages = Page.objects.live().filter(
        pk__in=[int(key) for key in on_pages.values_list("object_id", flat=True)]
    )
    return any(
        all(restriction.accept_request(request) for restriction in page.get_view_restrictions())
        for page in pages
    )


def references_in_address(address: str) -> Iterator[Reference]:
    """Give the document of this site that an address leads to, if it leads to one."""
    try:
        parts = urlsplit(address)
        here = not parts.netloc or parts.netloc.lower() == urlsplit(settings.SITE_URL).netloc.lower()
        match = resolve(unquote(parts.path)) if here and parts.path.startswith("/") else None
    except (ValueError, Resolver404):
        return
    if match is not None and match.url_name == "wagtaildocs_serve":
        yield get_document_model(), str(match.args[0]), "", ""


class AddressLinkHandler(LinkHandler):
    """A link that was typed as an address: it stays as it is, and counts as a link to a document."""

    identifier: str | None = "external"

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """Return nothing, which leaves the links as they are."""
        return []

    @classmethod
    def extract_references(cls, attrs: dict[str, str]) -> Iterator[Reference]:
        """Give the document that the link leads to."""
        return references_in_address(attrs.get("href", ""))


class PathLinkHandler(AddressLinkHandler):
    """The same for an address without scheme and host, for which Wagtail has no name."""

    identifier = None
