"""The address of a public page is part of what was approved: no single person moves it.

A reviewed page has its place below the one index of its kind, and its own slug is part of its text. What
is left are the pages above: they keep slug and place while a reviewed page below them is public.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.models import Page


class AddressKept(PermissionDenied):
    """Raised when something would change the address of a public page past its review."""


def guard_move(
    sender: type[Page],
    instance: Page,
    parent_page_before: Page,
    parent_page_after: Page,
    url_path_before: str,
    url_path_after: str,
    **kwargs: Any,
) -> None:
    """Refuse a move to where a page of this kind cannot stand, or that changes public addresses.

    Raises:
        AddressKept: with the reason.
    """
    page = instance.specific
    names = {"title": page.title, "parent": parent_page_after.title}
    if parent_page_after.pk != parent_page_before.pk and not page.can_move_to(parent_page_after):
        raise AddressKept(_("“%(title)s” cannot stand below “%(parent)s”.") % names)
    if url_path_after != url_path_before and has_public_addresses(page):
        raise AddressKept(kept(page))


def guard_slug(
    sender: type[Page],
    instance: Page,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **kwargs: Any,
) -> None:
    """Refuse another slug for a page with public reviewed pages below it, whichever way it is saved.

    Raises:
        AddressKept: with the reason.
    """
    is_saved = update_fields is None or "slug" in update_fields
    if is_saved and not raw and changes_public_addresses(instance):
        raise AddressKept(kept(instance))


def changes_public_addresses(page: Page) -> bool:
    """Return whether ``page`` holds another slug than the one that public pages below it go by."""
    if page.pk is None or page.specific_class in reviewed_models():
        return False
    stored = Page.objects.filter(pk=page.pk).values_list("slug", flat=True).first()
    return stored is not None and stored != page.slug and has_public_addresses(page)


def has_public_addresses(page: Page) -> bool:
    """Return whether ``page``, or a page below it, is reviewed and public."""
    return bool(page.get_descendants(inclusive=True).live().type(*reviewed_models()).exists())


@cache
def reviewed_models() -> tuple[type[Page], ...]:
    """Return the types of page that a review is required for."""
    return tuple(
        model
        for model in apps.get_models()
        if issubclass(model, Page) and getattr(model, "required_steps", None)
    )


def kept(page: Page) -> str:
    """Return the sentence that says why the address stays."""
    return _(
        "The address of “%(title)s” stays: public pages that passed their review go by it."
        " Unpublish them first."
    ) % {"title": page.title}
