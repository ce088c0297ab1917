"""What the changes that wait add to the admin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from mindlab.core.shown import kind_of, material
from mindlab.editorial.material import edit_views, views
from mindlab.editorial.material.places import places_of
from mindlab.editorial.material.viewsets import SourceViewSet, TopicViewSet
from mindlab.editorial.rows import MaterialChange

MOST_ON_DASHBOARD = 10

register_snippet(TopicViewSet)
register_snippet(SourceViewSet)


@hooks.register("register_admin_urls", order=-1)
def register_edit_urls() -> list[URLPattern]:
    """Take the addresses of Wagtail's own views of images, documents and settings, which it lets
    nobody replace otherwise: the first of two patterns answers."""
    return [
        path("images/<int:image_id>/", edit_views.ImageEditView.as_view()),
        path("images/<int:image_id>/delete/", edit_views.ImageDeleteView.as_view()),
        path("images/multiple/<int:image_id>/", edit_views.UploadedImageEditView.as_view()),
        path("documents/edit/<int:document_id>/", edit_views.DocumentEditView.as_view()),
        path("documents/delete/<int:document_id>/", edit_views.DocumentDeleteView.as_view()),
        path("documents/multiple/<int:doc_id>/", edit_views.UploadedDocumentEditView.as_view()),
        path(
            "settings/core/briefsettings/<int:pk>/",
            edit_views.BriefSettingsEditView.as_view(),
            {"app_name": "core", "model_name": "briefsettings"},
        ),
    ]


@hooks.register("register_admin_urls")
def register_change_urls() -> list[URLPattern]:
    """Give changes, their decisions and the places of a thing their addresses."""
    changes, change = views.ChangesView, "changes/<uuid:uuid>/"
    return [
        path("reports/changes/", changes.as_view(), name="material_changes"),
        path("reports/changes/results/", changes.as_view(results_only=True), name="material_changes_results"),
        path(change, views.ChangeView.as_view(), name="material_change"),
        path(f"{change}file/", views.ChangeFileView.as_view(), name="material_change_file"),
        *(
            path(f"{change}{name}/", views.DecideView.as_view(decision=name), name=f"material_change_{name}")
            for name in ("accept", "decline", "withdraw")
        ),
        path("shown/<slug:kind>/<int:key>/", views.WhereShownView.as_view(), name="where_shown"),
    ]


class ChangesMenuItem(MenuItem):
    """Shown to those who decide changes or have proposed any; its label counts those that wait."""

    def is_shown(self, request: HttpRequest) -> bool:
        user = request.user
        return user.has_perm(views.RIGHT) or views.visible_to(user).exists()

    def render_component(self, request: HttpRequest) -> Any:
        number = views.waiting_for(request.user).count()
        item = super().render_component(request)
        if number:
            item.label = gettext("Changes that wait (%(number)s)") % {"number": number}
        return item


@hooks.register("register_reports_menu_item")
def register_changes_menu_item() -> MenuItem:
    """Put the list into the menu."""
    return ChangesMenuItem(
        _("Changes that wait"),
        reverse("material_changes"),
        name="changes-that-wait",
        icon_name="history",
        order=1050,
    )


class ChangesPanel(Component):
    """The changes that wait for this person, and their own that wait for somebody else."""

    template_name = "editorial/material/dashboard.html"
    order = 210

    def __init__(self, waiting: QuerySet[MaterialChange], own: QuerySet[MaterialChange]) -> None:
        self.waiting, self.own = waiting[:MOST_ON_DASHBOARD], own[:MOST_ON_DASHBOARD]

    def get_context_data(self, parent_context: Any) -> Mapping[str, Any]:
        return {"waiting": self.waiting, "own": self.own}


@hooks.register("construct_homepage_panels")
def add_changes_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Show on the dashboard what waits."""
    own = views.visible_to(request.user).filter(
        proposed_by=request.user.pk, status=MaterialChange.Status.WAITING
    )
    panels.append(ChangesPanel(views.waiting_for(request.user), own.order_by("proposed_at")))


@hooks.register("before_bulk_action")
def keep_what_is_shown(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Delete nothing of a selection of which public pages show a part, and say which."""
    if action_type != "delete":
        return None
    rows = [row for row in _with_pages_below(objects) if kind_of(type(row)) in material()]
    return redirect(action.next_url) if edit_views.refuse_to_delete(request, rows) else None


@hooks.register("before_delete_page")
def keep_who_is_named(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Delete no person whom public pages name, alone or with the page above, and say so."""
    if request.method != "POST":
        return None
    rows = [row for row in _with_pages_below([page]) if kind_of(type(row)) in material()]
    if not edit_views.refuse_to_delete(request, rows):
        return None
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def _with_pages_below(objects: list[Any]) -> list[Any]:
    if not objects or not isinstance(objects[0], Page):
        return objects
    models = [model for model in material().values() if issubclass(model, Page)]
    return [
        row
        for page in objects
        for model in models
        for row in model._base_manager.filter(path__startswith=page.path)
    ]


@hooks.register("register_page_header_buttons")
def say_where_a_person_is_named(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Lead from a person to the pages that show their name."""
    if kind_of(page.specific_class) in material():
        places = places_of(page.specific)
        label = gettext("Shown on %(places)s") % {"places": places} if places else gettext("Shown nowhere")
        yield Button(
            label, reverse("where_shown", args=["contributor", page.pk]), icon_name="view", priority=67
        )
