"""The two documents the project began from: their trees score 1.000 and their drafts are their trees."""

import html
import json
import re
import subprocess
import sys

import pytest

from articles.models import TopicPage
from glossary.models import ConceptPage
from mindlab.importer.models import Provenance, SourceDocument
from tests.importer.helpers import line_of, run
from tests.shared import needs_shared, shared_path

pytestmark = [pytest.mark.django_db, needs_shared]

HUB, CONCEPT = "000_be181ec85dd8b353.txt", "001_7226313fa858474f.txt"


@pytest.fixture
def seeds(tmp_path):
    report = run(shared_path() / "seeds", tree_dir=tmp_path)
    return report, tmp_path


def words(rich_text):
    plain = re.sub(r"<br/>", "\n", rich_text)
    return html.unescape(re.sub(r"<[^>]+>", "", plain))


def units(stream):
    """What a stream of a page says, in the terms of the tree."""
    for block in stream.raw_data:
        value = block["value"]
        match block["type"]:
            case "heading":
                yield "heading", words(value["text"])
            case "text":
                yield "paragraph", words(value)
            case "list":
                yield (
                    "list",
                    [(words(item["value"]["text"]), int(item["value"]["depth"])) for item in value["items"]],
                )
            case "diagram":
                yield "mermaid", value["source"]
            case "fact":
                yield "fact", words(value)


def tree_units(blocks):
    for block in blocks:
        if block["type"] == "list":
            yield "list", [(item["text"], item["depth"]) for item in block["items"]]
        else:
            yield block["type"], block["text"]


def test_the_score_is_1000_everywhere(seeds):
    _report, trees = seeds
    score = shared_path() / "corpus" / "score.py"
    gold, figures = shared_path() / "seeds" / "gold", trees / "figures.out"
    subprocess.run([sys.executable, score, gold, trees, "--json", figures], check=True, capture_output=True)
    figures = json.loads(figures.read_text())
    total = figures.get("overall", figures)
    for name in ("f1_macro", "f1_micro", "kept", "moji", "nonascii", "title", "deck", "count"):
        assert total[name] == 1, name
    assert total["invented"] == 0
    assert total["leak"] == 0


def test_the_hub_is_its_tree_but_for_listed_substitutions(seeds):
    report, trees = seeds
    page, line = TopicPage.objects.get(), line_of(report, HUB)
    tree = json.loads((trees / f"{HUB}.json").read_text())
    assert (page.title, page.deck) == (tree["title"], tree["deck"])
    assert page.slug == page.topic.slug == "oxytocin"
    expected = list(tree_units(block for block in tree["blocks"] if block["type"] != "furniture"))
    assert ("heading", page.essay_title) == expected.pop(0)
    (change,) = line.substituted
    assert (change.before, change.lines.first) == ("34 Articles", 91)
    assert expected.count(("heading", "What the 34 Articles in This Section Explore")) == 1
    put_back = [
        (kind, text.replace("What the  in This Section", "What the 34 Articles in This Section"))
        for kind, text in units(page.body)
    ]
    assert put_back == expected
    assert [kind for kind, _ in expected].count("heading") == 8
    furniture = [block["text"] for block in tree["blocks"] if block["type"] == "furniture"]
    left = [entry.text for entry in line.left_out]
    assert left == ["34 articles", *furniture]
    assert all(entry.reason for entry in line.left_out)


def test_the_count_of_the_hub_is_live(seeds):
    page = TopicPage.objects.get()
    closing = [block["value"]["text"] for block in page.body.raw_data if block["type"] == "heading"][-1]
    assert closing == (
        f'What the <embed embedtype="live-count" topic="{page.topic_id}" none="" one="{{count}} Article" '
        'many="{count} Articles"/> in This Section Explore'
    )


def test_the_concept_is_its_tree(seeds):
    report, trees = seeds
    page = ConceptPage.objects.get()
    tree = json.loads((trees / f"{CONCEPT}.json").read_text())
    assert page.title == "Mirror neurons"
    by_section = {}
    for block in tree["blocks"]:
        by_section.setdefault(block["section"], []).append(block)
    assert words(page.definition) == by_section["definition"][0]["text"]
    assert page.plain_words.count("<p>") == len(by_section["plain_words"]) == 3
    for name in ("mechanism", "practice"):
        assert list(units(getattr(page, name))) == list(tree_units(by_section[name]))
    facts = [item["text"] for block in by_section["key_facts"] for item in block["items"]]
    assert [text for _, text in units(page.key_facts)] == facts
    assert len(facts) == 14
    relations = [(relation.term, words(relation.gloss)) for relation in page.relations.all()]
    assert relations == [(block["target"], block["text"]) for block in by_section["relations"]]
    assert len(relations) == 28
    assert not any(relation.kind or relation.direction for relation in page.relations.all())
    (repair,) = line_of(report, CONCEPT).repaired
    assert (repair.line, repair.before, repair.after) == (122, "ÎĽg/dL", "μg/dL")


def test_the_diagram_has_its_nodes_and_edges(seeds):
    page = ConceptPage.objects.get()
    (source,) = [block["value"]["source"] for block in page.mechanism.raw_data if block["type"] == "diagram"]
    assert len(set(re.findall(r"\b([A-O])\b(?=[\[{ ]|$)", source, re.MULTILINE))) == 15
    assert source.count("-->") == 15


def test_sections_hold_the_lines_the_design_names(seeds):
    document = SourceDocument.objects.get(reference=CONCEPT)
    spans = {}
    for passage in Provenance.objects.filter(document=document):
        first, last = spans.get(passage.field, (passage.first_line, passage.last_line))
        spans[passage.field] = min(first, passage.first_line), max(last, passage.last_line)
    assert spans == {
        "definition": (1, 1),
        "plain_words": (2, 4),
        "mechanism": (5, 64),
        "practice": (65, 113),
        "key_facts": (114, 127),
        "relations": (128, 155),
    }
    assert "ÎĽg/dL" in document.text.split("\n")[121]
