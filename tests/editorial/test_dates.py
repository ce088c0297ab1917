"""When a page becomes public and when it is taken down is decided by those who may publish."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from mindlab.editorial.models import ReviewRecord
from tests.editorial.helpers import approve_all, change, decide, fresh, submit
from tests.editorial.test_decisions import decision, editor, text_after
from tests.editorial.test_matrix import form
from tests.factories import make_article

pytestmark = pytest.mark.django_db

DATES = ("go_live_at", "expire_at")


def posted(days):
    """Dates as the editor posts them."""
    dates = (localtime(timezone.now() + timedelta(days=number)) for number in days)
    return dict(zip(DATES, (date.strftime("%Y-%m-%d %H:%M") for date in dates), strict=True))


def stored(page):
    content = fresh(page).get_latest_revision().content
    return [content[name] for name in DATES]


def with_dates(page, user, **dates):
    return change(page, user, **{name: dates.get(name) for name in DATES})


@pytest.mark.parametrize(
    ("role", "may"), [("writer", False), ("reviewer", False), ("editor", True), ("administrator", True)]
)
def test_dates_are_set_by_those_who_may_publish(role, may, people, client):
    page = make_article("The page", deck="A deck.", owner=people.writer)
    if role == "reviewer":
        submit(page, people.writer)
        decide(page, people.editor)
    client.force_login(getattr(people, role))
    assert ("Set schedule" in client.get(editor(page)).content.decode()) == may
    client.post(editor(page), form(fresh(page), **posted((5, 9))))
    assert fresh(page).get_latest_revision_as_object().deck != "A deck."
    assert all(stored(page)) == may
    assert any(stored(page)) == may


def test_a_new_page_of_a_writer_has_no_dates(people, client):
    page = make_article(owner=people.writer)
    client.force_login(people.writer)
    url = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", page.get_parent().pk])
    client.post(url, form(page, title="Another", slug="another", **posted((5, 9))))
    another = page.get_siblings().get(slug="another")
    assert (another.go_live_at, another.expire_at) == (None, None)
    assert stored(another) == [None, None]


def test_a_writer_brings_no_date_back_with_an_earlier_text(people, client):
    page = make_article("The page", deck="A deck.", owner=people.writer)
    dated = with_dates(page, people.editor, expire_at=timezone.now() + timedelta(days=9))
    with_dates(page, people.editor)
    client.force_login(people.writer)
    url = reverse("wagtailadmin_api:pages:action", args=[page.pk, "revert_to_page_revision"])
    client.post(url, {"revision_id": dated.pk}, content_type="application/json")
    assert stored(page) == [None, None]


def test_a_writer_who_saves_leaves_the_dates_of_an_editor(people, client):
    page = make_article("The page", deck="A deck.", owner=people.writer)
    with_dates(page, people.editor, expire_at=timezone.now() + timedelta(days=9))
    before = stored(page)
    client.force_login(people.writer)
    client.post(editor(page), form(fresh(page), expire_at=""))
    assert stored(page) == before


@pytest.mark.parametrize("role", ["writer", "editor"])
def test_a_text_that_has_expired_can_be_saved_as_a_draft(role, people, client):
    page = make_article("The page", deck="A deck.", owner=people.writer)
    past = localtime(timezone.now() - timedelta(days=1)).replace(second=0, microsecond=0)
    with_dates(page, people.editor, expire_at=past)
    client.force_login(getattr(people, role))
    post = form(fresh(page), deck="Reworded.", expire_at=past.strftime("%Y-%m-%d %H:%M"))
    client.post(editor(page), post)
    assert fresh(page).get_latest_revision_as_object().deck == "Reworded."
    assert stored(page)[1] is not None


def test_nothing_is_approved_whose_date_of_expiry_has_passed(people, client):
    page = make_article("The page", deck="A deck.", owner=people.writer)
    soon = timezone.now() + timedelta(days=1)
    with_dates(page, people.administrator, expire_at=soon)
    submit(page, people.writer)
    decide(page, people.editor)
    revision = fresh(page).get_latest_revision()
    revision.content["expire_at"] = (timezone.now() - timedelta(hours=1)).isoformat()
    revision.save()
    client.force_login(people.reviewer)
    said = text_after(client.post(editor(page), decision(fresh(page)), follow=True))
    assert "The date of expiry has passed" in said
    with pytest.raises(PermissionDenied, match="date of expiry has passed"):
        decide(page, people.reviewer)
    assert not fresh(page).live
    assert ReviewRecord.objects.count() == 1


def test_an_editor_who_may_publish_takes_a_page_down_at_a_date(people):
    page = make_article("The page", owner=people.writer)
    later = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
    with_dates(page, people.administrator, expire_at=later)
    submit(page, people.writer)
    approve_all(page, people)
    assert fresh(page).live
    assert fresh(page).expire_at == later
