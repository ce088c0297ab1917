"""What the review adds to the admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.query import PageQuerySet

from mindlab.core import gate
from mindlab.core.pages import ReviewedPage
from mindlab.editorial import steps
from mindlab.editorial.views import ReviewRecordsView


@hooks.register("before_publish_page")
def say_what_is_missing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Go back to the editor with the reason, where the gate would refuse the text just saved.

    The refusal itself does not depend on this: the page refuses too, with less to read.
    """
    if not isinstance(page, ReviewedPage):
        return None
    verdict = gate.verdict(page)
    if verdict.agrees:
        return None
    message = _("Saved as a draft and not published: %(reasons)s.") % {"reasons": "; ".join(verdict.missing)}
    messages.error(request, message)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("construct_explorer_page_queryset")
def fetch_dates(parent_page: Page, pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Bring the dates of scheduled pages along with the rows of the explorer."""
    return steps.with_dates(pages)


@hooks.register("register_admin_urls")
def register_review_records_urls() -> list[URLPattern]:
    """Give the report its addresses."""
    return [
        path("reports/review-records/", ReviewRecordsView.as_view(), name="review_records"),
        path(
            "reports/review-records/results/",
            ReviewRecordsView.as_view(results_only=True),
            name="review_records_results",
        ),
    ]


class ReviewRecordsMenuItem(MenuItem):
    """Shown to those who may read the records."""

    def is_shown(self, request: Any) -> bool:
        return bool(ReviewRecordsView.permission_policy.user_has_permission(request.user, "view"))


@hooks.register("register_reports_menu_item")
def register_review_records_menu_item() -> MenuItem:
    """Put the report into the menu."""
    return ReviewRecordsMenuItem(
        _("Review records"),
        reverse("review_records"),
        name="review-records",
        icon_name="clipboard-list",
        order=1100,
    )
