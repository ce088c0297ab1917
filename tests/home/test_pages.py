import re

import pytest
from django.test import Client

from mindlab.core.models import BriefSettings
from mindlab.home.models import FeaturedPage, HomePage
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_issue

pytestmark = pytest.mark.usefixtures("open_gate")

# Routing asks for the site; the home page; each page below it first as a Page by its slug and then as what
# it is; what is private on the site.
ROUTING_TO_HOME = 3
ROUTING_TO_AN_INDEX = 5
ROUTING_TO_A_LEAF = 7
# Where something is private, for the pages above and their view restrictions, too.
WITH_PRIVATE_PAGES = 2


@pytest.fixture
def queries(client, django_assert_num_queries):
    """Ask for a page twice, and count the second time: content types and site roots are in memory then."""

    def ask(address, expected):
        client.get(address)
        with django_assert_num_queries(expected):
            return client.get(address)

    return ask


@pytest.mark.parametrize("number", [2, 20])
def test_the_home_page_takes_the_same_queries(number, queries):
    for i in range(number):
        make_article(live=True, topics=(f"Topic {i}",))
        make_concept(live=True)
    home = HomePage.objects.get()
    home.featured = [
        FeaturedPage(page=page)
        for page in (make_article(live=True), make_hub(live=True), make_concept(live=True))
    ]
    home.save()
    # Beyond routing: 1. which pages are put forward  2. all pages shown  3. topics with their numbers
    # 4. the Brief's settings
    html = queries("/", ROUTING_TO_HOME + 4).content.decode()
    assert html.count('class="card"') == 3 + min(number, 6)


def test_the_home_page_shows_no_draft_or_private_page_even_if_put_forward(client):
    hidden = [
        make_article("Draft article"),
        make_concept("Draft concept"),
        make_article("Private article", live=True, private=True),
        make_hub("Private hub", live=True, private=True),
    ]
    home = HomePage.objects.get()
    home.featured = [FeaturedPage(page=page) for page in hidden]
    home.save()
    html = client.get("/").content.decode()
    for page in hidden:
        assert page.title not in html


@pytest.mark.parametrize("number", [2, 20])
def test_a_person_takes_the_same_queries(number, queries):
    person = make_contributor("Ada Example", is_fictitious=True, credentials="PhD")
    for _ in range(number):
        make_article("A work", live=True, contributors=(person,))
    make_article("A draft", contributors=(person,))
    make_article("A private work", live=True, private=True, contributors=(person,))
    # Beyond routing: 1. how many pages name the person  2. which of them are shown  3. those pages
    html = queries(person.url, ROUTING_TO_A_LEAF + WITH_PRIVATE_PAGES + 3).content.decode()
    assert html.count(">A work<") == number
    assert "This person is fictitious" in html
    assert "A draft" not in html
    assert "A private work" not in html


@pytest.mark.parametrize("number", [2, 20])
def test_the_list_of_people_takes_the_same_queries(number, queries):
    for _ in range(number):
        make_contributor(is_fictitious=True)
    make_contributor("Not yet public", live=False)
    # Beyond routing: 1. how many people  2. which of them are shown  3. those people
    html = queries("/people/", ROUTING_TO_AN_INDEX + 3).content.decode()
    assert html.count("(fictitious)") == number
    assert "Not yet public" not in html


@pytest.mark.parametrize("number", [2, 20])
def test_the_archive_of_issues_takes_the_same_queries(number, queries):
    for i in range(1, number + 1):
        make_issue(i, live=True, subject="A public subject")
    make_issue(99, subject="A draft subject")
    make_issue(98, live=True, private=True, subject="A private subject")
    # Beyond routing: 1. the Brief's settings  2. how many issues  3. a page of them
    html = queries("/brief/", ROUTING_TO_AN_INDEX + WITH_PRIVATE_PAGES + 3).content.decode()
    assert html.count("A public subject") == number
    assert "A draft subject" not in html
    assert "A private subject" not in html


@pytest.mark.parametrize("number", [2, 20])
def test_an_issue_takes_the_same_queries_and_points_at_published_pages_alone(number, queries):
    picks = [make_article(f"Pick {i}", live=True) for i in range(number)]
    picks += [
        make_concept("A concept", live=True),
        make_article("A draft"),
        make_concept("P", live=True, private=True),
    ]
    contents = [("pick", {"page": page, "title": "", "deck": ""}) for page in picks]
    contents.append(("pick", {"page": picks[-2], "title": "Kept by its own title", "deck": ""}))
    issue = make_issue(7, contents=contents, live=True)
    # Beyond routing: 1. the Brief's settings  2. the pages its blocks name  3. those that are published
    html = queries(issue.url, ROUTING_TO_A_LEAF + WITH_PRIVATE_PAGES + 3).content.decode()
    assert html.count('class="card"') == number + 2
    assert "A draft" not in html
    assert "Kept by its own title</h2>" in html
    assert 'href="/glossary/a-concept' in html


@pytest.mark.parametrize(
    "address", ["/", "/articles/", "/topics/", "/glossary/", "/brief/", "/people/", "/search/?q=word"]
)
def test_a_site_without_pages_says_so_and_shows_no_empty_list(address, client):
    html = client.get(address).content.decode()
    assert "yet." in html or "Nothing published answers" in html
    assert not re.search(r"<(ol|ul|dl)[^>]*>\s*</\1>", html)


def test_an_issue_leads_to_public_pages_alone_by_its_button_too(client):
    fields = {"cta_text": "Read this.", "cta_label": "Open"}
    shown = make_issue(8, cta_page=make_article("Public", live=True), live=True, **fields)
    hidden = make_issue(9, cta_page=make_article("Hidden"), live=True, **fields)
    assert 'class="button" href="/articles/public' in client.get(shown.url).content.decode()
    assert "Read this." not in client.get(hidden.url).content.decode()


def test_an_unknown_address_gives_a_page_that_helps(client):
    response = client.get("/nothing/at/all/")
    assert response.status_code == 404
    assert 'role="search"' in response.content.decode()


def test_a_fault_gives_a_page_that_needs_no_database(django_assert_num_queries, monkeypatch):
    def fail(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(HomePage, "serve", fail)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "Something broke" in response.content.decode()


def test_pages_carry_no_inline_style_or_script_and_ask_no_other_host(client):
    addresses = ["/", "/articles/", "/topics/", "/glossary/", "/people/", "/brief/", "/search/", "/none/"]
    addresses += [make(live=True).url for make in (make_article, make_concept, make_hub, make_issue)]
    BriefSettings.objects.update(blurb="What we published.")
    for address in addresses:
        response = client.get(address)
        html = response.content.decode()
        assert "style=" not in html, address
        assert "<style" not in html, address
        assert not re.search(r"<script(?![^>]*\bsrc=)", html), address
        assert not re.search(r'(?:src|href)="(?:https?:)?//(?!localhost)', html), address
        assert html.count("<h1") == 1, address
        assert 'lang="en"' in html, address
        assert response["Content-Security-Policy"], address


def test_a_visitor_without_a_session_gets_a_page_that_caches_may_share(client):
    assert "Cookie" not in client.get("/").get("Vary", "")
