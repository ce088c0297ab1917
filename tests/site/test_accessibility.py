"""Every kind of public page in a real browser: no axe violation, nothing wider than the screen, no error."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.template.loader import render_to_string
from wagtail.models import Page

from articles.models import TopicPage
from tests.factories import gate_open, make_article

pytestmark = pytest.mark.browser

BROKEN = "/broken/"
"""Answered with the page that stands in for a fault."""


def addresses():
    kinds = {page.specific_class: page.url for page in Page.objects.live().filter(depth__gt=1)}
    hub = TopicPage.objects.live().first()
    with gate_open():
        make_article("Under a topic without a hub", topics=("Without a hub",), live=True)
    others = [f"{hub.url}articles/", "/topics/without-a-hub/", "/search/?q=memory", "/no-such-page/"]
    return [*kinds.values(), *others, BROKEN]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (390, "light"), (1440, "dark")])
def test_pages_are_accessible_and_fit_the_screen(browser, live_server, width, scheme, subtests):
    call_command("load_samples")
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page, problems = context.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Policy" in message.text else None)
    fault = {"status": 500, "content_type": "text/html", "body": render_to_string("500.html")}
    page.route(f"**{BROKEN}", lambda route: route.fulfill(**fault))
    page.on(
        "request", lambda request: request.url.startswith(live_server.url) or problems.append(request.url)
    )
    for address in addresses():
        with subtests.test(address=address, width=width, scheme=scheme):
            page.goto(address)
            violations = Axe().run(page).response["violations"]
            assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert problems == []
    context.close()
