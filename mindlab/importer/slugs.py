"""Addresses from titles: always there, never reserved, never taken."""

from __future__ import annotations

import itertools
from collections.abc import Set as AbstractSet

from anyascii import anyascii
from django.utils.text import slugify
from wagtail.models import Page

from mindlab.core.models import Topic

MAX_SLUG = 100
RESERVED = frozenset(
    {"admin", "api", "atom", "feed", "feeds", "index", "media", "new", "page", "rss", "search", "static"}
)
"""First parts of addresses that routes of the site use, or will be taken for them."""


def base_slug(title: str, fallback: str = "document") -> str:
    """An ASCII slug of at most 100 characters; ``fallback`` when the title has no letters to keep."""
    slug = slugify(anyascii(title[:400]))[:MAX_SLUG].strip("-_")
    if len(slug) == MAX_SLUG and "-" in slug:
        slug = slug.rpartition("-")[0]
    if not slug:
        return fallback
    return f"{slug}-{fallback}" if slug in RESERVED else slug


def free_slug(parent: Page, wanted: str, given: AbstractSet[str] = frozenset()) -> str:
    """``wanted``, or with -2, -3, … when a child of ``parent`` has it already or it is in ``given``."""
    siblings = Page.objects.child_of(parent)
    if wanted not in given and not siblings.filter(slug=wanted).exists():
        return wanted
    taken = set(siblings.filter(slug__startswith=f"{wanted}-").values_list("slug", flat=True)) | given
    return next(slug for number in itertools.count(2) if (slug := f"{wanted}-{number}") not in taken)


def topic_named(name: str) -> Topic:
    """Find the topic of that name or slug without regard to case, or make it."""
    topic = find_topic(name)
    if topic is not None:
        return topic
    slug = base_slug(name, "topic")
    taken = set(Topic.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    if slug in taken:
        slug = next(other for number in itertools.count(2) if (other := f"{slug}-{number}") not in taken)
    return Topic.objects.create(name=name[:100], slug=slug)


def find_topic(name: str) -> Topic | None:
    """The topic of that name, or of the slug the name gives, without regard to case."""
    topic = Topic.objects.filter(name__iexact=name[:100]).first()
    if topic is None and slugify(anyascii(name)):
        topic = Topic.objects.filter(slug__iexact=base_slug(name, "topic")).first()
    return topic
