"""What core adds to the admin, to rich text and to the serving of documents."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from mindlab.core.documents import AddressLinkHandler, PathLinkHandler, require_reader


@hooks.register("before_serve_document")
def serve_readers_alone(document: Any, request: HttpRequest) -> None:
    """Answer with 404 where no page that the visitor may read links to the document."""
    require_reader(document, request)


@hooks.register("register_rich_text_features")
def register_address_links(features: FeatureRegistry) -> None:
    """Let links that were typed as an address count as links to documents."""
    features.register_link_type(AddressLinkHandler)
    features.register_link_type(PathLinkHandler)
