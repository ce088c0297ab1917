"""The import's views of the admin in a real browser: no axe violation in our part, nothing too wide."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from tests.factories import make_user
from tests.importer.helpers import ARTICLE, CONCEPT, edit, page_of, run, write

pytestmark = pytest.mark.browser


@pytest.fixture
def addresses(live_server, tmp_path):
    """A run with questions, failures and a proposal, and the source of a page with a proposal."""
    text = ARTICLE + "\n![](img/none.png)\n\n![Remote](https://example.org/x.png)\n\nÎĽg\n"
    documents = {"a_md": text, "spindle_md": CONCEPT, "empty_md": "", "x_xyz": "?"}
    run(write(tmp_path, **documents))
    page = page_of("a.md")
    edit(page, make_user(), deck="My own.")
    report = run(write(tmp_path, a_md=text.replace("not idle", "busy")))
    # What no browser should need a person for: long words, long lines.
    run(write(tmp_path / "other", long_md="# Long\n\n" + "unbroken" * 60 + "\n"))
    return {
        "runs": reverse("import_runs"),
        "run": reverse("import_run", args=[report.run]),
        "source": reverse("import_source", args=[page.pk]),
        "wanted": reverse("wanted_concepts"),
        "long": reverse("import_source", args=[page_of("long.md").pk]),
    }


@pytest.mark.parametrize("width", [390, 1440])
def test_our_views_are_accessible_and_fit_the_screen(
    browser, live_server, client, addresses, width, subtests
):
    client.force_login(make_user(groups=("Editors",)))
    context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 900})
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    for name, address in addresses.items():
        with subtests.test(address=name, width=width):
            assert page.goto(address).status == 200
            violations = Axe().run(page, context="#main").response["violations"]
            assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if where := os.environ.get("SHOTS"):
                page.screenshot(path=f"{where}/{name}-{width}.png", full_page=True)
    context.close()
