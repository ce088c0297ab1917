"""What the web pages of the Brief show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glossary.links import LINKING
from mindlab.core.pages import pickable_models
from mindlab.reading.rows import Rows, gather


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of an issue; ``target`` is the published page a pick points at, ``deck`` what to say of it.

    ``level`` is that of a pick's heading: below a section's where there is one before it.
    """

    block: Any
    target: Any = None
    deck: str = ""
    level: int = 2


def issue_context(issue: Any) -> dict[str, Any]:
    """Return what the template of an issue shows, in two queries: the pages picked, and the public ones.

    ``cta`` is what its button leads to, None where that is no public page.
    """
    picks = [block.value["page"] for block in issue.contents if block.block_type == "pick"]
    keys = [page.pk for page in picks if page is not None]
    found = _published(keys, issue.cta_page_id) if keys or issue.cta_page_id else {}
    button = LINKING.targets(found.pop("button", ()))
    published = {page.pk: page for pages in found.values() for page in pages}
    return {
        "pieces": pieces_of(issue, published),
        "cta": button.get(issue.cta_page_id),
        "description": issue.search_description or issue.preheader or issue.subject,
        "shared_title": issue.seo_title or issue.subject,
    }


def pieces_of(issue: Any, found: Mapping[int, Any]) -> list[Piece]:
    """Return the blocks of an issue with the pages they point at, of those that are ``found`` public.

    A pick whose page is not public any more is left out, unless the issue gave it a title of its own.
    """
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
        own = target.summary if target is not None else ""
        pieces.append(Piece(block, target, block.value["deck"] or own, level))
    return pieces


def _published(keys: list[int], button: int | None) -> dict[str, Any]:
    return gather(
        {
            "button": LINKING.rows([button] if button else []),
            **{
                model._meta.label_lower: Rows(
                    model.objects.published().filter(pk__in=keys), model.card_fields()
                )
                for model in pickable_models()
            },
        }
    )
