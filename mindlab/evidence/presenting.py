"""What the templates of reviewed pages show, gathered in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wagtail.blocks import StreamValue

from mindlab.core import gate
from mindlab.evidence import notes, ranges
from mindlab.reading.pages import Note, Reading, read, references_of
from mindlab.reading.references import Linking
from mindlab.reading.rows import Rows, gather, remember

CONTRIBUTOR_FIELDS = ("title", "slug", "url_path", "live", "credentials", "is_fictitious")


@dataclass(frozen=True, slots=True)
class Trust:
    """Who made a page, who checked it and when, and what it rests on."""

    credits: Sequence[Any]
    reviews: Sequence[gate.Review]
    shares: Sequence[notes.Share]
    sources: int

    @property
    def claims(self) -> int:
        """How many claims the page names."""
        return sum(share.number for share in self.shares)

    @property
    def last_review(self) -> datetime | None:
        """When the last step of the review was taken."""
        return max((review.decided_at for review in self.reviews), default=None)

    @property
    def by_one_person(self) -> bool:
        """True where one person took more than one step."""
        return any(review.by_one_person for review in self.reviews)


@dataclass(frozen=True, slots=True)
class Presented:
    """A page made ready: its text, its notes in the order of the text, and the other lists asked for."""

    reading: Reading
    trust: Trust
    notes: Sequence[Note]
    measurements: Sequence[ranges.Row]
    found: Mapping[str, Any]

    def context(self) -> dict[str, Any]:
        """Return what every template of a reviewed page is given."""
        return {
            "reading": self.reading,
            "trust": self.trust,
            "notes": self.notes,
            "measurement_rows": self.measurements,
        }


def present(
    page: Any,
    request: Any,
    *,
    streams: Mapping[str, tuple[StreamValue, int]],
    prose: Sequence[str] = (),
    relations: Mapping[str, Rows] | None = None,
    lists: Mapping[str, Any] | None = None,
    linking: Linking | None = None,
) -> Presented:
    """Prepare a reviewed page in one statement: child ``relations``, ``lists``, what its texts point at.

    One more where notes on claims link to pages, and one for the reviews.

    A previewed page keeps the child rows it holds in memory, which may not be saved yet.
    """
    own = {**notes.rows_for(page.pk), **(relations or {})} if _is_stored(page, request) else {}
    references = references_of(streams, prose)
    wanted = {**own, **(lists or {}), **references.lists(linking)}
    found = gather(wanted) if wanted else {}
    if own:
        notes.give_citations(found["claims"], found["citations"])
        remember(page, {name: found[name] for name in own if name != "citations"})
    statements = notes.statements_of(page)
    at_hand = references.at_hand(found, linking)
    reading = read(page, streams, prose=prose, notes=notes.notes_on(statements), at_hand=at_hand)
    if linking:
        reading.add_links([statement.claim.note for statement in statements], linking)
    trust = Trust(
        credits=list(page.credits.all()),
        reviews=gate.reviews(page) if page.pk else (),
        shares=notes.standing_of(statements),
        sources=notes.sources_among(statements),
    )
    rows = ranges.rows(page.measurements.all())
    return Presented(reading, trust, reading.notes, rows, found)


def _is_stored(page: Any, request: Any) -> bool:
    return bool(page.pk) and not getattr(request, "is_preview", False)


def credits_of(page: Any) -> Rows:
    """Return the rows of a page's bylines with the people they name."""
    rows = page._meta.get_field("credits").related_model.objects.filter(page=page.pk)
    return Rows(rows.order_by("sort_order", "pk"), joined={"contributor": CONTRIBUTOR_FIELDS})


def topics_of(page: Any) -> Rows:
    """Return the rows that tie a page to its topics, by name."""
    rows = page._meta.get_field("tagged_items").related_model.objects.filter(content_object=page.pk)
    return Rows(rows.order_by("tag__name"), joined={"tag": ()})
