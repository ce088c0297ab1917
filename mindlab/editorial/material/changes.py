"""Changes to what public pages show: proposed by one person, agreed to by a second, then carried out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.images.models import AbstractImage
from wagtail.log_actions import log
from wagtail.permission_policies.sites import SitePermissionPolicy
from wagtail.permissions import policy_registry

from mindlab.core.shown import held, kind_of, material, thing
from mindlab.editorial.material.guard import columns, digests, renames, stored_row
from mindlab.editorial.material.places import Places, places_of
from mindlab.editorial.rows import MaterialChange

Status = MaterialChange.Status


class ChangeRefused(PermissionDenied):
    """Raised when a change cannot be decided this way; the message says why."""


def waits(row: Any) -> Places | None:
    """Return where a row is shown, if saving it as it stands in memory would change what readers see."""
    stored = stored_row(row)
    if stored is None:
        return None
    before, after = digests(stored, row)
    is_same = before == after and not renames(stored, row)
    return None if is_same else (places_of(row) or None)


@transaction.atomic
def propose(row: Any, user: Any) -> MaterialChange:
    """Write down what saving ``row`` would change, in place of an earlier proposal by the same person."""
    stored = stored_row(row)
    before, after = digests(stored, row)
    waiting(row).filter(proposed_by=user).update(status=Status.WITHDRAWN, decided_at=timezone.now())
    values = _values(stored, row)
    is_new_file = "file" in columns(type(row)) and not row.file._committed
    change = MaterialChange(
        kind=kind_of(type(row)),
        key=row.pk,
        label=str(stored)[:255],
        values=values,
        values_before={name: getattr(stored, name) for name in values},
        digest_before=before,
        digest_after=after,
        shown_on=len(places_of(row)),
        proposed_by=user,
        proposed_by_name=user.get_username(),
        proposed_at=timezone.now(),
    )
    if is_new_file:
        row.file.seek(0)
        change.file.save(Path(row.file.name).name, File(row.file.file), save=False)
    change.save()
    return change


def put_back(row: Any) -> list[str]:
    """Give a row in memory what is stored of all that readers see; return the fields that differed."""
    stored = stored_row(row)
    names = [
        name
        for name in columns(type(row))
        if getattr(row, name) != getattr(stored, name) or (name == "file" and not row.file._committed)
    ]
    for name in names:
        setattr(row, name, getattr(stored, name))
    return names


def waiting(row: Any) -> models.QuerySet[MaterialChange]:
    """Return the changes to a row that wait for a second person."""
    return MaterialChange.objects.filter(kind=kind_of(type(row)), key=row.pk, status=Status.WAITING)


def row_of(change: MaterialChange) -> Any:
    """Return the row that a change is to, or None when it is gone."""
    model = material().get(change.kind)
    return None if model is None else model._base_manager.filter(pk=change.key).first()


def is_stale(change: MaterialChange, row: Any) -> bool:
    """Return whether a thing has changed since the change to it was proposed."""
    return row is None or thing(row).digest != change.digest_before


def may_change(user: Any, row: Any) -> bool:
    """Return whether ``user`` may change a thing at all."""
    policy = policy_registry.get_by_type(type(row))
    subject = row.site if isinstance(policy, SitePermissionPolicy) else row
    return bool(policy.user_has_permission_for_instance(user, "change", subject))


def is_proposer(user: Any, change: MaterialChange) -> bool:
    """Return whether a change is this user's own; accounts that are gone are known by their name."""
    return user.pk == change.proposed_by_id or user.get_username() == change.proposed_by_name


def may_decide(user: Any, change: MaterialChange, row: Any) -> bool:
    """Return whether ``user`` may accept or decline: the right is one thing, a second person another."""
    if row is None or not user.has_perm("editorial.change_materialchange") or not may_change(user, row):
        return False
    return settings.ONE_PERSON_MAY_TAKE_BOTH_STEPS or not is_proposer(user, change)


@transaction.atomic
def accept(change: MaterialChange, user: Any, comment: str = "") -> MaterialChange:
    """Agree to a change and carry it out; the publications that show the thing are written anew.

    Raises:
        ChangeRefused: when it was decided already, when the thing has changed since, or when the
            change is not this person's to accept.
    """
    change, row = _taken(change)
    if row is None:
        raise ChangeRefused(_("“%(thing)s” is gone: decline the change.") % {"thing": change.label})
    if not may_decide(user, change, row):
        raise ChangeRefused(_("A second person who may change this accepts it, and nobody their own change."))
    if is_stale(change, row):
        text = _("“%(thing)s” has changed since this was proposed: decline it, or propose it anew.")
        raise ChangeRefused(text % {"thing": row})
    _decide(change, Status.ACCEPTED, user, comment)
    _carry_out(change, row)
    log(row, "wagtail.edit", user=user)
    return change


@transaction.atomic
def decline(change: MaterialChange, user: Any, comment: str = "") -> MaterialChange:
    """Refuse a change; the thing stays as it is.

    Raises:
        ChangeRefused: when it was decided already, or is not this person's to decline.
    """
    change, row = _taken(change)
    is_allowed = may_decide(user, change, row) if row else user.has_perm("editorial.change_materialchange")
    if not is_allowed:
        raise ChangeRefused(_("A second person who may change this declines it; withdraw your own."))
    _decide(change, Status.DECLINED, user, comment)
    return change


@transaction.atomic
def withdraw(change: MaterialChange, user: Any) -> MaterialChange:
    """Take a change back, which only its proposer does.

    Raises:
        ChangeRefused: when it was decided already, or is somebody else's.
    """
    change, _row = _taken(change)
    if not is_proposer(user, change):
        raise ChangeRefused(_("Only the person who proposed a change withdraws it."))
    _decide(change, Status.WITHDRAWN, user, "")
    return change


def _taken(change: MaterialChange) -> tuple[MaterialChange, Any]:
    """Return a change and its row, both held: the row first, as whoever saves it does."""
    model = material()[change.kind]
    row = held(model).filter(pk=change.key).first()
    change = MaterialChange.objects.select_for_update(of=("self",), no_key=True).get(pk=change.pk)
    if change.status != Status.WAITING:
        text = _("This change is decided already: %(status)s.")
        raise ChangeRefused(text % {"status": change.get_status_display().lower()})
    return change, row


def _decide(change: MaterialChange, status: str, user: Any, comment: str) -> None:
    change.status = status
    change.decided_by, change.decided_by_name = user, user.get_username()
    change.decided_at, change.comment = timezone.now(), comment
    change.save()
    if change.file and status != Status.ACCEPTED:
        _delete_when_done(change.file)


def _values(stored: Any, row: Any) -> dict[str, Any]:
    fields = [row._meta.get_field(name) for name in columns(type(row)) if name != "file"]
    new = {field.name: field.to_python(field.value_from_object(row)) for field in fields}
    return {name: value for name, value in new.items() if value != getattr(stored, name)}


def as_proposed(change: MaterialChange, row: Any) -> Any:
    """Give a row in memory the values of a change, without its file."""
    for name, value in change.values.items():
        setattr(row, name, row._meta.get_field(name).to_python(value))
    return row


def _carry_out(change: MaterialChange, row: Any) -> None:
    old_file = row.file if change.file else None
    as_proposed(change, row)
    if change.file:
        row.file = File(change.file.open("rb"), name=Path(str(change.file.name)).name)
        _read_file(row)
    row.save()
    change.file.close()
    MaterialChange.objects.filter(pk=change.pk, applied_at=None).update(applied_at=timezone.now())
    if old_file is not None:
        if isinstance(row, AbstractImage):
            row.renditions.all().delete()
        _delete_when_done(old_file)
        _delete_when_done(change.file)


def _read_file(row: Any) -> None:
    if isinstance(row, AbstractImage):
        row._set_image_file_metadata()
    else:
        row._set_document_file_metadata()


def _delete_when_done(file: Any) -> None:
    """Delete a stored file when the transaction has ended well, as Wagtail does with a replaced one."""
    storage, name = file.storage, file.name
    transaction.on_commit(lambda: storage.delete(name))
