"""The same questions have the same answers on both databases."""

import pytest

from glossary.models import ConceptAlias
from mindlab.core.search_words import compounds, with_words
from mindlab.search import finding
from mindlab.search.questions import MOST_WORDS, question
from tests.factories import gate_open, make_article, make_concept
from tests.search.queries import ARTICLES, BY_THEIR_WORDS, CONCEPTS, QUERIES


def titles(query, **options):
    return [hit.page.title for hit in finding.hits(finding.find(query, **options).ids)]


@pytest.fixture
def library(db):
    """Pages for the questions, and among them drafts and private pages with all of their words."""
    with gate_open():
        for title, deck in ARTICLES.items():
            make_article(title, live=True, deck=deck)
        for title, names in CONCEPTS.items():
            page = make_concept(title)
            page.other_names = [ConceptAlias(name=name, sort_order=n) for n, name in enumerate(names)]
            page.save_revision().publish()
        everything = " ".join([*(query for query, _title in QUERIES), *ARTICLES.values()])
        text = [{"type": "text", "value": f"<p>{everything.replace('<', '&lt;')}</p>"}]
        make_article("Hidden draft", body=text)
        make_article("Hidden private", live=True, private=True, body=text)
        # Public, and less to the point: whose words stand in its text alone comes after a title.
        make_article("Of everything", live=True, body=text)


def test_every_question_finds_its_page_first_and_nothing_hidden(library):
    assert len(BY_THEIR_WORDS) >= 80
    found = {query: titles(query) for query, _title in QUERIES}
    first = {query: (found[query] or [None])[0] for query in found}
    assert {query: first[query] for query, title in QUERIES if first[query] != title} == {}
    assert not [query for query, pages in found.items() if any("Hidden" in page for page in pages)]


def test_any_word_finds_what_all_words_do_not(library):
    assert titles("oxytocin zzzz") == []
    assert titles("oxytocin zzzz", any_word=True)[0] == "Oxytocin"
    assert not [title for title in titles("hidden draft private", any_word=True) if "Hidden" in title]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sleep & memory", [("sleep",), ("memory",)]),
        ("TNF-α/IL‑6", [("tnf", "alpha"), ("il", "6")]),
        ("Don’t, naïve", [("dont",), ("naive",)]),
        ("CO₂ µV ΔFosB", [("co2",), ("muv",), ("deltafosb",)]),
        ("ψυχή", [("ψυχη",)]),
        ("ba\u00adsal", [("basal",)]),
        ("--- _ / \x00", []),
    ],
)
def test_words_of_a_text(text, words):
    assert list(compounds(text)) == words


def test_a_text_is_indexed_with_the_words_that_a_database_may_miss_and_with_no_others():
    assert with_words("Sleep, and (long) memory.") == "Sleep, and (long) memory."
    assert with_words("TNF-α in naïve mice") == ["TNF-α in naïve mice", "tnf alpha tnfalpha naive"]
    assert with_words(["A café", "plain"]) == ["A café", "plain", "cafe"]
    assert with_words(None) is None


def test_a_question_in_the_syntax_of_each_database():
    asked = question("the TNF-α axis")
    assert asked.for_sqlite() == ('(("tnf" AND "alpha") OR ("tnfalpha")) AND (("axis"*) OR ("axes"*))')
    assert asked.for_postgresql() == "(('tnf' & 'alpha') | ('tnfalpha')) & (('axis':*) | ('axes':*))"
    assert question("the who").for_sqlite() == '(("the")) AND (("who"*))'
    assert question("mice rats", any_word=True).for_sqlite() == '(("mice")) OR (("rats"))'
    assert len(question(" ".join(f"w{n}" for n in range(999))).things) == MOST_WORDS
    assert not question("?! \x00")
