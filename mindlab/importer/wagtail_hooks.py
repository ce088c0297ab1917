"""What the importer adds to the admin: its reports, and the way from a page to its source text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from mindlab.importer.applying import PROPOSE
from mindlab.importer.models import SourceDocument
from mindlab.importer.proposals import ACCEPT, DISMISS
from mindlab.importer.views import (
    RUNS_POLICY,
    ImportRunDownloadView,
    ImportRunsView,
    ImportRunView,
    ProposalView,
    SourceView,
)


@hooks.register("register_log_actions")
def register_propose(actions: LogActionRegistry) -> None:
    """Name in the history what was proposed, and what became of it."""
    actions.register_action(PROPOSE, _("Propose from import"), _("Proposed by an import: compare and accept"))
    actions.register_action(ACCEPT, _("Accept from import"), _("Took over the text an import proposed"))
    actions.register_action(DISMISS, _("Keep against import"), _("Kept the draft against a proposed text"))


@hooks.register("register_admin_urls")
def register_import_urls() -> list[URLPattern]:
    """Give the reports and the source texts their addresses."""
    download, decide = ImportRunDownloadView.as_view(), ProposalView.as_view()
    proposal = "import/proposals/<int:pk>/<int:revision_id>/"
    return [
        path("reports/imports/", ImportRunsView.as_view(), name="import_runs"),
        path(
            "reports/imports/results/", ImportRunsView.as_view(results_only=True), name="import_runs_results"
        ),
        path("reports/imports/<int:pk>/", ImportRunView.as_view(), name="import_run"),
        path("reports/imports/<int:pk>/csv/", download, {"ending": "csv"}, name="import_run_csv"),
        path("reports/imports/<int:pk>/json/", download, {"ending": "json"}, name="import_run_json"),
        path("import/source/<int:page_id>/", SourceView.as_view(), name="import_source"),
        path(f"{proposal}accept/", decide, {"decision": "accept"}, name="import_accept"),
        path(f"{proposal}keep/", decide, {"decision": "keep"}, name="import_keep"),
    ]


class ImportsMenuItem(MenuItem):
    """Shown to those who may read the reports."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(RUNS_POLICY.user_has_permission(request.user, "view"))


@hooks.register("register_reports_menu_item")
def register_imports_menu_item() -> MenuItem:
    """Put the reports into the menu."""
    return ImportsMenuItem(
        _("Imports"), reverse("import_runs"), name="imports", icon_name="download", order=1200
    )


@hooks.register("register_page_header_buttons")
def link_to_source(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Offer the source text in the menu of a page that was imported."""
    if SourceDocument.objects.filter(page_id=page.pk).exists() and page.permissions_for_user(user).can_edit():
        yield Button(
            _("Source text"), reverse("import_source", args=[page.pk]), icon_name="doc-full", priority=66
        )
