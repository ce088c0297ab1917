"""After the migrations alone the site stands; a test that empties the tables does not disturb the next."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page, Site


def tree():
    return sorted(Page.objects.filter(depth__gt=1).values_list("url_path", flat=True))


@pytest.mark.django_db
def test_the_tree_stands_after_the_migrations():
    home = Site.objects.get(is_default_site=True).root_page
    slugs = set(home.get_children().values_list("slug", flat=True))
    assert {"articles", "topics", "glossary", "people", "brief"} <= slugs
    assert Group.objects.filter(name="Editors").exists()


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_each_emptying_test_finds_the_tree_again(turn):
    assert len(tree()) > 5
    assert Page.find_problems() == ([], [], [], [], [])
    Page.objects.filter(depth__gt=1).update(title=f"changed in turn {turn}", slug=f"changed-{turn}")
    assert not Page.objects.filter(title="changed in turn 1").exists() or turn == 1


@pytest.mark.browser
def test_the_admin_opens_in_a_browser(page):
    page.goto("/admin/")
    assert page.locator("input[name=username]").is_visible()
