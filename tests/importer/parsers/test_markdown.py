"""Markdown to the document tree: what becomes what, and that no word goes missing."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindlab.importer.parsers.document import (
    Callout,
    Code,
    Heading,
    Image,
    Item,
    Lines,
    ListBlock,
    Mermaid,
    Paragraph,
    Quote,
    Relation,
    Table,
)
from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.markdown import parse_markdown
from tests.importer.parsers.survival import all_text, all_words, shared_survival, words
from tests.shared import needs_shared, shared_path

DOCUMENTS = Path(__file__).parents[2] / "documents" / "markdown"


def blocks_of(text, kind=None):
    return [
        block for block in parse_markdown(text, "note.md").blocks if kind is None or isinstance(block, kind)
    ]


@pytest.fixture(scope="module")
def note():
    return parse_markdown((DOCUMENTS / "vault-note.md").read_text("utf8"), "vault/vault-note.md")


def test_front_matter_sets_what_it_may_and_the_rest_is_left_out(note):
    assert note.title == "Place Cell"
    assert note.aliases == ("place cells", "place field cell")
    assert note.tags == ("hippocampus", "navigation")
    assert note.authors == ("A. Writer",)
    assert note.dates == (("date", "2025-03-04"),)
    left = {entry.text: entry for entry in note.left_out}
    assert "may not set" in left["slug: /secret/place"].reason
    assert left["slug: /secret/place"].lines == Lines(9, 9)
    assert "live: True" in left
    assert "rating: 5" in left


def test_title_and_deck_leave_the_blocks_and_keep_their_lines(note):
    assert note.title_lines == Lines(14, 14)
    assert note.deck == "A neuron that fires in one part of a room."
    assert note.deck_lines == Lines(16, 16)
    assert not any(isinstance(block, Quote) for block in note.blocks)


def test_a_note_with_definition_and_relations_is_a_concept_with_sections(note):
    assert note.kind == "concept"
    assert [block.section for block in note.blocks if isinstance(block, Heading)] == [
        "plain_words",
        "mechanism",
        "key_facts",
        "relations",
    ]
    assert note.blocks[0].section == "definition"
    assert next(block for block in note.blocks if isinstance(block, Mermaid)).section == "mechanism"


def test_relations_are_read_from_all_three_forms(note):
    relations = [block for block in note.blocks if isinstance(block, Relation)]
    assert [(relation.target, relation.text) for relation in relations] == [
        ("Grid cell", "tiles the same room with a lattice."),
        ("Head direction cell", "tells which way the animal faces."),
        ("Theta rhythm", "times the firing."),
        ("Remapping", ""),
    ]
    assert relations[0].lines == Lines(54, 54)


def test_links_to_documents_are_kept_as_written(note):
    assert [(link.reference, link.text) for link in note.links][:2] == [
        ("hippocampus", "hippocampal formation"),
        ("../maps/room.md#lamps", "the map"),
    ]
    assert '<a href="document:hippocampus">hippocampal formation</a>' in note.blocks[0].html
    assert "ask whether this is too plain" in [entry.text for entry in note.left_out]


def test_blocks_of_the_note(note):
    by_type = {type(block): block for block in note.blocks}
    assert by_type[Mermaid].text == "graph TD\nA[Room] --> B[Lamp]"
    callout = by_type[Callout]
    assert (callout.variant, callout.title) == ("warning", "Remapping")
    assert callout.text == "A changed room changes the map.\n• Rate remapping\n• Global remapping"
    assert callout.lines == Lines(34, 38)
    assert by_type[Table].rows == (("Region", "Share"), ("CA1", "40 %"))
    image = by_type[Image]
    assert (image.source, image.alt, image.caption) == ("images/rat.png", "A rat in a box", "The box")
    facts = next(
        block for block in note.blocks if isinstance(block, ListBlock) and block.section == "key_facts"
    )
    assert facts.ordered
    assert [(item.text, item.number) for item in facts.items] == [
        ("Found in 1971", 1),
        ("Seen in rats\nand in people", 2),
    ]
    assert any("$\\theta_1 * \\theta_2$ and on H2O." in getattr(block, "text", "") for block in note.blocks)


def test_footnotes_keep_their_words_at_the_end(note):
    last = note.blocks[-1]
    assert last.items[0].text == "[1] First described by O'Keefe and Dostrovsky."
    assert "<sup>[1]</sup>" in note.blocks[0].html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**b** *i* `c<d` ~~s~~", "<b>b</b> <i>i</i> <code>c&lt;d</code> <s>s</s>"),
        ("a<br>b  \nc", "a<br>b<br>c"),
        ("<u>u</u> <span onclick='x()'>s</span>", "u s"),
        ("[x](javascript:alert(1))", "x"),
        ("[x](<java\tscript:alert(1)>)", "x"),
        ("[x](data:text/html;base64,aaaa)", "x"),
        ("[x](file:///etc/passwd)", "x"),
        ('<a href="jAvAsCrIpT:alert(1)">x</a>', "x"),
        ('<a href="java&#10;script:alert(1)">x</a>', "x"),
        (
            '<a href="https://a.example/?a=1&b=2" onclick="y()">x</a>',
            '<a href="https://a.example/?a=1&amp;b=2">x</a>',
        ),
        ("<https://a.example/>", '<a href="https://a.example/">https://a.example/</a>'),
        ("[x](mailto:a@b.example)", '<a href="mailto:a@b.example">x</a>'),
        ("[x](a%20b.md)", '<a href="document:a b.md">x</a>'),
        ('[x](<a"b.md>)', '<a href="document:a&quot;b.md">x</a>'),
        ("[x](#there)", "x"),
        ("<b>open *and <i>crossed</b>* over", "<b>open <i>and <i>crossed</i></i></b> over"),
        ("&lt;script&gt; &amp; <", "&lt;script&gt; &amp; &lt;"),
        ("[[a b#c]]", '<a href="document:a b#c">a b &gt; c</a>'),
        ("[[dir/Note]]", '<a href="document:dir/Note">Note</a>'),
        ("![[Other note]]", '<a href="document:Other note">Other note</a>'),
        ("#tag stays", "#tag stays"),
        ("$a_b$ and $c_d$", "$a_b$ and $c_d$"),
    ],
)
def test_inline_html(source, html):
    assert blocks_of("start " + source)[0].html == "start " + html


def test_addresses_that_are_dropped_are_accounted_for():
    document = parse_markdown("see [x](javascript:alert(1)) now", "n.md")
    assert [(left.text, left.reason) for left in document.left_out] == [
        ("javascript:alert(1)", "an address of a kind that is not kept")
    ]


def test_scripts_are_left_out_and_their_neighbours_kept():
    document = parse_markdown("a <script>alert(1)</script> b\n\n<script>\nmore()\n</script>\n\nc", "n.md")
    assert [block.text for block in document.blocks] == ["a b", "c"]
    assert [left.text for left in document.left_out] == ["alert(1)", "more()"]


def test_a_list_that_code_interrupts_goes_on_counting():
    first, code, second = blocks_of("1. one\n   ```py\n   x = 1\n   ```\n2. two")
    assert isinstance(code, Code)
    assert (code.language, code.text) == ("py", "x = 1")
    assert (first.items[0].number, second.items[0].number) == (1, 2)


def test_nested_lists_keep_depth_and_lines():
    (block,) = blocks_of("- a\n  - b\n    - c\n- d")
    assert block.items == (
        Item("a", Lines(1, 1), 0, "a"),
        Item("b", Lines(2, 2), 1, "b"),
        Item("c", Lines(3, 3), 2, "c"),
        Item("d", Lines(4, 4), 0, "d"),
    )


def test_raw_html_becomes_blocks():
    text = "<div>\n  <p>One <em>two</em></p>\n  <ul><li>three</li></ul>\n</div>\n\nfour"
    kinds = [(type(block), getattr(block, "text", None), block.lines) for block in blocks_of(text)]
    assert kinds == [
        (Paragraph, "One two", Lines(2, 2)),
        (ListBlock, None, Lines(3, 3)),
        (Paragraph, "four", Lines(6, 6)),
    ]


def test_attribute_lists_and_markdown_tags_of_kramdown_go_to_the_report():
    document = parse_markdown('<div class="x" markdown="1">\n* **a**{: .term}\n\n</div>\n\nb', "n.md")
    assert [type(block) for block in document.blocks] == [ListBlock, Paragraph]
    assert [left.text for left in document.left_out] == ["{: .term}"]


def test_quote_with_attribution():
    (quote,) = blocks_of("> Words that count.\n>\n> — A. Writer")
    assert (quote.text, quote.attribution) == ("Words that count.", "A. Writer")


@pytest.mark.parametrize(
    ("text", "title", "kind"),
    [
        ("# A Title\n\n*A deck of some length.*\n\n34 articles\n\nText.", "A Title", "topic"),
        ("Just text.", "My note", "article"),
        ("## Opening\n\ntext", "Opening", "article"),
        ("---\nkind: topic\n---\ntext", "My note", "topic"),
        ("# T\n\nA t is a thing.\n\n## See also\n\n- [[a]] — b\n- [[c]] — d", "T", "concept"),
    ],
)
def test_title_and_kind(text, title, kind):
    document = parse_markdown(text, "folder/my_note.md")
    assert (document.title, document.kind) == (title, kind)
    hinted = "kind:" in text
    assert hinted or any(guess.what == "kind" for guess in document.guesses)


def test_count_and_deck_of_a_hub():
    document = parse_markdown("# Sleep\n\n*What the night is for.*\n\n34 articles\n\nText.", "n.md")
    assert document.declared_count.value == 34
    assert document.deck == "What the night is for."
    assert [block.text for block in document.blocks] == ["Text."]


def test_the_kind_asked_for_wins():
    assert parse_markdown("A t is a thing.", "t.md", "concept").blocks[0].section == "definition"


@pytest.mark.parametrize("text", ["<div><!--kept> ", "<div\nkept", "<p>a</p <b>kept", "<table><tr><td>kept"])
def test_broken_raw_html_keeps_its_words(text):
    assert "kept" in all_text(parse_markdown(text, "n.md"))


@pytest.mark.parametrize("text", ["", "  \n\n "])
def test_nothing_is_an_error(text):
    with pytest.raises(DocumentError):
        parse_markdown(text, "n.md")


HOSTILE = {
    "quotes": "> " * 5000 + "kept",
    "markers": "1. " * 5000 + "kept",
    "lists": "\n".join("  " * depth + f"- w{depth}" for depth in range(1500)),
    "emphasis": "*" * 5000 + "kept" + "*" * 5000,
    "brackets": "[" * 5000 + "kept" + "](y)" * 5000,
    "elements": "<div>" * 5000 + "kept" + "</div>" * 5000,
    "open comments": "<!--" * 5000 + "\n\nkept",
    "one line": "kept " * 1_000_000,
    "headings": "\n\n".join(f"## Heading {number}" for number in range(10_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_comes_through_with_its_words(name):
    text = HOSTILE[name]
    prose = re.sub(r"<[^>]*>|\(y\)|1\. ", " ", text)
    assert not words(prose) - all_words(parse_markdown(text, "n.md"))


def test_cells_over_the_width_of_a_table_and_pipes_in_code_are_kept():
    text = (
        "| a | b |\n|---|---|\n| [[x\\|y]] | `c|d` |\n| one | two | three `p|q` | four |\n"
        "> | s | t |\n> |---|---|\n> | u | v | w |\n"
    )
    first, second = [block for block in parse_markdown(text, "n.md").blocks if isinstance(block, Table)]
    assert first.rows == (("a", "b"), ("y", "c|d"), ("one", "two", "three p|q", "four"))
    assert second.rows == (("s", "t"), ("u", "v", "w"))


def test_cells_keep_exponents_and_say_where_their_links_led():
    text = "| n | by |\n|---|---|\n| 10<sup>6</sup> | [Roe](https://doi.org/10.1/x) |\n"
    document = parse_markdown(text, "n.md")
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert table.rows[1] == ("10⁶", "Roe")
    assert [left.text for left in document.left_out] == ["https://doi.org/10.1/x"]


def test_addresses_behind_images_and_nothing_are_kept_in_the_report():
    document = parse_markdown("A [![a](b.png)](https://led.example) and [](https://empty.example) b.", "n.md")
    assert {"https://led.example", "https://empty.example"} == {left.text for left in document.left_out}


def test_highlights_are_bold_and_comparisons_are_not():
    (block,) = parse_markdown("It is ==very *loud*== when a == b or c==d.", "n.md").blocks
    assert block.html == "It is <b>very <i>loud</i></b> when a == b or c==d."


def test_lines_of_tags_become_topics_and_say_so():
    document = parse_markdown(
        "---\ntags: [sleep]\n---\n# Spindle\n\nA burst #within a line.\n\n#sleep #eeg/rhythm\n", "n.md"
    )
    assert document.tags == ("sleep", "eeg/rhythm")
    assert [block.text for block in document.blocks] == ["A burst #within a line."]
    assert [left.text for left in document.left_out] == ["#sleep #eeg/rhythm"]


def test_addresses_of_blocks_and_template_tags_are_left_out_with_a_reason():
    text = "# A\n\nWords of it. ^a1b2c3\n\nx ^2\n\n{% include figure.html %}\n\nMore.\n"
    document = parse_markdown(text, "n.md")
    assert [block.text for block in document.blocks] == ["Words of it.", "x ^2", "More."]
    assert [left.text for left in document.left_out] == ["^a1b2c3", "{% include figure.html %}"]


def test_a_footnote_written_where_it_belongs_has_a_number_of_its_own():
    text = "One^[written here] and two[^1].\n\n[^1]: a <li>listed</li> note\n"
    paragraph, notes = parse_markdown(text, "n.md").blocks
    assert paragraph.text == "One[2] and two[1]."
    assert [item.text for item in notes.items] == ["[1] a listed note", "[2] written here"]


WORDS = ["alpha", "Beta", "gamma", "delta", "épsilon"]
BLOCK_MARKS = [
    "# ",
    "## ",
    "- ",
    "  - ",
    "1. ",
    "> ",
    "    ",
    "\t",
    "```\n",
    "~~~\n",
    "```mermaid\n",
    "$$\n",
    "---\n",
]
TABLE_MARKS = [
    "|",
    "|---|---|\n",
    "===\n",
    "[^1]: ",
    "[!note] ",
    "+++\n",
    "{: .x}",
    "{{< ",
    " >}}",
    "%%",
    "<!--",
    "-->",
    "| a | b |\n|---|---|\n",
    "{% ",
    " %}",
    " ^block-id\n",
    "#tag ",
]
INLINE_MARKS = [
    "%%",
    "<!--",
    "-->",
    *"*_`$[]()<>&\\:{}",
    "**",
    "$$",
    "[[",
    "]]",
    "![[",
    "![",
    "[^1]",
    "^[",
    "~~",
    "==",
    " — ",
]
TAGS = ["<b>", "</b>", "<div>", "</div>", "<p>", "<li>", "<br>", "<table>", "<td>"]
SPACE = ["\n", "\n\n", " ", "  \n", "\r\n", "\x00"]
PIECES = [*BLOCK_MARKS, *TABLE_MARKS, *INLINE_MARKS, *TAGS, *SPACE, *WORDS, *WORDS, "12"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(TEXTS)
def test_no_word_is_lost_whatever_the_marks(text):
    try:
        document = parse_markdown(text, "n.md")
    except DocumentError:
        assert not text.strip()
        return
    outside_tags = re.sub(r"</?[a-zA-Z][^<>]*>", " ", text)
    kept = all_text(document)
    assert {word for word in WORDS if kept.count(word) < outside_tags.count(word)} == set()


@given(TEXTS)
def test_lines_lie_within_the_text_and_html_says_what_text_says(text):
    try:
        document = parse_markdown(text, "n.md")
    except DocumentError:
        return
    count = text.replace("\r\n", "\n").count("\n") + 1
    for block in document.blocks:
        assert 1 <= block.lines.first <= block.lines.last <= count
        markup = getattr(block, "html", "")
        assert not re.search(r"<(?!/?(?:a|b|i|code|sub|sup|br|s)[ >])", markup)
        if markup and isinstance(block, (Paragraph, Heading)):
            plain = (
                re.sub(r"<[^>]*>", " ", markup)
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
            )
            assert re.sub(r"\s", "", plain) == re.sub(r"\s", "", block.text)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    try:
        parse_markdown(text, text[:20])
    except DocumentError:
        assert not text.strip()


@needs_shared
def test_prose_of_the_shared_documents_survives(tmp_path):
    assert shared_survival(shared_path(), ".md", parse_markdown, tmp_path) >= 0.999
