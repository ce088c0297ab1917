"""Long lists, a page at a time."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

PAGE_SIZE = 24


def paged(queryset: Any, request: Any, size: int = PAGE_SIZE) -> Any:
    """Return the page of a list that the address asks for, the nearest one where it asks wrongly."""
    return Paginator(queryset, size).get_page(request.GET.get("page"))
