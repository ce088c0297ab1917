"""The import in the admin: its runs and what they made, and a page's source text beside its blocks."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy

from mindlab.importer.models import ImportOutcome, ImportRun, SourceDocument
from mindlab.importer.proposals import ProposalError, accept, dismiss, why_not
from mindlab.importer.questions import guess_of, together
from mindlab.importer.report_files import outcome_data, rows_as_csv, rows_as_json
from mindlab.importer.source_view import source_rows

RUNS_POLICY = ModelPermissionPolicy(ImportRun)
OUTCOMES_PER_PAGE = 50
URGENCY = Case(
    When(details__questions__0__isnull=False, then=0),
    When(
        outcome__in=[
            ImportOutcome.Outcome.FAILED,
            ImportOutcome.Outcome.CONFLICT,
            ImportOutcome.Outcome.PROPOSED,
        ],
        then=1,
    ),
    default=2,
)
"""Questions come first over all pages of a report, then what waits for a person, then the rest."""
LINES_PER_PAGE = 1000


def run_url(run: ImportRun) -> str:
    """Where the report of a run is shown."""
    return reverse("import_run", args=[run.pk])


class ImportRunsView(ReportView):
    """All runs, newest first: who, when, and how many documents came to what."""

    model = ImportRun
    index_url_name = "import_runs"
    index_results_url_name = "import_runs_results"
    header_icon = "download"
    page_title = _("Imports")
    permission_policy = RUNS_POLICY
    any_permission_required: ClassVar[list[str]] = ["view"]
    default_ordering = "-started_at"
    columns: ClassVar[list[Any]] = [
        TitleColumn("started", label=_("Run"), accessor="__str__", get_url=run_url),
        Column("user", label=_("Drafts of")),
        Column("get_status_display", label=_("Status")),
        Column("drafts", label=_("Drafts written")),
        Column("failed", label=_("Failed")),
        DateColumn("finished_at", label=_("Finished")),
    ]
    list_export: ClassVar[list[str]] = [
        "uuid",
        "started_at",
        "finished_at",
        "user",
        "status",
        "drafts",
        "failed",
    ]

    def get_queryset(self) -> QuerySet[ImportRun]:
        kind = ImportOutcome.Outcome
        written = Q(outcomes__outcome__in=[kind.CREATED, kind.UPDATED, kind.PROPOSED])
        return (
            ImportRun.objects.select_related("user")
            .annotate(drafts=Count("outcomes", filter=written))
            .annotate(failed=Count("outcomes", filter=Q(outcomes__outcome=kind.FAILED)))
            .order_by("-started_at", "-pk")
        )


class ImportRunView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The report of one run: questions first, then each document."""

    permission_policy = RUNS_POLICY
    permission_required = "view"
    template_name = "importer/run.html"
    header_icon = "download"
    page_title = _("Import")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way back to the list of runs."""
        items: list[dict[str, Any]] = super().get_breadcrumbs_items()
        return [
            *items,
            {"url": reverse("import_runs"), "label": _("Imports")},
            {"url": "", "label": _("Import")},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the run, its counts, and one page of its outcomes."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        run = get_object_or_404(ImportRun.objects.select_related("user"), pk=self.kwargs["pk"])
        outcomes = run.outcomes.select_related("page", "document").defer("document__text")
        outcomes = outcomes.annotate(urgency=URGENCY).order_by("urgency", "pk")
        pages = Paginator(outcomes, OUTCOMES_PER_PAGE)
        shown = pages.get_page(self.request.GET.get("p"))
        counts = run.outcomes.order_by().values("outcome").annotate(number=Count("pk"))
        labels = dict(ImportOutcome.Outcome.choices)
        context["run"] = run
        context["outcomes"] = shown
        context["asked"] = [
            (outcome, together(map(guess_of, questions)))
            for outcome in shown
            if (questions := outcome.details.get("questions"))
        ]
        context["counts"] = [(labels[row["outcome"]], row["number"]) for row in counts]
        return context


class ImportRunDownloadView(PermissionCheckedMixin, View):
    """The report of one run as CSV or JSON."""

    permission_policy = RUNS_POLICY
    permission_required = "view"

    def get(self, request: HttpRequest, pk: int, ending: str) -> HttpResponse:
        """Return the file."""
        run = get_object_or_404(ImportRun, pk=pk)
        rows = [outcome_data(outcome) for outcome in run.outcomes.order_by("pk")]
        if ending == "csv":
            response = HttpResponse(rows_as_csv(rows), content_type="text/csv; charset=utf-8")
        else:
            response = HttpResponse(rows_as_json(run.pk, rows), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="import-{run.pk}.{ending}"'
        return response


class SourceView(WagtailAdminTemplateMixin, TemplateView):
    """The text a page was imported from, line by line, beside the blocks the lines became."""

    template_name = "importer/source.html"
    header_icon = "doc-full"
    page_title = _("Source text")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let those in who may open the page in the editor."""
        page = get_object_or_404(Page, pk=kwargs["page_id"]).specific
        if not page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        self.page = page
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        """The page's title."""
        return str(self.page.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way back to the editor."""
        items: list[dict[str, Any]] = super().get_breadcrumbs_items()
        edit = {"url": self.edit_url, "label": self.get_page_subtitle()}
        return [*items, edit, {"url": "", "label": gettext("Source text")}]

    def _page_of_line(self) -> int:
        """The stretch that holds the line asked for, so that a report can point at it."""
        line = self.request.GET.get("line", "")
        return (int(line) - 1) // LINES_PER_PAGE + 1 if line.isdecimal() and len(line) < 9 else 1

    @property
    def edit_url(self) -> str:
        """Where the page is edited."""
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the document and one stretch of its lines."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        document = SourceDocument.objects.filter(page=self.page).order_by("-imported_at").first()
        if document is None:
            raise Http404(gettext("This page was not imported."))
        rows = Paginator(source_rows(document, self.page), LINES_PER_PAGE)
        context.update(
            document=document,
            rows=rows.get_page(self.request.GET.get("p") or self._page_of_line()),
            edit_url=self.edit_url,
            refusal=why_not(self.page, self.request.user) if document.proposal_id else None,
        )
        return context


class ProposalView(View):
    """Takes the decision about a proposed text, sent by the run's report or the page's source view."""

    def post(self, request: HttpRequest, pk: int, revision_id: int, decision: str) -> HttpResponse:
        """Accept the proposal, or keep the draft, and say so.

        Raises PermissionDenied for those who may not edit the page.
        """
        page = get_object_or_404(Page, source_documents=pk).specific
        if not page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        source_url = reverse("import_source", args=[page.pk])
        try:
            if decision == "accept":
                accept(pk, revision_id, request.user)
                messages.success(
                    request, _("The proposed text is the draft now; the one before is in the history.")
                )
                return redirect("wagtailadmin_pages:edit", page.pk)
            dismiss(pk, revision_id, request.user)
            messages.success(request, _("The draft stays as it is; the proposed text is in the history."))
        except ProposalError as refusal:
            messages.error(request, str(refusal))
        return redirect(get_valid_next_url_from_request(request) or source_url)
