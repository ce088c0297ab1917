"""Documents flattened in many ways come back as what they were made from (see `flattening`)."""

import re
import runpy
from collections import Counter
from pathlib import Path

import pytest

from mindlab.importer.parsers.document import Furniture
from mindlab.importer.parsers.parse import parse
from mindlab.importer.parsers.tree import to_tree
from tests.importer.parsers import flattening
from tests.importer.parsers.survival import all_text

CALIBRATION = runpy.run_path(str(Path(__file__).resolve().parents[3] / "bench" / "calibration.py"))
NUMBER = 120


@pytest.fixture(scope="module", params=["essay", "concept"])
def parsed(request):
    make = getattr(flattening, request.param)
    documents = [make(seed) for seed in range(NUMBER)]
    return [(made, parse(made.text.encode(), made.name)) for made in documents]


def test_structure_comes_back(parsed):
    scores = [flattening.f1(made.units, flattening.units(to_tree(document))) for made, document in parsed]
    assert sum(scores) / len(scores) >= 0.98
    assert min(scores) >= 0.85


@pytest.mark.parametrize("kind", ["heading", "relation", "mermaid"])
def test_each_kind_of_block_comes_back(parsed, kind):
    expected = got = right = 0
    for made, document in parsed:
        found = flattening.units(to_tree(document))
        pairs = flattening.matched(made.units, found)
        expected += sum(unit[0] == kind for unit in made.units)
        got += sum(unit[0] == kind for unit in found)
        right += sum(made.units[i][0] == kind for i, _ in pairs)
    assert 2 * right >= (1.0 if kind == "mermaid" else 0.97) * (expected + got)


def test_title_deck_and_count_come_back(parsed):
    for told in ("title", "deck"):
        wanted = [(getattr(made, told), getattr(document, told)) for made, document in parsed]
        assert sum(one == other for one, other in wanted) / len(wanted) >= 0.97, told
    counts = [(made.count, document.declared_count) for made, document in parsed]
    assert all(number == (count.value if count else None) for number, count in counts)


def test_furniture_is_found_and_nothing_else(parsed):
    found = expected = 0
    for made, document in parsed:
        lines = [block.text for block in document.blocks if isinstance(block, Furniture)]
        assert set(lines) <= set(made.furniture)
        found, expected = found + len(lines), expected + len(made.furniture)
    assert found >= 0.9 * expected


def test_no_word_is_lost(parsed):
    for _, document in parsed:
        words = Counter(re.findall(r"\w{2,}", document.text.lower()))
        assert not words - Counter(re.findall(r"\w{2,}", all_text(document).lower()))


def test_confidence_means_something(parsed):
    judged = [
        one for made, document in parsed for one in CALIBRATION["judge"](made.name, document, made.gold())
    ]
    figures = CALIBRATION["figures"](judged)
    assert figures.sure > 500
    assert figures.sure_share >= 0.95
    assert figures.wrong_share >= 0.8 or figures.wrong <= 3
