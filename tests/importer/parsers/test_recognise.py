import time

import pytest

from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.parse import parse
from mindlab.importer.parsers.recognise import recognise

PROSE = "A neuron is a cell that listens to thousands of others and speaks to thousands more, day and night."
HUB = f"Sleep\n\nA deck.\n\n3 articles\n\n{PROSE}\n\nThe Parts\n\n{PROSE}\n"
ESSAY = f"Sleep\n\n{PROSE}\n\nThe Parts\n\n{PROSE}\n"
CONCEPT = (
    "The axon is a process of a neuron that carries signals.\n"
    "Parts:\n- hillock\n- terminal\n- synapse — a gap\n"
)


@pytest.mark.parametrize("name", ["a.txt", "concept.txt", "topic.text", "noending"])
@pytest.mark.parametrize(("text", "form"), [(HUB, "topic"), (ESSAY, "article"), (CONCEPT, "concept")])
def test_flattened_kinds_are_told_by_form(text, form, name):
    found = recognise(text, name)
    assert found.form == form
    assert found.reason
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("# Sleep\n\nText.\n\n## Parts\n", "a.txt", "markdown"),
        ("---\ntitle: Sleep\n---\nText.", "a.txt", "markdown"),
        (ESSAY, "a.md", "markdown"),
        ("<!DOCTYPE html><html><p>Hi</p></html>", "a.txt", "html"),
        ("anything", "a.html", "html"),
        ('{"title": "x"}', "a.txt", "unknown"),
        ("a,b\n1,2", "a.csv", "unknown"),
        ("<?xml version='1.0'?><rss/>", "a.txt", "unknown"),
    ],
)
def test_formats_with_marks_of_their_own(text, name, form):
    assert recognise(text, name).form == form


def test_what_is_no_known_format_is_refused():
    for data, name in [(b"a,b\n1,2", "a.csv"), (b'{"title": "x"}', "a.txt")]:
        with pytest.raises(DocumentError, match="not a known format"):
            parse(data, name)
    with pytest.raises(DocumentError, match="damaged"):
        parse(b"PK\x03\x04", "a.docx")


def test_web_pages_and_kinds_set_by_the_caller_reach_their_parsers():
    page = parse(b"<html><h1>Sleep</h1><p>Sleep is a state.</p></html>", "a.html", "concept")
    assert (page.title, page.kind, page.blocks[0].section) == ("Sleep", "concept", "definition")


def test_the_kind_can_be_set():
    assert parse(ESSAY.encode(), "a.txt").kind == "article"
    assert parse(ESSAY.encode(), "a.txt", "topic").kind == "topic"
    assert parse(CONCEPT.encode(), "a.txt", "article").kind == "article"


def test_the_kind_is_a_guess_unless_it_was_set():
    assert "kind" in [g.what for g in parse(HUB.encode(), "a.txt").guesses]
    assert "kind" not in [g.what for g in parse(HUB.encode(), "a.txt", "topic").guesses]


def test_comments_before_a_page_take_no_time():
    assert recognise("<!-- a -->\n" * 3 + "<!DOCTYPE html>", "x").form == "html"
    start = time.perf_counter()
    recognise("<!-- a -->\n+++\n" * 2000, "x")
    assert time.perf_counter() - start < 2
