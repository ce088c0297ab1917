"""The live count as an editor puts it into prose: in a browser, with the dialog."""

import pytest
from playwright.sync_api import expect

from mindlab.home.site_setup import EDITORS
from tests.factories import make_article, make_topic, make_user

pytestmark = pytest.mark.browser


def test_editor_puts_a_live_count_into_a_paragraph(page, live_server):
    editor = make_user("editor", groups=(EDITORS,))
    make_topic("Oxytocin")
    article = make_article("Spindles", owner=editor)
    page.goto(f"/admin/login/?next=/admin/pages/{article.pk}/edit/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/edit/")
    page.wait_for_load_state("networkidle")
    prose = page.locator("[data-contentpath=body] [role=textbox]").first
    prose.click()
    page.keyboard.press("End")
    page.keyboard.type(" There are /")
    page.get_by_text("Live count of articles").first.click()
    page.locator(".modal").get_by_label("Topic").select_option("Oxytocin")
    page.locator(".modal").get_by_label("For none").fill("no articles")
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(prose).to_contain_text("{count} articles")
