"""Exporting an issue in the admin, and downloading what was exported."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from mindlab.newsletter.content import ExportRefusedError
from mindlab.newsletter.exporting import files_of
from mindlab.newsletter.models import IssuePage, IssueSnapshot
from mindlab.newsletter.snapshots import export

CONTENT_TYPES = {
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
}


def may(user: Any, action: str) -> bool:
    """Return whether ``user`` may "view" snapshots or "export" issues."""
    return bool(policy_registry.get_by_type(IssueSnapshot).user_has_permission(user, action))


@require_safe
def download(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Send one file of a snapshot, the same bytes that the command writes."""
    if not may(request.user, "view"):
        raise PermissionDenied
    snapshot = get_object_or_404(IssueSnapshot, pk=pk)
    for name, content in files_of(snapshot).items():
        if name.endswith(f".{form}"):
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(content, content_type=CONTENT_TYPES[form], headers=headers)
    raise Http404


@require_http_methods(["GET", "POST"])
def export_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to export an issue, do it, and show the snapshot, or say what keeps it from going out."""
    if not may(request.user, "export"):
        raise PermissionDenied
    issue = get_object_or_404(IssuePage, pk=pk)
    problems: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            snapshot = export(issue, refresh="refresh" in request.POST)
        except ExportRefusedError as error:
            problems = error.problems
        else:
            numbers = {"title": issue.title, "number": snapshot.number}
            messages.success(request, _("“%(title)s” is exported: snapshot %(number)d.") % numbers)
            return redirect("issue_snapshots:inspect", snapshot.pk)
    context = {
        "issue": issue,
        "problems": problems,
        "snapshots": issue.snapshots.only("issue_id", "number", "created_at"),
        "header_title": _("Export the e-mail"),
        "page_title": _("Export the e-mail"),
        "page_subtitle": issue.title,
        "header_icon": "mail",
    }
    return render(request, "newsletter/admin/export.html", context)
