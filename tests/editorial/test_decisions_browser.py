"""One click on a slow server, in a real browser: one decision, whoever clicks and whatever autosaves."""

import os
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.urls import reverse
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import get_page_models

from mindlab.core.pages import ReviewedPage
from mindlab.editorial.models import ReviewRecord
from tests.editorial.helpers import decide, fresh, make_people, submit
from tests.factories import make_article
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

PATIENCE = 90_000
"""Milliseconds; what is waited for happens, or the test fails."""

DELAY = 1.5
"""Seconds that the server takes over each form, in which a browser can send another."""


@pytest.fixture
def people(live_server):
    return make_people()


@pytest.fixture
def under_way(monkeypatch):
    """A slow server: each form takes its time. Returns the posts that it has not answered yet."""
    posts = []
    is_valid, get_response = WagtailAdminPageForm.is_valid, WSGIHandler.get_response

    def slowly(form):
        if form.is_bound and not hasattr(form, "was_slow"):
            form.was_slow = True
            time.sleep(DELAY)
        return is_valid(form)

    def counted(handler, request):
        if request.method != "POST":
            return get_response(handler, request)
        posts.append(request)
        try:
            return get_response(handler, request)
        finally:
            posts.remove(request)

    monkeypatch.setattr(WagtailAdminPageForm, "is_valid", slowly)
    monkeypatch.setattr(WSGIHandler, "get_response", counted)
    return posts


@pytest.fixture
def sign_in(browser, live_server, client):
    """A function that opens a browser for a person, of which several may be open."""
    contexts = []

    def open_browser(user, **viewport):
        client.force_login(user)
        size = {"width": 1440, "height": 900, **viewport}
        context = browser.new_context(base_url=live_server.url, viewport=size)
        context.set_default_timeout(PATIENCE)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        context.add_cookies([cookie])
        contexts.append(context)
        return context

    yield open_browser
    for context in contexts:
        context.close()


def open_editor(context, page):
    tab = context.new_page()
    tab.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    # Wagtail's scripts have bound the form when its rich text is an editor.
    tab.locator(".public-DraftEditor-content").first.wait_for()
    return tab


def under_review(people, step, title="The page"):
    page = make_article(title, deck="A deck.", owner=people.writer)
    submit(page, people.writer)
    if step == "scientific":
        decide(page, people.writing_editor)
    return fresh(page)


def press(tab, name, comment="", *, clicks=1):
    """Choose an entry of the menu at the foot of the editor, and answer the dialogue that it opens."""
    tab.locator("footer [data-w-dropdown-target=toggle]").first.click()
    button = tab.get_by_role("button", name=name, exact=True)
    if not comment:
        button.click(click_count=clicks, no_wait_after=True)
        return
    button.click()
    tab.locator(".modal-body textarea").fill(comment)
    tab.locator(".modal-body form [type=submit]").click(click_count=clicks, no_wait_after=True)


def settle(tab, page, under_way):
    """Return when the browser has left the page's editor and the server has answered all it was sent."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    tab.wait_for_function(
        "from => location.pathname != from && document.readyState == 'complete'", arg=address
    )
    wait_until(lambda: not under_way)


def decisions(page):
    records = ReviewRecord.objects.filter(page_id=page.pk).order_by("pk").select_related("user")
    return [(record.step, record.decision, record.user.username, record.comment) for record in records]


def words_in(tab):
    return " ".join(tab.locator("body").inner_text().split())


ROLES = {"editor": "editorial", "reviewer": "scientific", "administrator": "editorial", "both": "editorial"}
DECISIONS = {
    "Approve": ("approved", ""),
    "Approve with comment": ("approved", "Reads well."),
    "Request changes": ("changes", "Too long."),
}


@pytest.mark.parametrize("role", ROLES)
def test_one_click_is_one_decision_and_leads_on(role, people, under_way, sign_in, subtests):
    step = ROLES[role]
    waiting = {(name, clicks): under_review(people, step, name) for name in DECISIONS for clicks in (1, 2)}
    last_to_wait = under_review(people, step, "The next page")
    context = sign_in(getattr(people, role))
    for (name, clicks), page in waiting.items():
        with subtests.test(decision=name, clicks=clicks):
            decision, comment = DECISIONS[name]
            before = decisions(page)
            tab = open_editor(context, page)
            press(tab, name, comment, clicks=clicks)
            settle(tab, page, under_way)

            assert decisions(page)[len(before) :] == [(step, decision, role, comment)]
            published = role == "reviewer" and decision == "approved"
            assert fresh(page).live is published
            assert fresh(page).has_unpublished_changes is not published
            assert "The next text that waits for you" in words_in(tab)
            assert "do not have permission" not in words_in(tab)
            tab.close()
    tab = open_editor(context, last_to_wait)
    press(tab, "Approve")
    settle(tab, last_to_wait, under_way)
    assert tab.url.endswith(reverse("wagtailadmin_home"))
    assert "You approved" in words_in(tab)
    assert "No other text waits for you." in words_in(tab)


@pytest.mark.parametrize("width", [390, 1440])
def test_what_the_editor_tells_a_reviewer_fits_the_screen(width, people, sign_in, subtests):
    page = under_review(people, "editorial")
    own = make_article("My own", owner=people.editor)
    submit(own, people.writer)
    context = sign_in(people.editor, width=width)
    for name, shown in {"may-approve": page, "may-not-approve": own}.items():
        with subtests.test(name=name):
            tab = open_editor(context, shown)
            assert Axe().run(tab, context="#review-advice").response["violations"] == []
            assert tab.locator("#review-advice").bounding_box()["width"] <= width
            if where := os.environ.get("SHOTS"):
                tab.screenshot(path=f"{where}/{name}-{width}.png")
            tab.close()
    # A form that came too late, with a change in it.
    tab = open_editor(context, page)
    decide(page, people.writing_editor)
    tab.locator("#id_title").fill("Another title")
    press(tab, "Approve")
    tab.get_by_text("What you wrote stands in the form and is not saved.").wait_for()
    assert "writing-editor approved Editorial review on" in words_in(tab)
    assert tab.locator("#id_title").input_value() == "Another title"
    assert "w-autosave" not in tab.locator("[data-edit-form]").get_attribute("data-controller")
    if where := os.environ.get("SHOTS"):
        tab.screenshot(path=f"{where}/late-{width}.png")


IMPORTED = ("topic-stress.txt", "article-three-rhythms-of-the-night.md", "concept-dopamine.txt")
"""Of the sample library: headings, a live count, marks around links, lists, a diagram, relations."""


def test_an_imported_text_is_approved_as_it_stands(sign_in, people):
    """The editor spells the markup of an import anew as it opens it, which is no change to the text."""
    folder = settings.BASE_DIR / "mindlab" / "home" / "samples"
    call_command("import_documents", *(str(folder / name) for name in IMPORTED), "--owner", "writer")
    models = [model for model in get_page_models() if issubclass(model, ReviewedPage)]
    pages = [page for model in models for page in model.objects.filter(live=False)]
    assert len(pages) == len(IMPORTED)
    tab = sign_in(people.editor).new_page()
    for page in pages:
        submit(page, people.writer)
        tab.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]), wait_until="networkidle")
        press(tab, "Approve")
        tab.get_by_text(f"You approved Editorial review of “{page.title}”").wait_for()
        assert ReviewRecord.objects.get(page_id=page.pk).decision == "approved"
        assert fresh(page).latest_revision_id == page.latest_revision_id
