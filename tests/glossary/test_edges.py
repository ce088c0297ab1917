import pytest
from wagtail.signals import page_published

from glossary.models import ConceptPage, RelationEdge
from glossary.querysets import neighbours, wanted_terms
from glossary.relations import reading
from tests.factories import make_concept

pytestmark = pytest.mark.usefixtures("open_gate")


def publish(page):
    page_published.send(sender=ConceptPage, instance=page, revision=page.latest_revision)


def live(title, **fields):
    page = make_concept(title, live=True, **fields)
    publish(page)
    return page


def test_relation_is_read_from_both_ends():
    amygdala = live("Amygdala")
    oxytocin = live("Oxytocin", relations=((amygdala, "quiets it"),))
    assert [(n.concept.title, n.here, n.there) for n in neighbours(oxytocin)] == [
        ("Amygdala", ["quiets it"], [])
    ]
    assert [(n.concept.title, n.here, n.there) for n in neighbours(amygdala)] == [
        ("Oxytocin", [], ["quiets it"])
    ]


def test_both_glosses_show_where_two_name_one_another():
    amygdala = live("Amygdala", relations=(("oxytocin", "is quieted"),))
    oxytocin = live("Oxytocin", relations=((amygdala, "quiets it"),))
    [neighbour] = neighbours(amygdala)
    assert (neighbour.here, neighbour.there) == (["is quieted"], ["quiets it"])
    assert not wanted_terms(amygdala, neighbours(amygdala))
    assert neighbours(oxytocin)[0].concept == amygdala


def test_wanted_term_is_answered_when_its_concept_is_published():
    sleep = live("Sleep", relations=(("Spindles", "mark it"), ("dreams", "happen in it")))
    assert neighbours(sleep) == []
    live("Spindle")
    known = neighbours(sleep)
    assert [n.concept.title for n in known] == ["Spindle"]
    assert [relation.term for relation in wanted_terms(sleep, known)] == ["dreams"]


def test_drafts_and_private_concepts_do_not_show():
    draft = make_concept("Draft")
    private = make_concept("Private", live=True, private=True)
    sleep = live("Sleep", relations=((draft, "x"), (private, "y")))
    publish(private)
    assert neighbours(sleep) == []


def test_unpublishing_withdraws_the_edges_of_both_ends():
    amygdala = live("Amygdala")
    oxytocin = live("Oxytocin", relations=((amygdala, "quiets it"),))
    amygdala.unpublish()
    assert not RelationEdge.objects.exists()
    assert neighbours(oxytocin) == []


def test_a_name_given_up_ties_a_concept_no_longer():
    spindle = live("Spindle")
    sleep = live("Sleep", relations=(("spindles", "mark it"),))
    spindle.title = "Sigma burst"
    spindle.save_revision().publish()
    assert neighbours(sleep) == []
    assert [relation.term for relation in wanted_terms(sleep)] == ["spindles"]


def test_kinds_read_from_either_end():
    assert reading("enhances", "out", outward=True) == "enhances"
    assert reading("enhances", "out", outward=False) == "is enhanced by"
    assert reading("enhances", "in", outward=True) == "is enhanced by"
    assert reading("enhances", "both", outward=False) == "enhances"
    assert reading("", "", outward=True) == ""


@pytest.mark.parametrize("number", [2, 20])
def test_neighbours_take_one_query(number, django_assert_num_queries):
    others = [live(f"Other {n}") for n in range(number)]
    sleep = live("Sleep", relations=tuple((other, "gloss") for other in others))
    # 1: the edges between published concepts, with both ends
    with django_assert_num_queries(1):
        assert len(neighbours(sleep)) == number
