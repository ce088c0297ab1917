"""Named questions about concepts and the relations between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from glossary.relations import reading
from glossary.terms import term_key
from mindlab.core.listed import PagesInOrder, by_title, number_in, under
from mindlab.core.privacy import is_restricted
from mindlab.core.querysets import SitePageQuerySet

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


KIND = "concept"


class ConceptQuerySet(SitePageQuerySet):
    """What lists of concepts start from."""

    def under(self, topic: int) -> PagesInOrder:
        """The published concepts of a topic by title, to be read a part at a time."""
        return self.listed_by_title(under(KIND, topic))

    def first_under(self, topic: int, number: int, *, without: int = 0) -> Self:
        """The first published concepts of a topic, by title."""
        entries = by_title(under(KIND, topic)).exclude(page=without)[:number]
        place = by_title(under(KIND, topic)).filter(page=OuterRef("pk")).order_by()
        first = self.published().filter(pk__in=entries.values("page"))
        return first.order_by(Subquery(place.values("letter")), Subquery(place.values("title_key")), "pk")

    def number_under(self, topic: int) -> Coalesce:
        """The number of published concepts under a topic, as an expression."""
        return number_in(under(KIND, topic))


class EdgeQuerySet(QuerySet[Any]):
    """What lists of relations between live concepts start from."""

    def around(self, concept: Any) -> Self:
        """The edges of a concept to published ones, from either end, with both, the oldest first."""
        ends = Q(source=concept, target__live=True) & ~is_restricted("target__path")
        starts = Q(target=concept, source__live=True) & ~is_restricted("source__path")
        return self.filter(ends | starts).select_related("source", "target").order_by("pk")


@dataclass(slots=True)
class Neighbour:
    """A concept tied to another one, as that other one's page shows it.

    ``here`` holds the glosses the page itself gives, ``there`` those of the neighbour's own page;
    both are rich text. ``kind`` reads from the page to the neighbour and is "" while unset.
    ``ties`` are the uuids of the relations that lead to it.
    """

    concept: Any
    kind: _StrOrPromise = ""
    here: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    ties: set[UUID] = field(default_factory=set)


def neighbours(concept: Any) -> list[Neighbour]:
    """Return the published concepts tied to ``concept``, from either end, in the order it names them."""
    edges = concept.edges_out.model.objects.around(concept)
    found: dict[int, Neighbour] = {}
    for edge in sorted(edges, key=lambda edge: edge.source_id != concept.pk):
        outward = edge.source_id == concept.pk
        other = edge.target if outward else edge.source
        neighbour = found.setdefault(other.pk, Neighbour(other))
        neighbour.ties.add(edge.relation_uuid)
        glosses = neighbour.here if outward else neighbour.there
        if edge.gloss and edge.gloss not in glosses:
            glosses.append(edge.gloss)
        neighbour.kind = neighbour.kind or reading(edge.kind, edge.direction, outward=outward)
    return list(found.values())


def wanted_terms(concept: Any, known: Iterable[Neighbour] = ()) -> list[Any]:
    """Return the relations of ``concept`` that no published concept answers yet."""
    tied = {neighbour.concept.pk for neighbour in known}
    names = {term_key(neighbour.concept.title) for neighbour in known}
    ties = {tie for neighbour in known for tie in neighbour.ties}
    return [
        relation
        for relation in concept.relations.all()
        if relation.target_id not in tied
        and relation.uuid not in ties
        and term_key(relation.term) not in names
    ]
