"""What answers say besides their pages, and what machines are told of the site."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from mindlab.home.models import HomePage
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_issue, make_user

pytestmark = pytest.mark.usefixtures("open_gate")

PUBLIC = ("/", "/articles/", "/topics/", "/glossary/", "/people/", "/brief/", "/search/?q=sleep", "/feed/")
ROOT = Path(__file__).resolve().parents[2]
PACKED = {"HTTP_ACCEPT_ENCODING": "gzip"}


@pytest.fixture
def person(open_gate, client):
    client.force_login(make_user(groups=("Editors",)))


def test_a_page_for_everybody_is_asked_for_again_and_packed(client):
    article = make_article("Sleep", live=True)
    for address in (*PUBLIC, article.url):
        plain, packed = client.get(address), client.get(address, **PACKED)
        assert plain["Cache-Control"] == "no-cache", address
        assert packed["Content-Encoding"] == "gzip", address
        assert gzip.decompress(packed.content) == plain.content
        assert "camera=()" in plain["Permissions-Policy"]
        assert not plain.cookies
        again = client.get(address, HTTP_IF_NONE_MATCH=packed["ETag"], **PACKED)
        assert (again.status_code, again.content) == (304, b""), address


def test_a_page_that_has_changed_is_sent_anew(client):
    article = make_article("Sleep", live=True)
    before = client.get(article.url)
    article.title = "Sleep and dreams"
    article.save_revision().publish()
    assert client.get(article.url, HTTP_IF_NONE_MATCH=before["ETag"]).status_code == 200
    article.unpublish()
    assert client.get(article.url, HTTP_IF_NONE_MATCH=before["ETag"]).status_code == 404


@pytest.mark.usefixtures("person")
def test_what_a_known_visitor_is_shown_is_neither_shared_nor_packed(client):
    article = make_article("Sleep", live=True)
    for address in ("/", article.url, "/admin/"):
        response = client.get(address, **PACKED)
        assert "private" in response["Cache-Control"], address
        assert not response.has_header("Content-Encoding"), address


def test_a_form_with_a_token_is_not_packed(client):
    private = make_article("Private", live=True, private=True)
    for address in ("/admin/login/", private.url):
        response = client.get(address, follow=True, **PACKED)
        assert not response.has_header("Content-Encoding"), address
        assert "private" in response["Cache-Control"]


def test_every_page_has_a_description_and_the_title_it_is_shared_by(client):
    home = HomePage.objects.get()
    home.headline, home.deck = "The brain, checked", ""
    home.save()
    make_article(live=True, topics=("Night",), deck="A & B.")
    make_issue(4, live=True, subject="What spindles do", preheader="")
    hub, concept = make_hub("Sleep", live=True), make_concept("Spindle", live=True)
    person = make_contributor("Ada Example", role="", credentials="PhD")
    titles = {
        "/": "The brain, checked",
        "/articles/": "Articles",
        "/topics/": "Topics",
        "/topics/night/": "Night",
        "/topics/sleep/": "Sleep",
        "/glossary/": "Glossary",
        "/people/": "People",
        "/brief/": "The Intelligence Brief",
        "/brief/4/": "What spindles do",
        hub.url: "Sleep",
        concept.url: "Spindle",
        person.url: "Ada Example",
    }
    found = {}
    for address, title in titles.items():
        page = etree.HTML(client.get(address).content)
        (shared,) = page.xpath("//meta[@property='og:title']/@content")
        (described,) = page.xpath("//meta[@name='description']/@content")
        assert shared == title, address
        assert len(described) > 5, address
        found[address] = described
        assert page.xpath("//link[@rel='alternate'][@type='application/atom+xml']/@href") == ["/feed/"]
        assert page.xpath("//footer//a[@href='/feed/']")
    assert found["/topics/night/"] == "Articles and concepts on Night."
    assert found["/articles/"] != found["/glossary/"]


def test_crawlers_are_told_where_they_may_go(client, settings):
    settings.SITE_URL = "https://mindlab.example"
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/",
        "",
        "Sitemap: https://mindlab.example/sitemap.xml",
    ]


def test_the_sitemap_has_topics_without_a_hub_and_no_hidden_ones(client):
    make_article(live=True, topics=("Night",))
    make_hub("Sleep", live=True)
    make_hub("Unseen")
    make_article("Draft", topics=("Hidden draft",))
    make_article("Private", live=True, private=True, topics=("Hidden private",))
    assert "/sitemap-topics.xml</loc>" in client.get("/sitemap.xml").content.decode()
    sections = ("topics", "topic", "article")
    text = "".join(client.get(f"/sitemap-{name}.xml").content.decode() for name in sections)
    assert text.count("/topics/night/</loc>") == 1
    assert text.count("/topics/sleep/</loc>") == 1
    assert "hidden" not in text
    assert "unseen" not in text


@pytest.mark.parametrize(("given", "preload"), [("", "False"), ("true", "True")])
def test_the_list_of_browsers_is_a_choice(given, preload):
    names = {
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "mindlab.example",
        "SITE_URL": "https://mindlab.example",
    }
    chosen = {"SECURE_HSTS_PRELOAD": given} if given else {}
    code = "from mindlab.settings import production as on; print(on.SECURE_HSTS_PRELOAD)"
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={**path, **names, **chosen},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == [preload]
