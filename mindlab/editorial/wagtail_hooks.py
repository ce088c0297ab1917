"""What the review adds to the admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.query import PageQuerySet

from mindlab.core import gate
from mindlab.core.child_rows import DeletionRefused, guard_named
from mindlab.core.locking import hold
from mindlab.core.pages import ReviewedPage
from mindlab.editorial import steps
from mindlab.editorial.editing import DeskViewSet, desk_viewset
from mindlab.editorial.material import hooks as material_hooks  # noqa: F401
from mindlab.editorial.refusals import as_list
from mindlab.editorial.views import PublicationsView, ReviewRecordsView

MOST_REASONS = 5
"""Of how many pages of a selection it is said why they are not published."""


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
    message = format_html("{} {}", _("Saved as a draft and not published:"), as_list(page, verdict))
    messages.error(request, message)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_delete_page")
def say_who_names_it(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Go back with the reason, where public pages would change with the deletion of a page they name."""
    try:
        guard_named(Page, page)
    except DeletionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("construct_explorer_page_queryset")
def fetch_dates(parent_page: Page, pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Bring the dates of scheduled pages along with the rows of the explorer."""
    return steps.with_dates(pages)


@hooks.register("register_admin_viewset", order=100)
def register_desk() -> DeskViewSet:
    """Take the place of Wagtail's own views of every page, which are registered before."""
    return desk_viewset


@hooks.register("before_bulk_action")
def hold_pages(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Hold the rows of the pages that a bulk action is about, and read them again."""
    pages = [thing for thing in objects if isinstance(thing, Page)]
    hold(*(page.pk for page in pages))
    for page in pages:
        page.refresh_from_db()


@hooks.register("before_bulk_action")
def say_what_stays_unpublished(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Say which pages of a selection are not published and what each lacks; go back if none is."""
    if action_type != "publish":
        return None
    others = action.get_actionable_objects()[1]["items_with_no_access"]
    for page in others[:MOST_REASONS]:
        messages.warning(request, why_unpublished(page.specific, request.user))
    if more := others[MOST_REASONS:]:
        text = ngettext("%(n)s more was not published.", "%(n)s more were not published.", len(more))
        messages.warning(request, text % {"n": len(more)})
    return None if objects else redirect(action.next_url)


def why_unpublished(page: Page, user: Any) -> str | SafeString:
    """Say why ``user`` does not publish the newest text of a page."""
    title = _("“%(title)s” was not published:") % {"title": page.get_admin_display_title()}
    is_reviewed = isinstance(page, ReviewedPage) and page.permissions_for_user(user).may_set_dates()
    revision = page.get_latest_revision() if is_reviewed else None
    verdict = gate.verdict(revision.as_object()) if revision is not None else None
    if verdict is None or verdict.agrees:
        return format_html("{} {}", title, _("you do not have permission to publish it."))
    return format_html("{} {}", title, as_list(page, verdict))


REPORTS: dict[str, Any] = {"review-records": ReviewRecordsView, "publications": PublicationsView}


@hooks.register("register_admin_urls")
def register_report_urls() -> list[URLPattern]:
    """Give the reports their addresses."""
    return [
        pattern
        for slug, view in REPORTS.items()
        for pattern in (
            path(f"reports/{slug}/", view.as_view(), name=view.index_url_name),
            path(
                f"reports/{slug}/results/",
                view.as_view(results_only=True),
                name=view.index_results_url_name,
            ),
        )
    ]


class ReportMenuItem(MenuItem):
    """Shown to those who may read the rows of the report."""

    def __init__(self, slug: str, order: int) -> None:
        self.view = REPORTS[slug]
        super().__init__(
            self.view.page_title,
            reverse(self.view.index_url_name),
            name=slug,
            icon_name=self.view.header_icon,
            order=order,
        )

    def is_shown(self, request: Any) -> bool:
        return bool(self.view.permission_policy.user_has_permission(request.user, "view"))


@hooks.register("register_reports_menu_item")
def register_review_records_menu_item() -> MenuItem:
    """Put the report of decisions into the menu."""
    return ReportMenuItem("review-records", 1100)


@hooks.register("register_reports_menu_item")
def register_publications_menu_item() -> MenuItem:
    """Put the report of what was public into the menu."""
    return ReportMenuItem("publications", 1110)
