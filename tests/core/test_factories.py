import pytest

from tests.factories import (
    make_article,
    make_concept,
    make_contributor,
    make_hub,
    make_issue,
)


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_article, make_concept, make_hub, make_issue])
def test_drafts_are_complete(make):
    page = make()
    assert not page.live
    assert page.latest_revision is not None
    page.full_clean()


@pytest.mark.usefixtures("open_gate")
@pytest.mark.parametrize("make", [make_article, make_concept, make_contributor, make_hub, make_issue])
def test_live_pages_have_a_live_revision(make):
    page = make(live=True)
    page.refresh_from_db()
    assert page.live
    assert page.live_revision == page.latest_revision
