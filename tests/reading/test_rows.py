from decimal import Decimal

import pytest

from articles.models import ArticlePage
from mindlab.evidence.models import Citation, Claim, Measurement, Source
from mindlab.reading.rows import Rows, gather, number_of, remember
from tests.factories import make_article, make_contributor

pytestmark = pytest.mark.usefixtures("open_gate")


def article_with_rows():
    article = make_article("An article", contributors=(make_contributor("Ada"),), live=True)
    source = Source.objects.create(title="Study “A” \\ 1", authors=[{"family": "Ö'Hara"}], year=2009)
    article.claims = [Claim(text="Words", sort_order=0), Claim(text="μ < 5", sort_order=1)]
    article.claims.all()[0].citations = [Citation(source=source)]
    article.measurements = [Measurement(quantity="Q", low=Decimal("0.3"), high=Decimal(20), unit="μg/dL")]
    article.save_revision().publish()
    return article, source


def test_rows_come_back_as_they_were_stored_in_one_statement(django_assert_num_queries):
    article, source = article_with_rows()
    claims = Claim.objects.filter(stated_on=article.pk).order_by("sort_order")
    stored = list(claims)
    published = ArticlePage.objects.published()
    with django_assert_num_queries(1):
        found = gather(
            {
                "claims": Rows(claims),
                "citations": Rows(
                    Citation.objects.filter(claim__stated_on=article.pk), joined={"source": ()}
                ),
                "measurements": Rows(Measurement.objects.filter(stated_on=article.pk)),
                "articles": Rows(published, ("title", "url_path", "first_published_at")),
                "number": number_of(published),
                "none": Rows(ArticlePage.objects.filter(pk__in=[])),
                "zero": number_of(ArticlePage.objects.filter(title="absent")),
            }
        )
        assert [(each.pk, each.text, each.uuid) for each in found["claims"]] == [
            (each.pk, each.text, each.uuid) for each in stored
        ]
        assert found["citations"][0].source.authors == [{"family": "Ö'Hara"}]
        assert found["citations"][0].source.title == source.title
        assert found["measurements"][0].display == "0.3–20 μg/dL"
        assert found["articles"][0].title == "An article"
        assert (found["number"], found["none"], found["zero"]) == (1, [], 0)
    assert found["articles"][0].first_published_at == ArticlePage.objects.get().first_published_at


def test_a_page_answers_from_what_it_was_given_to_remember(django_assert_num_queries):
    article, _ = article_with_rows()
    page = ArticlePage.objects.get(pk=article.pk)
    claims = list(Claim.objects.filter(stated_on=article.pk))
    remember(page, {"claims": claims})
    with django_assert_num_queries(0):
        assert list(page.claims.all()) == claims
