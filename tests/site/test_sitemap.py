import re

import pytest

from mindlab.core.sitemaps import PartedSitemap
from tests.factories import make_article, make_concept

pytestmark = pytest.mark.usefixtures("open_gate")


def test_sitemap_lists_published_pages_alone(client):
    live = make_article("Live", live=True)
    concept = make_concept("Concept", live=True)
    draft = make_article("Draft")
    private = make_article("Private", live=True, private=True)
    index = client.get("/sitemap.xml").content.decode()
    parts = re.findall(r"<loc>https?://[^/]+(/[^<]+)</loc>", index)
    text = "".join(client.get(part).content.decode() for part in parts)
    assert live.url in text
    assert concept.url in text
    assert f"/{draft.slug}/" not in text
    assert f"/{private.slug}/" not in text


def test_the_sitemap_comes_in_parts(client, monkeypatch):
    monkeypatch.setattr(PartedSitemap, "limit", 2)
    articles = [make_article(live=True) for _ in range(5)]
    index = client.get("/sitemap.xml").content.decode()
    assert "/sitemap-article.xml?p=3</loc>" in index
    assert "/sitemap-article.xml?p=4</loc>" not in index
    assert "/sitemap-concept.xml" not in index
    last = client.get("/sitemap-article.xml?p=3").content.decode()
    assert articles[-1].url in last
    assert articles[0].url not in last
    assert client.get("/sitemap-nothing.xml").status_code == 404
    assert client.get("/sitemap-article.xml?p=4").status_code == 404
