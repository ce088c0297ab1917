"""The page of search results."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mindlab.core.pages import kind_of, public_models
from mindlab.search import finding

PER_PAGE = 20


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
