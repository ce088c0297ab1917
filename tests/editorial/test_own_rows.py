"""A page saves rows of its own alone: nothing is taken from a public page by saving another one."""

import pytest

from articles.models import ArticlePage
from mindlab.evidence.models import Citation, Claim, Source
from tests.editorial.helpers import change, fresh, publish_through_review
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def cited(people):
    """A public article whose claim cites a source, and whose revision knows the keys of both."""
    page = make_article("The page", owner=people.writer)
    claim = Claim(text="The claim", standing="supported")
    claim.citations = [Citation(source=Source.objects.create(title="The source"), locator="p. 1")]
    change(page, people.writer, claims=[claim])
    publish_through_review(page, people)
    change(page, people.writer, deck="A second text.")
    return publish_through_review(page, people)


def locators(page):
    return list(Citation.objects.filter(claim__stated_on=page.pk).values_list("locator", flat=True))


def copy_of(page):
    page.copy(update_attrs={"slug": "copy"}, keep_live=False)
    return ArticlePage.objects.latest("pk")


def test_publishing_a_copy_leaves_the_original_its_citations(cited, people):
    copy = copy_of(cited)
    change(copy, people.writer, deck="Other words.")
    publish_through_review(copy, people)
    assert (locators(cited), locators(copy)) == (["p. 1"], ["p. 1"])


def test_saving_the_draft_of_a_copy_leaves_the_original_its_citations(cited):
    copy = copy_of(cited)
    copy.get_latest_revision_as_object().save()
    assert (locators(cited), locators(copy)) == (["p. 1"], ["p. 1"])


def test_a_row_of_another_page_is_taken_as_a_copy(cited, people):
    other = make_article("Another page", owner=people.writer)
    other.claims.add(cited.claims.get())
    other.save()
    assert [claim.text for claim in fresh(cited).claims.all()] == ["The claim"]
    assert [claim.text for claim in fresh(other).claims.all()] == ["The claim"]
    assert locators(cited) == ["p. 1"]


def test_a_page_keeps_the_keys_of_its_own_rows(cited, people):
    keys = list(Claim.objects.values_list("pk", "citations"))
    change(cited, people.writer, deck="Other words.")
    publish_through_review(cited, people)
    assert list(Claim.objects.values_list("pk", "citations")) == keys
