"""Changes that wait: their list, one beside the other, the decision; and where a thing is shown."""

from __future__ import annotations

import mimetypes
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from django_filters import ChoiceFilter
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from mindlab.core.shown import material
from mindlab.editorial.material import changes, comparison
from mindlab.editorial.material.places import places_of
from mindlab.editorial.rows import MaterialChange

RIGHT = "editorial.change_materialchange"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
WAITING = MaterialChange.Status.WAITING


def visible_to(user: Any) -> QuerySet[MaterialChange]:
    """Return the changes a person may read: all with the right to decide, else their own."""
    found = MaterialChange.objects.all()
    return found if user.has_perm(RIGHT) else found.filter(proposed_by=user)


def waiting_for(user: Any) -> QuerySet[MaterialChange]:
    """Return the changes that wait for this person, by the kinds of things they may change."""
    if not user.has_perm(RIGHT):
        return MaterialChange.objects.none()
    kinds = [kind for kind, model in material().items() if may_change_some(user, model)]
    waiting = MaterialChange.objects.filter(status=MaterialChange.Status.WAITING, kind__in=kinds)
    return waiting.exclude(proposed_by=user).order_by("proposed_at")


def may_change_some(user: Any, model: Any) -> bool:
    """Return whether ``user`` may change any row of a model."""
    return bool(policy_registry.get_by_type(model).user_has_permission(user, "change"))


def change_url(change: MaterialChange) -> str:
    """Return the address of a change."""
    return reverse("material_change", args=[change.uuid])


class ChangesFilterSet(WagtailFilterSet):
    """Leads from the changes that wait to those that were decided."""

    status = ChoiceFilter(
        label=_("Status"),
        choices=[(status, status.label) for status in MaterialChange.Status],
        empty_label=None,
    )

    class Meta:
        model = MaterialChange
        fields: ClassVar[list[str]] = ["status"]


class ChangesView(ReportView):
    """The changes to what public pages show that wait, and on demand those that were decided."""

    model = MaterialChange
    filterset_class = ChangesFilterSet
    index_url_name = "material_changes"
    index_results_url_name = "material_changes_results"
    header_icon = "history"
    page_title = _("Changes that wait")
    template_name = "editorial/report.html"
    columns: ClassVar[list[Any]] = [
        TitleColumn("label", label=_("Thing"), get_url=change_url),
        Column("kind", label=_("Kind"), accessor="kind_label"),
        Column("summary", label=_("What changes"), accessor=comparison.summary),
        Column("proposed_by_name", label=_("Proposed by")),
        DateColumn("proposed_at", label=_("When")),
        Column("shown_on", label=_("Pages")),
        Column("get_status_display", label=_("Status")),
    ]
    list_export: ClassVar[list[str]] = [
        "uuid",
        "kind",
        "key",
        "label",
        "shown_on",
        "proposed_by_name",
        "proposed_at",
        "status",
        "decided_by_name",
        "decided_at",
        "comment",
    ]

    @property
    def shows_decided(self) -> bool:
        """Whether the changes with another status are asked for."""
        return self.request.GET.get("status", WAITING) in set(MaterialChange.Status.values) - {WAITING}

    @property
    def verbose_name_plural(self) -> Any:
        """What the pager counts."""
        return _("decided changes") if self.shows_decided else super().verbose_name_plural

    def get_queryset(self) -> QuerySet[MaterialChange]:
        found = visible_to(self.request.user).order_by("-proposed_at", "-pk")
        return found if self.shows_decided else found.filter(status=WAITING)


class ChangeMixin:
    """Finds the change an address names, for those who may read it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def get_change(self) -> MaterialChange:
        change = get_object_or_404(MaterialChange, uuid=self.kwargs["uuid"])
        if not visible_to(self.request.user).filter(pk=change.pk).exists():
            raise PermissionDenied
        return change


class ChangeView(ChangeMixin, WagtailAdminTemplateMixin, TemplateView):
    """One change: how the thing stood and how it would stand, and what can be done about it."""

    template_name = "editorial/material/change.html"
    header_icon = "history"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.change = self.get_change()
        return super().get(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.change.label

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        report = {"url": reverse("material_changes"), "label": gettext("Changes that wait")}
        return [*self.breadcrumbs_items, report, {"url": "", "label": self.change.label}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change, user = self.change, self.request.user
        row = changes.row_of(change)
        is_waiting = change.status == MaterialChange.Status.WAITING
        return {
            **super().get_context_data(**kwargs),
            "change": change,
            "row": row,
            "differences": comparison.differences(change),
            "is_picture": media_type(change) in PICTURES,
            "is_stale": is_waiting and changes.is_stale(change, row),
            "is_waiting": is_waiting,
            "may_decide": is_waiting and changes.may_decide(user, change, row),
            "may_withdraw": is_waiting and changes.is_proposer(user, change),
            "edit_url": row and AdminURLFinder(user).get_edit_url(row),
            "places": row and places_of(row),
            "others": changes.waiting(row).exclude(pk=change.pk) if row and is_waiting else (),
        }


class DecideView(ChangeMixin, View):
    """Accepts, declines or withdraws a change, and says what came of it."""

    http_method_names = ["post"]
    decision = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        change = self.get_change()
        try:
            self.decide(change, request.user, request.POST.get("comment", "").strip())
        except changes.ChangeRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(change_url(change))
        return redirect("material_changes")

    def decide(self, change: MaterialChange, user: Any, comment: str) -> None:
        """Carry the decision out and tell the person."""
        texts = {
            "accept": ngettext(
                "“%(thing)s” is changed, on %(number)s page.",
                "“%(thing)s” is changed, on %(number)s pages.",
                change.shown_on,
            ),
            "decline": gettext("“%(thing)s” stays as it is: the change is declined."),
            "withdraw": gettext("“%(thing)s” stays as it is: the change is withdrawn."),
        }
        if self.decision == "withdraw":
            change = changes.withdraw(change, user)
        else:
            change = {"accept": changes.accept, "decline": changes.decline}[self.decision](
                change, user, comment
            )
        text = texts[self.decision] % {"thing": change.label, "number": change.shown_on}
        messages.success(self.request, text)


class ChangeFileView(ChangeMixin, View):
    """The file that waits, for those who may read the change: pictures to look at, the rest to save."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        change = self.get_change()
        if not change.file or not change.file.storage.exists(str(change.file.name)):
            raise Http404
        kind = media_type(change)
        is_picture = kind in PICTURES
        return FileResponse(
            change.file.open("rb"),
            as_attachment=not is_picture,
            content_type=kind if is_picture else "application/octet-stream",
            headers={"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store"},
        )


def media_type(change: MaterialChange) -> str:
    """Return the type of the file that waits, by its name; "" where there is none."""
    return (mimetypes.guess_type(str(change.file.name))[0] or "") if change.file else ""


class WhereShownView(WagtailAdminTemplateMixin, TemplateView):
    """The public and the scheduled pages that show a thing."""

    template_name = "editorial/material/where_shown.html"
    header_icon = "doc-full"
    page_title = _("Where it is shown")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        model = material().get(kwargs["kind"])
        if model is None:
            raise Http404
        self.row = get_object_or_404(model, pk=kwargs["key"])
        if not policy_registry.get_by_type(model).user_has_any_permission(
            request.user, {"add", "change", "delete", "choose"}
        ):
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        edit_url = AdminURLFinder(self.request.user).get_edit_url(self.row) or ""
        here = {"url": "", "label": gettext("Where it is shown"), "sublabel": str(self.row)}
        return [*self.breadcrumbs_items, {"url": edit_url, "label": str(self.row)}, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edit_url = AdminURLFinder(self.request.user).get_edit_url(self.row)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "row": self.row, "places": places_of(self.row), "edit_url": edit_url}
