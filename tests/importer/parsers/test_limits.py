"""What is no document is refused with a sentence, in no time, and nothing that is one is cut."""

import pytest

from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.limits import MAX_BYTES, MAX_LINES
from mindlab.importer.parsers.parse import parse


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"a\n" * (MAX_LINES + 1), "100,001 lines"), (b"a" * (MAX_BYTES + 1), "larger than 32 MB")],
    ids=["lines", "bytes"],
)
@pytest.mark.parametrize("name", ["x.txt", "x.md", "x.html"])
def test_what_is_too_large_is_refused(data, words, name):
    with pytest.raises(DocumentError, match=words):
        parse(data, name)


def test_blank_lines_are_free():
    document = parse(b"One line of words.\n" + b"\n" * (2 * MAX_LINES) + b"Another line.", "x.txt")
    assert [block.text for block in document.blocks] == ["One line of words.", "Another line."]


def test_more_different_words_than_a_search_index_takes_are_refused_and_a_long_text_is_not():
    with pytest.raises(DocumentError, match="different words"):
        parse(" ".join(f"w{number:x}" for number in range(100_000)).encode(), "x.txt")
    assert parse(b"the same few words again and again " * 30_000, "x.txt").blocks


def test_addresses_and_scripts_of_a_page_are_no_words_of_it():
    links = "".join(f'<i data-x="w{number:x}"></i>' for number in range(60_000))
    script = " ".join(f"v{number:x}" for number in range(100_000))
    article = f"<article><h1>T</h1><p>Words of it.</p>{links}</article>"
    page = f"<html><body>{article}<script>{script}</script></body></html>"
    assert parse(page.encode(), "x.html").title == "T"
