"""Words stay whole, and everything within the screen, on narrow screens and with large text; and on paper."""

import pytest
from django.core.management import call_command
from wagtail.models import Page

from articles.models import ArticlePage
from tests.factories import gate_open, make_article
from tests.programs import find_chromium

pytestmark = pytest.mark.browser

BROKEN_WORDS = r"""
() => {
  const found = [], range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!parent.checkVisibility() || parent.closest("svg, pre, .hidden, .address, script")) continue;
    for (const word of node.data.matchAll(/[^\s\-–—\/\u00ad\u200b]{2,}/gu)) {
      if (word[0].length > 24) continue;
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const parts = [...range.getClientRects()].filter(part => part.width > 0.5);
      const length = parts.reduce((sum, part) => sum + part.width, 0);
      const lines = new Set(parts.map(part => Math.round(part.top)));
      if (lines.size > 1 && length < 0.8 * innerWidth) found.push([word[0], parent.className, lines.size]);
    }
  }
  return found;
}
"""
"""Words of up to 24 letters on more than one line that four fifths of the screen would hold whole."""

LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis"


def addresses():
    kinds = {page.specific_class: page.url for page in Page.objects.live().filter(depth__gt=1)}
    measured = Page.objects.live().get(slug="cortisol").url
    with gate_open():
        odd = make_article(f"On {LONG}", deck=f"{LONG}.", topics=(f"{LONG} and sleep",), live=True)
    return [*kinds.values(), measured, odd.url, f"/topics/{odd.topics.get().slug}/", f"/search/?q={LONG}"]


@pytest.fixture
def large_text(browser):
    """A Chromium whose reader has set the text to 200 %."""
    flags = ["--no-sandbox", "--disable-dev-shm-usage", "--blink-settings=defaultFontSize=32"]
    chromium = browser.browser_type.launch(executable_path=find_chromium(), args=flags)
    yield chromium
    chromium.close()


def test_words_stay_whole_and_within_the_screen(browser, large_text, live_server, subtests):
    call_command("load_samples")
    public = addresses()
    for size, chromium in ((100, browser), (200, large_text)):
        page = chromium.new_page(base_url=live_server.url)
        for address in public:
            page.goto(address)
            for width in (320, 390, 768, 1440):
                with subtests.test(address=address, width=width, size=size):
                    page.set_viewport_size({"width": width, "height": 900})
                    assert page.evaluate("document.documentElement.scrollWidth") <= width
                    assert page.evaluate(BROKEN_WORDS) == []
        page.close()


AT_FINGERTIP = """
mark => {
  mark.scrollIntoView({block: "center"});
  const box = mark.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  return [[0, 0], [-11, 0], [11, 0], [0, -11], [0, 11]].every(
    ([right, down]) => document.elementFromPoint(x + right, y + down) === mark);
}
"""


@pytest.mark.parametrize("kind", ["mark-term", "mark-supported"])
def test_a_finger_opens_a_note_below_its_sentence_and_closes_it(kind, browser, live_server):
    call_command("load_samples")
    address = ArticlePage.objects.live().get(slug="fear-without-an-amygdala").url
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    mark = page.locator(f".prose .{kind}").first
    assert mark.evaluate(AT_FINGERTIP)
    line = mark.evaluate("mark => mark.parentElement.getBoundingClientRect().height")
    mark.click()
    note = page.locator(".note:target")
    note.wait_for()
    assert mark.evaluate(
        "mark => { const top = mark.getBoundingClientRect().top; return top > 0 && top < 700 }"
    )
    assert note.locator(".note-ways a").first.get_attribute("href")
    note.get_by_role("link", name="Close").click()
    page.wait_for_function("document.querySelector('.note:target') === null")
    assert mark.evaluate("mark => mark.parentElement.getBoundingClientRect().height") == line
    context.close()


def test_paper_has_the_lists_and_the_address(browser, live_server):
    call_command("load_samples")
    page = browser.new_page(base_url=live_server.url)
    page.emulate_media(media="print")
    for address, heading in (("/", "Newest articles"), ("/topics/stress/", "A Day in the Life of Cortisol")):
        page.goto(address)
        assert page.locator(".band").get_by_text(heading).first.is_visible()
        assert page.locator(".page-address").inner_text().endswith(address)
        assert page.locator(".page-address").is_visible()
    page.close()
