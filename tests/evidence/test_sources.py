"""Sources as people type them: what no page could name is refused, with an example."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from mindlab.evidence.models import Citation, Claim, Source
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

NAMELESS = ["Smith J", ["Smith J"], {"family": "Smith"}, [{"family": 5}], [{"family": "A"}, "B"], [None], 7]


@pytest.mark.parametrize("authors", NAMELESS)
def test_authors_that_no_page_could_name_are_refused_with_an_example(authors):
    source = Source(title="A study", authors=authors)
    with pytest.raises(ValidationError, match="Give a list with a name for each author"):
        source.full_clean()
    assert "A study" in str(source)


@pytest.mark.parametrize("authors", [[], [{"family": "Vask", "given": "O."}], [{"literal": "A Consortium"}]])
def test_names_as_csl_gives_them_are_taken(authors):
    Source(title="A study", authors=authors).full_clean()


def test_the_form_keeps_what_was_typed(client):
    client.force_login(make_user(groups=("Writers",)))
    address = reverse("wagtailsnippets_evidence_source:add")
    response = client.post(address, {"type": "book", "title": "Kept", "authors": '["Smith J"]'})
    said = response.content.decode()
    assert response.status_code == 200
    assert "Give a list with a name for each author" in said
    assert "Kept" in said


@pytest.mark.parametrize("authors", NAMELESS)
def test_a_page_bears_what_older_rows_hold(authors, client, open_gate):
    source = Source.objects.create(title="A study", authors=authors)
    page = make_article(live=True)
    page.claims = [Claim(text="A paragraph", sort_order=0, citations=[Citation(source=source, sort_order=0)])]
    page.save()
    assert client.get(page.url).status_code == 200
