"""How a person is told what keeps a text from being published: a list whose entries lead to their fields."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mindlab.core.blockers import Blocker, Linked
from mindlab.core.gate import PublicationRefused, Verdict


def told(page: Any, refusal: PermissionDenied) -> str | SafeString:
    """Return what a refusal says, its reasons as a list where they lead somewhere."""
    if not isinstance(refusal, PublicationRefused) or not refusal.blockers:
        return str(refusal)
    title = _("“%(title)s” cannot go on:") % {"title": page.title}
    return format_html("{} {}", title, as_list(page, refusal))


def as_list(page: Any, refusal: Verdict | PublicationRefused) -> SafeString:
    """Return the reasons as HTML; what is wrong with the text itself is linked to its place in the editor."""
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    linked = [_entry(editor, blocker) for blocker in refusal.blockers]
    others = [reason for reason in refusal.missing if reason not in {b.reason for b in refusal.blockers}]
    items = format_html_join("", "<li>{}</li>", ((item,) for item in (*linked, *others)))
    return format_html("<ul>{}</ul>", items)


def _entry(editor: str, blocker: Blocker) -> SafeString:
    entry = format_html('<a href="{}#{}">{}</a>', editor, blocker.anchor, blocker)
    if isinstance(blocker.message, Linked):
        page = blocker.message
        return format_html('{} <a href="{}">{}</a>', entry, page.address, page.page_title)
    return entry
