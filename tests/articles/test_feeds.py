import pytest
from lxml import etree

from tests.factories import make_article, make_contributor

pytestmark = pytest.mark.usefixtures("open_gate")
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client):
    response = client.get("/feed/")
    assert response.status_code == 200
    return etree.fromstring(response.content).findall(f"{ATOM}entry")


def test_feed_names_article_author_and_topic(client):
    author = make_contributor("Ada Example")
    page = make_article("Spindles", live=True, contributors=(author,), topics=("Sleep",), deck="At night.")
    [entry] = entries(client)
    assert entry.findtext(f"{ATOM}title") == "Spindles"
    assert entry.findtext(f"{ATOM}id") == page.urn
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver/articles/{page.slug}/"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ada Example"
    assert entry.find(f"{ATOM}category").get("term") == "Sleep"


def test_drafts_and_private_articles_do_not_show(client):
    make_article("Draft")
    make_article("Private", live=True, private=True)
    make_article("Live", live=True)
    assert [entry.findtext(f"{ATOM}title") for entry in entries(client)] == ["Live"]


@pytest.mark.parametrize("number", [2, 20])
def test_statements_do_not_grow(client, number, django_assert_max_num_queries):
    author = make_contributor()
    for _ in range(number):
        make_article(live=True, contributors=(author,), topics=("Sleep",))
    client.get("/feed/")
    # 1: view restrictions; 2: articles; 3: credits; 4: contributors; 5: tags; 6: site root paths
    with django_assert_max_num_queries(6):
        assert len(entries(client)) == number
