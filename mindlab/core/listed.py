"""Public pages in the order of the lists that show them, kept as pages become public and cease to be.

A list of any length is read from an index, a few keys at a time, and its length is a stored number. What
is read here says which pages a list shows, and never whether they may be read: that is asked of the pages
themselves. The lists are projected as the edges of the glossary are: from rows that are saved, not from
what SQL alone has changed; ``manage.py ensure_site`` makes them anew.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import CharField, Count, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from wagtail.models import Page, get_page_models

from mindlab.core.locking import hold, whole
from mindlab.core.privacy import is_restricted, private

LONGEST_KEY = 100
"""Characters of a title that its place among others depends on."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When pages were published that do not say so: they come last."""
AT_ONCE = 500
"""Pages that are listed in one go."""


def all_of(kind: str) -> str:
    """Return the name of the list of all pages of a kind."""
    return kind


def under(kind: str, topic: int) -> str:
    """Return the name of the list of a kind's pages under a topic."""
    return f"{kind}/topic/{topic}"


def under_each(kind: str, topic: Any) -> Concat:
    """Return the same name as an expression, for a topic that the statement itself names."""
    return Concat(Value(under(kind, "")), Cast(topic, CharField()))  # type: ignore[arg-type]


def naming(person: int) -> str:
    """Return the name of the list of pages whose bylines name a person."""
    return f"by/{person}"


class ListedPage(models.Model):
    """A public page in a list, with what orders it there."""

    wagtail_reference_index_ignore: ClassVar[bool] = True

    listing = models.CharField(max_length=60)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    published_at = models.DateTimeField()
    letter = models.CharField(max_length=4)
    """What the title is listed under."""
    title_key = models.CharField(max_length=LONGEST_KEY)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["page", "listing"], name="once_in_a_list")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["listing", "-published_at", "-page"], name="listed_newest_first"),
            models.Index(fields=["listing", "letter", "title_key", "page"], name="listed_by_title"),
        ]

    def __str__(self) -> str:
        return f"{self.listing}: {self.page_id}"


class ListLength(models.Model):
    """How many pages a list holds."""

    listing = models.CharField(max_length=60, primary_key=True)
    number = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.listing}: {self.number}"


def newest(listing: Any) -> QuerySet[ListedPage]:
    """Return the entries of a list, the newest first."""
    return ListedPage.objects.filter(listing=listing).order_by("-published_at", "-page")


def by_title(listing: Any) -> QuerySet[ListedPage]:
    """Return the entries of a list in the order of their titles."""
    return ListedPage.objects.filter(listing=listing).order_by("letter", "title_key", "page")


def number_in(listing: Any) -> Coalesce:
    """Return the length of a list as an expression."""
    return Coalesce(Subquery(ListLength.objects.filter(listing=listing).values("number")[:1]), 0)


def length(listing: str) -> int:
    """Return the length of a list; one query."""
    return ListLength.objects.filter(listing=listing).values_list("number", flat=True).first() or 0


class PagesInOrder:
    """A list of pages of any length, for a paginator: what is not shown is not fetched.

    ``entries`` order the list, ``pages`` are those that may be shown.
    """

    def __init__(
        self, entries: QuerySet[ListedPage], pages: QuerySet[Any], number: int | None = None
    ) -> None:
        self.entries, self.pages, self.number = entries, pages, number

    def count(self) -> int:
        """Return how many pages the list holds; one query, none where it is known."""
        if self.number is None:
            self.number = self.entries.order_by().count()
        return self.number

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Any]:
        keys = list(self.entries[part].values_list("page", flat=True))
        found = {page.pk: page for page in self.pages.filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


def letter(title: str) -> str:
    """Return the letter a title is listed under, without accents; "#" for what begins otherwise."""
    first = unicodedata.normalize("NFKD", title.strip()[:1]).upper()[:1]
    return first if first.isalpha() else "#"


def title_key(title: str) -> str:
    """Return what a title is ordered by, without case and accents, the same on both databases."""
    letters = (
        char for char in unicodedata.normalize("NFKD", title.strip()) if not unicodedata.combining(char)
    )
    return "".join(letters).casefold()[:LONGEST_KEY]


Entries = dict[tuple[int, str], tuple[datetime, str, str]]
"""By page and list, when it was published, its letter, and the key of its title."""


def follow(page: Any) -> None:
    """List a page that was saved where it belongs now, by its rows at hand; one query if nothing changed."""
    if page.live or page.first_published_at is not None:
        _bring_in_step([page.pk], _wanted_of(page))


@whole()
def relist(model: Any, keys: Collection[int]) -> None:
    """Bring the lists in step with these pages of one model."""
    hold(*keys)
    _bring_in_step(keys, _wanted(model, keys))


def _bring_in_step(keys: Collection[int], wanted: Entries) -> None:
    stored = {
        (row.page_id, row.listing): (row.pk, (row.published_at, row.letter, row.title_key))
        for row in ListedPage.objects.filter(page__in=keys)
    }
    gone = [key for place, (key, order) in stored.items() if wanted.get(place) != order]
    new = [
        ListedPage(page_id=key, listing=listing, published_at=when, letter=first, title_key=title)
        for (key, listing), (when, first, title) in wanted.items()
        if stored.get((key, listing), (0, ()))[1] != (when, first, title)
    ]
    if gone:
        ListedPage.objects.filter(pk__in=gone).delete()
    if new:
        ListedPage.objects.bulk_create(new, batch_size=AT_ONCE)
    change_lengths(Counter(listing for _key, listing in wanted), Counter(listing for _key, listing in stored))


def relist_below(path: str) -> None:
    """Bring the lists in step with a page and all below it."""
    pages = Page.objects.filter(path__startswith=path)
    for model in listed_models():
        keys = model.objects.filter(pk__in=pages.values("pk")).order_by("pk").values_list("pk", flat=True)
        for part in _in_parts(keys):
            relist(model, part)


@whole()
def rebuild() -> None:
    """Make all lists anew."""
    ListedPage.objects.exclude(page__live=True).delete()
    relist_below("")
    count_anew(set(ListLength.objects.values_list("listing", flat=True)))


def take_out(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Take a page that is about to be deleted out of all lists."""
    with whole():
        hold(instance.pk)
        _bring_in_step([instance.pk], {})


def restriction_changed(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Take what has become private out of all lists, and list what no longer is."""
    relist_below(instance.page.path)


def page_moved(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Look again whether a page that was moved, and what is below it, is private."""
    relist_below(Page.objects.values_list("path", flat=True).get(pk=instance.pk))


def change_lengths(now: Mapping[str, int], before: Mapping[str, int]) -> None:
    """Store that lists hold more or fewer pages than before.

    One statement for many lists, in the order of their names: whoever else changes them waits, and adds to
    what was stored.
    """
    changes = sorted((name, now.get(name, 0) - before.get(name, 0)) for name in {*now, *before})
    for part in _in_parts(change for change in changes if change[1]):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_listlength (listing, number) VALUES "  # noqa: S608 - only placeholders vary
                + ", ".join(["(%s, %s)"] * len(part))
                + " ON CONFLICT (listing) DO UPDATE SET number = core_listlength.number + excluded.number",
                [value for change in part for value in change],
            )


def count_anew(listings: set[str]) -> None:
    """Store how long these lists are, one transaction after the other, so that none misses a page."""
    for names in _in_parts(sorted(listings)):
        ListLength.objects.bulk_create([ListLength(listing=name) for name in names], ignore_conflicts=True)
        lengths = ListLength.objects.select_for_update().filter(listing__in=names).order_by("listing")
        rows = {row.listing: row for row in lengths}
        counted = ListedPage.objects.filter(listing__in=names).order_by().values_list("listing")
        numbers = dict(counted.annotate(number=Count("pk")))
        changed = [row for name, row in rows.items() if row.number != numbers.get(name, 0)]
        for row in changed:
            row.number = numbers.get(row.listing, 0)
        ListLength.objects.bulk_update(changed, ["number"])


def listed_models() -> Iterator[Any]:
    """Give the models of page that readers find in lists: those that declare a kind."""
    return (model for model in get_page_models() if getattr(model, "kind", None))


def _in_parts(keys: Iterable[Any]) -> Iterator[list[Any]]:
    found = list(keys)
    return (found[start : start + AT_ONCE] for start in range(0, len(found), AT_ONCE))


def _wanted_of(page: Any) -> Entries:
    """Return where a page belongs by what it holds in memory."""
    if not page.live or private().covers(page.path):
        return {}
    kind = type(page).kind.slug
    listings = {
        all_of(kind),
        *(under(kind, item.tag_id) for item in _at_hand(page, "tagged_items")),
        *(naming(credit.contributor_id) for credit in _at_hand(page, "credits")),
    }
    return {(page.pk, listing): _order(page.title, page.first_published_at) for listing in listings}


def _at_hand(page: Any, relation: str) -> Iterable[Any]:
    return getattr(page, relation).all() if _has(type(page), relation) else ()


def _has(model: Any, relation: str) -> bool:
    return relation in {field.name for field in model._meta.related_objects}


def _order(title: str, published_at: datetime | None) -> tuple[datetime, str, str]:
    return published_at or NEVER, letter(title), title_key(title)


def _wanted(model: Any, keys: Collection[int]) -> Entries:
    public = model.objects.filter(pk__in=keys, live=True).exclude(is_restricted())
    titles = public.order_by().values_list("pk", "title", "first_published_at")
    pages = {key: _order(title, when) for key, title, when in titles}
    listings: dict[int, set[str]] = defaultdict(set)
    for key, listing in _listings(model, pages):
        listings[key].add(listing)
    return {(key, listing): order for key, order in pages.items() for listing in listings[key]}


def _listings(model: Any, keys: Collection[int]) -> Iterator[tuple[int, str]]:
    kind = model.kind.slug
    yield from ((key, all_of(kind)) for key in keys)
    if topics := _rows(model, "tagged_items", keys, ("content_object", "tag")):
        yield from ((key, under(kind, topic)) for key, topic in topics)
    if bylines := _rows(model, "credits", keys, ("page", "contributor")):
        yield from ((key, naming(person)) for key, person in bylines)


def _rows(model: Any, relation: str, keys: Collection[int], names: tuple[str, str]) -> Iterable[Any]:
    if not keys or not _has(model, relation):
        return ()
    rows = model._meta.get_field(relation).related_model.objects.filter(**{f"{names[0]}__in": keys})
    return rows.order_by().values_list(*names)
