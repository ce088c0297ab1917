"""What the glossary adds to the admin: the report of wanted concepts."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from glossary.wanted import EDITORS_POLICY, WantedConceptsView


@hooks.register("register_admin_urls")
def register_wanted_concepts_urls() -> list[URLPattern]:
    """Give the report its addresses."""
    results = WantedConceptsView.as_view(results_only=True)
    return [
        path("reports/wanted-concepts/", WantedConceptsView.as_view(), name="wanted_concepts"),
        path("reports/wanted-concepts/results/", results, name="wanted_concepts_results"),
    ]


class WantedConceptsMenuItem(MenuItem):
    """Shown to those who may read the report."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(EDITORS_POLICY.user_has_permission(request.user, "publish"))


@hooks.register("register_reports_menu_item")
def register_wanted_concepts_menu_item() -> MenuItem:
    """Put the report into the menu."""
    return WantedConceptsMenuItem(
        _("Wanted concepts"), reverse("wanted_concepts"), name="wanted-concepts", icon_name="help", order=1150
    )
