"""Where the article is in a web page, and which parts of the page are furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .html_blocks import Element

MIN_PROSE = 40
"""Characters from which on an element counts as a paragraph of prose."""
LONG_PARAGRAPH = 80
MOST_OUTSIDE = 0.15
"""The share of the characters of long paragraphs that may stand outside the article."""
LONG_PROSE = 1_500
"""Characters of prose from which on a name alone does not make an element furniture."""

_ROLES = {
    "navigation": "navigation",
    "banner": "the head of the old site",
    "contentinfo": "the foot of the old site",
    "search": "a search box",
    "dialog": "a dialogue box",
    "alertdialog": "a dialogue box",
    "complementary": "a side column",
}
_TAGS = {
    "nav": "navigation",
    "footer": "the foot of the old site",
    "form": "a form",
    "dialog": "a dialogue box",
}
_NAMES = {
    "a cookie notice": r"cookie | consent | gdpr",
    "navigation": r"""
        \b(breadcrumbs?|pagination|pager|menu|navbar|navbox|nav|skip-?(link|to\w*)|jump-?link|toc)\b""",
    "buttons for sharing": r"\b(share|sharing|share-?\w*|social|social-?\w*|follow-us|addtoany)\b",
    "a sign-up box": r"\b(newsletter|subscribe|signup|sign-up|mailing-?list)\b",
    "links to other pages": r"""
        \b(related-?(posts?|articles?|content|stories)|recommended|read-?more|more-from|you-may-also)""",
    "comments of readers": r"\b(comments?|comment-list|disqus\w*|respond)\b",
    "advertising": r"\b(advert\w*|ads?|ad-slot|sponsor-?box|promo)\b",
    "a side column": r"\b(sidebar|widget-area)\b",
    "an aid of the old site": r"""
        \b(mw-editsection|noprint|catlinks|printfooter|screen-reader-text|sr-only|visually-hidden)\b""",
    "a dialogue box": r"\b(popup|modal|overlay)\b",
}
"""Words in classes and ids that say what an element is, by the reason it is left out for."""
_NAMED = [(reason, re.compile(pattern, re.VERBOSE)) for reason, pattern in _NAMES.items()]
_PROSE = frozenset({"p", "pre", "blockquote", "li", "td", "dd", "div", "section", "br"})


@dataclass(slots=True)
class Page:
    """A page's elements measured once: characters of text and of link text below each."""

    body: Element
    length: dict[Element, int] = field(default_factory=dict)
    linked: dict[Element, int] = field(default_factory=dict)
    article: Element = None
    above: set[Element] = field(default_factory=set)
    """The elements that contain the article."""
    around: set[Element] = field(default_factory=set)
    """The elements of the article that contain its densest part: links beside that are furniture."""

    def prose(self, element: Element) -> int:
        """Characters of an element that are not link text."""
        return self.length.get(element, 0) - self.linked.get(element, 0)

    def reason(self, element: Element) -> str:
        """Why an element is furniture, "" when it is part of the article."""
        if element is self.article or element in self.above:
            return ""
        parent = element.getparent()
        role = _furniture_role(element)
        if parent is not None and parent in self.above:
            return role or "outside the article"
        if not role and parent in self.around and element not in self.around and self._is_links(element):
            return "links to other pages"
        if not role or (self.prose(element) > LONG_PROSE and str(element.tag) not in _TAGS):
            return ""
        return role

    def _is_links(self, element: Element) -> bool:
        return element.tag not in ("p", "h1", "h2") and 2 * self.linked.get(element, 0) > self.length.get(
            element, 0
        )


def measure(body: Element) -> Page:
    """Find the article of a page; when nothing marks it, the element with the densest prose is it."""
    page = Page(body)
    elements = [element for element in body.iter() if isinstance(element.tag, str)]
    for element in reversed(elements):
        length, linked = _size(element.text), 0
        if element.tag in ("script", "style", "noscript", "template"):
            length = 0
        for child in element:
            length += page.length.get(child, 0) + _size(child.tail)
            linked += page.linked.get(child, 0)
        page.length[element] = length
        page.linked[element] = length if element.tag == "a" else linked
    marked = _marked_article(page)
    core = marked if marked is not None else _densest(page, elements)
    page.article = core if marked is not None else _with_the_rest(page, core)
    page.above = set(page.article.iterancestors())
    page.around = set(core.iterancestors()) - page.above
    return page


def _with_the_rest(page: Page, article: Element) -> Element:
    """The article, or what contains it when a fair share of the page's paragraphs stands beside it.

    Pages set a lead apart from the text, and break the text where a picture or an advertisement stands.
    """
    chain = [article, *article.iterancestors()]
    levels = {element: level for level, element in enumerate(chain)}
    beside = [0] * len(chain)
    for element in _long_paragraphs(page):
        around = element
        while around not in levels:
            around = around.getparent()
        beside[levels[around]] += page.prose(element)
    total, outside, level = sum(beside), sum(beside[1:]), 0
    while chain[level] is not page.body and outside > MOST_OUTSIDE * total:
        level += 1
        outside -= beside[level]
    return chain[level]


def _long_paragraphs(page: Page) -> Iterator[Element]:
    """The paragraphs of prose that stand in no furniture."""
    furniture: set[Element] = set()
    for element in page.body.iter():
        if not isinstance(element.tag, str):
            continue
        if element.getparent() in furniture or (element is not page.body and _furniture_role(element)):
            furniture.add(element)
        elif element.tag == "p" and page.prose(element) >= LONG_PARAGRAPH:
            yield element


def _size(text: str | None) -> int:
    return len(text.strip()) if text else 0


def _furniture_role(element: Element) -> str:
    tag = str(element.tag)
    role = _ROLES.get((element.get("role") or "").strip().lower())
    if role:
        return role
    if tag in _TAGS:
        return _TAGS[tag]
    if element.get("hidden") is not None or (element.get("aria-hidden") == "true" and len(element) == 0):
        return "hidden in the page"
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:500].lower()
    if not names.strip() or tag in ("html", "body", "article", "main", "h1"):
        return ""
    return next((reason for reason, pattern in _NAMED if pattern.search(names)), "")


def _marked_article(page: Page) -> Element | None:
    """The element that the page itself calls its article, if it holds a fair share of the prose."""
    total = max(1, page.prose(page.body))
    for path in (
        ".//*[@itemprop='articleBody']/ancestor-or-self::article[1]",
        ".//article",
        ".//main",
        ".//*[@role='main']",
        ".//*[@itemprop='articleBody']",
    ):
        found = page.body.xpath(path)
        best = max(found, key=page.prose, default=None)
        if best is not None and page.prose(best) >= 0.3 * total:
            rivals = sum(page.prose(other) > 0.5 * page.prose(best) for other in found)
            if rivals == 1 or best.tag == "main":
                return best
    return None


def _densest(page: Page, elements: list[Element]) -> Element:
    """The element whose own paragraphs hold most prose, each counted half for the element above."""
    scores: dict[Element, float] = {}
    for element in elements:
        prose = page.prose(element)
        if element.tag not in _PROSE or prose < MIN_PROSE or _furniture_role(element):
            continue
        if any(child.tag in _PROSE and page.prose(child) >= MIN_PROSE for child in element):
            continue
        parent = element.getparent()
        if parent is None or element is page.body:
            continue
        scores[parent] = scores.get(parent, 0) + prose
        above = parent.getparent()
        if above is not None and parent is not page.body:
            scores[above] = scores.get(above, 0) + prose / 2
    best = max(scores, key=lambda element: scores[element], default=page.body)
    while best is not page.body and page.prose(best) < 0.5 * page.prose(page.body):
        best = best.getparent()
    return best if best is not None and best.tag != "html" else page.body
