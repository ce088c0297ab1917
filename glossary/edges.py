"""The edges of the connected glossary: relations of live concepts, projected on publication."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page

from glossary.models import ConceptAlias, ConceptPage, Relation, RelationEdge
from glossary.terms import term_key
from mindlab.core.locking import whole


@whole()
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


def unsound(concepts: Iterable[ConceptPage]) -> Iterator[tuple[ConceptPage, str]]:
    """Yield the public concepts whose stored edges do not say what their relations say, with a sentence.

    An edge tells the kind, direction and gloss of its relation, which names the concept at the other end;
    and each relation to a public concept has its edge. Five statements, for any number of concepts.
    """
    by_key = {concept.pk: concept for concept in concepts}
    relations = {row.uuid: row for row in Relation.objects.filter(concept__in=by_key)}
    stored = list(RelationEdge.objects.filter(source__in=by_key).select_related("target"))
    names = _names({edge.target_id for edge in stored})
    for edge in stored:
        relation = relations.get(edge.relation_uuid)
        if relation is None or not _tells(edge, relation, names[edge.target_id]):
            words = _("what it says of “%(title)s” in the glossary is not what was approved")
            yield by_key[edge.source_id], words % {"title": edge.target.title}
    tied = {(edge.source_id, edge.target_id, edge.kind) for edge in stored}
    named = {row.target_id for row in relations.values() if row.target_id}
    live = dict(ConceptPage.objects.live().filter(pk__in=named).values_list("pk", "title"))
    for row in relations.values():
        is_tied = (row.concept_id, row.target_id, row.kind) in tied
        if row.target_id in live and row.target_id != row.concept_id and not is_tied:
            words = _("its tie to “%(title)s” is missing in the glossary")
            yield by_key[row.concept_id], words % {"title": live[row.target_id]}


def _names(concepts: set[int]) -> dict[int, set[str]]:
    """Return the keys of the title and other names of each concept."""
    found: dict[int, set[str]] = {key: set() for key in concepts}
    aliases = ConceptAlias.objects.filter(concept__in=concepts).values_list("concept_id", "name")
    titles = ConceptPage.objects.filter(pk__in=concepts).values_list("pk", "title")
    for key, name in (*aliases, *titles):
        found[key].add(term_key(name))
    return found


def _tells(edge: RelationEdge, relation: Relation, names: set[str]) -> bool:
    is_named = edge.target_id == relation.target_id or term_key(relation.term) in names
    says = (edge.source_id, edge.kind, edge.direction, edge.gloss)
    return is_named and says == (relation.concept_id, relation.kind, relation.direction, relation.gloss)
