"""A parsed document as plain data, in the schema that recorded trees and gold documents share."""

from __future__ import annotations

from html import escape
from typing import Any

from mindlab.importer.parsers.document import (
    Block,
    Callout,
    Code,
    Furniture,
    Heading,
    Image,
    Item,
    ListBlock,
    Mermaid,
    Paragraph,
    ParsedDocument,
    Quote,
    Relation,
    Table,
)


def to_tree(document: ParsedDocument) -> dict[str, Any]:
    """Title, deck, declared count and blocks as dictionaries that JSON can hold."""
    count = document.declared_count
    return {
        "kind": document.kind,
        "title": document.title,
        "deck": document.deck,
        "declared_count": count.value if count is not None else None,
        "blocks": [_block(block) for block in document.blocks],
        "left_out": [
            {"text": left.text, "reason": left.reason, "line": left.lines.first} for left in document.left_out
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    tree = _content(block)
    tree["line"] = block.lines.first
    if block.section is not None:
        tree["section"] = block.section
    if block.synthetic:
        tree["synthetic"] = True
    _add_markup(tree, getattr(block, "html", ""), tree.get("text", ""))
    return tree


def _item(item: Item) -> dict[str, Any]:
    tree: dict[str, Any] = {"text": item.text, "depth": item.depth}
    if item.number:
        tree["number"] = item.number
    _add_markup(tree, item.html, item.text)
    return tree


def _add_markup(tree: dict[str, Any], html: str, text: str) -> None:
    """Keep inline HTML where it says more than the words."""
    if "<" in html and html != escape(text, quote=False):
        tree["html"] = html


def _content(block: Block) -> dict[str, Any]:
    tree: dict[str, Any]
    match block:
        case Heading():
            tree = {"type": "heading", "text": block.text, "level": block.level}
        case Paragraph():
            tree = {"type": "paragraph", "text": block.text}
        case ListBlock():
            items = [_item(item) for item in block.items]
            tree = {"type": "list", "ordered": block.ordered, "items": items}
        case Mermaid():
            tree = {"type": "mermaid", "text": block.text}
        case Relation():
            tree = {"type": "relation", "target": block.target, "text": block.text}
        case Furniture():
            tree = {"type": "furniture", "text": block.text, "reason": block.reason}
        case _:
            tree = _rarer_content(block)
    return tree


def _rarer_content(block: Block) -> dict[str, Any]:
    match block:
        case Quote():
            return {"type": "quote", "text": block.text, "attribution": block.attribution}
        case Callout():
            return {"type": "callout", "text": block.text, "variant": block.variant, "title": block.title}
        case Table():
            text = "\n".join(" | ".join(row) for row in block.rows)
            rows = [list(row) for row in block.rows]
            return {"type": "table", "text": text, "rows": rows, "caption": block.caption}
        case Code():
            return {"type": "code", "text": block.text, "language": block.language}
        case Image():
            text = " ".join(part for part in (block.alt, block.caption) if part)
            return {"type": "image", "text": text, "source": block.source, "alt": block.alt}
        case _:
            raise TypeError(f"no tree for {type(block).__name__}")
