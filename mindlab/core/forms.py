"""The form of reviewed pages: it says what is missing when that matters, and never on a draft."""

from __future__ import annotations

from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm


def is_blank(value: Any) -> bool:
    """Return whether a field's value says nothing: rich text may be markup alone."""
    return not (strip_tags(value).strip() if isinstance(value, str) else value)


class ReviewedPageForm(WagtailAdminPageForm):
    """Requires what the review cannot do without, on submission and publication only."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation:
            for name in self.instance.required_for_review:
                if name in self.fields and name not in self.errors and is_blank(cleaned.get(name)):
                    self.add_error(name, _("Fill this in before the page is submitted."))
        return cleaned


class ReviewedPageCopyForm(CopyForm):
    """Makes drafts only: a copy has no review of its own, so it cannot be born public."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)
