"""What the pages of the glossary show."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from glossary.connections import Group, connections_of, grouped
from glossary.links import LINKING
from glossary.maps import maps_of
from glossary.mentions import rows_about
from mindlab.core.listed import PagesInOrder, all_of, by_title, letter, title_key, under
from mindlab.core.models import Topic
from mindlab.core.paging import paged
from mindlab.core.rich_text import plain
from mindlab.evidence.presenting import Presented, credits_of, present, topics_of
from mindlab.reading.contents import Entry
from mindlab.reading.rows import Rows

SECTION = 2
PAGE_SIZE = 60
"""Concepts on a page of the glossary."""


def concept_context(concept: Any, request: Any) -> dict[str, Any]:
    """Return what a concept's template shows, in at most seven queries.

    They are: what is private; the newest articles under its topics; child rows, mentions and what the
    texts point at; what notes link to, and what glosses link to, where they do; the edges to neighbours;
    the reviews.
    """
    names = concept.other_names.model.objects.filter(concept=concept.pk).order_by("sort_order", "pk")
    relations = concept.relations.model.objects.filter(concept=concept.pk)
    presented = present(
        concept,
        request,
        streams={
            "mechanism": (concept.mechanism, SECTION + 1),
            "practice": (concept.practice, SECTION + 1),
            "key_facts": (concept.key_facts, SECTION + 1),
        },
        prose=(concept.definition, concept.plain_words),
        relations={
            "credits": credits_of(concept),
            "tagged_items": topics_of(concept),
            "other_names": Rows(names),
            "relations": Rows(relations.order_by("sort_order", "pk")),
        },
        lists=rows_about(concept),
        linking=LINKING,
    )
    connections = connections_of(concept)
    groups = grouped(connections)
    glosses = [gloss for tie in connections for gloss in (*tie.here, *tie.there)]
    presented.reading.add_links(glosses, LINKING)
    return {
        **presented.context(),
        "topics": [item.tag for item in concept.tagged_items.all()],
        "groups": groups,
        "maps": maps_of(concept.title, connections),
        "articles": presented.found.get("articles", []),
        "hubs": presented.found.get("hubs", []),
        "shows_measurements": _needs_measurements(presented),
        "contents": list(_contents(concept, presented, groups)),
        "description": concept.search_description or plain(concept.definition),
    }


def _needs_measurements(presented: Presented) -> bool:
    placed = any(body.values("measurements") for body in presented.reading.bodies.values())
    return bool(presented.measurements) and not placed


def _contents(concept: Any, presented: Presented, groups: list[Group]) -> Iterable[Entry]:
    bodies = presented.reading.bodies
    if concept.plain_words:
        yield Entry("plain-words", _("In plain words"), SECTION)
    if bodies["mechanism"]:
        yield Entry("mechanism", _("Mechanism"), SECTION)
        yield from _first_level(bodies["mechanism"].contents)
    if _needs_measurements(presented):
        yield Entry("measurements", _("Measurements"), SECTION)
    if bodies["practice"]:
        yield Entry("practice", _("In practice"), SECTION)
        yield from _first_level(bodies["practice"].contents)
    if bodies["key_facts"]:
        yield Entry("key-facts", _("Key facts"), SECTION)
    if groups:
        yield Entry("connections", _("Connected concepts"), SECTION)
    if presented.notes:
        yield Entry("sources", _("Sources"), SECTION)


def _first_level(entries: Iterable[Entry]) -> Iterable[Entry]:
    return (entry for entry in entries if entry.level == SECTION + 1)


def glossary_context(concepts: Any, request: Any) -> dict[str, Any]:
    """Return what the list of concepts shows: a page of it, all of it or what a letter or a topic leaves.

    Five queries at most: the topic; the letters; how many concepts; which of them are shown; those concepts.
    """
    topic = Topic.objects.filter(slug=request.GET["topic"]).first() if "topic" in request.GET else None
    entries = by_title(under("concept", topic.pk) if topic else all_of("concept"))
    letters = list(entries.order_by("letter").values_list("letter", flat=True).distinct())
    chosen = request.GET.get("letter", "")
    chosen = chosen if chosen in letters else ""
    shown = PagesInOrder(entries.filter(letter=chosen) if chosen else entries, concepts)
    page = paged(shown, request, PAGE_SIZE)
    return {
        "topic": topic,
        "alphabet": letters,
        "chosen": chosen,
        "concepts": page,
        "letters": by_letter(page.object_list),
        "choice": urlencode({"topic": topic.slug} if topic else {}),
    }


def by_letter(concepts: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """Return concepts under the letters they begin with, both in order."""
    ordered = sorted(concepts, key=lambda concept: (letter(concept.title), title_key(concept.title)))
    return [
        (first, list(group)) for first, group in groupby(ordered, key=lambda concept: letter(concept.title))
    ]
