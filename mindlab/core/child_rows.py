"""What stands in rows of its own and is part of a page: it changes with the page, as one, or not at all.

The gate judges a page with its rows. A claim, a byline, a topic or a citation that is saved or deleted by
itself under a public page would go past it, and so would a row that goes along when something else is
deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.signals import pre_delete, pre_save
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.models import COMMENTS_RELATION_NAME, Page

from mindlab.core.addresses import reviewed_models
from mindlab.core.gate import PublicationRefused
from mindlab.core.pages import ReviewedPage, is_saved_whole

NAMED = 5
"""How many pages a refusal names before it only counts them."""


@cache
def parents() -> dict[type[models.Model], ParentalKey]:
    """Return the models whose rows are part of reviewed pages, each with the key to what it is part of."""
    return dict(pair for model in reviewed_models() for pair in _children_of(model))


def _children_of(model: type[models.Model]) -> Iterator[tuple[type[models.Model], ParentalKey]]:
    for relation in get_all_child_relations(model):
        if relation.get_accessor_name() != COMMENTS_RELATION_NAME:
            yield relation.related_model, relation.field
            yield from _children_of(relation.related_model)


def guard_all() -> None:
    """Hold the rows of all reviewed pages; called when all apps are ready."""
    for model in parents():
        pre_save.connect(guard_save, sender=model, dispatch_uid=f"guard_save:{model._meta.label}")
        pre_delete.connect(guard_delete, sender=model, dispatch_uid=f"guard_delete:{model._meta.label}")
    for target in {_sender_of(field.related_model) for _model, field, _path in _fields_that_name()}:
        pre_delete.connect(guard_named, sender=target, dispatch_uid=f"guard_named:{target._meta.label}")


def guard_save(sender: type[models.Model], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Refuse to save a row of a public page by itself; what is loaded raw is audited afterwards.

    Raises:
        PublicationRefused: when the row is, or was, part of a public page.
    """
    key = page_key(instance)
    if raw or is_saved_whole(key):
        return
    stored = sender._base_manager.filter(pk=instance.pk).first() if instance.pk is not None else None
    for page_id in {key, page_key(stored) if stored is not None else None}:
        _refuse_if_public(page_id, sender)


def guard_delete(sender: type[models.Model], instance: Any, origin: Any = None, **kwargs: Any) -> None:
    """Refuse to delete a row of a public page, but with the page or as the page is saved.

    Raises:
        PublicationRefused: when the row is part of a public page.
    """
    key = page_key(instance)
    if not is_saved_whole(key) and not _is_deletion_of_page(origin, key):
        _refuse_if_public(key, sender)


def guard_named(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Refuse to delete what a public page names in a field of its own, which would lose it without a review.

    Raises:
        DeletionRefused: with the pages that name it.
    """
    if pages := pages_that_name(instance):
        names = ", ".join(f"“{page.title}”" for page in pages[:NAMED])
        more = _(" and %(count)d more") % {"count": len(pages) - NAMED} if len(pages) > NAMED else ""
        advice = _("take it out of them first")
        if isinstance(instance, Page):
            advice = _("take it out of them first, or unpublish it instead")
        raise DeletionRefused(instance, f"{names}{more}: {advice}")


def _sender_of(model: Any) -> type[models.Model]:
    """Return the model whose deletion is told for rows of ``model``: of a page, whatever its type, Page."""
    sender: type[models.Model] = Page if issubclass(model, Page) else model
    return sender


class DeletionRefused(PermissionDenied):
    """Raised when something cannot be deleted because public pages would change with it."""

    def __init__(self, named: Any, reason: str) -> None:
        super().__init__(_("“%(named)s” is named by %(reason)s.") % {"named": named, "reason": reason})


def page_key(row: Any) -> int | None:
    """Return the key of the page that a row is part of, at any depth; None while it is part of none."""
    field = parents().get(type(row))
    if field is None:
        return None
    if issubclass(field.related_model, Page):
        key: int | None = getattr(row, field.attname)
        return key
    if field.is_cached(row):
        return page_key(getattr(row, field.name))
    above = field.related_model._base_manager.filter(pk=getattr(row, field.attname)).first()
    return page_key(above) if above is not None else None


def pages_that_name(named: Any) -> list[Page]:
    """Return the other public reviewed pages that name a row in a field of theirs, or of a row of theirs."""
    kind = named.specific_class if isinstance(named, Page) else type(named)
    keys: set[int] = set()
    for model, field, path in _fields_that_name():
        if issubclass(kind or Page, field.related_model):
            keys.update(model._base_manager.filter(**{field.name: named.pk}).values_list(path, flat=True))
    if isinstance(named, Page):
        keys.discard(named.pk)
    pages = Page.objects.filter(pk__in=keys, live=True).order_by("title") if keys else []
    return [page for page in pages if issubclass(page.specific_class or Page, reviewed_models())]


@cache
def _fields_that_name() -> tuple[tuple[type[models.Model], Any, str], ...]:
    """Return the keys that reviewed pages would lose with what they name, each with the way to its page."""
    ours: list[tuple[type[models.Model], str]] = [(model, "pk") for model in reviewed_models()]
    ours += [(model, _way_up(model)) for model in parents()]
    return tuple(
        (model, field, path)
        for model, path in ours
        for field in model._meta.local_fields
        if field.remote_field is not None and field.remote_field.on_delete is models.SET_NULL
    )


def _way_up(model: type[models.Model]) -> str:
    field = parents()[model]
    return (
        field.attname
        if issubclass(field.related_model, Page)
        else f"{field.name}__{_way_up(field.related_model)}"
    )


def _is_deletion_of_page(origin: Any, key: int | None) -> bool:
    if isinstance(origin, models.QuerySet):
        return issubclass(origin.model, Page)
    return isinstance(origin, Page) and (origin.pk == key or not origin.is_leaf())


def _refuse_if_public(page_id: int | None, sender: type[models.Model]) -> None:
    page = Page.objects.filter(pk=page_id, live=True).first() if page_id is not None else None
    if page is not None and issubclass(page.specific_class or Page, ReviewedPage):
        kind = sender._meta.verbose_name
        raise PublicationRefused(page, [_("a %(kind)s changes with its page alone") % {"kind": kind}])
