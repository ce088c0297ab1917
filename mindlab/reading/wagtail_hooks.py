"""What reading adds to rich text and its editor."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from mindlab.reading import draftail
from mindlab.reading.page_links import PublicPageLinkHandler


@hooks.register("register_rich_text_features")
def register_live_count(features: FeatureRegistry) -> None:
    """Add the live count to the rich text editor."""
    draftail.register(features)


@hooks.register("register_rich_text_features", order=10)
def register_page_links(features: FeatureRegistry) -> None:
    """Take the place of Wagtail's own handler, which gives away the addresses of drafts."""
    features.register_link_type(PublicPageLinkHandler)


@hooks.register("register_admin_urls")
def register_live_count_url() -> list[URLPattern]:
    """Give the live count's form an address."""
    return [path("live-count/", draftail.choose_live_count, name="choose_live_count")]
