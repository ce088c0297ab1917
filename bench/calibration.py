"""Whether the parsers' guesses are right, and whether their confidence says so."""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mindlab.importer.parsers.document import Guess, ParsedDocument
from mindlab.importer.parsers.parse import parse

SURE = 0.8
"""A guess at this confidence is not put to the editor as a question."""
_TEXT_OF = {"heading": "text", "relation": "target", "furniture": "text"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One guess and whether gold bears it out."""

    document: str
    guess: Guess
    right: bool


def _plain(text: str | None) -> str:
    words = " ".join(re.findall(r"\w+", (text or "").lower()))
    return re.sub(r"^(?:\d+ )*", "", words).removeprefix("the ").rstrip("s")


def is_right(guess: Guess, gold: dict[str, Any]) -> bool | None:
    """Whether gold bears a guess out; None where gold says nothing of such things."""
    what = guess.what
    if what in ("title", "deck"):
        return _plain(guess.value) == _plain(gold.get(what))
    if what == "count":
        return guess.value == str(gold.get("declared_count"))
    if what == "kind":
        tags = set(gold.get("tags", ())) & {"concept", "essay"}
        return (guess.value == "concept") == ("concept" in tags) if tags else None
    blocks = gold["blocks"]
    if what == "list":
        items = [item for block in blocks if block["type"] == "list" for item in block["items"]]
        return _plain(guess.value) in {_plain(i if isinstance(i, str) else i["text"]) for i in items}
    if what not in _TEXT_OF:
        return None
    kept = [b for b in blocks if what == b["type"] or what in b.get("alt", ())]
    return _plain(guess.value) in {_plain(block.get(_TEXT_OF[what])) for block in kept}


def judge(name: str, document: ParsedDocument, gold: dict[str, Any]) -> Iterator[Judged]:
    """Every guess of a document that gold can judge."""
    for guess in document.guesses:
        right = is_right(guess, gold)
        if right is not None:
            yield Judged(name, guess, right)


def judge_folder(documents: Path) -> Iterator[Judged]:
    """Every guess on the documents of a folder that holds their ``gold/``."""
    for path in sorted((documents / "gold").glob("*.json")):
        source = next((p for p in documents.iterdir() if p.is_file() and p.stem == path.stem), None)
        if source is not None:
            gold = json.loads(path.read_text("utf-8"))
            yield from judge(source.name, parse(source.read_bytes(), source.name), gold)


@dataclass(frozen=True, slots=True)
class Figures:
    """How many guesses there are, how many stand at `SURE` or above, and how many are right."""

    guesses: int
    sure: int
    sure_right: int
    wrong: int
    wrong_and_unsure: int

    @property
    def sure_share(self) -> float:
        """The share of sure guesses that are right; 1.0 when there are none."""
        return self.sure_right / self.sure if self.sure else 1.0

    @property
    def wrong_share(self) -> float:
        """The share of wrong guesses that were marked as unsure; 1.0 when there are none."""
        return self.wrong_and_unsure / self.wrong if self.wrong else 1.0


def figures(judged: Iterable[Judged]) -> Figures:
    """Sum up judged guesses."""
    every = list(judged)
    sure = [one for one in every if one.guess.confidence >= SURE]
    wrong = [one for one in every if not one.right]
    return Figures(
        len(every),
        len(sure),
        sum(one.right for one in sure),
        len(wrong),
        sum(one.guess.confidence < SURE for one in wrong),
    )


def print_table(judged: Iterable[Judged], *, verbose: bool = False) -> None:
    """Print the figures for each kind of guess and for all, and with ``verbose`` what was wrong."""
    by_kind: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_kind[one.guess.what].append(one)
    every = [one for kind in by_kind.values() for one in kind]
    print(f"  {'guesses':12} {'all':>6} {'>=0.8':>6} {'right':>6} {'share':>7} {'wrong':>6} {'below':>6}")
    for name, kind in [*sorted(by_kind.items()), ("all", every)]:
        sums = figures(kind)
        share = f"{sums.sure_share:7.3f}" if sums.sure else "      -"
        print(
            f"  {name:12} {sums.guesses:6} {sums.sure:6} {sums.sure_right:6} {share}"
            f" {sums.wrong:6} {sums.wrong_and_unsure:6}"
        )
    if verbose:
        for one in (one for one in every if not one.right):
            guess = one.guess
            print(f"    wrong at {guess.confidence:.2f}: {guess.what} {guess.value[:70]!r} in {one.document}")
