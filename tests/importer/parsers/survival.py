"""Words of a parsed document, for tests that count them."""

import json
import re
import runpy
from collections import Counter
from dataclasses import fields
from pathlib import Path

from mindlab.importer.parsers.document import Block, Item, ParsedDocument
from mindlab.importer.parsers.tree import to_tree


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def _texts(block: Block | Item):
    for field in fields(block):
        value = getattr(block, field.name)
        if field.name in ("html", "lines", "section"):
            continue
        if isinstance(value, str):
            yield value
        elif field.name == "number" and value:
            yield str(value)
        elif field.name == "items":
            for item in value:
                yield from _texts(item)
        elif field.name == "rows":
            for row in value:
                yield from row


def all_words(document: ParsedDocument) -> Counter[str]:
    """Words of the draft and of what was left out."""
    return words(all_text(document))


def all_text(document: ParsedDocument) -> str:
    """The draft's text and that of what was left out."""
    parts = [document.title or "", document.deck or ""]
    if document.declared_count:
        parts.append(f"{document.declared_count.value} {document.declared_count.noun}")
    for block in document.blocks:
        parts.extend(_texts(block))
    parts.extend(left.text for left in document.left_out)
    parts.extend(str(pair) for pair in document.front_matter)
    return "\n".join(parts)


def shared_survival(shared: Path, ending: str, parse, out: Path) -> float:
    """The share of words that the shared scorer finds in the trees of the shared real documents."""
    real = shared / "corpus" / "real"
    for path in sorted(real.rglob(f"*{ending}")):
        name = str(path.relative_to(real))
        tree = to_tree(parse(path.read_text("utf8"), name))
        (out / (name.replace("/", "__") + ".json")).write_text(json.dumps(tree, ensure_ascii=False), "utf8")
    score = runpy.run_path(str(shared / "corpus" / "score.py"))
    rows = [row for row in score["survival"](str(real), str(out))["rows"] if row["id"].endswith(ending)]
    assert rows
    return sum(row["kept"][0] for row in rows) / sum(row["kept"][1] for row in rows)
