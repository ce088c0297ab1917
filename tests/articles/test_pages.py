import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from articles.models import TopicIndexPage, TopicPage
from mindlab.core import gate
from mindlab.core.models import BriefSettings, Diagram
from mindlab.editorial.gate import ReviewGate
from mindlab.evidence.models import Citation, Claim, Measurement, Source
from mindlab.figures import diagrams
from mindlab.reading import drawings, live_values
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_image, make_topic

pytestmark = pytest.mark.usefixtures("open_gate")


def block(kind, value):
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def rich_body(number, target):
    """As many sections as `number`: each with a link, a claim's words, a live count, all kinds of figures."""
    blocks = []
    for i in range(number):
        count = live_values.token_html(make_topic(f"Counted {i}").pk, none="no article", many="{count}")
        image = {"image": make_image().pk, "alt_text": f"What it shows {i}", "decorative": False}
        link = f'<a linktype="page" id="{target.pk}">a term</a>'
        blocks += [
            block("heading", {"text": f"Section {i}", "level": "2"}),
            block("text", f"<p>See {link}. Words of claim {i} stand here, with {count}.</p>"),
            block("image", {"image": image, "caption": ""}),
            block("cta", {"text": "Go on.", "label": f"Button {i}", "page": target.pk, "url": ""}),
            block("diagram", {"caption": "", "source": f"graph TD\nA[One] --> B[Two {i}]"}),
        ]
    return json.dumps(blocks)


def claims(number):
    source = Source.objects.create(title="A study", authors=[{"family": "Iacoboni"}], year=2009)
    found = [Claim(text=f"Words of claim {i}", sort_order=i) for i in range(number)]
    for claim in found:
        claim.citations = [Citation(source=source, locator="p. 1")]
    return found


def store_drawings(stream):
    """Draw one diagram, and store it as the drawing of all of them."""
    sources = [piece["value"]["source"] for piece in stream.raw_data if piece["type"] == "diagram"]
    (drawn,) = drawings.ensure(sources[:1]).values()
    for source in sources[1:]:
        values = {"source": source, "svg": drawn.svg, "width": 200, "height": 100, "description": []}
        Diagram.objects.get_or_create(key=diagrams.key(source), defaults=values)


def publish(page):
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


@pytest.fixture
def queries(client, django_assert_num_queries):
    """Ask for a page twice, and count the second time: content types and site roots are in memory then.

    The gate that answers is the site's own, which asks who reviewed a page.
    """

    def ask(address, expected):
        gate.register(ReviewGate())
        client.get(address)
        with django_assert_num_queries(expected):
            return client.get(address)

    return ask


def full_article(number, **fields):
    concept = make_concept("Hippocampus", live=True)
    people = tuple(make_contributor(live=True) for _ in range(number))
    fields["cover"] = make_image()
    topics = tuple(f"Topic of {number} {i}" for i in range(number))
    article = make_article(
        f"Article of {number}", contributors=people, topics=topics, body=rich_body(number, concept), **fields
    )
    article.claims = claims(number)
    article.measurements = [Measurement(quantity=f"Q {i}", value=i, unit="Hz") for i in range(number)]
    store_drawings(article.body)
    return publish(article)


# Routing asks for the site; the home page; the index and the leaf, each first as a Page by its slug and then
# as what it is; what is private on the site.
ROUTING_TO_AN_INDEX = 5
ROUTING_TO_A_LEAF = 7


@pytest.mark.parametrize("number", [2, 20])
def test_an_article_takes_the_same_queries_however_much_it_holds(number, queries):
    article = full_article(number)
    # Beyond routing: 1. the newest articles under its topics  2. child rows, topics, people, other articles,
    # and what the text points at: pages, images with their renditions, drawings, counts  3. the reviews
    response = queries(article.url, ROUTING_TO_A_LEAF + 3)
    assert response.status_code == 200
    html = response.content.decode()
    assert html.count('class="diagram-drawing"') == number
    assert html.count('class="source-claim"') == number
    assert html.count("no article.") == number
    assert html.count('class="button" href="/glossary/') == number
    assert html.count("<img") == number + 1
    assert f'alt="What it shows {number - 1}"' in html
    for i in range(number):
        assert f"Words of claim {i}<a" in html.replace("\n", "")


@pytest.mark.parametrize("number", [2, 20])
def test_the_list_of_articles_takes_the_same_queries(number, queries):
    for _ in range(number):
        make_article(live=True, topics=("One", "Two"))
    # Beyond routing: 1. the number of articles  2. which are shown  3. those articles  4. their topics' rows
    # 5. the topics
    response = queries("/articles/", ROUTING_TO_AN_INDEX + 5)
    assert response.content.decode().count("row-topics") == number


@pytest.mark.parametrize("number", [2, 20])
def test_a_hub_takes_the_same_queries(number, queries):
    concept = make_concept("Oxytocin", live=True)
    hub = make_hub("Oxytocin", concept=concept, body=rich_body(number, concept))
    hub.claims = claims(number)
    store_drawings(hub.body)
    hub = publish(hub)
    for _ in range(number):
        make_article(live=True, topics=("Oxytocin",))
    # Beyond routing: 1. child rows, counts, newest articles, the concept, and what the essay points at
    # 2. the reviews  3. the Brief's settings
    response = queries(hub.url, ROUTING_TO_A_LEAF + 3)
    assert f"{number} articles" in response.content.decode()


@pytest.mark.parametrize("number", [2, 20])
def test_the_list_of_topics_takes_the_same_queries(number, queries):
    for i in range(number):
        make_hub(f"Hub {i}", live=True)
        make_article(live=True, topics=(f"Tag {i}",))
    # Beyond routing: 1. topics with their hubs and numbers
    response = queries("/topics/", ROUTING_TO_AN_INDEX + 1)
    assert response.content.decode().count("<h2>") == 2 * number


@pytest.mark.parametrize("number", [2, 20])
def test_a_topic_without_a_hub_takes_the_same_queries(number, queries):
    make_hub("Another topic", live=True)
    for _ in range(number):
        make_article(live=True, topics=("Sleep",))
        make_concept(live=True, topics=("Sleep",))
    # Beyond routing: 1. no hub has this slug  2. the topic, with the numbers under it  3. how many articles
    # 4. which are shown  5. those articles  6. to 8. the same for its concepts
    response = queries("/topics/sleep/", ROUTING_TO_AN_INDEX + 8)
    assert f"{number} articles" in response.content.decode()


def test_counts_lead_to_what_they_count_and_contents_name_it(client):
    concept = make_concept("Oxytocin", live=True, topics=("Bonds",))
    essay = [
        {"type": "heading", "value": {"text": "First", "level": "2"}},
        {"type": "heading", "value": {"text": "Second", "level": "2"}},
    ]
    hub = make_hub("Bonds", live=True, concept=concept, body=essay, essay_title="")
    first = make_article("Of voles", live=True, topics=("Bonds",))
    other = make_concept("Vasopressin", live=True, topics=("Bonds",))
    hidden = [
        make_article("Hidden draft", topics=("Bonds",)),
        make_article("Hidden private", live=True, private=True, topics=("Bonds",)),
        make_concept("Hidden draft term", topics=("Bonds",)),
        make_concept("Hidden private term", live=True, private=True, topics=("Bonds",)),
    ]
    html = client.get(hub.url).content.decode()
    contents = html.split('class="contents contents-beside"')[1].split("</nav>")[0]
    for name in ("its-concepts", "its-articles", f"article-{first.pk}"):
        assert html.count(f'id="{name}"') == 1
        assert f'href="#{name}"' in contents
    assert '<a href="#its-articles">1 article</a>' in html
    assert '<a href="#its-concepts">2 concepts</a>' in html
    assert f'href="{other.url}"' in html
    assert html.count(f'href="{concept.url}"') == 1
    assert not [page.title for page in hidden if page.title in html]
    listed = client.get("/topics/").content.decode()
    assert '<a href="/topics/bonds/#its-articles">1 article</a>' in listed
    assert '<a href="/topics/bonds/#its-concepts">2 concepts</a>' in listed


def test_a_hub_leads_on_to_the_concepts_that_it_does_not_list(client):
    hub = make_hub("Bonds", live=True)
    for _ in range(14):
        make_concept(live=True, topics=("Bonds",))
    html = client.get(hub.url).content.decode()
    assert '<a href="/topics/bonds/articles/#its-concepts">All 14 concepts</a>' in html
    assert 'id="its-concepts"' in client.get("/topics/bonds/articles/").content.decode()


def test_the_anchors_of_counts_stand_on_the_page_of_a_topic_without_a_hub(client):
    make_article(live=True, topics=("Sleep",))
    make_concept(live=True, topics=("Sleep",))
    html = client.get("/topics/sleep/").content.decode()
    assert 'id="its-articles"' in html
    assert 'id="its-concepts"' in html


def test_a_page_without_claims_says_that_nothing_is_tied_to_a_source(client):
    words = "No claims tied to sources yet"
    pages = [make_article(live=True), make_concept(live=True), make_hub(live=True)]
    for page in pages:
        assert words in client.get(page.url).content.decode()
    article = make_article()
    article.claims = claims(1)
    html = client.get(publish(article).url).content.decode()
    assert words not in html
    assert "1 claim, 1 source" in html


def test_drafts_and_private_pages_show_nowhere(client):
    topic = make_topic("Sleep")
    hub = make_hub("Sleep", topic=topic, live=True)
    shown = make_article("Shown to all", live=True, topics=("Sleep",))
    make_article("Still a draft", topics=("Sleep",))
    make_article("For members", live=True, private=True, topics=("Sleep",))
    make_concept("Concept in draft", topics=("Sleep",))
    make_concept("Concept for members", live=True, private=True, topics=("Sleep",))
    for address in (
        "/",
        "/articles/",
        "/topics/",
        hub.url,
        shown.url,
        "/topics/sleep/articles/",
        "/glossary/",
    ):
        html = client.get(address).content.decode()
        for title in ("Still a draft", "For members", "Concept in draft", "Concept for members"):
            assert title not in html, address
    assert "1 article<" in client.get(hub.url).content.decode()


def test_a_private_index_hides_what_is_below_it(client):
    article = make_article("Below a private page", live=True, topics=("Sleep",))
    PageViewRestriction.objects.create(page=article.get_parent(), restriction_type=PageViewRestriction.LOGIN)
    assert "Below a private page" not in client.get("/").content.decode()
    assert client.get("/topics/sleep/").status_code == 404


def test_a_topic_without_a_hub_answers_at_the_address_of_its_hub(client):
    make_article("On sleep", live=True, topics=("Sleep",))
    response = client.get("/topics/sleep/")
    assert response.status_code == 200
    assert "On sleep" in response.content.decode()
    hub = make_hub("Sleep", topic=make_topic("Sleep"))
    assert client.get("/topics/sleep/").templates[0].name == "articles/topic_without_hub.html"
    hub.save_revision().publish()
    assert TopicPage.objects.get().url == "/topics/sleep/"
    assert client.get("/topics/sleep/").templates[0].name == "articles/topic_page.html"


@pytest.mark.parametrize(
    "path", ["/topics/nothing/", "/topics/empty/", "/topics/sleep/else/", "/topics/a/b/c/"]
)
def test_a_topic_with_nothing_published_is_not_found(path, client):
    make_topic("Empty")
    make_article("A draft", topics=("Empty",))
    make_article("On sleep", live=True, topics=("Sleep",))
    assert client.get(path).status_code == 404


def test_a_hub_without_articles_shows_no_count(client):
    hub = make_hub("Alone", live=True)
    html = client.get(hub.url).content.decode()
    assert "0 article" not in html
    assert "its-articles" not in html
    assert "Read past issues" in html


def test_a_byline_says_who_is_fictitious(client):
    ada = make_contributor("Ada Example", credentials="PhD", is_fictitious=True)
    unlisted = make_contributor("Una Listed", live=False)
    article = make_article(live=True, contributors=(ada, unlisted))
    html = client.get(article.url).content.decode()
    assert "(fictitious)" in html
    assert f'<a href="{ada.url}">Ada Example</a>' in html
    assert "Una Listed" in html
    assert '">Una Listed</a>' not in html


def test_links_to_pages_that_are_not_public_lead_nowhere(client):
    draft = make_concept("Secret")
    body = json.dumps([block("text", f'<p>About <a linktype="page" id="{draft.pk}">this</a>.</p>')])
    article = make_article(live=True, body=body)
    html = client.get(article.url).content.decode()
    assert "About this." in html
    assert draft.slug not in html


def test_a_button_to_a_page_that_is_not_public_stays_away(client):
    draft = make_concept("Secret")
    value = {"text": "Read the secret.", "label": "Open", "page": draft.pk, "url": ""}
    html = client.get(make_article(live=True, body=json.dumps([block("cta", value)])).url).content.decode()
    assert "Read the secret" not in html
    assert draft.slug not in html


def test_one_image_shown_twice_keeps_the_words_of_each_place(client):
    chosen = make_image(credit="Ada Example", licence="CC BY 4.0")
    values = [
        {"image": {"image": chosen.pk, "alt_text": words, "decorative": not words}, "caption": ""}
        for words in ("A cell", "", "The same cell")
    ]
    body = json.dumps([block("image", value) for value in values])
    html = client.get(make_article(live=True, body=body).url).content.decode()
    for words in ('alt="A cell"', 'alt=""', 'alt="The same cell"'):
        assert html.count(words) == 1
    assert html.count("Ada Example, CC BY 4.0") == 3


def test_an_image_that_was_deleted_leaves_the_rest_of_the_page(client):
    value = {"image": {"image": 987654, "alt_text": "", "decorative": True}, "caption": ""}
    body = json.dumps([block("image", value), block("text", "<p>Still here.</p>")])
    response = client.get(make_article(live=True, body=body).url)
    assert "Still here." in response.content.decode()
    assert "<img" not in response.content.decode()


def test_reading_writes_nothing(client):
    BriefSettings.objects.all().delete()
    addresses = ["/", "/brief/", make_hub(live=True).url, make_article(live=True).url]
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        written = [q["sql"] for q in captured if not q["sql"].startswith(("SELECT", "WITH"))]
        assert written == [], address
    assert "The Intelligence Brief" in client.get("/").content.decode()
    assert not BriefSettings.objects.exists()


def test_a_page_being_written_can_be_previewed_with_its_child_rows(client):
    article = full_article(2)
    article.claims = [*article.claims.all(), Claim(text="Not saved yet")]
    response = article.make_preview_request(preview_mode="")
    assert "Not saved yet" in response.rendered_content


def test_an_unpublished_index_answers_for_no_topic(client):
    make_article(live=True, topics=("Sleep",))
    assert client.get("/topics/sleep/").status_code == 200
    TopicIndexPage.objects.get().unpublish()
    assert [client.get(url).status_code for url in ("/topics/", "/topics/sleep/")] == [404, 404]


def test_hub_takes_the_address_of_its_topic():
    topic = make_topic("Sleep and memory")
    hub = make_hub("What sleep does", topic=topic)
    hub.slug = "something-else"
    hub.save_revision()
    assert hub.get_latest_revision_as_object().slug == "sleep-and-memory"
