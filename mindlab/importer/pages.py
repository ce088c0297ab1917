"""Puts a draft's content on a page: fields, streams, relations, names, topics, credits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail.blocks import StreamValue

from glossary.models import ConceptAlias, Relation
from mindlab.core.pages import ReviewedPage
from mindlab.importer.draft import Draft, DraftRelation, RawBlock
from mindlab.importer.kinds import KINDS, DocumentKind

MAX_BYLINE = 255


def write(page: ReviewedPage, draft: Draft, contributors: Mapping[str, int]) -> None:
    """Set on ``page``, without saving it, everything the draft has.

    What an editor added to a relation or an image that is still there stays: kind, direction, the
    concept it was tied to, the description.
    """
    kind = KINDS[draft.kind]
    page.title = draft.title
    for name in kind.fields:
        setattr(page, name, draft.fields.get(name, ""))
    for name in ("originally_published", "originally_updated"):
        setattr(page, name, draft.fields.get(name))
    for name in kind.streams:
        setattr(page, name, _described(getattr(page, name), draft.streams.get(name, [])))
    _write_credits(page, kind, draft, contributors)
    if "other_names" in kind.children:
        _write_names(page, draft)
    if "relations" in kind.children:
        _write_relations(page, draft)
    if "tagged_items" in kind.children:
        page.topics.set(draft.topics)


def _write_credits(
    page: ReviewedPage, kind: DocumentKind, draft: Draft, contributors: Mapping[str, int]
) -> None:
    """Credit the authors that have a page here; the others stand as the original byline."""
    known = {author: contributors.get(author.casefold()) for author in draft.authors}
    ids = dict.fromkeys(pk for pk in known.values() if pk is not None)
    page.credits = [kind.credit(contributor_id=pk, sort_order=order) for order, pk in enumerate(ids)]
    unknown = [author for author, pk in known.items() if pk is None]
    page.original_byline = byline(unknown)


def byline(authors: list[str]) -> str:
    """Names in one line of at most 255 characters."""
    line = ", ".join(authors)
    return line if len(line) <= MAX_BYLINE else line[: MAX_BYLINE - 1] + "…"


def _described(before: StreamValue, blocks: list[RawBlock]) -> list[RawBlock]:
    """The new blocks, where images that had a description keep it if the source gives none."""
    known = {block.get("id"): block["value"] for block in before.raw_data if block["type"] == "image"}
    described: list[RawBlock] = []
    for block in blocks:
        old = known.get(block["id"], {}).get("image") or {}
        new = block["value"]["image"] if block["type"] == "image" else {}
        if new and not new["alt_text"] and old.get("image") == new["image"]:
            kept = {**new, "alt_text": old["alt_text"], "decorative": old["decorative"]}
            described.append({**block, "value": {**block["value"], "image": kept}})
        else:
            described.append(block)
    return described


def _write_names(page: Any, draft: Draft) -> None:
    page.other_names = [
        ConceptAlias(name=name, sort_order=order) for order, name in enumerate(draft.other_names)
    ]


def _write_relations(page: Any, draft: Draft) -> None:
    before = {relation.uuid: relation for relation in page.relations.all()}
    page.relations = [
        _relation(relation, before.get(relation.uuid), order)
        for order, relation in enumerate(draft.relations)
    ]


def _relation(relation: DraftRelation, before: Relation | None, order: int) -> Relation:
    target = relation.target or (before.target_id if before is not None else None)
    return Relation(
        uuid=relation.uuid,
        target_id=target,
        term="" if target else relation.term,
        gloss=relation.gloss,
        kind=before.kind if before is not None else "",
        direction=before.direction if before is not None else "",
        sort_order=order,
    )
