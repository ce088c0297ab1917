import json
import subprocess
import sys

import pytest

from mindlab.importer.parsers.document import Guess
from mindlab.importer.parsers.parse import parse
from mindlab.importer.parsers.tree import to_tree
from tests.shared import needs_shared, shared_path

pytestmark = needs_shared


@pytest.fixture
def score(tmp_path):
    """Parses a folder of shared documents, writes their trees and lets score.py judge them."""

    def run(folder):
        documents, out, figures = shared_path() / folder, tmp_path / "trees", tmp_path / "figures.json"
        out.mkdir()
        for path in documents.iterdir():
            if path.is_file() and path.suffix in {".txt", ".md"}:
                tree = to_tree(parse(path.read_bytes(), path.name))
                (out / f"{path.name}.json").write_text(json.dumps(tree), "utf-8")
        scorer = shared_path() / "corpus" / "score.py"
        command = [sys.executable, scorer, documents / "gold", out, "--json", figures]
        subprocess.run([str(part) for part in command], check=True, capture_output=True)
        return json.loads(figures.read_text("utf-8"))

    return run


def test_the_seeds_come_in_exactly(score):
    overall = score("seeds")["overall"]
    assert overall["docs"] == 2
    for figure in (
        "f1_macro",
        "f1_micro",
        "kept",
        "kept_worst",
        "moji",
        "nonascii",
        "title",
        "deck",
        "count",
    ):
        assert overall[figure] == 1.0, figure
    assert overall["invented"] == overall["leak"] == 0


def test_flattened_documents_keep_their_structure(score):
    figures = score("corpus/flat")
    overall = figures["overall"]
    assert overall["f1_macro"] >= 0.95
    assert min(document["f1"] for document in figures["documents"]) >= 0.85
    assert overall["by_type"]["heading"]["f1"] >= 0.90
    assert overall["by_type"]["relation"]["f1"] >= 0.95
    assert overall["kept_worst"] >= 0.999
    assert overall["moji"] >= 0.98
    assert overall["nonascii"] == overall["title"] == 1.0
    assert overall["leak"] <= 0.2


def test_an_article_that_lies_flattened_keeps_its_structure(score):
    assert score("corpus/natural")["overall"]["f1_macro"] >= 0.92


def test_the_sections_of_the_concept_seed():
    path = next((shared_path() / "seeds").glob("001*.txt"))
    document = parse(path.read_bytes(), path.name)
    spans = {g.value: (g.lines.first, g.lines.last) for g in document.guesses if g.what == "section"}
    assert spans == {
        "definition": (1, 1),
        "plain_words": (2, 4),
        "mechanism": (5, 64),
        "practice": (65, 113),
        "key_facts": (114, 127),
        "relations": (128, 155),
    }


def _is_right(guess: Guess, gold: dict) -> bool | None:
    """Whether gold bears a guess out; None where gold says nothing of such things."""
    if guess.what == "title":
        return guess.value.lower().rstrip("s") == (gold["title"] or "").lower().rstrip("s")
    if guess.what == "deck":
        return guess.value == gold["deck"]
    key = {"heading": "text", "relation": "target", "furniture": "text"}.get(guess.what)
    if key is None:
        return None
    return guess.value in {block[key] for block in gold["blocks"] if block["type"] == guess.what}


@pytest.mark.parametrize("folder", ["seeds", "corpus/flat", "corpus/natural"])
def test_sure_guesses_are_right(folder):
    judged = []
    for path in sorted((shared_path() / folder / "gold").glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        source = next(p for p in path.parent.parent.iterdir() if p.stem == path.stem)
        for guess in parse(source.read_bytes(), source.name).guesses:
            right = _is_right(guess, gold)
            if right is not None and guess.confidence >= 0.8:
                judged.append(right)
    assert judged
    assert sum(judged) / len(judged) >= 0.95
