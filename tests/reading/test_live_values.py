import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.rich_text import expand_db_html

from articles.models import TopicPage
from mindlab.core.rich_text import HEADING
from mindlab.reading import live_values
from tests.factories import make_article, make_topic


def token(topic, **forms):
    return live_values.token_html(topic.pk, **{"one": "one article", "many": "{count} articles", **forms})


def stream(*blocks):
    return TopicPage(title="Oxytocin", body=list(blocks)).body


def heading(text, level="2"):
    return {"type": "heading", "value": {"text": text, "level": level}}


def paragraph(text):
    return {"type": "text", "value": text}


def shown(value):
    return [str(block.value["text"] if block.block_type == "heading" else block.value) for block in value]


@pytest.mark.usefixtures("open_gate")
def test_counts_only_published_articles():
    topic = make_topic("Oxytocin")
    make_article(topics=("Oxytocin",), live=True)
    make_article(topics=("Oxytocin",), live=True, private=True)
    make_article(topics=("Oxytocin",))
    make_article(topics=("Sleep",), live=True)
    assert expand_db_html(f"There is {token(topic)}.") == "There is one article."


@pytest.mark.usefixtures("open_gate")
def test_form_for_many_holds_the_number():
    topic = make_topic("Oxytocin")
    for _ in range(3):
        make_article(topics=("Oxytocin",), live=True)
    assert expand_db_html(token(topic)) == "3 articles"


@pytest.mark.django_db
def test_form_for_none_is_used_and_escaped():
    assert expand_db_html(token(make_topic(), none="no <b>articles</b> & none")) == (
        "no &lt;b&gt;articles&lt;/b&gt; &amp; none"
    )


@pytest.mark.django_db
def test_heading_without_a_form_for_none_stays_away_with_its_section():
    topic = make_topic()
    value = live_values.resolve(
        stream(
            heading("Before"),
            paragraph("<p>kept</p>"),
            heading(f"What the {token(topic)} explore"),
            paragraph("<p>gone</p>"),
            heading("Below", level="3"),
            paragraph("<p>gone too</p>"),
            heading("After"),
        )
    )
    assert ["Before" in text or "kept" in text or "After" in text for text in shown(value)] == [True] * 3


@pytest.mark.usefixtures("open_gate")
def test_resolving_takes_one_query_however_many_tokens(django_assert_num_queries):
    first, second = make_topic("Oxytocin"), make_topic("Sleep")
    make_article(topics=("Oxytocin", "Sleep"), live=True)
    value = stream(*(paragraph(f"<p>{token(first)} {token(second)}</p>") for _ in range(20)))
    # 1: the published articles of both topics, counted
    with django_assert_num_queries(1):
        texts = shown(live_values.resolve(value))
    assert texts[0].count("one article") == 2


def test_stream_without_tokens_is_left_alone():
    value = stream(paragraph("<p>plain</p>"))
    assert live_values.resolve(value) is value


def test_token_survives_the_editor():
    stored = (
        "<p>The "
        + live_values.token_html(7, none="", one='one "good" article', many="{count} articles")
        + ".</p>"
    )
    converter = ContentstateConverter(HEADING)
    again = converter.to_database_format(converter.from_database_format(stored))
    assert live_values.tokens(again) == live_values.tokens(stored)


def test_unknown_topics_count_nothing(db):
    assert expand_db_html('<embed embedtype="live-count" topic="x" none="none" one="1" many="2"/>') == "none"


@pytest.mark.django_db
def test_form_is_for_people_who_may_enter_the_admin(client):
    response = client.get("/admin/live-count/")
    assert response.status_code == 302
