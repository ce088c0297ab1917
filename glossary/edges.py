"""The edges of the connected glossary: relations of live concepts, projected on publication."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.models import Page

from glossary.models import ConceptAlias, ConceptPage, Relation, RelationEdge
from glossary.terms import term_key


@transaction.atomic
def project(concept: ConceptPage) -> None:
    """Write the edges of a live concept anew, from both ends: a name it has given up ties it no longer."""
    # One at a time: of two that name one another and are published at once, neither would see the other.
    index = Page.objects.filter(path=concept.path[: -concept.steplen])
    index.select_for_update(no_key=True).values_list("pk").first()
    withdraw(concept)
    relations = Relation.objects.filter(concept=concept).order_by("sort_order", "pk")
    _store(_edges(relations))
    others = Relation.objects.filter(concept__live=True).exclude(concept=concept)
    waiting = others.filter(Q(target=concept) | Q(target=None, term__in=_terms_for(concept, others)))
    _store(_edges(waiting.order_by("pk")))


def withdraw(concept: ConceptPage) -> None:
    """Remove every edge of a concept that is no longer public."""
    RelationEdge.objects.filter(Q(source=concept) | Q(target=concept)).delete()


def _terms_for(concept: ConceptPage, relations: QuerySet[Relation]) -> list[str]:
    """The spellings among the wanted terms of ``relations`` that mean this concept."""
    aliases = ConceptAlias.objects.filter(concept=concept).values_list("name", flat=True)
    keys = {term_key(name) for name in (concept.title, *aliases)}
    wanted = relations.filter(target=None).exclude(term="").values_list("term", flat=True).distinct()
    return [term for term in wanted if term_key(term) in keys]


def _edges(relations: Iterable[Relation]) -> list[RelationEdge]:
    rows = list(relations)
    by_term = _live_concepts_named({row.term for row in rows if row.target_id is None and row.term})
    live = set(
        ConceptPage.objects.live()
        .filter(pk__in={row.target_id for row in rows if row.target_id})
        .values_list("pk", flat=True)
    )
    edges = []
    for row in rows:
        target = row.target_id if row.target_id in live else by_term.get(term_key(row.term))
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
    """Keys of terms with the live concept each names; a title goes before another name, then the older."""
    if not terms:
        return {}
    aliases = (
        ConceptAlias.objects.filter(concept__live=True).order_by("-pk").values_list("name", "concept_id")
    )
    titles = ConceptPage.objects.live().order_by("-pk").values_list("title", "pk")
    wanted = {term_key(term) for term in terms} - {""}
    named = ((term_key(name), pk) for name, pk in (*aliases, *titles))
    return {key: pk for key, pk in named if key in wanted}


def _store(edges: list[RelationEdge]) -> None:
    RelationEdge.objects.bulk_create(edges, ignore_conflicts=True)
