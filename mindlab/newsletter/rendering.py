"""From what an issue says to the mail: MJML compiled to HTML, and a plain text of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import version

import mrml
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from mindlab.core.printable import printable
from mindlab.newsletter.content import Entry, IssueContent

RENDERER_VERSION = f"1 (mrml {version('mrml')})"
"""Ours is raised when a change here or in the templates makes the same content look otherwise."""

LARGEST_HTML = 95_000
"""Bytes: Gmail cuts a message off at about 102 KB, and a mail service adds its own links."""

NO_WEB_FONTS: dict[str, str] = {}


def html_of(content: IssueContent, problems: Sequence[str] = ()) -> str:
    """Return the HTML of the mail; ``problems`` are shown on top, for previews."""
    context = {"content": content, "entries": _ruled(content.entries), "problems": problems}
    markup = render_to_string("newsletter/email/issue.mjml", context)
    options = mrml.RenderOptions(disable_comments=True, fonts=NO_WEB_FONTS)
    # Of pages saved before texts were cleaned, what an issue says of them may hold anything.
    return mrml.to_html(printable(markup), render_options=options).content


def text_of(content: IssueContent, problems: Sequence[str] = ()) -> str:
    """Return the mail as plain text in lines of at most 72 characters, addresses unbroken."""
    # Nothing in plain text is markup, so nothing in it is escaped.
    context = Context({"content": content, "problems": problems}, autoescape=False)
    text = Engine.get_default().get_template("newsletter/email/issue.txt").render(context)
    lines = "\n".join(line.rstrip() for line in printable(text).splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _ruled(entries: Sequence[Entry]) -> list[tuple[Entry, bool]]:
    """Return entries, each with whether a rule parts it from the one above: a heading has its own."""
    return [(entry, not at or entries[at - 1].type != "section") for at, entry in enumerate(entries)]


def size_problems(html: str) -> tuple[str, ...]:
    """Return what is wrong with the size of ``html``: nothing up to ``LARGEST_HTML``."""
    size = len(html.encode())
    if size <= LARGEST_HTML:
        return ()
    text = _(
        "The mail has %(size)d KB of HTML and may have %(most)d: Gmail would cut it off."
        " Take out some blocks, or shorten their decks."
    )
    return (text % {"size": -(-size // 1000), "most": LARGEST_HTML // 1000},)
