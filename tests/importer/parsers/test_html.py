"""Web pages: the article found, the furniture named, no word lost."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mindlab.importer.parsers.document import (
    Code,
    Furniture,
    Heading,
    Image,
    Lines,
    ListBlock,
    Paragraph,
    Quote,
    Table,
)
from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.html import MAX_TAGS, parse_html
from tests.importer.parsers.survival import all_text, shared_survival
from tests.shared import needs_shared, shared_path

DOCUMENTS = Path(__file__).parents[2] / "documents" / "html"


@pytest.fixture(scope="module")
def page():
    return parse_html((DOCUMENTS / "old-site-page.html").read_text("utf8"), "old-site-page.html")


def content(document):
    return [block for block in document.blocks if not isinstance(block, Furniture)]


def test_head_of_the_page(page):
    assert page.title == "Why We Yawn"
    assert page.title_lines == Lines(16, 16)
    assert page.deck == "Yawning is older than sleep medicine."
    assert page.authors == ("A. Writer",)
    assert page.dates == (("date", "2024-05-06T07:08:09+00:00"),)


def test_blocks_of_the_article(page):
    assert [type(block) for block in content(page)] == [
        Paragraph, Heading, ListBlock, Image, Quote, Table, Code, Paragraph,
    ]  # fmt: skip
    first, heading, items, image, quote, table, code, last = content(page)
    assert first.html == (
        'A yawn is a <b>deep</b> breath with the <a href="document:jaw.html">jaw</a> open, '
        "and it spreads<sup>1</sup>."
    )
    assert (heading.text, heading.level, heading.lines) == ("What spreads it", 2, Lines(21, 21))
    assert [(item.text, item.depth) for item in items.items] == [
        ("Seeing one", 0),
        ("in a friend", 1),
        ("Hearing one", 0),
    ]
    assert (image.source, image.alt, image.caption) == ("img/yawn.jpg", "A yawning cat", "A cat, yawning.")
    assert (quote.text, quote.attribution) == ("To yawn is to think aloud.", "Nobody")
    assert (table.rows, table.caption) == ((("Animal", "Seconds"), ("Cat", "2")), "Yawns")
    assert (code.text, code.language) == ('print("yawn")', "python")
    assert last.html == 'Click here or <a href="https://example.org/a?b=1&amp;c=2">there</a>.'


def test_furniture_is_named_and_scripts_are_left_out(page):
    furniture = {block.text: block.reason for block in page.blocks if isinstance(block, Furniture)}
    assert furniture["Home Topics"] == "navigation"
    assert furniture["Share this"] == "buttons for sharing"
    assert furniture["All rights reserved."] == "the foot of the old site"
    assert "We use cookies. Accept" in furniture
    assert "Latest Other pages of the site" in furniture
    assert [left.text for left in page.left_out] == ["javascript:steal()"]


def test_the_densest_part_is_the_article_when_nothing_marks_it():
    prose = "".join(f"<p>{f'A sentence of the article, number {number}. ' * 4}</p>" for number in range(6))
    links = "".join(f'<li><a href="/{number}">Link number {number}</a></li>' for number in range(40))
    document = parse_html(
        f"<div><ul>{links}</ul></div><div id=x><h1>T</h1>{prose}</div><div>Foot</div>", "p.html"
    )
    assert document.title == "T"
    assert len([block for block in content(document) if isinstance(block, Paragraph)]) == 6
    assert not any(isinstance(block, ListBlock) for block in content(document))


def test_long_prose_is_kept_whatever_its_element_is_called():
    prose = f"<div class='menu'>{'<p>Words of a long text. </p>' * 100}</div>"
    document = parse_html(f"<article><h1>T</h1>{prose}</article>", "p.html")
    assert len(content(document)) == 100


def test_title_from_the_head_when_the_article_has_none():
    document = parse_html("<title>Sleep — The Site</title><article><p>Words.</p></article>", "p.html")
    assert document.title == "Sleep"
    assert any(guess.what == "title" for guess in document.guesses)


def test_formulas_are_kept_as_tex():
    source = "<p>So <math><mi>a</mi><mo>=</mo><mn>2</mn><annotation>a=2</annotation></math>.</p>"
    document = parse_html(source, "p.html")
    assert content(document)[0].text == "So $a=2$."
    assert document.left_out[0].text == "a = 2"


@pytest.mark.parametrize("source", ["", "<html></html>", "<p>  </p>", "<!-- words -->"])
def test_a_page_without_words_is_refused(source):
    with pytest.raises(DocumentError):
        parse_html(source, "p.html")


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 5000 + "kept" + "</div>" * 5000,
        "<blockquote>" * 5000 + "kept",
        "<table><tr><td>" * 5000 + "kept",
        "<ul><li>" * 3000 + "kept",
        "<b>" * 5000 + "kept",
        "<p>x</p>" * MAX_TAGS + "<p>kept</p>",
        "<p>" + "x " * 2_000_000 + "kept",
    ],
    ids=["div", "blockquote", "table", "list", "b", "many", "long"],
)
def test_hostile_pages_come_through_with_their_words(source):
    assert "kept" in all_text(parse_html(source, "p.html"))


WORDS = ["alpha", "Beta", "gamma", "délta"]
NAMES = [
    "p",
    "div",
    "b",
    "i",
    "a",
    "li",
    "ul",
    "ol",
    "table",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "section",
    "nav",
    "br",
    "code",
    "sub",
]
TAGS = [
    *(f"<{name}>" for name in NAMES),
    *(f"</{name}>" for name in NAMES),
    '<a href="x.html">',
    "<div class=toc>",
]
PAGES = st.lists(st.sampled_from([*TAGS, *WORDS, *WORDS, " ", "\n", "&amp;", "&lt;"]), max_size=60).map(
    "".join
)


@example("<pre><pre>alpha")
@example("<pre>alpha<pre>beta</pre>gamma</pre>delta")
@given(PAGES)
def test_no_word_is_lost_whatever_the_tags(source):
    try:
        document = parse_html(source, "p.html")
    except DocumentError:
        assert not re.search(r"\w", re.sub(r"<[^>]*>", "", source).replace("&amp;", "").replace("&lt;", ""))
        return
    kept = all_text(document)
    assert {word for word in WORDS if kept.count(word) < source.count(word)} == set()
    count = source.count("\n") + 1
    assert all(1 <= block.lines.first <= block.lines.last <= count for block in document.blocks)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(source):
    try:
        parse_html(source, "p.html")
    except DocumentError:
        return


@needs_shared
def test_the_shared_pages_survive(tmp_path):
    assert shared_survival(shared_path(), ".html", parse_html, tmp_path) >= 0.999


PROSE = (
    "Yawning spreads from one person to the next, and from people to their dogs, which nobody has explained."
)


def test_paragraphs_beside_the_densest_part_belong_to_the_article():
    lead = f"<div><p>{PROSE} It begins before birth.</p><p>{PROSE} It ends late.</p></div>"
    core = f"<div>{f'<p>{PROSE} {PROSE}</p>' * 3}</div>"
    links = (
        '<div><a href="a.html">Why we sneeze, at length</a> <a href="b.html">Why we blink so much</a></div>'
    )
    html = f"<html><body><div id='wrap'>{lead}{core}{links}</div></body></html>"
    document = parse_html(html, "yawns.html")
    words = " ".join(block.text for block in content(document))
    assert "It begins before birth." in words
    assert "It ends late." in words
    assert "Why we sneeze" not in words
    assert any("Why we sneeze" in b.text for b in document.blocks if isinstance(b, Furniture))


def test_the_name_of_the_old_site_is_not_the_title():
    html = (
        "<html><head><title>Why We Yawn | The Drowsy Mind</title></head><body><article>"
        f"<h1>Sleep Desk</h1><h2>Where it starts</h2><p>{PROSE}</p><p>{PROSE}</p></article></body></html>"
    )
    document = parse_html(html, "x.html")
    assert document.title == "Why We Yawn"
    assert "Sleep Desk" in [block.text for block in content(document)]


def test_tables_keep_what_their_cells_mean():
    rows = (
        "<tr><th>Drug</th><th>Dose</th><th>N</th></tr>"
        '<tr><td rowspan="2">A</td><td>10<sup>-3</sup></td><td>H<sub>2</sub>O</td></tr>'
        '<tr><td>20</td><td><a href="https://doi.org/10.1/x">Roe</a><sup>a</sup></td></tr>'
    )
    document = parse_html(f"<article><h1>T</h1><p>{PROSE}</p><table>{rows}</table></article>", "t.html")
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert table.rows == (("Drug", "Dose", "N"), ("A", "10⁻³", "H₂O"), ("", "20", "Roe^a"))
    assert "https://doi.org/10.1/x" in [left.text for left in document.left_out]


def test_media_and_links_without_words_leave_their_addresses():
    html = (
        f"<article><h1>T</h1><p>{PROSE}</p><iframe src='https://video.example/embed/1'></iframe>"
        "<video src='talk.mp4'></video><p>See <a href='https://empty.example'></a>it.</p>"
        "<img srcset='one.png 1x, two.png 2x' alt='One'></article>"
    )
    document = parse_html(html, "t.html")
    left = [entry.text for entry in document.left_out]
    assert {"https://video.example/embed/1", "talk.mp4", "https://empty.example"} <= set(left)
    assert [block.source for block in document.blocks if isinstance(block, Image)] == ["one.png"]


def test_comments_of_a_page_are_left_out_by_their_lines():
    html = f"<article>\n<h1>T</h1>\n<!-- to do:\ncheck it -->\n<p>{PROSE}</p><!-- - --></article><!-- open"
    document = parse_html(html, "t.html")
    found = [
        (left.text, left.lines) for left in document.left_out if left.reason == "a comment in the source"
    ]
    assert found == [("to do: check it", Lines(3, 4))]
