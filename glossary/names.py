"""Which concept a name means: its title, another name of it, or a title it was public under."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from glossary.models import ConceptAlias, ConceptPage, PublicTitle
from glossary.terms import term_key


def remember_title(concept: ConceptPage) -> None:
    """Keep the title that a concept is public under, for what names it by that title later on."""
    PublicTitle.objects.bulk_create(
        [PublicTitle(concept=concept, title=concept.title)], ignore_conflicts=True
    )


def live_concepts_named(keys: set[str], *, without: int = 0) -> dict[str, int]:
    """Return the live concept that each key means, where there is one; three queries.

    A title goes before another name, that before a former title, and the older concept before the younger.
    """
    wanted = keys - {""}
    if not wanted:
        return {}
    former = PublicTitle.objects.filter(concept__live=True).values_list("title", "concept_id")
    others = ConceptAlias.objects.filter(concept__live=True).values_list("name", "concept_id")
    titles = ConceptPage.objects.live().values_list("title", "pk")
    found: dict[str, int] = {}
    for names in (titles.order_by("pk"), others.order_by("concept", "pk"), former.order_by("concept", "pk")):
        for name, pk in names:
            key = term_key(name)
            if key in wanted and pk != without:
                found.setdefault(key, pk)
    return found


def keys_of(concepts: Iterable[int]) -> Mapping[int, set[str]]:
    """Return the keys of all that each concept is called: titles, other names, former titles."""
    wanted = list(concepts)
    found: dict[int, set[str]] = defaultdict(set)
    titles = ConceptPage.objects.filter(pk__in=wanted).values_list("pk", "title")
    others = ConceptAlias.objects.filter(concept__in=wanted).values_list("concept_id", "name")
    former = PublicTitle.objects.filter(concept__in=wanted).values_list("concept_id", "title")
    for pk, name in (*titles, *others, *former):
        found[pk].add(term_key(name))
    return found


def withdrawn_titles(concepts: Iterable[int]) -> dict[int, set[str]]:
    """Return the keys of the titles that concepts were public under which are so no longer."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = PublicTitle.objects.filter(concept__in=list(concepts), concept__live=False)
    for pk, title in rows.values_list("concept_id", "title"):
        found[pk].add(term_key(title))
    return found
