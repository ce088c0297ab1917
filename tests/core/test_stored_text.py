"""What a revision points at and is gone: a page made of it is the one that modelcluster makes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelcluster.models import ClusterableModel

from glossary.models import ConceptPage
from mindlab.core.stored_text import without_dangling
from tests.factories import make_article, make_concept, make_contributor, make_image, make_user

pytestmark = pytest.mark.django_db


def as_modelcluster_makes_it(page, data):
    """What the field by field check makes of the same data."""
    return ClusterableModel.from_serializable_data.__func__(type(page), data).serializable_data()


def test_the_same_as_asked_field_by_field_where_everything_is_there():
    page = make_article(contributors=(make_contributor(), make_contributor()), topics=("Sleep",))
    data = page.serializable_data()
    assert without_dangling(type(page), data) == data


def test_what_is_gone_is_unset_or_left_out():
    gone, stays = make_contributor(), make_contributor()
    owner, cover = make_user(), make_image()
    page = make_article(contributors=(gone, stays), owner=owner, cover=cover)
    data = page.get_latest_revision().content
    page.credits, page.cover = [], None
    page.save()
    for row in (gone, owner, cover):
        row.delete()
    kept = without_dangling(type(page), data)
    assert kept["owner"] is None
    assert kept["cover"] is None
    assert [row["contributor"] for row in kept["credits"]] == [stays.pk]
    assert [credit.contributor_id for credit in page.get_latest_revision_as_object().credits.all()] == [
        stays.pk
    ]


def test_a_relation_to_a_concept_that_is_gone():
    target = make_concept()
    page = make_concept(relations=((target, "<p>Together.</p>"), ("A term", "<p>Alone.</p>")))
    data = page.get_latest_revision().content
    target.delete()
    made = ConceptPage.from_serializable_data(data)
    assert made.serializable_data() == as_modelcluster_makes_it(page, data)


def test_the_number_of_statements_does_not_grow_with_the_rows():
    def contributors(number):
        return tuple(make_contributor() for _each in range(number))

    few = make_article(contributors=contributors(1), owner=make_user()).get_latest_revision()
    many = make_article(contributors=contributors(9), owner=make_user()).get_latest_revision()
    model = few.content_type.model_class()
    counts = []
    for revision in (few, many):
        with CaptureQueriesContext(connection) as queries:
            without_dangling(model, revision.content)
        counts.append(len(queries))
    assert counts[0] == counts[1]
