"""The kinds of relation between concepts, and how each reads from either end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class RelationKind(models.TextChoices):
    """What one concept is to another; unset until an editor says."""

    ENHANCES = "enhances", _("enhances")
    IMPAIRS = "impairs", _("impairs")
    REGULATES = "regulates", _("regulates")
    CAUSES = "causes", _("leads to")
    PART = "part", _("is part of")
    INSTANCE = "instance", _("is a kind of")
    MEASURES = "measures", _("measures")
    ASSOCIATED = "associated", _("goes with")


class Direction(models.TextChoices):
    """Which way a relation reads, seen from the concept that names it."""

    OUT = "out", _("from this concept to the other")
    IN = "in", _("from the other concept to this one")
    BOTH = "both", _("both ways")


READ_BACKWARDS = {
    RelationKind.ENHANCES: _("is enhanced by"),
    RelationKind.IMPAIRS: _("is impaired by"),
    RelationKind.REGULATES: _("is regulated by"),
    RelationKind.CAUSES: _("results from"),
    RelationKind.PART: _("has as a part"),
    RelationKind.INSTANCE: _("has as a kind"),
    RelationKind.MEASURES: _("is measured by"),
    RelationKind.ASSOCIATED: _("goes with"),
}


def reading(kind: str, direction: str, *, outward: bool) -> _StrOrPromise:
    """Return how a relation reads: ``outward`` is from the concept that names it to the other."""
    if not kind:
        return ""
    forwards = (direction != Direction.IN) == outward or direction == Direction.BOTH
    return RelationKind(kind).label if forwards else READ_BACKWARDS[RelationKind(kind)]
