import pytest

from mindlab.reading.pages import Note, Reading, _numbered, read
from mindlab.reading.references import Target
from mindlab.reading.templatetags.site_tags import inline, prose

TARGETS = {7: Target("/glossary/amygdala/", "Amygdala", "A nucleus.")}


def note(words):
    return Note(words, None, "tests/note.html")


@pytest.fixture
def plain_notes(settings, tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "note.html").write_text("[{{ note.number }}]\n")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]


@pytest.mark.parametrize(
    ("html", "words", "shown"),
    [
        ("<p>It fires fast.</p>", "fires fast", "<p>It fires fast.[1]</p>"),
        ("<p>It <b>fires</b> fast.</p>", "It fires fast", "<p>It <b>fires</b> fast.[1]</p>"),
        ("<p>Less <b>than 5 %</b>, ever</p>", "than 5 %", "<p>Less <b>than 5 %</b>,[1] ever</p>"),
        ("<p>A &lt; B &amp; C.</p>", "A < B & C", "<p>A &lt; B &amp; C.[1]</p>"),
        (
            '<p>See <a href="/x/">the long study</a>.</p>',
            "the long",
            '<p>See <a href="/x/">the long study</a>.[1]</p>',
        ),
        ("<p>Nothing of it.</p>", "absent", "<p>Nothing of it.</p>"),
    ],
)
def test_a_note_stands_after_the_words_it_is_about(html, words, shown, plain_notes):
    notes = _numbered([note(words)], [html])
    assert Reading(notes=notes).html(html) == shown


def test_a_note_is_placed_once_though_the_words_return(plain_notes):
    reading = Reading(notes=_numbered([note("again")], ["<p>again</p>"]))
    assert reading.html("<p>again</p>") == "<p>again[1]</p>"
    assert reading.html("<p>again</p>") == "<p>again</p>"


def test_notes_are_numbered_as_their_words_appear():
    found = _numbered([note("second"), note("nowhere"), note("first")], ["<p>first</p>", "<p>the second</p>"])
    assert [(each.words, each.number) for each in found] == [("first", 1), ("second", 2), ("nowhere", 3)]


def test_the_first_link_to_a_term_brings_its_definition():
    reading = Reading(targets=TARGETS)
    link = '<a id="7" linktype="page">amygdala</a>'
    assert "A nucleus." in reading.html(link)
    assert reading.html(link) == '<a href="/glossary/amygdala/">amygdala</a>'


def test_a_link_to_nothing_public_leaves_its_words():
    assert Reading().html('<p><a linktype="page" id="9">words</a></p>') == "<p>words</p>"


def test_a_page_does_not_define_itself():
    html = Reading(targets=TARGETS, own_pk=7).html('<a linktype="page" id="7">amygdala</a>')
    assert html == '<a href="/glossary/amygdala/">amygdala</a>'


def test_prose_outside_a_page_and_inline_without_paragraphs():
    assert prose({}, "<p>a</p>") == "<p>a</p>"
    assert inline({}, "<p>a</p><p>b</p>") == "a b"
    assert inline({}, "plain") == "plain"


def test_reading_asks_for_nothing_a_page_does_not_hold(db, django_assert_num_queries):
    class Page:
        pk = 1

    with django_assert_num_queries(0):
        assert read(Page(), {}, prose=["<p>one two</p>"]).minutes == 1
