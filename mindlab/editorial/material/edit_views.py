"""Wagtail's views for images, documents, sources, topics and settings, which ask for a second person
where public pages show what is edited."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import select_template
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.contrib.settings.views import EditView as SettingEditView
from wagtail.documents.views import documents
from wagtail.documents.views import multiple as multiple_documents
from wagtail.images.views import images
from wagtail.images.views import multiple as multiple_images
from wagtail.snippets.views import snippets

from mindlab.core.models import ContributorPage, pages_naming
from mindlab.editorial.material import changes
from mindlab.editorial.material.guard import still_shown_sentence, stored_row, waits_sentence
from mindlab.editorial.material.places import places_of
from mindlab.editorial.rows import MaterialChange


def propose_instead(form: Any, user: Any) -> MaterialChange | None:
    """Write a proposal of what readers would see of a form's row, where they see it; None where not.

    What they do not see of it (collection, tags) stays in the form to be saved.
    """
    if not changes.waits(form.instance):
        return None
    change = changes.propose(form.instance, user)
    put_back = changes.put_back(form.instance)
    form.changed_data = [name for name in form.changed_data if name not in put_back]
    return change


class ChangeWaitsMixin(generic.EditView):
    """Says before saving where the thing is shown, and proposes the change instead of saving it."""

    proposal: MaterialChange | None = None

    def get_template_names(self) -> list[str]:
        return ["editorial/material/edit.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        row = stored_row(self.object)
        return {
            **context,
            "editor_template": select_template(super().get_template_names()),
            "places": places_of(row),
            "where_url": where_url(row),
            "waiting": changes.waiting(row).order_by("proposed_at"),
        }

    def save_instance(self) -> Any:
        self.proposal = propose_instead(self.form, self.request.user)
        return super().save_instance()

    def get_success_message(self) -> Any:
        if self.proposal is None:
            return super().get_success_message()
        return waits_sentence(self.object, places_of(self.object))

    def get_success_buttons(self) -> Any:
        if self.proposal is None:
            return super().get_success_buttons()
        return [messages.button(reverse("material_change", args=[self.proposal.uuid]), _("See the change"))]


class ShownStaysMixin(generic.DeleteView):
    """Refuses to delete what is shown, and leads to where that is."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._refusal() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._refusal() or super().post(request, *args, **kwargs)

    def _refusal(self) -> HttpResponse | None:
        places = places_of(self.object)
        if not places:
            return None
        messages.error(self.request, still_shown_sentence(self.object, places))
        return redirect(where_url(self.object))


def where_url(row: Any) -> str:
    """Return the address of the page that says where a thing is shown."""
    return reverse("where_shown", args=[row.shown_as, row.pk])


class ImageEditView(ChangeWaitsMixin, images.EditView):
    """The edit view of an image."""


class ImageDeleteView(ShownStaysMixin, images.DeleteView):
    """The delete view of an image."""


class DocumentEditView(ChangeWaitsMixin, documents.EditView):
    """The edit view of a document."""


class DocumentDeleteView(ShownStaysMixin, documents.DeleteView):
    """The delete view of a document."""


class SnippetEditView(ChangeWaitsMixin, snippets.EditView):
    """The edit view of a source or a topic."""


class SnippetDeleteView(ShownStaysMixin, snippets.DeleteView):
    """The delete view of a source or a topic."""


class BriefSettingsEditView(ChangeWaitsMixin, SettingEditView):
    """The edit view of the Brief's settings."""


class UploadedMixin:
    """The small form under an upload: it may be sent again when pages show the file already."""

    request: HttpRequest
    object: Any

    def save_object(self, form: Any) -> None:
        if propose_instead(form, self.request.user):
            messages.info(self.request, waits_sentence(self.object, places_of(self.object)))
        super().save_object(form)  # type: ignore[misc]


class UploadedImageEditView(UploadedMixin, multiple_images.EditView):
    """The form of an image under the upload of many."""


class UploadedDocumentEditView(UploadedMixin, multiple_documents.EditView):
    """The form of a document under the upload of many."""


def refuse_to_delete(request: HttpRequest, rows: Any) -> bool:
    """Say which of the rows cannot be deleted because pages show them; True if there are any."""
    refused = False
    for row in rows:
        if places := places_of(row):
            button = messages.button(where_url(row), _("Where it is shown"))
            messages.error(request, still_shown_sentence(row, places), buttons=[button])
        elif isinstance(row, ContributorPage) and (page := pages_naming(row).first()):
            button = messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Edit"))
            text = _("“%(person)s” cannot be deleted: bylines of “%(page)s” name this person.")
            messages.error(request, text % {"person": row, "page": page}, buttons=[button])
        else:
            continue
        refused = True
    return refused
