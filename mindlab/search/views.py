"""The page of search results."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mindlab.core.pages import kind_of, public_models
from mindlab.search import finding

PER_PAGE = 20
SUGGESTED = 5
"""Pages that are named where an address leads nowhere."""
INDEXES = frozenset({"articles", "brief", "glossary", "people", "search", "topics"})
"""Parts of addresses that say nothing of what was looked for."""
FILES = ("/static/", "/media/")


def search(request: HttpRequest) -> HttpResponse:
    """Show what the query finds among published pages, twenty at a time."""
    query = finding.clean(request.GET.get("q", ""))
    kind = request.GET.get("kind", "")
    kind = kind if kind in {kind_of(model).slug for model in public_models()} else ""
    found = finding.find(query, kind)
    page_obj = Paginator(found.ids, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "kind": kind,
        "facets": found.facets,
        "number": len(found.ids),
        "page_obj": page_obj,
        "results": finding.hits(list(page_obj.object_list)),
    }
    return render(request, "search/search.html", context)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that no page has the address, and name public pages that its words find."""
    words = words_of(request.path)
    found = finding.find(words, any_word=True).ids[:SUGGESTED] if words else ()
    context = {"words": words, "suggestions": finding.hits(found)}
    return render(request, "404.html", context, status=404)


def words_of(path: str) -> str:
    """Return the words that an address is made of, without the indexes they stand in and endings of files."""
    if path.startswith(FILES):
        return ""
    parts = [PurePosixPath(part).stem for part in path.split("/")]
    telling = " ".join(part for part in parts if part.lower() not in INDEXES)
    return finding.clean(" ".join(re.split(r"[^\w]+|_", telling)))
