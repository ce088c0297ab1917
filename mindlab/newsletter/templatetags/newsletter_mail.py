"""What the templates of the mail need beyond Django's own filters."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from mindlab.newsletter.prose import styled

register = template.Library()


@register.filter
def mail_prose(html: str) -> SafeString:
    """Return resolved prose as markup; whatever is not allowed in the mail is taken out here again."""
    return SafeString(styled(html))


@register.filter
def underlined(text: str, mark: str) -> str:
    """Return a heading of the plain text with a line of ``mark`` below it."""
    longest = max((len(line) for line in text.splitlines()), default=0)
    return f"{text}\n{mark * longest}"
