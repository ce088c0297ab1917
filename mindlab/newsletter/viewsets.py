"""The list of snapshots in the admin: to read and to download, never to change."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import BaseButton, Button, HeaderButton

from mindlab.newsletter.models import IssueSnapshot
from mindlab.newsletter.views import download

FORMS = ((_("HTML"), "html"), (_("Plain text"), "txt"), (_("Manifest"), "json"))


def download_buttons(snapshot: IssueSnapshot, kind: type[BaseButton] = Button) -> list[BaseButton]:
    """Return a button for each file of a snapshot."""
    return [
        kind(
            _("Download: %(form)s") % {"form": label},
            url=reverse("issue_snapshots:download", args=[snapshot.pk, form]),
            icon_name="download",
        )
        for label, form in FORMS
    ]


class SnapshotIndexView(IndexView):
    """All snapshots, newest first."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("issue").defer("html", "text")

    def get_list_more_buttons(self, instance: IssueSnapshot) -> list[Any]:
        return [*super().get_list_more_buttons(instance), *download_buttons(instance)]


class SnapshotInspectView(InspectView):
    """One snapshot, with its files."""

    @property
    def header_buttons(self) -> list[Any]:
        return download_buttons(self.object, HeaderButton)

    header_more_buttons: ClassVar[list[Any]] = []

    def get_text_display_value(self) -> SafeString:
        """Keep the lines of the plain text."""
        return format_html("<pre>{}</pre>", self.object.text)


class SnapshotViewSet(ModelViewSet):
    """Snapshots of issues."""

    model = IssueSnapshot
    icon = "mail"
    menu_label = _("Exported issues")
    menu_order = 260
    add_to_admin_menu = True
    index_view_class = SnapshotIndexView
    inspect_view_class = SnapshotInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display: ClassVar[list[str]] = ["__str__", "subject", "number", "created_at"]
    list_filter: ClassVar[list[str]] = ["issue"]
    ordering: ClassVar[tuple[str, ...]] = ("-created_at", "-pk")
    form_fields: ClassVar[list[str]] = []
    inspect_view_fields: ClassVar[list[str]] = [
        "issue",
        "number",
        "subject",
        "created_at",
        "renderer_version",
        "sha256",
        "text",
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/<str:form>/", download, name="download"),
        ]


snapshot_viewset = SnapshotViewSet("issue_snapshots")
