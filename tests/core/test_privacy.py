import pytest
from wagtail.models import Page, PageViewRestriction

from mindlab.core import privacy
from tests.factories import make_article, make_concept

pytestmark = pytest.mark.usefixtures("open_gate")


def public():
    return set(Page.objects.exclude(privacy.is_restricted()).values_list("pk", flat=True))


def test_a_page_and_all_below_it_are_private():
    leaf = make_article(live=True, private=True)
    concept, other = make_concept(live=True), make_article(live=True)
    PageViewRestriction.objects.create(page=concept.get_parent(), restriction_type="login")
    assert not {leaf.pk, concept.pk, concept.get_parent().pk} & public()
    assert other.pk in public()
    assert public() == set(Page.objects.public().values_list("pk", flat=True))


def test_more_private_pages_than_a_statement_names_one_by_one(monkeypatch):
    monkeypatch.setattr(privacy, "MOST_LEAVES", 1)
    private = {make_article(live=True, private=True).pk for _ in range(3)}
    assert not private & public()


def test_a_request_asks_once_and_hears_of_a_change(django_assert_num_queries):
    article = make_article(live=True)

    def answer(request):
        with django_assert_num_queries(1):
            assert not privacy.private()
            assert not privacy.private()
        PageViewRestriction.objects.create(page=article, restriction_type="login")
        assert privacy.private().leaves == (article.path,)

    privacy.known_in_each_request(answer)(None)


def test_a_page_with_nothing_private_about_it_still_obeys_the_restrictions_of_others(client):
    article = make_article(live=True)
    assert client.get(article.url).status_code == 200
    PageViewRestriction.objects.create(page=article.get_parent(), restriction_type="login")
    assert client.get(article.url).status_code == 302
