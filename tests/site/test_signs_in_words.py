"""Signs that mean something in HTML, wherever the site shows words that editors wrote."""

import pytest
from lxml import etree

from mindlab.home.models import FeaturedPage, HomePage
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_issue, make_topic

pytestmark = pytest.mark.usefixtures("open_gate")

WORDS = "Effects with p < 0.05 & r > 0.3 in <small> samples"
SHOWN = "p &lt; 0.05 &amp; r &gt; 0.3 in &lt;small&gt; samples"


@pytest.fixture
def site():
    definition = f"<p>{WORDS.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</p>"
    topic = make_topic("Signs")
    concept = make_concept("Effect", live=True, definition=definition, topics=("Signs", "Other"))
    article = make_article("Samples", live=True, deck=WORDS, topics=("Signs", "Other"))
    hub = make_hub("Signs", topic=topic, live=True, deck=WORDS, concept=concept)
    person = make_contributor("Ada Sample", role=WORDS)
    issue = make_issue(3, live=True, preheader=WORDS, contents=[("pick", {"page": concept})])
    home = HomePage.objects.get()
    home.deck = WORDS
    home.featured = [FeaturedPage(page=concept)]
    home.save()
    return [concept, article, hub, person, issue]


LISTS = (
    "/",
    "/glossary/",
    "/articles/",
    "/topics/",
    "/topics/other/",
    "/people/",
    "/brief/",
    "/search/?q=effect",
    "/search/?q=samples",
)


def test_they_are_escaped_once_on_every_page(client, site):
    for address in (*LISTS, *(page.url for page in site)):
        html = client.get(address).content.decode()
        assert SHOWN in html, address
        assert "&amp;lt;" not in html, address
        assert "&amp;amp;" not in html, address


def test_the_feed_says_a_deck_in_html_that_reads_as_it_was_written(client, site):
    atom = "{http://www.w3.org/2005/Atom}"
    summary = etree.fromstring(client.get("/feed/").content).find(f"{atom}entry/{atom}summary")
    assert summary.get("type") == "html"
    read = etree.HTML(summary.text)
    assert "".join(read.itertext()) == WORDS
