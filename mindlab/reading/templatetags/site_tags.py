"""What the public templates ask for beyond Wagtail's own tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.rich_text import RichText, expand_db_html

from mindlab.core import rich_text
from mindlab.core.models import BriefSettings
from mindlab.figures import diagrams
from mindlab.figures.arbors import Arbor, grow
from mindlab.reading import drawings, lists

register = template.Library()

MENU = (
    ("topics", _("Topics")),
    ("articles", _("Articles")),
    ("glossary", _("Glossary")),
    ("brief", _("Brief")),
)
ONE_PARAGRAPH = re.compile(r"\s*<p\b[^>]*>(.*)</p>\s*", re.DOTALL)
BETWEEN_PARAGRAPHS = re.compile(r"</p>\s*<p\b[^>]*>")


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A place of the site; ``current`` is "page" on it, "true" below it, "" elsewhere."""

    label: Any
    url: str
    current: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A diagram to show: its markup with ids of its own, its text equivalent, or why there is none."""

    svg: SafeString
    sentences: list[str]
    size: str
    error: str


@register.simple_tag(takes_context=True)
def prose(context: Mapping[str, Any], value: Any, *, with_notes: bool = True) -> SafeString:
    """Show rich text, its links resolved and its notes placed by the page's reading where there is one."""
    source = value.source if isinstance(value, RichText) else str(value or "")
    reading = context.get("reading")
    return reading.html(source, with_notes=with_notes) if reading else SafeString(expand_db_html(source))


@register.simple_tag(takes_context=True)
def inline(context: Mapping[str, Any], value: Any, *, with_notes: bool = True) -> SafeString:
    """Show rich text of one paragraph inside an element that may hold no paragraph."""
    html = prose(context, value, with_notes=with_notes)
    match = ONE_PARAGRAPH.fullmatch(html)
    return SafeString(BETWEEN_PARAGRAPHS.sub(" ", match[1])) if match else html


@register.simple_tag(takes_context=True)
def menu(context: Mapping[str, Any]) -> list[MenuItem]:
    """Return the main menu, with the place the reader is in."""
    request = context.get("request")
    path = request.path if request else ""
    items = []
    for name, label in MENU:
        url = address(name)
        current = "page" if path == url else "true" if path.startswith(url) else ""
        items.append(MenuItem(label, url, current))
    return items


@register.simple_tag
def address(*parts: str) -> str:
    """Return the address of a page by its slugs from the home page on, as the design fixes them."""
    return reverse("wagtail_serve", args=["".join(f"{part}/" for part in parts)])


@register.simple_tag(takes_context=True)
def brief_settings(context: Mapping[str, Any]) -> BriefSettings:
    """Return what the site says about its newsletter, in one query."""
    return BriefSettings.shown_on(context.get("request"))


@register.simple_tag(takes_context=True)
def canonical(context: Mapping[str, Any]) -> str:
    """Return the public address of what is shown, without the query but for a list's page."""
    request = context.get("request")
    if request is None:
        return ""
    number = request.GET.get("page", "")
    query = f"?page={number}" if number.isdecimal() and number != "1" else ""
    return f"{settings.SITE_URL}{request.path}{query}"


@register.filter
def carries_session(request: Any) -> bool:
    """Tell a visitor who may be signed in without opening the session, which would split caches."""
    return request is not None and settings.SESSION_COOKIE_NAME in request.COOKIES


@register.simple_tag(takes_context=True)
def figure_of(context: Mapping[str, Any], source: str, name: str) -> Figure:
    """Return the drawing of a diagram's source, its ids made unique by ``name``."""
    reading = context.get("reading")
    key = diagrams.key(source)
    stored = reading.diagrams if reading and key in reading.diagrams else drawings.ensure([source])
    diagram = stored.get(key)
    if diagram is None or diagram.error:
        return Figure(SafeString(""), [], "", diagram.error if diagram else "")
    svg = SafeString(diagrams.with_prefix(diagram.svg, name))
    return Figure(svg, diagram.description, drawings.size(diagram), "")


@register.filter
def excerpt(text: Any, longest: int) -> str:
    """Return the beginning of a plain text, cut between words."""
    return rich_text.excerpt(str(text or ""), longest)


@register.filter
def nested(items: Any) -> list[lists.Item]:
    """Return the items of a list block as a tree."""
    return lists.nest(items)


@register.simple_tag
def arbor(seed: str) -> Arbor:
    """Grow the ornament of a page from its slug."""
    return grow(seed)
