"""The connected glossary: relations of live concepts, projected on publication, read from both ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from wagtail.models import Page

from glossary.models import ConceptAlias, ConceptPage, Relation, RelationEdge
from glossary.relations import READ_BACKWARDS, Direction, RelationKind
from glossary.terms import spellings

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(slots=True)
class Neighbour:
    """A concept tied to another one, as that other one's page shows it.

    ``here`` holds the glosses the page itself gives, ``there`` those of the neighbour's own page;
    both are rich text. ``kind`` reads from the page to the neighbour and is "" while unset.
    """

    concept: ConceptPage
    kind: _StrOrPromise = ""
    here: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)


@transaction.atomic
def project(concept: ConceptPage) -> None:
    """Write the edges of a live concept anew, from both ends: a name it has given up ties it no longer."""
    # One at a time: of two that name one another and are published at once, neither would see the other.
    index = Page.objects.filter(path=concept.path[: -concept.steplen])
    index.select_for_update(no_key=True).values_list("pk").first()
    withdraw(concept)
    relations = Relation.objects.filter(concept=concept).order_by("sort_order", "pk")
    _store(_edges(relations))
    waiting = Relation.objects.annotate(lower_term=Lower("term")).filter(
        Q(target=concept) | Q(target=None, lower_term__in=_names(concept)), concept__live=True
    )
    _store(_edges(waiting.exclude(concept=concept).order_by("pk")))


def withdraw(concept: ConceptPage) -> None:
    """Remove every edge of a concept that is no longer public."""
    RelationEdge.objects.filter(Q(source=concept) | Q(target=concept)).delete()


def _names(concept: ConceptPage) -> set[str]:
    aliases = ConceptAlias.objects.filter(concept=concept).values_list("name", flat=True)
    return {spelling for name in (concept.title, *aliases) for spelling in spellings(name)}


def _edges(relations: Iterable[Relation]) -> list[RelationEdge]:
    rows = list(relations)
    by_term = _live_concepts_named({row.term for row in rows if row.target_id is None})
    live = set(
        ConceptPage.objects.live()
        .filter(pk__in={row.target_id for row in rows if row.target_id})
        .values_list("pk", flat=True)
    )
    edges = []
    for row in rows:
        target = row.target_id if row.target_id in live else by_term.get(row.term.casefold())
        if target and target != row.concept_id:
            edges.append(
                RelationEdge(
                    source_id=row.concept_id,
                    target_id=target,
                    kind=row.kind,
                    direction=row.direction,
                    gloss=row.gloss,
                    relation_uuid=row.uuid,
                )
            )
    return edges


def _live_concepts_named(terms: set[str]) -> dict[str, int]:
    wanted = {spelling: term.casefold() for term in terms if term for spelling in spellings(term)}
    if not wanted:
        return {}
    concepts = ConceptPage.objects.live()
    titles = concepts.annotate(name=Lower("title")).filter(name__in=wanted).values_list("name", "pk")
    aliases = (
        ConceptAlias.objects.filter(concept__live=True)
        .annotate(lower_name=Lower("name"))
        .filter(lower_name__in=wanted)
        .values_list("lower_name", "concept_id")
    )
    return {wanted[name]: pk for name, pk in (*aliases, *titles)}


def _store(edges: list[RelationEdge]) -> None:
    RelationEdge.objects.bulk_create(edges, ignore_conflicts=True)


def neighbours(concept: ConceptPage) -> list[Neighbour]:
    """Return the published concepts tied to ``concept``, from either end, in the order it names them."""
    public = ConceptPage.objects.published().values("pk")
    edges = (
        RelationEdge.objects.filter(
            Q(source=concept, target__in=public) | Q(target=concept, source__in=public)
        )
        .select_related("source", "target")
        .order_by("pk")
    )
    found: dict[int, Neighbour] = {}
    for edge in sorted(edges, key=lambda edge: edge.source_id != concept.pk):
        outward = edge.source_id == concept.pk
        other = edge.target if outward else edge.source
        neighbour = found.setdefault(other.pk, Neighbour(other))
        if edge.gloss:
            (neighbour.here if outward else neighbour.there).append(edge.gloss)
        neighbour.kind = neighbour.kind or reading(edge.kind, edge.direction, outward=outward)
    return list(found.values())


def reading(kind: str, direction: str, *, outward: bool) -> _StrOrPromise:
    """Return how a relation reads: ``outward`` is from the concept that names it to the other."""
    if not kind:
        return ""
    forwards = (direction != Direction.IN) == outward or direction == Direction.BOTH
    return RelationKind(kind).label if forwards else READ_BACKWARDS[RelationKind(kind)]


def wanted_terms(concept: ConceptPage, known: Iterable[Neighbour] = ()) -> list[Relation]:
    """Return the relations of ``concept`` that no published concept answers yet."""
    tied = {neighbour.concept.pk for neighbour in known}
    names = {spelling for neighbour in known for spelling in spellings(neighbour.concept.title)}
    relations: Any = concept.relations.all()
    return [
        relation
        for relation in relations
        if relation.target_id not in tied and not names.intersection(spellings(relation.term))
    ]
