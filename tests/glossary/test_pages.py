import json

import pytest

from glossary.connections import Connection
from glossary.edges import project
from glossary.maps import LETTER, MOST, PITCH, maps_of
from glossary.models import ConceptAlias, ConceptCredit, ConceptPage
from glossary.presenting import by_letter
from mindlab.core import gate
from mindlab.editorial.gate import ReviewGate
from mindlab.evidence.models import Citation, Claim, Measurement, Source
from mindlab.reading import drawings
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_image

pytestmark = pytest.mark.usefixtures("open_gate")

# Routing asks for the site; the home page; the index and the leaf, each first as a Page by its slug and then
# as what it is; what is private on the site.
ROUTING_TO_AN_INDEX = 5
ROUTING_TO_A_LEAF = 7


def full_concept(number):
    others = [make_concept(f"Neighbour {i}", live=True) for i in range(number)]
    links = "".join(f'<p>See <a linktype="page" id="{other.pk}">it</a>.</p>' for other in others)
    source = "graph TD\nA[One] --> B[Two]"
    drawings.ensure([source])
    mechanism = [
        {
            "type": "heading",
            "value": {"text": "Where", "level": "3"},
            "id": "0b4a7e3e-5a0c-4c9c-9a5e-000000000001",
        },
        {"type": "text", "value": links, "id": "0b4a7e3e-5a0c-4c9c-9a5e-000000000002"},
        {
            "type": "diagram",
            "value": {"caption": "", "source": source},
            "id": "0b4a7e3e-5a0c-4c9c-9a5e-000000000003",
        },
    ]
    glossed, noted = make_concept("Glossed", live=True), make_concept("Noted", live=True)
    gloss = f'leads to <a linktype="page" id="{glossed.pk}">x</a>'
    image = {"image": make_image().pk, "alt_text": "What it shows", "decorative": False}
    pictures = [{"type": "image", "value": {"image": image, "caption": ""}} for _ in range(number)]
    concept = make_concept(
        "Mirror neurons",
        mechanism=json.dumps([*mechanism, *pictures]),
        practice=json.dumps(pictures),
        plain_words="<p>Watching is a quiet kind of doing.</p>",
        relations=tuple((other, gloss) for other in others)
        + tuple((f"Wanted {i}", "") for i in range(number)),
        topics=tuple(f"Topic {i}" for i in range(number)),
    )
    concept.other_names = [ConceptAlias(name=f"Name {i}") for i in range(number)]
    concept.credits = [ConceptCredit(contributor=make_contributor()) for _ in range(number)]
    study = Source.objects.create(title="A study", authors=[{"family": "Iacoboni"}], year=2009)
    note = f'<p>See <a linktype="page" id="{noted.pk}">this</a>.</p>'
    concept.claims = [Claim(text=f"Claim {i}", note=note, sort_order=i) for i in range(number)]
    for claim in concept.claims.all():
        claim.citations = [Citation(source=study)]
    concept.measurements = [
        Measurement(quantity=f"Q {i}", low=i, high=i + 1, unit="Hz") for i in range(number)
    ]
    concept.save_revision().publish()
    return ConceptPage.objects.get(pk=concept.pk)


@pytest.mark.parametrize("number", [2, 20])
def test_a_concept_takes_the_same_queries_however_much_it_holds(number, client, django_assert_num_queries):
    concept = full_concept(number)
    for i in range(number):
        make_article(live=True, topics=(f"Topic {i}",))
    gate.register(ReviewGate())
    client.get(concept.url)
    # Beyond routing: 1. the newest articles under its topics  2. child rows, topics, people, articles and
    # hubs, and what the texts point at: pages, images with their renditions, drawings, counts  3. pages that
    # notes link to  4. edges to its neighbours  5. pages that glosses link to  6. the reviews
    with django_assert_num_queries(ROUTING_TO_A_LEAF + 6):
        response = client.get(concept.url)
    html = response.content.decode()
    assert html.count('<span class="wanted">') == number
    assert html.count('class="source-claim"') == number
    assert f"Name {number - 1}" in html
    assert html.count("<img") == 2 * number
    assert 'href="/glossary/glossed' in html
    assert 'href="/glossary/noted' in html
    assert html.count('<th scope="row">') == number


@pytest.mark.parametrize("number", [2, 20])
def test_the_glossary_takes_the_same_queries(number, client, django_assert_num_queries):
    for _ in range(number):
        make_concept(live=True)
    client.get("/glossary/")
    # Beyond routing: 1. the letters  2. how many concepts  3. which are shown  4. those concepts
    with django_assert_num_queries(ROUTING_TO_AN_INDEX + 4):
        response = client.get("/glossary/")
    assert response.content.decode().count("<dt>") == number


def test_the_glossary_shows_no_drafts_private_pages_or_wanted_terms(client):
    make_concept("Amygdala", live=True, relations=(("Never written", "gloss"),))
    make_concept("Draft of a concept")
    make_concept("Concept for members", live=True, private=True)
    html = client.get("/glossary/").content.decode()
    assert "Amygdala" in html
    for hidden in ("Never written", "Draft of a concept", "Concept for members"):
        assert hidden not in html


def test_a_concept_shows_both_ends_of_a_relation_and_both_glosses(client):
    cortisol = make_concept("Cortisol", live=True)
    mirror = make_concept("Mirror neurons", live=True, relations=((cortisol, "what mirror neurons say"),))
    cortisol.relations = [type(mirror.relations.first())(target=mirror, gloss="what cortisol says")]
    cortisol.save_revision().publish()
    for concept in (mirror, cortisol):
        project(concept)
    draft = make_concept("Unread", relations=((cortisol, "a draft's gloss"),))
    html = client.get(cortisol.url).content.decode()
    assert "what mirror neurons say" in html
    assert "what cortisol says" in html
    assert draft.title not in html


def test_a_concept_shows_hubs_and_articles_of_its_topics_that_are_published(client):
    concept = make_concept("Oxytocin", live=True, topics=("Bonding",))
    make_article("Read this", live=True, topics=("Bonding",))
    make_article("A draft on bonding", topics=("Bonding",))
    make_article("For members", live=True, private=True, topics=("Bonding",))
    make_hub("Bonding", live=True)
    html = client.get(concept.url).content.decode()
    assert "Read this" in html
    assert 'href="/topics/bonding/"' in html
    assert "A draft on bonding" not in html
    assert "For members" not in html


def test_the_contents_name_every_section_by_an_id_of_the_page(client):
    html = client.get(full_concept(2).url).content.decode()
    for name in ("plain-words", "mechanism", "measurements", "connections", "sources"):
        assert f'href="#{name}"' in html
        assert f'id="{name}"' in html
    assert 'id="b-0b4a7e3e-5a0c-4c9c-9a5e-000000000001">Where</h3>' in html
    assert html.count("<h1") == 1


def test_concepts_stand_under_letters_without_accents():
    pages = [ConceptPage(title=title) for title in ("Éveil", "amygdala", "5-HT", "Axon", "Empathy")]
    letters = by_letter(pages)
    assert [letter for letter, _ in letters] == ["#", "A", "E"]
    assert [page.title for page in letters[1][1]] == ["amygdala", "Axon"]


def boxes(drawn):
    """The rectangles that a map's labels can take, by an upper bound of their width."""
    for spot in drawn.spots:
        width = len(spot.label) * LETTER
        left = spot.text_x - width if spot.anchor == "end" else spot.text_x
        yield left, spot.text_y - 12, left + width, spot.text_y + 4
    x, y, width, height = drawn.box
    yield x, y, x + width, y + height


@pytest.mark.parametrize("number", [2, 3, 17, 28, 60])
def test_no_label_of_a_map_meets_another_or_leaves_the_drawing(number):
    ties = [Connection(f"A rather long name of a concept, {i}" * 2, "", None, ()) for i in range(number)]
    maps = maps_of("Hypothalamic–pituitary–adrenal axis", ties)
    assert maps.shown == min(number, MOST)
    assert maps.total == number
    for drawn in (maps.wide, maps.narrow):
        found = list(boxes(drawn))
        for i, one in enumerate(found):
            assert one[0] >= -1
            assert one[2] <= drawn.width + 1
            assert one[3] <= drawn.height
            for other in found[i + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
                assert apart, (drawn.width, one, other)
    assert PITCH > 16


def test_one_neighbour_makes_no_map():
    assert maps_of("A", [Connection("B", "", None, ())]) is None
