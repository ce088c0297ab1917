"""Links to pages in rich text, wherever it is shown: only to pages that anyone may read."""

from __future__ import annotations

from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from mindlab.core.privacy import is_restricted


class PublicPageLinkHandler(PageLinkHandler):
    """Leaves out the address of a draft or private page, which would tell what it is about."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """Return the opening tag of each link, in one query; without an address where none is public."""
        keys = [attrs.get("id", "") for attrs in attrs_list]
        pages = Page.objects.filter(pk__in=[key for key in keys if key.isdecimal()], live=True)
        addresses = {str(page.pk): page.url for page in pages.exclude(is_restricted())}
        return [f'<a href="{escape(address)}">' if (address := addresses.get(key)) else "<a>" for key in keys]
