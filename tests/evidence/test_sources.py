"""Sources as people type them: what no page could name is refused, with an example."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from mindlab.evidence.models import Citation, Claim, Source
from mindlab.evidence.notes import Reference
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


DOI = "10.1016/S0896-6273(00)80133-7"
WRITTEN = [
    f"https://doi.org/{DOI}",
    f"http://dx.doi.org/{DOI}",
    f"HTTPS://WWW.DOI.ORG/{DOI}",
    f"doi.org/{DOI}",
    f"doi:{DOI}",
    f" DOI: {DOI} ",
    f"doi:https://doi.org/{DOI}",
    "https://doi.org/10.1016/S0896-6273%2800%2980133-7",
    DOI,
]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_doi_is_stored_bare_however_it_is_written(written, client):
    client.force_login(make_user(groups=("Writers",)))
    form = {"type": "book", "title": "A study", "authors": "[]", "doi": written}
    client.post(reverse("wagtailsnippets_evidence_source:add"), form)
    assert Source.objects.get().doi == DOI
    Source.objects.all().delete()
    Source.objects.create(title="A study", doi=written)
    assert Source.objects.get().doi == DOI


def test_one_publication_has_one_row_however_its_doi_is_written(client):
    Source.objects.create(title="A study", doi=DOI)
    client.force_login(make_user(groups=("Writers",)))
    form = {"type": "book", "title": "Again", "authors": "[]", "doi": f"https://doi.org/{DOI}"}
    response = client.post(reverse("wagtailsnippets_evidence_source:add"), form)
    assert "Source with this DOI already exists" in response.content.decode()


@pytest.mark.parametrize("written", ["https://example.org/paper", "PMID 123", "doi.org/abc"])
def test_what_is_no_doi_is_refused_with_an_example(written):
    with pytest.raises(ValidationError, match="A DOI begins with “10"):
        Source(title="A study", doi=written).full_clean()


def test_the_word_alone_is_no_doi():
    source = Source(title="A study", doi="doi: ")
    source.full_clean()
    assert source.doi is None


def test_an_address_that_older_rows_hold_leads_to_the_publication():
    source = Source.objects.create(title="A study", doi=DOI)
    Source.objects.filter(pk=source.pk).update(doi=f"https://doi.org/{DOI}")
    source.refresh_from_db()
    assert Reference(Citation(source=source)).address == f"https://doi.org/{DOI}"
