"""The address that the editor proposes while a title is typed is the one that the site would give."""

import pytest
from playwright.sync_api import expect

from articles.models import ArticleIndexPage
from mindlab.core.slugs import base_slug
from tests.factories import make_user

pytestmark = pytest.mark.browser

TITLES = ["α-Synuclein and the β form", "Δ9-THC", "γδ T cells", "Überall ΘΠ", "p < 0.05", "Ménière’s disease"]


def type_over(field, text):
    field.press("ControlOrMeta+a")
    field.press_sequentially(text)


def test_the_script_proposes_what_the_site_would_give(page, live_server):
    make_user("writer", groups=("Writers",))
    index = ArticleIndexPage.objects.get()
    page.goto(f"/admin/login/?next=/admin/pages/add/articles/articlepage/{index.pk}/")
    page.get_by_label("Username").fill("writer")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/add/**")
    page.wait_for_load_state("networkidle")
    title, slug = page.locator("#id_title"), page.locator("#id_slug")
    for text in TITLES:
        type_over(title, text)
        expect(slug).to_have_value(base_slug(text, "article"), timeout=60_000)
    type_over(title, "睡眠")
    expect(slug).to_have_value("", timeout=60_000)
