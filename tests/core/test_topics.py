"""Topics by any spelling of their names: one for each name, with an address always."""

import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from taggit.models import Tag
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from articles.models import ArticleIndexPage, ArticlePage
from mindlab.core.models import Topic
from mindlab.core.names import name_key
from mindlab.core.slugs import base_slug
from mindlab.editorial.models import ReviewRecord
from mindlab.home.migrations import _topics
from tests.editorial.helpers import make_people, publish_through_review
from tests.factories import make_article, make_concept, make_hub, make_image, make_topic, make_user

pytestmark = pytest.mark.django_db

ALIKE = [
    ("Émotion", "émotion"),
    ("Emotion", "ÉMOTION"),
    ("Caf\u00e9", "Cafe\u0301"),
    ("\u00b5-opioids", "\u03bc-opioids"),
    ("Default-mode network", "default mode\u00a0network"),
    ("Broca’s area", "Broca's area"),
    ("hippo\u00adcampus", "Hippocampus"),
    ("ΔFosB", "δfosb"),
]
OTHERS = [("β", "B"), ("α-synuclein", "synuclein"), ("C", "C++"), ("memory", "memories"), ("???", "!!!")]
ODD = ["β", "μ", "睡眠", "α-synuclein", "synuclein", "😀", "???", "Search", "x" * 100, "Δ9-THC", "ﷺ" * 100]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_name_are_one_topic(one, other):
    article = make_article(topics=(one,))
    article.topics.add(other)
    assert Topic.objects.named(other) == Topic.objects.get()
    article.topics.set([other, one, Topic.objects.get()])
    article.save()
    assert [topic.name for topic in ArticlePage.objects.get().topics.all()] == [one]


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_names_are_other_topics(one, other):
    make_concept(topics=(one, other))
    assert {topic.name for topic in Topic.objects.all()} == {one, other}


def test_one_name_cannot_be_given_twice_in_the_admin(client):
    client.force_login(make_user(is_superuser=True))
    make_topic("Émotion")
    mine = make_topic("Mine")
    add = reverse("wagtailsnippets_core_topic:add")
    edit = reverse("wagtailsnippets_core_topic:edit", args=[mine.pk])
    for address in (add, edit):
        said = client.post(address, {"name": "emotion"}).content.decode()
        assert "There is a topic of that name: “Émotion”, at emotion." in said
    assert client.post(add, {"name": "睡眠"}).status_code == 302
    assert Topic.objects.get(name="睡眠").slug == "shuimian"
    assert client.post(edit, {"name": "MINE"}).status_code == 302


def test_one_name_cannot_be_given_twice_in_the_database():
    make_topic("Émotion")
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.create(name="emotion")
    with pytest.raises(ValidationError):
        Topic(name="emotion", slug="another").full_clean()


def test_every_name_has_an_address_of_its_own_that_answers(client, open_gate):
    make_article(topics=tuple(ODD), live=True)
    slugs = [topic.slug for topic in Topic.objects.order_by("pk")]
    assert len(set(slugs)) == len(slugs) == len(ODD)
    assert slugs[:5] == ["beta", "mu", "shuimian", "alpha-synuclein", "synuclein"]
    for slug in slugs:
        assert client.get(f"/topics/{slug}/").status_code == 200
    for address in ("/", "/topics/", "/articles/", ArticlePage.objects.get().url, "/sitemap.xml"):
        assert client.get(address).status_code == 200


def test_a_hub_has_the_address_of_its_topic_whatever_that_is(client, open_gate):
    hub = make_hub("β", live=True)
    assert hub.url == "/topics/beta/"
    assert client.get(hub.url).status_code == 200


def test_a_new_name_keeps_the_address_and_is_found():
    topic = make_topic("β")
    topic.name = "Beta rhythm"
    topic.save(update_fields=["name"])
    assert Topic.objects.named("beta-rhythm") == topic
    assert Topic.objects.get().slug == "beta"


def test_tags_of_images_have_addresses_made_in_the_same_way():
    image = make_image()
    image.tags.add("β", "睡眠", "α-synuclein", "synuclein", "beta")
    slugs = dict(Tag.objects.values_list("name", "slug"))
    assert slugs == {
        "β": "beta",
        "睡眠": "shuimian",
        "α-synuclein": "alpha-synuclein",
        "synuclein": "synuclein",
        "beta": "beta-2",
    }


@pytest.mark.parametrize("title", ["睡眠", "β", "???", "Émotion", "Search"])
def test_a_page_that_is_saved_without_an_address_gets_one_made_in_the_same_way(title, client):
    client.force_login(make_user(groups=("Writers",)))
    parent = ArticleIndexPage.objects.get()
    rows = dict.fromkeys(("credits", "claims", "measurements", "comments"), inline_formset([]))
    data = {"title": title, "slug": "", "deck": "", "topics": "", "body": streamfield([]), **rows}
    address = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", parent.pk])
    assert client.post(address, nested_form_data(data)).status_code == 302
    assert ArticlePage.objects.get(draft_title=title).slug == base_slug(title, "article")


def run_migration():
    module = importlib.import_module("mindlab.home.migrations.0005_addresses_of_topics")
    module.forwards(apps, connection.schema_editor)


def as_before(topic, **fields):
    Topic.objects.filter(pk=topic.pk).update(**{"key": None, **fields})


def test_topics_of_older_sites_get_keys_and_the_one_without_an_address_gets_one(client, open_gate):
    other, beta, one, two = (make_topic(name) for name in ("beta", "β", "Émotion", "emotions of dogs"))
    for topic in (other, one):
        as_before(topic)
    as_before(beta, slug="")
    as_before(two, name="émotion")
    make_article(topics=("β", "Émotion"), live=True)
    run_migration()
    rows = Topic.objects.order_by("pk").values_list("name", "key", "slug")
    assert list(rows) == [
        ("beta", "beta", "beta"),
        ("β", "β", "beta-2"),
        ("Émotion", "emotion", "emotion"),
        ("émotion", None, "emotions-of-dogs"),
    ]
    assert client.get("/topics/").status_code == 200
    assert client.get("/topics/beta-2/").status_code == 200
    assert Topic.objects.named("emotion") == one
    # The second of one name is saved as it is, until it gets a name of its own.
    two.refresh_from_db()
    two.save()
    two.name = "Feelings"
    two.save()
    assert two.key == "feelings"


def test_what_was_approved_with_a_topic_without_an_address_still_counts():
    people = make_people()
    topic = make_topic("β")
    as_before(topic, slug="")
    page = make_article(topics=("β",), owner=people.writer)
    publish_through_review(page, people)
    run_migration()
    assert Topic.objects.get().slug == "beta"
    assert all(
        ["topic", topic.pk, _topics.digest_of("β", "beta")] in row.shown for row in ReviewRecord.objects.all()
    )
    call_command("audit_review")


@pytest.mark.parametrize("name", [name for pair in ALIKE + OTHERS for name in pair])
def test_the_migration_compares_as_the_site_does(name):
    assert _topics.name_key(name) == name_key(name)
    assert _topics.slug_of(name, 7) in {base_slug(name, "topic-7"), "topic-7"}
