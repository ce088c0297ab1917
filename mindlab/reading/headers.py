"""What an answer says besides its page: how long it holds, what the page may use, and how it is packed."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

Answer = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
"""What no page of the site asks a browser for."""
EVERYBODY = "no-cache"
"""Whoever keeps a page asks before showing it again, so that what is withdrawn is gone at once."""
ONE_READER = "private, no-cache"
TOKEN = b"csrfmiddlewaretoken"


class HeadersMiddleware:
    """Adds ``Cache-Control`` where a view set none, and ``Permissions-Policy``."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = (
                EVERYBODY if is_for_everybody(request, response) else ONE_READER
            )
        return response


class PublicPagesGZipMiddleware(GZipMiddleware):
    """Packs what everybody is shown alike and no more.

    Where a secret and words of the visitor stand on one page, its packed length tells of the secret
    (BREACH): pages with a session, a cookie to set or a form's token go out as they are.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Pack the answer if nothing in it is secret."""
        is_whole = isinstance(response, HttpResponse) and TOKEN not in response.content
        if is_whole and is_for_everybody(request, response):
            return super().process_response(request, response)
        return response


def is_for_everybody(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Return whether an answer is the same for all: no visitor is known by it, or will be."""
    cookies = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} & set(request.COOKIES)
    return not (cookies or response.cookies) and "private" not in response.get("Cache-Control", "")
