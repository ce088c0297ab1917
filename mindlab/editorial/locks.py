"""The lock on a text under review."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.locks import WorkflowLock


class ReviewLock(WorkflowLock):
    """Says which step the text is in to those who cannot change it meanwhile."""

    def get_message(self, user: Any) -> Any:
        if not self.for_user(user):
            return None
        return format_html(
            _("This {page_type} is in <b>{step}</b>. Only the reviewers of this step can change it now."),
            page_type=self.model_name,
            step=self.task.name,
        )
