"""What public pages show is changed by two people, whichever way the change comes.

Signal handlers: they stand before every ``save()`` and ``delete()`` of a model whose rows pages
show. What goes past them (``queryset.update``, SQL) is found by the audit.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.signals import post_save, pre_delete, pre_save
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from mindlab.core.shown import digest_of, held, kind_of, material, types_that_always_show
from mindlab.editorial import publications
from mindlab.editorial.material.places import Places, places_of
from mindlab.editorial.rows import MaterialChange


class ChangeWaits(PermissionDenied):
    """Raised when one person alone would change what public pages show."""

    def __init__(self, row: Any, places: Places) -> None:
        self.row, self.places = row, places
        super().__init__(waits_sentence(row, places))


class StillShown(PermissionDenied):
    """Raised when something that public pages show would be deleted."""

    def __init__(self, row: Any, places: Places) -> None:
        self.row, self.places = row, places
        super().__init__(still_shown_sentence(row, places))


def connect() -> None:
    """Stand before every change to a row that pages show."""
    for kind, model in material().items():
        pre_delete.connect(keep_shown, sender=model, dispatch_uid=f"keep_shown:{kind}")
        if issubclass(model, Page):
            pre_save.connect(hold_name, sender=model, dispatch_uid=f"hold_name:{kind}")
            continue
        pre_save.connect(hold_change, sender=model, dispatch_uid=f"hold_change:{kind}")
        post_save.connect(follow_change, sender=model, dispatch_uid=f"follow_change:{kind}")
    pre_save.connect(hold_name, sender=Page, dispatch_uid="hold_name:page")


def waits_sentence(row: Any, places: Places) -> str:
    """Say that a change to a thing waits, and what it touches."""
    text = _("“%(thing)s” is shown on %(places)s: the change waits for a second person.")
    return text % {"thing": row, "places": places}


def still_shown_sentence(row: Any, places: Places) -> str:
    """Say that a thing cannot be deleted, and why."""
    text = _("“%(thing)s” cannot be deleted: it is shown on %(places)s.")
    return text % {"thing": row, "places": places}


def hold_change(
    sender: type[models.Model], instance: Any, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    """Let a row be saved if no reader would see it, or if a second person has agreed to exactly this.

    Rows that are loaded raw are audited afterwards.

    Raises:
        ChangeWaits: otherwise.
    """
    if kwargs.get("raw") or (update_fields is not None and not set(update_fields) & set(columns(sender))):
        return
    stored = stored_row(instance)
    if stored is None:
        return
    before, after = digests(stored, instance, update_fields)
    is_same = before == after and not renames(stored, instance)
    if is_same or not (places := places_of(instance)):
        return
    if not _take_agreement(instance, before, after):
        raise ChangeWaits(stored, places)
    instance.__dict__["_agreed_change"] = True


def follow_change(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Write anew the publications that show a row which two people have changed."""
    if instance.__dict__.pop("_agreed_change", False):
        publications.renew(kind_of(sender), instance.pk)


def keep_shown(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Let a row be deleted if no public page shows it and no scheduled one will.

    Raises:
        StillShown: otherwise.
    """
    if places := places_of(instance):
        raise StillShown(instance, places)


def hold_name(
    sender: type[Page], instance: Any, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    """Keep what bylines show of a page that is not public itself: such a page has no gate.

    Raises:
        ChangeWaits: when public pages show what would be changed.
    """
    if kwargs.get("raw") or instance.pk is None or instance.live:
        return
    model = type(instance) if kind_of(type(instance)) in material() else instance.specific_class
    if kind_of(model) not in material():
        return
    stored = held(model).filter(pk=instance.pk).first()
    if stored is None:
        return
    before, after = digests(stored, instance, update_fields)
    if before != after and (places := places_of(stored)):
        raise ChangeWaits(stored, places)


def columns(model: type[models.Model]) -> list[str]:
    """Return the names of the fields that hold what readers see of a row."""
    seen = model.readers_see  # type: ignore[attr-defined]
    return ["file" if name == "file_sha256" else name for name in seen]


def stored_row(row: Any) -> Any:
    """Return a row as it is stored, held until the transaction ends; None where it is new.

    Of settings without a row readers see the defaults.
    """
    stored = None if row.pk is None else held(type(row)).filter(pk=row.pk).first()
    if stored is None and types_that_always_show(kind_of(type(row))):
        return type(row)(site_id=row.site_id)
    return stored


def digests(stored: Any, row: Any, update_fields: Iterable[str] | None = None) -> tuple[str, str]:
    """Return the digest of what readers see of a row as it is stored, and as saving would make it."""
    names = None if update_fields is None else set(update_fields)
    seen, would_be = {}, {}
    for name, column in zip(stored.readers_see, columns(type(stored)), strict=True):
        is_saved = hasattr(row, column) and (names is None or column in names)
        seen[name] = getattr(stored, name)
        would_be[name] = _value(row, stored, column) if is_saved else seen[name]
    kind = stored.shown_as
    return digest_of(kind, seen), digest_of(kind, would_be)


def renames(stored: Any, row: Any) -> bool:
    """Return whether a file whose name is part of its address would be fetched under another one."""
    if not getattr(row, "address_has_name", False) or not (stored.file and row.file):
        return False
    return Path(stored.file.name).name != Path(row.file.name).name


def _value(row: Any, stored: Any, column: str) -> Any:
    value = getattr(row, column)
    if column != "file":
        return stored._meta.get_field(column).to_python(value)
    is_other = bool(value) and (not value._committed or value.name != stored.file.name)
    return row.digest_of_file() if is_other or not value else row.file_sha256


def _take_agreement(row: Any, before: str, after: str) -> bool:
    """Use up the agreement of a second person to this very change, if there is one."""
    changes = MaterialChange.objects.filter(
        kind=kind_of(type(row)),
        key=row.pk,
        digest_before=before,
        digest_after=after,
        status=MaterialChange.Status.ACCEPTED,
        applied_at=None,
    )
    first = changes.order_by("decided_at", "pk").first()
    if first is None:
        return False
    return bool(changes.filter(pk=first.pk).update(applied_at=timezone.now()))
