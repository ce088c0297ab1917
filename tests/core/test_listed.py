import pytest
from wagtail.models import PageViewRestriction

from mindlab.core import listed
from mindlab.core.listed import ListedPage, all_of, length, naming, newest, under
from tests.factories import make_article, make_concept, make_contributor, make_topic

pytestmark = pytest.mark.usefixtures("open_gate")


def pages_in(listing):
    return [entry.page_id for entry in newest(listing)]


def test_a_page_stands_in_the_lists_of_its_kind_its_topics_and_its_authors_while_it_is_public():
    person = make_contributor()
    older = make_article(live=True, topics=("Sleep",), contributors=(person,))
    newer = make_article(live=True, topics=("Sleep", "Memory"))
    make_article("A draft", topics=("Sleep",), contributors=(person,))
    sleep, memory = make_topic("Sleep").pk, make_topic("Memory").pk
    assert pages_in(all_of("article")) == [newer.pk, older.pk]
    assert pages_in(under("article", sleep)) == [newer.pk, older.pk]
    assert pages_in(under("article", memory)) == [newer.pk]
    assert pages_in(naming(person.pk)) == [older.pk]
    assert length(under("article", sleep)) == 2
    older.unpublish()
    assert pages_in(all_of("article")) == [newer.pk]
    assert length(under("article", sleep)) == 1
    assert length(naming(person.pk)) == 0
    newer.delete()
    assert not ListedPage.objects.filter(listing__startswith="article").exists()
    assert length(all_of("article")) == 0


def test_a_page_that_changes_its_topics_changes_its_lists():
    article = make_article(live=True, topics=("Sleep",))
    article.topics.set(["Memory"])
    article.save_revision().publish()
    assert pages_in(under("article", make_topic("Sleep").pk)) == []
    assert pages_in(under("article", make_topic("Memory").pk)) == [article.pk]


def test_what_becomes_private_leaves_the_lists_and_comes_back():
    article = make_article(live=True, topics=("Sleep",))
    restriction = PageViewRestriction.objects.create(page=article, restriction_type="login")
    assert length(under("article", make_topic("Sleep").pk)) == 0
    restriction.delete()
    assert length(under("article", make_topic("Sleep").pk)) == 1
    on_all = PageViewRestriction.objects.create(page=article.get_parent(), restriction_type="login")
    assert length(all_of("article")) == 0
    on_all.delete()
    assert length(all_of("article")) == 1


def test_what_sql_has_hidden_is_shown_nowhere_even_while_it_is_listed(client):
    article = make_article("Hidden by SQL", live=True, topics=("Sleep",))
    type(article).objects.filter(pk=article.pk).update(live=False)
    assert pages_in(all_of("article")) == [article.pk]
    for address in ("/", "/articles/", "/topics/sleep/", "/feed/", "/sitemap-article.xml"):
        assert "Hidden by SQL" not in client.get(address).content.decode()
        assert article.slug not in client.get(address).content.decode()


def test_lists_made_anew_are_those_that_were_kept():
    person = make_contributor()
    make_article(live=True, topics=("Sleep",), contributors=(person,))
    make_concept(live=True, topics=("Sleep",), private=True)
    make_concept("Émotion", live=True, topics=("Sleep",))
    fields = ("listing", "page", "published_at", "letter", "title_key")
    kept = sorted(ListedPage.objects.values_list(*fields))
    numbers = dict(listed.ListLength.objects.filter(number__gt=0).values_list("listing", "number"))
    ListedPage.objects.all().delete()
    listed.rebuild()
    assert sorted(ListedPage.objects.values_list(*fields)) == kept
    assert dict(listed.ListLength.objects.filter(number__gt=0).values_list("listing", "number")) == numbers


def test_titles_are_ordered_and_lettered_without_case_and_accents():
    for title in ("zeta", "Émotion", "emotion and sleep", "5-HT"):
        make_concept(title, live=True)
    entries = listed.by_title(all_of("concept")).values_list("letter", "title_key")
    assert list(entries) == [("#", "5-ht"), ("E", "emotion"), ("E", "emotion and sleep"), ("Z", "zeta")]
