"""Makers of users and pages for the tests: each page passes ``full_clean()``.

Pages are drafts unless ``live=True``; a live page of a reviewed type needs the ``open_gate``
fixture (or ``gate_open()``), because publishing goes past the review here on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

import PIL.Image
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.images import ImageFile
from django.utils.text import slugify
from wagtail.models import Page, PageViewRestriction

from articles.models import ArticleCredit, ArticleIndexPage, ArticlePage, TopicIndexPage, TopicPage
from glossary.models import ConceptPage, GlossaryIndexPage, Relation
from mindlab.core import gate
from mindlab.core.models import ContributorIndexPage, ContributorPage, SiteImage, Topic
from mindlab.core.pages import ReviewedPage
from mindlab.editorial import publications
from mindlab.editorial.models import Publication
from mindlab.newsletter.models import BriefIndexPage, IssuePage

NUMBERS = count(1)
FIRST_DAY = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)


class OpenGate:
    """A gate that agrees to everything, for tests that are not about the review."""

    def verdict(self, page: ReviewedPage) -> gate.Verdict:
        return gate.Verdict()

    def made_public(self, page: ReviewedPage, verdict: gate.Verdict) -> None:
        publications.write(page, (), basis=Publication.Basis.UNKNOWN)

    def withdrawn(self, page: Page) -> None:
        publications.close(page.pk)

    def step(self, page: ReviewedPage) -> str:
        return ""

    def is_shown_elsewhere(self, page: ReviewedPage) -> bool:
        return False

    def reviews(self, page: ReviewedPage) -> list[Any]:
        return []

    def reviewed_by(self, person: ContributorPage) -> list[Any]:
        return []


@contextmanager
def gate_open() -> Iterator[None]:
    """Let pages be published without a review for the length of a block."""
    before = list(gate._gates)
    gate.register(OpenGate())
    try:
        yield
    finally:
        gate._gates[:] = before


def make_user(username: str = "", *, groups: tuple[str, ...] = (), **fields: Any) -> Any:
    """Make a user with the password "password", in the named groups."""
    number = next(NUMBERS)
    username = username or f"user-{number}"
    fields.setdefault("first_name", username)
    user = get_user_model().objects.create_user(
        username=username, email=f"{username}@example.org", password="password", **fields
    )
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def make_image(title: str = "", **fields: Any) -> SiteImage:
    """Make an image of 24 by 16 pixels, in a colour of its own."""
    number = next(NUMBERS)
    file = BytesIO()
    PIL.Image.new("RGB", (24, 16), (number % 256, 90, 160)).save(file, "PNG")
    title = title or f"Image {number}"
    image = ImageFile(BytesIO(file.getvalue()), name=f"image-{number}.png")
    return SiteImage.objects.create(title=title, file=image, **fields)


def make_topic(name: str = "") -> Topic:
    """Make or find a topic."""
    name = name or f"Topic {next(NUMBERS)}"
    return Topic.objects.named(name)


def _insert(index_model: type[Page], page: Page, *, live: bool, private: bool, owner: Any) -> None:
    number = next(NUMBERS)
    page.slug = page.slug or f"{slugify(page.title)[:60]}-{number}"
    page.live = live
    page.has_unpublished_changes = not live
    page.owner = owner
    if live:
        page.first_published_at = page.last_published_at = FIRST_DAY + timedelta(minutes=number)
    index_model.objects.get().add_child(instance=page)
    page.full_clean()
    revision = page.save_revision(user=owner, log_action=True)
    if live:
        page.live_revision = revision
        page.save()
    if private:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def make_contributor(title: str = "", *, live: bool = True, private: bool = False, **fields: Any) -> Any:
    """Make a contributor page, public without a review as those of older sites are."""
    page = ContributorPage(title=title or f"Contributor {next(NUMBERS)}", **fields)
    with gate_open():
        _insert(ContributorIndexPage, page, live=live, private=private, owner=None)
    return page


def make_article(
    title: str = "",
    *,
    topics: tuple[str, ...] = (),
    contributors: tuple[ContributorPage, ...] = (),
    live: bool = False,
    private: bool = False,
    owner: Any = None,
    **fields: Any,
) -> ArticlePage:
    """Make an article with a paragraph of text."""
    fields.setdefault("deck", "What it is about, in a sentence.")
    fields.setdefault("body", [{"type": "text", "value": "<p>A paragraph of text.</p>"}])
    page = ArticlePage(title=title or f"Article {next(NUMBERS)}", **fields)
    page.credits = [ArticleCredit(contributor=person, sort_order=i) for i, person in enumerate(contributors)]
    for name in topics:
        page.topics.add(make_topic(name))
    _insert(ArticleIndexPage, page, live=live, private=private, owner=owner)
    return page


def make_hub(
    title: str = "", *, topic: Topic | None = None, live: bool = False, private: bool = False, **fields: Any
) -> TopicPage:
    """Make the hub of a topic, by default of one with the hub's own title."""
    title = title or f"Topic {next(NUMBERS)}"
    topic = topic or make_topic(title)
    fields.setdefault("deck", "What the topic is about.")
    fields.setdefault("essay_title", f"On {title}")
    fields.setdefault("body", [{"type": "text", "value": "<p>A paragraph of the essay.</p>"}])
    owner = fields.pop("owner", None)
    page = TopicPage(title=title, slug=topic.slug, topic=topic, **fields)
    _insert(TopicIndexPage, page, live=live, private=private, owner=owner)
    return page


def make_concept(
    title: str = "",
    *,
    relations: tuple[tuple[ConceptPage | str, str], ...] = (),
    topics: tuple[str, ...] = (),
    live: bool = False,
    private: bool = False,
    owner: Any = None,
    **fields: Any,
) -> ConceptPage:
    """Make a concept; ``relations`` are pairs of a concept or a term, and a gloss."""
    fields.setdefault("definition", "<p>What it is, in a sentence.</p>")
    page = ConceptPage(title=title or f"Concept {next(NUMBERS)}", **fields)
    page.relations = [
        Relation(
            target=target if isinstance(target, ConceptPage) else None,
            term=target if isinstance(target, str) else "",
            gloss=gloss,
            sort_order=order,
        )
        for order, (target, gloss) in enumerate(relations)
    ]
    for name in topics:
        page.topics.add(make_topic(name))
    _insert(GlossaryIndexPage, page, live=live, private=private, owner=owner)
    return page


def make_issue(
    number: int = 0,
    *,
    contents: Any = (),
    live: bool = False,
    private: bool = False,
    owner: Any = None,
    **fields: Any,
) -> IssuePage:
    """Make an issue of the Brief."""
    number = number or next(NUMBERS)
    fields.setdefault("subject", f"Brief {number}")
    fields.setdefault("title", f"The Intelligence Brief {number}")
    page = IssuePage(number=number, slug=str(number), contents=list(contents), **fields)
    _insert(BriefIndexPage, page, live=live, private=private, owner=owner)
    return page
