"""Who may withdraw, hide and remove what, by the admin's own addresses: each role, each state of a page.

A cell takes one way as one person with a page in one state. ``ALLOWED`` lists the roles that may take
it there; for all others the page must stand as it stood.
"""

from contextlib import nullcontext
from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PagePermissionTester, PageViewRestriction

from articles.models import ArticleIndexPage
from mindlab.core.models import ContributorPage
from mindlab.home.models import HomePage
from tests.editorial.helpers import change, fresh, publish_through_review, submit
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_issue, make_user

pytestmark = pytest.mark.django_db

EVERYONE = ("owner", "other_writer", "editor", "reviewer", "administrator", "visitor", "stranger")
ONE_OF_EACH = ("owner", "editor", "reviewer")
PUBLISHERS = {"editor", "administrator"}

# --- The states a page can be in; the writer owns it. ---


def draft(people, make=make_article):
    return make(owner=people.writer)


def in_review(people, make=make_article):
    page = draft(people, make)
    submit(page, people.writer)
    return fresh(page)


def live(people, make=make_article):
    return publish_through_review(draft(people, make), people)


def scheduled(people):
    page = make_article(owner=people.writer)
    change(page, people.administrator, go_live_at=timezone.now() + timedelta(days=3))
    page = publish_through_review(page, people)
    assert page.scheduled_revision is not None
    return page


def live_with_a_later_text(people):
    page = live(people)
    change(page, people.administrator, deck="Later.", go_live_at=timezone.now() + timedelta(days=3))
    page = publish_through_review(page, people)
    assert page.live
    assert page.scheduled_revision is not None
    return page


def private(people):
    page = live(people)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    return page


# --- The ways of the admin, and whether one had its effect. ---


def unschedule(client, page):
    revision = page.revisions.filter(approved_go_live_at__isnull=False).get()
    client.post(reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, revision.pk]))
    revision.refresh_from_db()
    return revision.approved_go_live_at is None


def restrictions(page):
    return list(PageViewRestriction.objects.filter(page=page).values_list("restriction_type", flat=True))


def set_privacy(client, page, kind):
    before = restrictions(page)
    fields = {"restriction_type": kind, "password": "", "return_url": ""}
    client.post(reverse("wagtailadmin_pages:set_privacy", args=[page.pk]), fields)
    return restrictions(page) != before


def make_private(client, page):
    return set_privacy(client, page, "login")


def make_public(client, page):
    return set_privacy(client, page, "none")


def is_gone(page):
    return not Page.objects.filter(pk=page.pk).exists()


def delete(client, page):
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    return is_gone(page)


def in_bulk(client, action, query, **fields):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    client.post(f"{address}?{query}", fields)


def delete_in_bulk(client, page):
    in_bulk(client, "delete", f"id={page.pk}")
    return is_gone(page)


def delete_all_that_a_list_shows(client, page):
    in_bulk(client, "delete", f"id=all&childOf={page.get_parent().pk}")
    return is_gone(page)


def delete_with_the_index(client, page):
    in_bulk(client, "delete", f"id={page.get_parent().pk}", include_descendants="on")
    return is_gone(page)


def unpublish(client, page):
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]), {"include_descendants": "on"})
    return not fresh(page).live


def unpublish_in_bulk(client, page):
    in_bulk(client, "unpublish", f"id={page.pk}", include_descendants="on")
    return not fresh(page).live


def unpublish_with_the_index(client, page):
    in_bulk(client, "unpublish", f"id={page.get_parent().pk}", include_descendants="on")
    return not fresh(page).live


OWN_OR_PUBLISHERS = {"owner", *PUBLISHERS}
ALLOWED = {
    (unschedule, scheduled): PUBLISHERS,
    (unschedule, live_with_a_later_text): PUBLISHERS,
    (make_private, draft): PUBLISHERS,
    (make_private, live): PUBLISHERS,
    (make_private, live_with_a_later_text): PUBLISHERS,
    (make_public, private): PUBLISHERS,
    (unpublish, live): PUBLISHERS,
    (unpublish_in_bulk, live): PUBLISHERS,
    (unpublish_with_the_index, live): PUBLISHERS,
    (delete_with_the_index, live): {"administrator"},
    (delete_with_the_index, draft): {"administrator"},
    # What readers see is removed by those who may publish; a draft by its owner, too.
    (delete_all_that_a_list_shows, live): PUBLISHERS,
    (delete_all_that_a_list_shows, draft): OWN_OR_PUBLISHERS,
    **{
        (way, state): PUBLISHERS
        for way in (delete, delete_in_bulk)
        for state in (live, live_with_a_later_text, private)
    },
    **{
        (way, state): OWN_OR_PUBLISHERS
        for way in (delete, delete_in_bulk)
        for state in (draft, in_review, scheduled)
    },
}


@pytest.fixture
def accounts(people):
    people.owner = people.writer
    people.other_writer = make_user("other-writer", groups=("Writers",))
    people.visitor = make_user("visitor")
    people.stranger = None
    return people


def sign_in(client, accounts, role):
    client.logout()
    if account := getattr(accounts, role):
        client.force_login(account)


def cases():
    for (way, state), allowed in ALLOWED.items():
        for role in EVERYONE:
            yield pytest.param(
                way, state, role, role in allowed, id=f"{way.__name__}-{state.__name__}-{role}"
            )


@pytest.mark.parametrize(("way", "state", "role", "may"), list(cases()))
def test_a_way_is_open_to_those_who_may_take_it(client, accounts, way, state, role, may):
    page = state(accounts)
    sign_in(client, accounts, role)
    assert way(client, page) is may


KINDS = {"article": make_article, "concept": make_concept, "hub": make_hub, "issue": make_issue}


@pytest.mark.parametrize("role", ONE_OF_EACH)
@pytest.mark.parametrize("way", [make_private, delete, delete_in_bulk, unpublish])
@pytest.mark.parametrize("kind", KINDS)
def test_the_rule_is_one_for_all_kinds_of_reviewed_pages(client, accounts, kind, way, role):
    page = live(accounts, KINDS[kind])
    sign_in(client, accounts, role)
    assert way(client, page) is (role in PUBLISHERS)


@pytest.mark.parametrize("role", ONE_OF_EACH)
@pytest.mark.parametrize("way", [make_private, delete, delete_in_bulk, unpublish])
def test_a_person_readers_see_is_removed_and_hidden_by_publishers_alone(client, accounts, way, role):
    page = make_contributor()
    ContributorPage.objects.filter(pk=page.pk).update(owner=accounts.writer)
    sign_in(client, accounts, role)
    assert way(client, page) is (role in PUBLISHERS)


@pytest.mark.parametrize("role", [*ONE_OF_EACH, "administrator"])
@pytest.mark.parametrize("way", [make_private, delete, delete_in_bulk, unpublish])
def test_an_index_with_pages_is_removed_by_administrators_alone(client, accounts, way, role):
    live(accounts)
    page = ArticleIndexPage.objects.get()
    sign_in(client, accounts, role)
    may = {"administrator"} if way in (delete, delete_in_bulk) else PUBLISHERS
    assert way(client, page) is (role in may)


@pytest.mark.parametrize("role", ONE_OF_EACH)
def test_the_admin_offers_no_way_that_it_would_refuse(client, accounts, role):
    page = live_with_a_later_text(accounts)
    sign_in(client, accounts, role)
    response = client.get(reverse("wagtailadmin_pages:history", args=[page.pk]))
    html = response.content.decode()
    may = role in PUBLISHERS
    assert ("/unschedule/" in html) is may
    # A page that waits for its date is locked: it is first taken off the plan.
    page.revisions.update(approved_go_live_at=None)
    html = client.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk])).content.decode()
    assert (reverse("wagtailadmin_pages:delete", args=[page.pk]) in html) is may
    assert (reverse("wagtailadmin_pages:unpublish", args=[page.pk]) in html) is may


@pytest.mark.parametrize("way", [unschedule, make_private, delete, delete_in_bulk])
def test_an_account_that_was_closed_does_nothing(client, accounts, way):
    page = live_with_a_later_text(accounts)
    client.force_login(accounts.editor)
    accounts.editor.is_active = False
    accounts.editor.save()
    assert not way(client, page)


RIGHTS = [set(), {"add"}, {"change"}, {"add", "publish"}, {"change", "publish"}, {"change", "bulk_delete"}]


@pytest.mark.parametrize("has_pages_below", [False, True])
def test_the_right_to_delete_is_wagtails_and_asks_for_nothing(
    accounts, has_pages_below, django_assert_num_queries
):
    page = draft(accounts)
    closed = make_user("closed", is_active=False)
    if has_pages_below:
        page.add_child(instance=Page(title="Below", owner=accounts.writer, live=False))
    for live, user in product(
        (True, False), (accounts.writer, accounts.editor, accounts.administrator, closed)
    ):
        Page.objects.filter(pk=page.pk).update(live=live)
        page = fresh(page)
        ours, theirs = page.permissions_for_user(user), PagePermissionTester(user, page)
        for rights in RIGHTS:
            ours.permissions = theirs.permissions = rights
            expected = theirs.can_delete()
            with django_assert_num_queries(0) if not has_pages_below else nullcontext():
                assert ours.can_delete() is expected


def test_the_right_to_publish_is_for_the_latest_text(accounts):
    page = live(accounts)
    tester = page.permissions_for_user(accounts.editor)
    assert tester.can_publish()
    assert not page.permissions_for_user(accounts.reviewer).can_publish()
    page.deck = "Later."
    page.save_revision(user=accounts.writer)
    assert not tester.can_publish()
    page.latest_revision = None
    assert not tester.can_publish()


def test_nothing_is_made_and_published_in_one_go_where_pages_are_reviewed(accounts):
    home, index = HomePage.objects.get(), ArticleIndexPage.objects.get()
    assert home.permissions_for_user(accounts.editor).can_publish_subpage()
    assert not home.permissions_for_user(accounts.writer).can_publish_subpage()
    assert not index.permissions_for_user(accounts.administrator).can_publish_subpage()
