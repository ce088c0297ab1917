"""What the newsletter adds to the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from mindlab.newsletter.models import IssuePage
from mindlab.newsletter.views import export_issue, may
from mindlab.newsletter.viewsets import SnapshotViewSet, snapshot_viewset


@hooks.register("register_admin_viewset")
def register_snapshots() -> SnapshotViewSet:
    """List the snapshots."""
    return snapshot_viewset


@hooks.register("register_admin_urls")
def register_export() -> list[URLPattern]:
    """Give the export of an issue an address."""
    return [path("issues/<int:pk>/export/", export_issue, name="export_issue")]


@hooks.register("register_page_header_buttons")
def offer_export(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Offer the export beside the other things to do with a published issue."""
    model = page.specific_class
    if page.live and model is not None and issubclass(model, IssuePage) and may(user, "export"):
        address = reverse("export_issue", args=[page.pk])
        yield Button(_("Export the e-mail"), url=address, icon_name="mail", priority=40)
