"""Wagtail's views of a page, in which one click is one decision and no two people meet on one row."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Media
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.views import View as BaseView
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import PageStatusSidePanel
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.preview import PreviewOnEditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.views.pages.workflow import CollectWorkflowActionDataView, WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page, Revision, TaskState

from mindlab.core.digests import BOOKKEEPING, data_digest, page_digest
from mindlab.core.locking import hold, whole
from mindlab.core.pages import ReviewedPage
from mindlab.editorial import decisions, steps
from mindlab.editorial.as_edited import as_edited
from mindlab.editorial.refusals import told

TASK_STATE = "workflow-task-state"
"""The hidden field by which a form says which task state its decision is about."""

EXTRA_DATA = "workflow-action-extra-data"
"""Where Wagtail's dialogue leaves the comment, as JSON."""

View = Callable[..., HttpResponse]


def held(view: View) -> View:
    """Let ``view`` answer a POST in one transaction that holds the page's row before anything is read."""

    @wraps(view)
    def held_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page_id = kwargs.get("page_id") or kwargs.get("page_to_move_id")
        if request.method != "POST" or page_id is None:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            hold(page_id)
            return view(request, *args, **kwargs)

    return held_view


class DatesMixin:
    """Shows no way to the dates of a page to those whose form has none."""

    form: Any

    def get_side_panels(self) -> MediaContainer:
        """Return Wagtail's panels, the one about the status without its button."""
        panels: MediaContainer = super().get_side_panels()  # type: ignore[misc]
        for panel in panels:
            if isinstance(panel, PageStatusSidePanel) and not getattr(self.form, "offers_dates", True):
                panel.show_schedule_publishing_toggle = False
        return panels


class ReviewedCreateView(DatesMixin, CreateView):
    """Wagtail's view for a new page, in which an autosave saves a draft and no more."""

    @cached_property
    def action_name_and_method(self) -> tuple[str, Callable[[], HttpResponse]]:
        return ("save", self.save_action) if self.expects_json_response else super().action_name_and_method


class NoMenu:
    """Stands for the menu at the foot of the editor where it is not shown."""

    media = Media()

    def render_html(self) -> str:
        """Return nothing."""
        return ""


class ReviewedEditView(DatesMixin, EditView):
    """Wagtail's editor, in which a decision names its task state and what is refused keeps its text.

    An autosave saves a draft, whatever it posts: it takes no decision and makes nothing public.
    """

    was_refused = False
    """Whether the form is shown again with what was just refused."""

    def dispatch(self, request: HttpRequest, page_id: int, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return super().dispatch(request, page_id, **kwargs)
        try:
            with whole():
                hold(page_id)
                return super().dispatch(request, page_id, **kwargs)
        except PermissionDenied as refusal:
            return self.refuse(told(self.page, refusal))

    @cached_property
    def action_name_and_method(self) -> tuple[str, Callable[[], HttpResponse]]:
        if self.expects_json_response:
            return ("save", self.save_action)
        if self.asks_for_decision:
            return ("perform_workflow_action", self.perform_workflow_action)
        name, method = super().action_name_and_method
        return ("save", self.save_action) if name == "perform_workflow_action" else (name, method)

    @property
    def asks_for_decision(self) -> bool:
        """A button that was pressed counts before a decision that an earlier click left in the form."""
        post = self.request.POST
        pressed = ("action-publish", "action-submit", "action-restart-workflow", "action-cancel-workflow")
        return bool(post.get("action-workflow-action")) and not any(post.get(name) for name in pressed)

    @cached_property
    def is_cancelling_workflow(self) -> bool:
        """Only a review that is under way can be ended, and by the form that shows its present step."""
        if self.expects_json_response or not self.shows_present_step:
            return False
        return bool(self.workflow_state and self.workflow_state.is_active and super().is_cancelling_workflow)

    @property
    def shows_present_step(self) -> bool:
        """Whether the form was opened while the review stood where it stands now, if it says so at all."""
        state = self.page.current_workflow_task_state
        present = str(state.pk) if state is not None else ""
        return bool(self.request.POST.get(TASK_STATE, present) == present)

    @cached_property
    def words_changed(self) -> bool:
        """Whether the form says something else than the newest draft, whatever its markup."""
        if not self.form.is_valid():
            return True
        if not isinstance(self.page, ReviewedPage) or self.latest_revision is None:
            return bool(self.form.has_changed())
        return says_something_else(self.form, type(self.page), self.latest_revision.content)

    def require_in_time(self) -> None:
        """Return if the review stands where the form shows it, or the form asks nothing of the review.

        Raises:
            PermissionDenied: with what became of the step meanwhile.
        """
        if self.expects_json_response:
            return
        shown = self.request.POST.get(TASK_STATE, "")
        if self.asks_for_decision and not decisions.is_current(self.page, shown):
            raise PermissionDenied(decisions.why_late(self.page, shown, self.request.user))
        ending = ("action-restart-workflow", "action-cancel-workflow")
        if any(self.request.POST.get(name) for name in ending) and not self.shows_present_step:
            raise PermissionDenied(
                _("The review moved on since this form was opened. It was neither ended nor begun again.")
            )

    def form_valid(self, form: Any) -> HttpResponse:
        self.require_in_time()
        if self.was_submitted_before:
            return self.say_submitted()
        if isinstance(self.page, ReviewedPage) and not self.words_changed:
            # In the spelling of the editor it would be another text, which nobody has approved.
            form.same_text = self.latest_revision
        return super().form_valid(form)

    @property
    def was_submitted_before(self) -> bool:
        """Whether this is a second click of the person whose first one began the review of this very text."""
        state = self.page.current_workflow_state
        is_repeated = bool(self.request.POST.get("action-submit")) and not self.expects_json_response
        is_own = state is not None and state.is_active and state.requested_by_id == self.request.user.pk
        return is_repeated and is_own and not self.words_changed

    def say_submitted(self) -> HttpResponse:
        """Tell a person that the review which they ask for has begun, and lead where submitting leads."""
        words = {"title": self.page.get_admin_display_title(), "now": steps.name_of(self.page)}
        messages.info(self.request, _("You submitted “%(title)s” already. It is now: %(now)s.") % words)
        return redirect(self.next_url or reverse("wagtailadmin_explore", args=[self.parent.pk]))

    def form_invalid(self, form: Any) -> HttpResponse:
        self.require_in_time()
        if self.was_submitted_before:
            return self.say_submitted()
        if self.is_cancelling_workflow:
            self.page.__dict__.pop("_current_workflow_states", None)
        return super().form_invalid(form)

    def perform_workflow_action(self) -> HttpResponse:
        """Take one decision about the text under review, and lead on to the next that waits."""
        if not isinstance(self.page, ReviewedPage):
            return super().perform_workflow_action()
        if self.words_changed:
            raise PermissionDenied(
                _(
                    "Nothing was decided, because the form holds a change that the text under review does "
                    "not have. Save it, and the review begins again with somebody else; or open the page "
                    "anew and decide about the text as it stands."
                )
            )
        self.save_remarks()
        action = self.request.POST.get("workflow-action-name", "")
        task_state = self.page.current_workflow_task_state
        task_state.workflow_state = self.page.current_workflow_state
        task = task_state.task.specific
        data = self.decision_data(task, action)
        # Remarks that were saved made a newer revision than the one that was read with the page.
        page = None if self.has_remarks else self.real_page_record
        task.on_action(task_state, self.request.user, action, page=page, **data)
        decisions.tell(self.request, self.page, task, action, task_state.workflow_state)
        return self.run_hook("after_edit_page", self.request, self.page) or self.go_on()

    def decision_data(self, task: Any, action: str) -> dict[str, Any]:
        """Return what the reviewer gave along with the decision, as the form of the task reads it."""
        try:
            form = task.get_form_for_action(action)(json.loads(self.request.POST.get(EXTRA_DATA, "{}")))
            valid = form.is_valid()
        except (ValueError, AttributeError, TypeError):
            valid = False
        if not valid:
            raise PermissionDenied(_("Nothing was decided: the comment could not be read. Write it again."))
        data: dict[str, Any] = form.cleaned_data
        return data

    def get_object(self) -> Any:
        page = super().get_object()
        self.keep_review(page, self.real_page_record._current_workflow_states)
        return page

    @staticmethod
    def keep_review(page: Any, states: list[Any]) -> None:
        """Let ``page`` answer from these states, as in listings, until a text is saved."""
        page._current_workflow_states = states

    def save_action(self) -> HttpResponse:
        """Save a draft; an autosave writes the revision alone, and none when it brings nothing new.

        The row of a page that was never public follows at the next save by a person.
        """
        if not self.expects_json_response:
            return super().save_action()
        if not self.words_changed and not self.has_remarks:
            return self.autosaved({"field_updates": {}})
        if self.words_changed and self.may_approve:
            # The editor does not autosave for them; an old tab may.
            return self.json_error_response("locked", _("Not saved by itself: a change ends your part here."))
        if "comment_notifications" in self.form.changed_data:
            self.subscription.save()
        if not self.words_changed:
            self.page = self.form.save(commit=False)
        revision = self.page.save_revision(
            user=self.request.user,
            log_action=True,
            previous_revision=self.previous_revision,
            overwrite_revision=self.autosaved_before(),
            clean=False,
        )
        self.follow_comments(revision)
        self.run_hook("after_edit_page", self.request, self.page)
        state = self.page.current_workflow_state
        self.keep_review(self.page, [state] if state is not None else [])
        return self.autosaved(
            {
                "revision_id": revision.pk,
                "revision_created_at": revision.created_at.isoformat(),
                "field_updates": dict(self.form.get_field_updates_for_resave()),
                "html": self.render_partials(),
            }
        )

    def autosaved_before(self) -> Revision | None:
        """Return the revision that this form has made before, which the next autosave rewrites."""
        key = self.request.POST.get("overwrite_revision_id")
        revision = self.page.revisions.filter(pk=key).first() if key else None
        if key and revision is None:
            raise PermissionDenied(_("What was saved before is gone. Open the page anew."))
        return revision

    def autosaved(self, answer: dict[str, Any]) -> HttpResponse:
        """Answer an autosave as Wagtail's scripts expect it."""
        comments = self.form.serialize_comments(self.request.user)
        return JsonResponse({"success": True, "pk": self.page.pk, "comments": comments, **answer})

    def follow_comments(self, revision: Revision) -> None:
        """Log the comments that a form changed, and tell those who wish to hear of them."""
        if self.has_comments:
            changes = self.get_commenting_changes()
            self.log_commenting_changes(changes, revision)
            self.send_commenting_notifications(changes)

    def get_action_menu(self) -> Any:
        """An autosave changes no button."""
        return NoMenu() if self.expects_json_response else super().get_action_menu()

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [] if self.expects_json_response else super().header_more_buttons

    @property
    def may_approve(self) -> bool:
        """Whether this person may take the step that the page is in."""
        advice = decisions.advice(self.page, self.request.user)
        return advice is not None and advice.may_approve

    @property
    def has_comments(self) -> bool:
        """Whether the form changes comments."""
        comments = self.form.formsets.get("comments")
        return comments is not None and comments.has_changed()

    @property
    def has_remarks(self) -> bool:
        """Whether the form changes what stands beside the words: comments, dates."""
        return self.has_comments or bool(BOOKKEEPING.intersection(self.form.changed_data))

    def save_remarks(self) -> None:
        """Save what a form may change beside the words, and the wish to hear of comments."""
        if "comment_notifications" in self.form.changed_data:
            self.subscription.save()
        if not self.has_remarks:
            return
        revision = self.form.save(commit=not self.page.live).save_revision(
            user=self.request.user, log_action=True, clean=False
        )
        self.follow_comments(revision)

    def refuse(self, reason: str) -> HttpResponse:
        """Say why nothing was done, and keep what the person typed."""
        shown = self.request.POST.get(TASK_STATE, "")
        at_the_door = not hasattr(self, "form")
        if at_the_door and not decisions.was_reviewer(self.page, shown, self.request.user):
            raise PermissionDenied
        decides = self.asks_for_decision and not self.expects_json_response
        reason = reason or decisions.why_late(self.page, shown, self.request.user, decides=decides)
        if self.expects_json_response:
            return self.json_error_response("locked", reason)
        is_repeated = decisions.was_taken_by(self.page, shown, self.request.user)
        (messages.info if is_repeated else messages.error)(self.request, reason)
        if at_the_door:
            return self.show_typed()
        if not self.words_changed:
            return self.go_on() if is_repeated else super().redirect_and_remain()
        messages.warning(self.request, _("What you wrote stands in the form and is not saved."))
        self.has_unsaved_changes = self.was_refused = True
        return self.render_to_response(self.get_context_data())

    def go_on(self) -> HttpResponse:
        """Go where the person came from, or to the next page that waits for them."""
        return redirect(self.next_url or decisions.lead_on(self.request, self.page))

    def show_typed(self) -> HttpResponse:
        """Show what somebody typed who may not open the editor any more, or lead on."""
        form_class = self.page_class.get_edit_handler().get_form_class()
        form = form_class(
            self.request.POST,
            self.request.FILES,
            instance=self.page,
            parent_page=self.parent,
            for_user=self.request.user,
        )
        form.defer_required_fields()
        before = self.latest_revision.content
        if not form.is_valid() or says_something_else(form, self.page_class, before):
            context = {"page": self.page, "typed": typed(form), "page_title": _("What you wrote")}
            return TemplateResponse(self.request, "editorial/typed.html", context)
        return redirect(decisions.lead_on(self.request, self.page))

    def redirect_and_remain(self) -> HttpResponse:
        """Stay with the page, or lead on a person whose change took the page out of their step."""
        page = self.page_class.objects.get(pk=self.page.pk)
        if page.permissions_for_user(self.request.user).can_edit():
            return super().redirect_and_remain()
        messages.warning(
            self.request,
            _("“%(title)s” is now %(step)s, which is for others to take.")
            % {"title": self.page.get_admin_display_title(), "step": steps.name_of(page)},
        )
        return redirect(decisions.lead_on(self.request, self.page))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        state = context["current_task_state"]
        context["review_task_state"] = str(state.pk) if state is not None else ""
        if not self.expects_json_response:
            context["review_advice"] = decisions.advice(self.page, self.request.user)
            # Neither a letter typed by accident nor what was just refused may make a reviewer an author.
            if self.was_refused or self.may_approve:
                context["autosave_enabled"] = False
        return context


class ReviewedRevertView(ReviewedEditView, RevisionsRevertView):
    """The same with an earlier text in the form."""


class DecisionView(WorkflowActionView):
    """A decision from the dashboard: about the task state in its address, taken once."""

    is_reviewer = False
    """Whether this person may have had the step before them."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        # What is decided about is read in ``dispatch``, once the page is held.
        BaseView.setup(self, request, *args, **kwargs)

    def get_task_state(self) -> TaskState:
        return get_object_or_404(TaskState.objects.select_related("task"), id=self.task_state_id)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_decision = request.method == "POST"
        try:
            with whole() if is_decision else nullcontext():
                if is_decision:
                    hold(kwargs["page_id"])
                super().setup(request, *args, **kwargs)
                return self.decide_in_time(request, *args, **kwargs)
        except PermissionDenied as refusal:
            if not self.is_reviewer:
                raise
            reason = told(self.object, refusal) or decisions.reason_against(
                self.object, request.user, self.task
            )
            return self.turn_away(reason)

    def decide_in_time(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer, if the step is still the one that the address names."""
        named = str(self.task_state_id)
        state = self.object.current_workflow_state
        self.object._current_workflow_states = [state] if state is not None else []
        is_current = decisions.is_current(self.object, named)
        if is_current:
            self.is_reviewer = self.task.user_can_access_editor(self.object, request.user)
        else:
            self.is_reviewer = decisions.was_reviewer(self.object, named, request.user)
        if not self.is_reviewer:
            raise PermissionDenied
        if not is_current:
            return self.turn_away(decisions.why_late(self.object, named, request.user))
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.render_modal_form(request, form)
        self.task_state.workflow_state = self.object.current_workflow_state
        self.task.on_action(
            self.task_state, request.user, self.action_name, page=self.object, **form.cleaned_data
        )
        state = self.task_state.workflow_state
        decisions.tell(request, self.object, self.task, self.action_name, state)
        return self.go_on()

    def turn_away(self, reason: str) -> HttpResponse:
        """Say why nothing was decided."""
        messages.error(self.request, reason)
        return self.go_on()

    def go_on(self) -> HttpResponse:
        """Go where the person came from, or to the next page that waits for them."""
        url = get_valid_next_url_from_request(self.request) or decisions.lead_on(self.request, self.object)
        if self.request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(self.request, {"step": "success", "redirect": url})
        return redirect(url)


class DecisionDataView(CollectWorkflowActionDataView):
    """The dialogue in the editor that asks for a comment; a late one is answered by the editor itself."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if decisions.is_current(self.object, str(self.task_state_id)):
            return super().dispatch(request, *args, **kwargs)
        return self.render_modal_json(request, {"step": "success", "cleaned_data": {}})


class DeskViewSet(PageViewSet):
    """The views of every page, each POST of which holds the page's row."""

    model = Page
    add_view_class = ReviewedCreateView
    edit_view_class = ReviewedEditView
    revisions_revert_view_class = ReviewedRevertView
    workflow_action_view_class = DecisionView
    collect_workflow_action_data_view_class = DecisionDataView

    def construct_view(self, view_class: Any, **kwargs: Any) -> View:
        view: View = super().construct_view(view_class, **kwargs)
        # The editor holds the row itself; a preview changes nothing and takes long.
        return view if issubclass(view_class, (EditView, DecisionView, PreviewOnEditView)) else held(view)


def says_something_else(form: Any, model: type[Page], content: Any) -> bool:
    """Return whether a form says something else than stored content, whatever the spelling of its markup."""
    said = page_digest(form.save(commit=False))
    return said != data_digest(model, content) and said != data_digest(model, as_edited(model, content))


def typed(form: Any) -> list[tuple[str, str]]:
    """Return what a form says otherwise than its page, by the names of its fields, as plain text."""
    found = []
    for name in form.changed_data:
        value = form.cleaned_data.get(name)
        block = getattr(value, "stream_block", None)
        text = "\n\n".join(block.get_searchable_content(value)) if block else strip_tags(str(value or ""))
        found.append((str(form.fields[name].label or name), text))
    return found


desk_viewset = DeskViewSet()
