import pytest

from tests.factories import make_article, make_concept

pytestmark = pytest.mark.usefixtures("open_gate")


def test_sitemap_lists_published_pages_alone(client):
    live = make_article("Live", live=True)
    concept = make_concept("Concept", live=True)
    draft = make_article("Draft")
    private = make_article("Private", live=True, private=True)
    text = client.get("/sitemap.xml").content.decode()
    assert live.url in text
    assert concept.url in text
    assert f"/{draft.slug}/" not in text
    assert f"/{private.slug}/" not in text
