"""The form of reviewed pages: it says what is missing when that matters, and never on a draft."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.widgets import SlugInput
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME

from mindlab.core import gate
from mindlab.core.blockers import Path, block_error, in_row
from mindlab.core.slugs import formatters

REQUEST_CHANGES = "reject"
"""The name Wagtail gives to the action that sends a text back, incomplete as it may be."""

DATES = ("go_live_at", "expire_at")
"""The fields by which a page becomes public, and is taken down, at a later date."""


class SitePageForm(WagtailAdminPageForm):
    """Proposes, while a title is typed, the address that it would be given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("slug"):
            # One that is left empty is made from the title, as the script cannot for all letters.
            field.required = False
            field.widget = SlugInput(attrs=field.widget.attrs, formatters=formatters())


class ReviewedPageForm(SitePageForm):
    """Shows what keeps a text from being published at its field, where it is submitted or goes on."""

    same_text: Any = None
    """The stored revision that says what the form says; it is saved as it is spelt there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.parent_page if self.instance.pk is None else self.instance
        if self.for_user is not None and page is not None:
            self._offer_dates(page.permissions_for_user(self.for_user).may_set_dates())

    def _offer_dates(self, may_set_dates: bool) -> None:
        """Leave the dates to those who may publish: a review would carry out what nobody of them decided."""
        for name in () if may_set_dates else DATES:
            self.fields.pop(name, None)

    @property
    def offers_dates(self) -> bool:
        """Whether the editor offers the dialogue for the dates."""
        return set(DATES) <= set(self.fields)

    def add_error(self, field: str | None, error: Any) -> None:
        """Let a draft be saved whose date of expiry has passed, where the form did not set it."""
        if field != "expire_at" or not self.is_deferred_validation or field in self.changed_data:
            super().add_error(field, error)

    def is_valid(self) -> bool:
        """Return whether the text may go where it is sent; a draft that is only saved always may."""
        if super().is_valid() and self._goes_on():
            _add_page_errors(self)
            _add_row_errors(self)
        return bool(super().is_valid())

    def _goes_on(self) -> bool:
        return not self.is_deferred_validation and self.data.get("workflow-action-name") != REQUEST_CHANGES

    def save(self, commit: bool = True) -> Any:
        """Save, and leave to the revision what would change a row that public pages show already.

        Wagtail does so for every page that is public itself.
        """
        is_new = self.instance.pk is None
        commit = commit and (is_new or not gate.is_shown_elsewhere(self.instance))
        if self.same_text is None:
            return super().save(commit=commit)
        page = beside_the_words(super().save(commit=False), self.same_text.as_object())
        if commit:
            page.save()
        return page


def beside_the_words(page: Any, text: Any) -> Any:
    """Give ``text`` what a form may change of ``page`` beside its words: dates and comments."""
    text.go_live_at, text.expire_at = page.go_live_at, page.expire_at
    setattr(text, COMMENTS_RELATION_NAME, list(getattr(page, COMMENTS_RELATION_NAME).all()))
    return text


def _add_page_errors(form: ReviewedPageForm) -> None:
    page = form.save(commit=False)
    found: dict[Any, list[Any]] = {}
    for blocker in page.blockers():
        name, *inside = blocker.path
        if name not in form.formsets:
            found.setdefault(name if name in form.fields else None, []).append((tuple(inside), blocker))
    for name, blockers in found.items():
        form.add_error(name, _error(page, name, blockers))


def _error(page: Any, name: str | None, blockers: list[Any]) -> Any:
    if name is None:
        return [str(blocker) for _inside, blocker in blockers]
    field = page._meta.get_field(name)
    findings = [(inside, blocker.message) for inside, blocker in blockers]
    if isinstance(field, StreamField):
        return block_error(field.stream_block, getattr(page, name), findings)
    return [message for _inside, message in findings]


def _add_row_errors(form: Any) -> None:
    for name, formset in form.formsets.items():
        if name == COMMENTS_RELATION_NAME:
            continue
        for row in formset.forms:
            if row.has_changed() or row.instance.pk is not None:
                _add_findings(row, () if row in formset.deleted_forms else in_row(row.instance))


def _add_findings(form: Any, findings: Any) -> None:
    for path, message in findings:
        _add_finding(form, path, message)


def _add_finding(form: Any, path: Path, message: Any) -> None:
    """Show what is wrong with a child row at its field; what is wrong with a row below it, at that one's."""
    formset = form.formsets.get(path[0]) if len(path) > 1 else None
    if formset is not None:
        shown = [below for below in formset.forms if below not in formset.deleted_forms]
        _add_finding(shown[int(path[1])], path[2:], message)
    else:
        form.add_error(path[0] if path and path[0] in form.fields else None, message)


class ReviewedPageCopyForm(CopyForm):
    """Makes drafts only: a copy has no review of its own, so it cannot be born public."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)
