"""The edges of the connected glossary: relations of live concepts, projected on publication."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page

from glossary.models import ConceptPage, PublicTitle, Relation, RelationEdge
from glossary.names import keys_of, live_concepts_named, remember_title, withdrawn_titles
from glossary.terms import term_key
from mindlab.core.locking import whole

CHUNK = 2000
"""Relations that are tied at a time where all are."""


@whole()
def project(concept: ConceptPage) -> None:
    """Tie a live concept from both ends: by its relations, and by those of others that name it.

    It is named as the target or by a term, under any name it has, or a title it was public under, so that
    a change of name unties nobody; and as what a concept that is gone was called, where it took its place.
    """
    _hold_index(concept)
    remember_title(concept)
    RelationEdge.objects.filter(source=concept).delete()
    _tie(Relation.objects.filter(concept=concept).order_by("sort_order", "pk"))
    _tie(_naming(concept).order_by("pk"))


@whole()
def withdraw(concept: ConceptPage) -> None:
    """Untie a concept that is no longer public; what named it may mean another one now."""
    _hold_index(concept)
    named_by = list(RelationEdge.objects.filter(target=concept).values_list("relation_uuid", flat=True))
    RelationEdge.objects.filter(Q(source=concept) | Q(target=concept)).delete()
    others = Relation.objects.filter(concept__live=True, uuid__in=named_by).exclude(concept=concept)
    _tie(others.order_by("pk"), without=concept.pk)


@whole()
def tie_all() -> None:
    """Tie every live concept by its relations: what an earlier release left out."""
    relations = Relation.objects.filter(concept__live=True).order_by("concept", "sort_order", "pk")
    for start in range(0, relations.count(), CHUNK):
        _tie(relations[start : start + CHUNK])


def _hold_index(concept: ConceptPage) -> None:
    # One at a time: of two that name one another and are published at once, neither would see the other.
    index = Page.objects.filter(path=concept.path[: -concept.steplen])
    index.select_for_update(no_key=True).values_list("pk").first()


def _naming(concept: ConceptPage) -> QuerySet[Relation]:
    """The relations of other live concepts that mean this one, or are tied to it until now."""
    others = Relation.objects.filter(concept__live=True).exclude(concept=concept)
    keys = keys_of([concept.pk])[concept.pk]
    wanted = others.filter(target=None).exclude(term="").values_list("term", flat=True).distinct()
    terms = [term for term in wanted if term_key(term) in keys]
    gone = PublicTitle.objects.filter(concept__live=False).values_list("concept_id", "title")
    replaced = {pk for pk, title in gone if term_key(title) in keys}
    tied = RelationEdge.objects.filter(target=concept).values_list("relation_uuid", flat=True)
    return others.filter(
        Q(target=concept) | Q(target=None, term__in=terms) | Q(target__in=replaced) | Q(uuid__in=list(tied))
    )


def _tie(relations: Iterable[Relation], *, without: int = 0) -> None:
    """Bring the edges of these relations up to date; those that stay as they are keep their place."""
    rows = list(relations)
    tied = RelationEdge.objects.filter(relation_uuid__in=[row.uuid for row in rows])
    stored = {(edge.source_id, edge.relation_uuid): edge for edge in tied}
    new = []
    for row, target in zip(rows, _targets(rows, without), strict=True):
        edge = stored.pop((row.concept_id, row.uuid), None)
        if edge is not None and _says(edge) == (target, row.kind, row.direction, row.gloss):
            continue
        if edge is not None:
            edge.delete()
        if target:
            new.append(_edge(row, target))
    RelationEdge.objects.bulk_create(new, ignore_conflicts=True)


def _says(edge: RelationEdge) -> tuple[int, str, str, str]:
    return edge.target_id, edge.kind, edge.direction, edge.gloss


def _edge(relation: Relation, target: int) -> RelationEdge:
    return RelationEdge(
        source_id=relation.concept_id,
        target_id=target,
        kind=relation.kind,
        direction=relation.direction,
        gloss=relation.gloss,
        relation_uuid=relation.uuid,
    )


def _targets(relations: list[Relation], without: int) -> list[int]:
    """Return the live concept that each relation leads to, 0 where there is none or it is its own."""
    chosen = {row.target_id for row in relations if row.target_id}
    live = set(ConceptPage.objects.live().filter(pk__in=chosen).values_list("pk", flat=True)) - {without}
    gone = withdrawn_titles(chosen - live)
    called = [_called(row, gone) for row in relations]
    named = live_concepts_named({key for keys in called for key in keys}, without=without)
    found = []
    for row, keys in zip(relations, called, strict=True):
        by_name = next((named[key] for key in keys if key in named), 0)
        target = row.target_id if row.target_id in live else by_name
        found.append(target if target and target != row.concept_id else 0)
    return found


def _called(relation: Relation, gone: dict[int, set[str]]) -> list[str]:
    """Return the keys of what a relation calls the other concept: its term, or what its target was called."""
    keys = [term_key(relation.term)] if relation.term else []
    return keys + sorted(gone.get(relation.target_id or 0, ()))


def unsound(concepts: Iterable[ConceptPage]) -> Iterator[tuple[ConceptPage, str]]:
    """Yield the public concepts whose stored edges do not say what their relations say, with a sentence.

    An edge tells the kind, direction and gloss of its relation, which names the concept at the other end;
    and each relation to a public concept has its edge. Seven statements, for any number of concepts.
    """
    by_key = {concept.pk: concept for concept in concepts}
    relations = {row.uuid: row for row in Relation.objects.filter(concept__in=by_key)}
    stored = list(RelationEdge.objects.filter(source__in=by_key).select_related("target"))
    names = keys_of({edge.target_id for edge in stored})
    gone = withdrawn_titles({row.target_id for row in relations.values() if row.target_id})
    for edge in stored:
        relation = relations.get(edge.relation_uuid)
        if relation is None or not _tells(edge, relation, names[edge.target_id], gone):
            words = _("what it says of “%(title)s” in the glossary is not what was approved")
            yield by_key[edge.source_id], words % {"title": edge.target.title}
    tied = {(edge.source_id, edge.relation_uuid) for edge in stored}
    named = {row.target_id for row in relations.values() if row.target_id}
    live = dict(ConceptPage.objects.live().filter(pk__in=named).values_list("pk", "title"))
    for row in relations.values():
        is_tied = (row.concept_id, row.uuid) in tied
        if row.target_id in live and row.target_id != row.concept_id and not is_tied:
            words = _("its tie to “%(title)s” is missing in the glossary")
            yield by_key[row.concept_id], words % {"title": live[row.target_id]}


def _tells(edge: RelationEdge, relation: Relation, names: set[str], gone: dict[int, set[str]]) -> bool:
    is_named = edge.target_id == relation.target_id or not names.isdisjoint(_called(relation, gone))
    return is_named and (edge.source_id, *_says(edge)[1:]) == (
        relation.concept_id,
        relation.kind,
        relation.direction,
        relation.gloss,
    )
