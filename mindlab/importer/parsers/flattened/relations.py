"""The ties to other concepts that close a flattened concept: "term — gloss", the last run of items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mindlab.importer.parsers.document import (
    Block,
    Guess,
    Heading,
    Item,
    Lines,
    ListBlock,
    Paragraph,
    Relation,
    Section,
)
from mindlab.importer.parsers.flattened.headings import has_verb

_DASH = re.compile(r"\s+[—–]\s+|\s+--\s+|\s*—\s+|\s+—\s*")
_HYPHEN = re.compile(r"\s+-\s+")
_COLON = re.compile(r":\s+")
_ACTION = re.compile(
    r"\b(?:shows?|affects?|impairs?|enhances?|reduces?|increases?|express(?:es)?|activates?|inhibits?|carriers|modulates?"
    r"|triggers?|causes?|drives?|predicts?|rises?|falls?|fires?|encodes?|projects?|binds?|releases?|detects?)\b"
)
_TIES = re.compile(
    r"^(?:related|connections?|connected|relations?|relationships?|see\s+also|links?|linked"
    r"|cross[- ]references?)\b[\w\s]{0,40}$",
    re.IGNORECASE,
)
_LONGEST_TERM = 10
_LONGEST_BARE = 300
_COMMON = 3


@dataclass(frozen=True, slots=True)
class SplitItem:
    """An item read as a tie: term and gloss."""

    item: Item
    term: str
    gloss: str


def split_item(item: Item, separator: re.Pattern[str] = _DASH) -> SplitItem | None:
    """Term and gloss of an item, or None where it has no separator or the term is a sentence."""
    match = separator.search(item.text[:200])
    if match is None:
        return None
    term, gloss = item.text[: match.start()].strip(), item.text[match.end() :].strip()
    if not term or not gloss or len(term.split()) > _LONGEST_TERM or term[-1] in ".!?:;,":
        return None
    return SplitItem(item, term, gloss)


def take_relations(blocks: Sequence[Block]) -> tuple[list[Block], list[Guess]]:
    """Replace the closing run of "term — gloss" items by relations, each with a guess.

    At most two paragraphs, such as a line that names the source, may follow the run.
    """
    blocks = _listed(blocks)
    last = max((i for i, block in enumerate(blocks) if isinstance(block, ListBlock)), default=-1)
    block, after = (blocks[last], blocks[last + 1 :]) if last >= 0 else (None, ())
    if not isinstance(block, ListBlock) or block.ordered:
        return list(blocks), []
    if len(after) > 2 or not all(isinstance(b, Paragraph) and not b.text.endswith(":") for b in after):
        return list(blocks), []
    label = _label(blocks, last)
    named = label is not None and bool(_TIES.match(label))
    earlier = [item for other in blocks[:last] if isinstance(other, ListBlock) for item in other.items]
    run = _closing_run(block.items, named, earlier)
    start = len(block.items) - len(run)
    dashed = sum(split_item(item) is not None for item in (*earlier, *block.items[:start]))
    drop, confidence = _head_of_run(
        run, labelled=start == 0 and label is not None, named=named, glossed=dashed >= _COMMON
    )
    run = run[drop:]
    if not run or (len(run) < 2 and not named) or confidence < 0.35:
        return list(blocks), []
    kept = block.items[: len(block.items) - len(run)]
    out: list[Block] = list(blocks[:last])
    above = out[-1] if out and not kept else None
    if named and isinstance(above, Paragraph) and label is not None:
        out[-1] = Heading(above.lines, label, 3)
    if kept:
        out.append(_list(kept, block.section))
    out += [Relation(s.item.lines, s.term, s.gloss, section="relations") for s in run]
    out += after
    reason = "One of the closing lines of the form term, dash, gloss."
    guesses = []
    for position, part in enumerate(run):
        edge = 0.1 if position < 2 and start + drop > 0 and part.term[:1].isupper() else 0.0
        guesses.append(Guess("relation", part.term, round(confidence - edge, 2), reason, part.item.lines))
    return out, guesses


def is_bare_tie(text: str) -> bool:
    """Whether a line without a list mark reads as term, dash, gloss."""
    part = split_item(Item(text, Lines(1, 1)))
    return part is not None and len(text) <= _LONGEST_BARE and _is_term(part.term)


def _listed(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks, with three and more closing paragraphs of the form of ties as the items of a list."""
    end = len(blocks)
    while end > max(0, len(blocks) - 2) and not _is_bare(blocks[end - 1]):
        end -= 1
    start = end
    while start > 0 and _is_bare(blocks[start - 1]):
        start -= 1
    run = [block for block in blocks[start:end] if isinstance(block, Paragraph)]
    if len(run) < _COMMON:
        return blocks
    items = tuple(Item(block.text, block.lines) for block in run)
    return [*blocks[:start], _list(items, None), *blocks[end:]]


def _is_bare(block: Block) -> bool:
    return isinstance(block, Paragraph) and is_bare_tie(block.text)


def _list(items: Sequence[Item], section: Section | None) -> ListBlock:
    return ListBlock(Lines(items[0].lines.first, items[-1].lines.last), tuple(items), section=section)


def _label(blocks: Sequence[Block], index: int) -> str | None:
    """The label or introduction directly above a list."""
    above = blocks[index - 1] if index else None
    if isinstance(above, Heading):
        return above.text
    if isinstance(above, Paragraph) and above.text.endswith(":"):
        return above.text[:-1]
    return None


def _closing_run(items: Sequence[Item], named: bool, earlier: Sequence[Item]) -> list[SplitItem]:
    """The longest run of ties at the end of a list: by dash, by hyphen, or by colon.

    A colon also follows the catchword of a fact, so without a label it needs glosses or terms in
    lower case, as in an index. Hyphens and colons say nothing where earlier lists are full of them.
    """
    best: list[SplitItem] = []
    for separator, least in ((_DASH, 1), (_HYPHEN, 1 if named else 3), (_COLON, 1 if named else 5)):
        run: list[SplitItem] = []
        common = sum(split_item(item, separator) is not None for item in earlier) >= _COMMON
        if separator is not _DASH and not named and common:
            continue
        for item in reversed(items):
            part = split_item(item, separator)
            if part is None or (separator is _COLON and not named and not _is_indexed(part)):
                break
            run.append(part)
        if len(run) >= least and len(run) > len(best):
            best = run[::-1]
    return best


def _is_indexed(part: SplitItem) -> bool:
    return _is_term(part.term) and (part.term[0].islower() or part.gloss[0].islower())


def _is_term(term: str) -> bool:
    return len(term.split()) <= 6 and not has_verb(term) and not _ACTION.search(term)


def _head_of_run(
    run: Sequence[SplitItem], *, labelled: bool, named: bool, glossed: bool
) -> tuple[int, float]:
    """How many items at the head of the run are facts with a dash, and how sure the rest is.

    ``glossed``: earlier lists of the text have a dash in their items, too.
    """
    drop = 0
    while drop < len(run) and not _is_term(run[drop].term):
        drop += 1
    rest = run[drop:]
    if not rest:
        return drop, 0.0
    small = [part.term[:1].islower() for part in rest]
    share = sum(small) / len(rest)
    if named:
        return drop, 0.95
    if not labelled:
        lead = _lead_of_facts(small, 1 if glossed else 2)
        certain = share >= 0.4 or len(rest) >= 8
        return drop + lead, 0.9 if lead else 0.6 if not certain else 0.93 if len(rest) >= 5 else 0.75
    if small[0]:
        return drop, 0.85 if share > 0.6 else 0.5
    cut = _style_change(small)
    if cut is not None:
        return drop + cut, 0.8
    return drop, 0.5 if len(rest) >= 12 else 0.0


def _lead_of_facts(small: Sequence[bool], least: int) -> int:
    """How many capitalised entries, ``least`` and more, stand before a run mostly in lower case."""
    lead = small.index(True) if True in small else 0
    after = small[lead:]
    return lead if lead >= least and len(after) >= 3 and sum(after) >= 0.6 * len(after) else 0


def _style_change(small: Sequence[bool]) -> int | None:
    """Where capitalised entries of a list give way to mostly lower-case terms, if they do."""
    if True not in small:
        return None
    first = small.index(True)
    after = small[first:]
    return first if len(after) >= 3 and sum(after) / len(after) >= 0.6 else None
