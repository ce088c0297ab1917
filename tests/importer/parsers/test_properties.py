import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mindlab.importer.parsers import document as document_module
from mindlab.importer.parsers.document import Furniture, ListBlock, Relation
from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.flattened.concept import parse_flattened_concept
from mindlab.importer.parsers.flattened.topic import parse_flattened_topic
from mindlab.importer.parsers.parse import parse
from mindlab.importer.parsers.recognise import recognise
from mindlab.importer.parsers.tree import to_tree

PACKAGE = Path(document_module.__file__).parent
LINES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "",
            "-",
            "*",
            "---",
            "Label Words:",
            "It says the following:",
            "- an item with words",
            "• term — gloss of the term",
            "  - nested item",
            "   goes on here",
            "1. first",
            "2. second",
            "34 articles",
            "A Heading of Words",
            "Latest Articles",
            "Subscribe to our newsletter",
            "graph TD",
            "A --> B",
            "```mermaid",
            "```",
            "Home > Topics",
            "— Attribution",
            "Figure 1 of something",
            "Imagine a neuron is a cell that listens to thousands of others and speaks to thousands more.",
            "this line of wrapped prose goes on below without any full stop at all and",
        ]
    ),
)
TEXTS = st.lists(LINES, max_size=30).map("\n".join)


def words(text):
    return Counter(re.findall(r"\w+", text))


def accounted(document):
    """Every word that has a place: title, deck, count, blocks, furniture, what was left out."""
    parts = [document.deck or ""]
    if document.title_lines is not None:
        parts.append(document.title or "")
    if document.declared_count is not None:
        parts.append(document.text.split("\n")[document.declared_count.lines.first - 1])
    for block in document.blocks:
        if isinstance(block, ListBlock):
            parts += [item.text for item in block.items]
            parts += [str(number) for number in range(1, len(block.items) + 1) if block.ordered]
        elif isinstance(block, Relation):
            parts += [block.target, block.text]
        else:
            parts.append(block.text)
            parts.append(getattr(block, "language", ""))
    parts += [left.text for left in document.left_out]
    return words("\n".join(parts))


@given(TEXTS, st.sampled_from([parse_flattened_topic, parse_flattened_concept]))
def test_no_word_is_lost(text, parser):
    text = re.sub("[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", text)
    document = parser(text, "x.txt")
    missing = words(text) - accounted(document)
    assert set(missing) <= {"mermaid"}, missing


@given(TEXTS)
def test_lines_of_blocks_are_in_order_and_in_the_source(text):
    document = parse_flattened_concept(text, "x.txt")
    last = 0
    for block in document.blocks:
        assert last < block.lines.first <= block.lines.last <= text.count("\n") + 1
        last = block.lines.last


@given(st.one_of(st.binary(max_size=200), TEXTS.map(lambda t: t.encode("utf-8", "ignore"))))
def test_any_bytes_give_a_document_or_one_sentence(data):
    document = None
    message = "?"
    try:
        document = parse(data, "x.txt")
    except DocumentError as error:
        message = error.message
    if document is None:
        assert message
        assert "\n" not in message
        return
    assert to_tree(document)["kind"] in {"topic", "article", "concept"}
    assert all(0 <= guess.confidence <= 1 and guess.reason for guess in document.guesses)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", document.text)


@given(st.text(max_size=200), st.text(max_size=20))
def test_recognition_never_raises(text, name):
    assert recognise(text, name).reason


def test_ten_thousand_headings_and_one_long_line():
    prose = "A neuron is a cell that listens to thousands of others and speaks to thousands more."
    headings = "\n\n".join(f"Heading Number {n}\n\n{prose}" for n in range(10_000))
    assert len(parse(headings.encode(), "x.txt").blocks) >= 19_999
    line = ("x" * 99 + " ") * 50_000
    (block,) = parse(line.encode(), "x.txt").blocks
    assert block.text == line.strip()


def test_furniture_is_never_content():
    document = parse_flattened_topic(
        "Sleep\n\nText is here. And more.\n\n\n\n\nLatest Articles\n\nThe Letter", "x.txt"
    )
    assert [b.text for b in document.blocks if isinstance(b, Furniture)] == ["Latest Articles", "The Letter"]


def test_parsers_load_neither_django_nor_wagtail():
    names = sorted(f"mindlab.importer.parsers.{path.stem}" for path in PACKAGE.glob("[!_]*.py"))
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('django', 'wagtail')))"
    )
    root = PACKAGE.parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert "mindlab.importer.parsers.parse" in names
    assert done.stdout.strip() == "[]"
