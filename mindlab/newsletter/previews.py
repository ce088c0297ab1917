"""How an editor sees the mail before it is approved."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from mindlab.newsletter.rendering import html_of, size_problems, text_of
from mindlab.newsletter.resolving import resolve

MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""A mail carries its look in its own tags, which the policy of our pages would strip off."""


def preview(issue: Any, *, as_text: bool = False) -> HttpResponse:
    """Return the mail of a draft, saved or not, under a list of what keeps it from going out."""
    resolved = resolve(issue)
    content = resolved.content
    html = html_of(content)
    problems = (*resolved.problems, *size_problems(html))
    if as_text:
        return HttpResponse(text_of(content, problems), content_type="text/plain; charset=utf-8")
    response = HttpResponse(html_of(content, problems) if problems else html)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response
