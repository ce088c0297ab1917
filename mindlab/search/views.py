"""One search box over all kinds of page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def search(request: HttpRequest) -> HttpResponse:
    """Show what the query finds among published pages."""
    return render(request, "search/search.html", {"query": request.GET.get("q", "")})
