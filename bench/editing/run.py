"""One edit after the other, each followed by a look at what readers are shown."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Iterable
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core import serializers
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError
from django.db import connection, transaction
from django.db.models import ProtectedError
from wagtail.models import Page, PageViewRestriction, Revision, WorkflowState

from bench.editing import code, decisions, pages, things
from bench.editing.edits import EDITS, Edit
from bench.editing.observer import Leak, Observer, Place, rows_of
from bench.editing.site import MANY, Person, Site
from mindlab.editorial.models import MaterialChange, ReviewRecord

ALL_AFTER = 100
"""After so many edits every public page is read, whether anything seems to have touched it or not."""

MODULES = (code, decisions, pages, things)
"""Imported for the edits they take up."""


@dataclass
class Result:
    """What came of the edits."""

    OUTCOMES: ClassVar[tuple[str, ...]] = ("refused", "waited", "went through", "error")

    edits: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_edit: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    statements: int = 0
    approvals: int = 0
    looked: int = 0

    @property
    def leaked_pages(self) -> set[str]:
        """The addresses at which something was shown that nobody had approved."""
        return {leak.address for leak in self.leaks}


@dataclass(frozen=True, slots=True)
class State:
    """What is in effect at some places, and what waits there."""

    in_effect: list[Any]
    waiting: list[Any]


def run(
    edits: int,
    *,
    seed: int,
    seconds: float = float("inf"),
    kinds: Iterable[str] | None = None,
    first: dict[str, int] = MANY,
) -> Result:
    """Set up a site and make random edits; the same seed makes the same ones.

    ``kinds`` are those of ``Edit.of``; decisions about texts and changes are always among them.
    """
    site, result = Site(seed, first), Result()
    site.set_up()
    chosen = [each for each in EDITS if kinds is None or each.of in kinds or each.is_decision]
    weights = [each.weight for each in chosen]
    end = time.monotonic() + seconds
    with counted(result):
        look(site, (), everything=True, after="the set-up")
        while result.edits < edits and time.monotonic() < end:
            (kind,) = site.chance.choices(chosen, weights)
            _one(site, kind, site.chance.choice(site.people), result)
        look(site, (), everything=True, after="the last edit")
    result.leaks, result.looked = site.observer.leaks, site.observer.looked
    result.approvals = ReviewRecord.objects.filter(decision="approved").count()
    return result


@contextmanager
def counted(result: Result) -> Any:
    """Count the statements of a block, without keeping them."""

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        result.statements += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def _one(site: Site, kind: Edit, person: Person, result: Result) -> None:
    """Make one edit, note what it did, and look at the pages that it may have touched."""
    observer = site.observer
    steps = kind.do(site, person)
    places = next(steps, None)
    if places is None:
        return
    observer.clock += 1
    result.edits += 1
    of = _kind_of(kind, places)
    before, marks = state_of(places), marks_at(observer, places)
    known = newest_rows()
    error = attempt(steps)
    changed = [*places, *site.take_note_of_new(known, person.key)]
    observer.note(person.key, changed)
    now, has_new_rows = state_of(places), known != newest_rows()
    outcome = outcome_of(before, now, has_new_rows)
    if error:
        result.errors.append(f"{kind.name}: {error}")
        outcome = "error"
    result.outcomes[of, outcome] += 1
    result.by_edit[kind.name, outcome] += 1
    is_draft = before.in_effect == now.in_effect and not has_new_rows
    touched = () if is_draft else marks | marks_at(observer, changed)
    everything = result.edits % ALL_AFTER == 0
    look(site, changed, touched=touched, everything=everything, after=f"“{kind.name}” by {person.user}")


def _kind_of(kind: Edit, places: list[Place]) -> str:
    """Name what an edit is of, as the report does: a page by its own kind."""
    if kind.is_decision:
        return "decision"
    if kind.of != "page" or places[0][0] != "page":
        return kind.of
    page = Page.objects.filter(pk=places[0][1]).first()
    return page.specific_class._meta.model_name.removesuffix("page") if page else "page"


def attempt(steps: Any) -> str:
    """Carry an edit out; return the line of an error that is neither a refusal nor a finding of a form."""
    # Within a test's transaction an error would end that; by itself an edit has what transactions it has.
    around = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with around:
            next(steps, None)
    except (PermissionDenied, ValidationError, ProtectedError, CommandError):
        return ""
    except Exception as error:  # noqa: BLE001 -- counted and shown, whatever it is
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:160]} ({last.filename.split('/')[-1]}:{last.lineno})"
    return ""


def newest_rows() -> dict[Any, int]:
    """Return the highest key of the kinds of rows that an edit may add."""
    from mindlab.core.models import SiteDocument, SiteImage, Topic
    from mindlab.evidence.models import Source

    models = (Page, SiteImage, SiteDocument, Source, Topic, MaterialChange)
    return {
        model: model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        for model in models
    }


def marks_at(observer: Observer, places: Iterable[Place]) -> set[str]:
    """Return the marks that were last seen at places."""
    return set().union(*(observer.texts.get(place, set()) for place in places))


def look(
    site: Site,
    places: Iterable[Place],
    *,
    touched: Iterable[str] = (),
    everything: bool = False,
    after: str,
) -> None:
    """Read the pages that are changed, or that show what is, or all."""
    observer, marks = site.observer, set(touched)
    keys = {key for kind, key in places if kind == "page"}
    aliases = Page.objects.filter(alias_of__in=keys).values_list("pk", flat=True) if keys else ()
    keys |= {*aliases, *(key for key, shown in observer.shown.items() if shown & marks)}
    if everything:
        keys |= set(Page.objects.live().values_list("pk", flat=True))
        observer.look_at_lists(after)
    observer.look_at(keys, after)


# --- What came of an edit. ---


def state_of(places: Iterable[Place]) -> State:
    """Return what stands at places now: in effect, and waiting for somebody."""
    states = [_page(key) if kind in ("page", "furniture") else _thing((kind, key)) for kind, key in places]
    return State([state[0] for state in states], [state[1] for state in states])


def _page(key: int) -> tuple[Any, Any]:
    page = Page.objects.filter(pk=key).first()
    if page is None:
        return None, None
    restrictions = PageViewRestriction.objects.filter(page=key).count()
    rows = words_of(page) if page.live else None
    in_effect = (rows, page.live, page.url_path, page.locked, page.alias_of_id, restrictions)
    newest = Revision.objects.filter(pk=page.latest_revision_id).values_list("content", flat=True).first()
    scheduled = Revision.page_revisions.filter(object_id=str(key), approved_go_live_at__isnull=False)
    review = WorkflowState.objects.filter(object_id=str(key)).order_by("-pk")
    waiting = (
        newest,
        scheduled.count(),
        review.values_list("pk", "status", "current_task_state").first(),
        _changes(("contributorpage", key)),
    )
    return in_effect, waiting


BOOKKEEPING = (
    "latest_revision",
    "latest_revision_created_at",
    "has_unpublished_changes",
    "draft_title",
    "go_live_at",
    "expire_at",
)
"""What a draft changes in the row of a page that is public."""


def words_of(page: Page) -> dict[str, Any]:
    """Return what the rows of a page say and where they stand, drafts aside."""
    data = page.specific.serializable_data()
    return {name: value for name, value in data.items() if name not in BOOKKEEPING}


def _thing(place: Place) -> tuple[Any, Any]:
    return serializers.serialize("json", rows_of(place)), _changes(place)


def _changes(place: Place) -> list[Any]:
    changes = MaterialChange.objects.filter(key=place[1], status=MaterialChange.Status.WAITING)
    return list(changes.order_by("pk").values_list("pk", "kind"))


def outcome_of(before: State, after: State, has_new_rows: bool) -> str:
    """Say whether an edit went through, waits for somebody, or was refused."""
    if before.in_effect != after.in_effect:
        return "went through"
    return "waited" if before.waiting != after.waiting or has_new_rows else "refused"
