"""The report of wanted concepts: what it counts, what covers a term, who sees it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glossary.models import ConceptAlias
from glossary.wanted import wanted_concepts
from tests.factories import make_concept, make_user

pytestmark = pytest.mark.django_db


def test_terms_are_counted_without_regard_to_case_and_number():
    make_concept("A", relations=(("Mirror neuron", "x"), ("gamma wave", "y")))
    make_concept("B", relations=(("mirror neurons", "x"), ("Sigma bursts", "y"), ("covered concept", "z")))
    make_concept("C", relations=(("MIRROR NEURONS", "x"),))
    ConceptAlias.objects.create(concept=make_concept("Spindle"), name="Sigma burst")
    make_concept("Covered concepts")
    assert [(entry.term, entry.number) for entry in wanted_concepts()] == [
        ("mirror neurons", 3),
        ("gamma wave", 1),
    ]


def test_the_report_links_to_the_concepts_that_name_a_term(client):
    concept = make_concept("Names it", relations=(("<script>alert(1)</script>", "x"),))
    client.force_login(make_user(groups=("Editors",)))
    html = client.get(reverse("wanted_concepts")).content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[concept.pk]) in html
    assert "&lt;script&gt;alert" in html
    assert "<script>alert" not in html
    assert "alert(1)" in client.get(reverse("wanted_concepts") + "?export=csv").getvalue().decode()


def test_editors_and_administrators_see_it(client):
    url = reverse("wanted_concepts")
    assert client.get(url).status_code == 302
    for who, status in (
        ({"is_superuser": True}, 200),
        ({"groups": ("Editors",)}, 200),
        ({"groups": ("Writers",)}, 302),
        ({"groups": ("Scientific reviewers",)}, 302),
    ):
        client.force_login(make_user(**who))
        assert client.get(url).status_code == status, who
        menu = client.get(reverse("wagtailadmin_home")).content.decode()
        assert (url in menu) == (status == 200)


def test_it_takes_the_same_number_of_queries_for_many(client):
    client.force_login(make_user(is_superuser=True))
    counts = []
    for number in (2, 20):
        for index in range(number):
            make_concept(f"Concept {number} {index}", relations=((f"term {index}", "x"),))
        client.get(reverse("wanted_concepts"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("wanted_concepts"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
