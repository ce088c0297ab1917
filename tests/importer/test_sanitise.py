"""What of foreign HTML is left before it is stored."""

import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from mindlab.core.digests import rich_text
from mindlab.core.rich_text import GLOSS, HEADING, INLINE, PROSE
from mindlab.importer import sanitise


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<b>a</b> <i>b</i> <s>c</s>", "<b>a</b> <i>b</i> <s>c</s>"),
        ("<strong>a</strong><em>b</em>", "<b>a</b><i>b</i>"),
        ("<script>alert(1)</script>x", "x"),
        ("<svg onload=x><b>y</b></svg>", "<b>y</b>"),
        (
            '<a href="https://example.org/?a=1&amp;b=2" onclick="x" target="_blank">l</a>',
            '<a href="https://example.org/?a=1&amp;b=2">l</a>',
        ),
        ('<a href="javascript:alert(1)">l</a>', "l"),
        ('<a href="JAVASCRIPT:alert(1)">l</a>', "l"),
        ('<a href="data:text/html,x">l</a>', "l"),
        ('<a href="//evil.example/">l</a>', "l"),
        ('<a href="/admin/">l</a>', "l"),
        ('<a linktype="page" id="3">l</a>', "l"),
        ('<a linktype="page" id="3" href="document:known">l</a>', '<a linktype="page" id="9">l</a>'),
        ('<a href="document:unknown">l</a>', "l"),
        ('<embed embedtype="live-count" topic="1"/>x', "x"),
        ("a\x00b\x07c\ud800d", "abcd"),
        ("a<br>b<!-- c -->", "a<br/>b"),
        ("1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3"),
    ],
)
def test_prose(given, kept):
    resolve = {"known": 9}.get
    assert sanitise.inline(given, PROSE, resolve) == kept


@pytest.mark.parametrize(
    ("features", "kept"),
    [
        (HEADING, "b<i>i</i>ca"),
        (GLOSS, '<b>b</b><i>i</i>c<a href="https://x.example/">a</a>'),
        (INLINE, '<b>b</b><i>i</i><code>c</code><a href="https://x.example/">a</a>'),
    ],
)
def test_each_set_of_features_keeps_its_own(features, kept):
    given = '<b>b</b><i>i</i><code>c</code><a href="https://x.example/">a</a>'
    assert sanitise.inline(given, features) == kept


@pytest.mark.parametrize(
    "html",
    [
        "a <b>b</b> <i>c</i> d",
        '<a href="https://example.org/?a=1&amp;b=2">l</a> and <code>x &lt; y</code>',
        "H<sub>2</sub>O, 10<sup>−3</sup> “quotes” — dash &amp; “more”",
        "one<br/>two",
        "<b>bold <i>both</i></b>",
    ],
)
def test_the_editor_stores_the_same_again(html):
    """So that opening and saving a draft is no edit."""
    stored = sanitise.paragraph(html, PROSE)
    converter = ContentstateConverter(PROSE)
    again = converter.to_database_format(converter.from_database_format(stored))
    assert rich_text(again) == stored


def test_diagrams_lose_interactions_and_settings():
    source, removed = sanitise.diagram(
        '%%{init: {"x": 1}}%%\ngraph TD\nA --> B\n  click A "javascript:x"\nclick --> B'
    )
    assert source == "graph TD\nA --> B\nclick --> B"
    assert removed == ('%%{init: {"x": 1}}%%', 'click A "javascript:x"')


def test_interactions_go_wherever_they_stand_in_a_diagram():
    harm = """click B "javascript:alert('-->')\""""
    source = f'graph TD; A-->B; click A "javascript:alert(1)"\n{harm}\nA["x; y"]; B-->C'
    kept, removed = sanitise.diagram(source)
    assert kept == 'graph TD; A-->B\nA["x; y"]; B-->C'
    assert removed == ('click A "javascript:alert(1)"', harm)


def test_a_node_may_be_called_link():
    assert sanitise.diagram("graph TD\nlink --> click\nclick & A --> B") == (
        "graph TD\nlink --> click\nclick & A --> B",
        (),
    )
