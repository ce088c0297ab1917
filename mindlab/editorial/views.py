"""The reports of the review: who decided what, and what was public when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from mindlab.editorial.rows import Publication, ReviewRecord


class ReviewRecordsView(ReportView):
    """Who approved which page at which step, and who asked for changes; to read and to export."""

    model = ReviewRecord
    index_url_name = "review_records"
    index_results_url_name = "review_records_results"
    header_icon = "clipboard-list"
    page_title = _("Review records")
    template_name = "editorial/report.html"
    permission_policy = ModelPermissionPolicy(ReviewRecord)
    any_permission_required: ClassVar[list[str]] = ["view"]
    default_ordering = "-decided_at"
    columns: ClassVar[list[Any]] = [
        Column("page_title", label=_("Page"), classname="title"),
        Column("get_step_display", label=_("Step")),
        Column("get_decision_display", label=_("Decision")),
        Column("reviewer_name", label=_("By")),
        Column("account_name", label=_("Account")),
        DateColumn("decided_at", label=_("When")),
        Column("comment", label=_("Comment")),
    ]
    list_export: ClassVar[list[str]] = [
        "uuid",
        "page_uuid",
        "page_title",
        "step",
        "decision",
        "reviewer_name",
        "account_name",
        "decided_at",
        "comment",
        "digest",
    ]

    def get_queryset(self) -> QuerySet[ReviewRecord]:
        return ReviewRecord.objects.order_by("-decided_at", "-pk")


class PublicationsView(ReportView):
    """What was public under which address, from when to when, on whose approvals; to read and to export."""

    model = Publication
    index_url_name = "publications"
    index_results_url_name = "publications_results"
    header_icon = "globe"
    page_title = _("Publications")
    template_name = "editorial/report.html"
    permission_policy = ModelPermissionPolicy(Publication)
    any_permission_required: ClassVar[list[str]] = ["view"]
    default_ordering = "-since"
    columns: ClassVar[list[Any]] = [
        Column("page_title", label=_("Page"), classname="title"),
        Column("address", label=_("Address")),
        DateColumn("since", label=_("From")),
        DateColumn("until", label=_("Until")),
        Column("get_basis_display", label=_("Rests on")),
        Column("approvers", label=_("Approved by")),
    ]
    list_export: ClassVar[list[str]] = [
        "uuid",
        "page_uuid",
        "page_title",
        "address",
        "since",
        "until",
        "basis",
        "approvers",
        "steps",
        "one_person",
        "digest",
    ]

    def get_queryset(self) -> QuerySet[Publication]:
        return Publication.objects.order_by("-since", "-pk")
