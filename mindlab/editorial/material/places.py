"""Where a thing is shown to readers, and where it is about to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Revision

from mindlab.core.shown import keys_shown_by, kind_of, types_that_always_show
from mindlab.editorial import publications
from mindlab.editorial.rows import Publication


@dataclass(frozen=True, slots=True)
class Places:
    """The publications that show a thing now, and the scheduled revisions that will."""

    public: Sequence[Publication] = ()
    scheduled: Sequence[Revision] = ()

    def __bool__(self) -> bool:
        return bool(self.public or self.scheduled)

    def __len__(self) -> int:
        return len(self.public) + len(self.scheduled)

    def __str__(self) -> str:
        """Return, for example, "14 public pages and 1 scheduled page"."""
        public = ngettext("%(n)s public page", "%(n)s public pages", len(self.public))
        scheduled = ngettext("%(n)s scheduled page", "%(n)s scheduled pages", len(self.scheduled))
        words = [text % {"n": len(rows)} for text, rows in self._kinds(public, scheduled) if rows]
        return _(" and ").join(words)

    def _kinds(self, public: str, scheduled: str) -> list[tuple[str, Sequence[Any]]]:
        return [(public, self.public), (scheduled, self.scheduled)]


def places_of(row: Any) -> Places:
    """Return where a row of a model that pages show is shown: two queries, and the scheduled texts."""
    kind = kind_of(type(row))
    public = publications.naming(kind, row.pk).select_related("page").order_by("page_title", "pk")
    return Places(list(public), [rev for rev in _scheduled() if _shows(rev, kind, row.pk)])


def _scheduled() -> list[Revision]:
    revisions = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
    return list(revisions.select_related("content_type").order_by("approved_go_live_at", "pk"))


def _shows(revision: Revision, kind: str, key: int | None) -> bool:
    model = revision.content_type.model_class()
    if model is None:
        return False
    always = model in types_that_always_show(kind)
    return always or (kind, key) in keys_shown_by(model, revision.content)
