import pytest

from mindlab.search import finding
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_issue

pytestmark = pytest.mark.usefixtures("open_gate")


def titles(found):
    return [hit.page.title for hit in finding.hits(found.ids)]


def test_finds_every_kind_of_published_page():
    make_article("Spindles at night", live=True)
    make_concept("Sleep spindle", live=True)
    make_hub("Spindles", live=True)
    make_contributor("Spindle Reader", live=True)
    make_issue(7, title="The spindle issue", live=True)
    found = finding.find("spindle")
    assert {facet.kind.slug: facet.number for facet in found.facets} == {
        "article": 1,
        "concept": 1,
        "topic": 1,
        "person": 1,
        "issue": 1,
    }


def test_drafts_and_private_pages_are_not_found():
    make_article("Spindles, draft")
    make_article("Spindles, private", live=True, private=True)
    make_article("Spindles, live", live=True)
    assert titles(finding.find("spindles")) == ["Spindles, live"]


def test_title_comes_before_text():
    make_article("Other", live=True, body=[{"type": "text", "value": "<p>About spindles and more.</p>"}])
    make_article("Spindles", live=True)
    assert titles(finding.find("spindles")) == ["Spindles", "Other"]


def test_other_names_of_a_concept_are_found():
    from glossary.models import ConceptAlias

    concept = make_concept("Anterior cingulate cortex", live=True)
    concept.other_names = [ConceptAlias(name="ACC")]
    concept.save_revision().publish()
    assert titles(finding.find("acc")) == ["Anterior cingulate cortex"]


def test_two_letters_are_a_name_and_no_beginning_of_one():
    from glossary.models import ConceptAlias

    concept = make_concept("Oxytocin", live=True)
    concept.other_names = [ConceptAlias(name="OT")]
    concept.save_revision().publish()
    make_contributor("Ottoline Vask", live=True)
    assert titles(finding.find("OT")) == titles(finding.find("what is OT")) == ["Oxytocin"]
    assert titles(finding.find("Ott")) == ["Ottoline Vask"]


def test_signs_of_other_scripts_begin_words():
    make_article("睡眠と記憶", live=True)
    assert titles(finding.find("睡眠")) == ["睡眠と記憶"]


def test_one_kind_can_be_kept_while_facets_count_all():
    make_article("Spindles", live=True)
    make_concept("Sleep spindles", live=True)
    found = finding.find("spindles", kind="concept")
    assert titles(found) == ["Sleep spindles"]
    assert len(found.facets) == 2


@pytest.mark.parametrize(
    "query", ['"', "\x00", '"spindle" OR *', "NEAR(", "'; DROP", "   ", "a" * 10_000, "%", "a:b", "(", "-"]
)
def test_odd_queries_have_an_answer(query):
    assert isinstance(finding.find(query), finding.Found)


@pytest.mark.parametrize("number", [2, 20])
def test_statements_do_not_grow_with_hits(number, django_assert_max_num_queries):
    for _ in range(number):
        make_article("Spindles", live=True)
    finding.find("warm the cache of content types")
    # 1: the index; 2: the view restrictions of the site; 3: which hits are published;
    # 4: the pages; 5: their articles
    with django_assert_max_num_queries(6):
        assert len(finding.hits(finding.find("spindles").ids)) == number
