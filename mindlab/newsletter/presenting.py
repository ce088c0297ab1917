"""What the web pages of the Brief show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from articles.listings import CARD_FIELDS, CONCEPT_FIELDS
from articles.models import ArticlePage, TopicPage
from glossary.models import ConceptPage
from mindlab.core.contents import plain
from mindlab.core.json_rows import Rows, gather


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of an issue; ``target`` is the published page a pick points at, ``deck`` what to say of it.

    ``level`` is that of a pick's heading: below a section's where there is one before it.
    """

    block: Any
    target: Any = None
    deck: str = ""
    level: int = 2


def pieces_of(issue: Any) -> list[Piece]:
    """Return the blocks of an issue with the pages they point at, in two queries.

    A pick whose page is not public any more is left out, unless the issue gave it a title of its own.
    """
    picks = [block.value["page"] for block in issue.contents if block.block_type == "pick"]
    keys = [page.pk for page in picks if page is not None]
    found = _published(keys) if keys else {}
    pieces: list[Piece] = []
    level = 2
    for block in issue.contents:
        if block.block_type != "pick":
            level = 3 if block.block_type == "section" else level
            pieces.append(Piece(block))
            continue
        page = block.value["page"]
        target = found.get(page.pk) if page is not None else None
        if target is None and not block.value["title"]:
            continue
        own = plain(getattr(target, "definition", "") or getattr(target, "deck", "")) if target else ""
        pieces.append(Piece(block, target, block.value["deck"] or own, level))
    return pieces


def _published(keys: list[int]) -> dict[int, Any]:
    found = gather(
        {
            "articles": Rows(ArticlePage.objects.published().filter(pk__in=keys), CARD_FIELDS),
            "hubs": Rows(TopicPage.objects.published().filter(pk__in=keys), CARD_FIELDS),
            "concepts": Rows(ConceptPage.objects.published().filter(pk__in=keys), CONCEPT_FIELDS),
        }
    )
    return {page.pk: page for pages in found.values() for page in pages}
