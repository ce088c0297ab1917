"""The form of an issue, and what a call to action takes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from mindlab.core.forms import ReviewedPageForm


def call_to_action_errors(text: Any, label: Any, page: Any, url: Any) -> dict[str, str]:
    """Return what a call to action lacks, by field of the issue; nothing filled in lacks nothing."""
    if not any((text, label, page, url)):
        return {}
    errors = {}
    if not label:
        errors["cta_label"] = _("Write what the button says, or empty the other fields here.")
    if page and url:
        errors["cta_url"] = _("Choose either a page or an address: empty one of the two.")
    elif not (page or url):
        errors["cta_page"] = _("Choose the page that the button opens, or give an address.")
    return errors


class IssueForm(ReviewedPageForm):
    """Proposes the next number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.number is None and "number" in self.fields:
            self.initial["number"] = type(self.instance).next_number()
