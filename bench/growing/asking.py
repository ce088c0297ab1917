"""What the site is asked for while it grows: the kinds of address, and what one answer costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection
from django.test import Client

from bench.growing.copies import ARTICLES, CONCEPTS, NUMBERS, PEOPLE

PAGES, LISTS, DESK = "page", "list", "desk"
STEP = 100
"""Instructions of SQLite's machine between two calls of the counter."""


@dataclass(frozen=True, slots=True)
class Kind:
    """An address to ask for, as a visitor or as an administrator, and the bound that its ratio keeps."""

    name: str
    sort: str
    path: str

    @property
    def bound(self) -> float:
        """How many times as long as on a small site it may take."""
        return 1.1 if self.sort == PAGES else 1.2


@dataclass(frozen=True, slots=True)
class Cost:
    """What one answer took."""

    wall: float
    cpu: float
    statements: int
    steps: int
    """On SQLite, the instructions of its machine, in hundreds."""


def kinds(articles: int) -> list[Kind]:
    """Return every kind of public page, feed and list, and the admin's screens, on a site of that size."""
    from django.urls import reverse
    from wagtail.models import Page

    from articles.models import ArticleIndexPage, TopicPage

    def address(pk: int) -> str:
        return str(Page.objects.get(pk=pk).specific.url)

    last = max(articles // 24, 1)
    # The same text, topics and bylines as the article above, among the oldest.
    old = articles - (articles - 4) % 21
    hub = TopicPage.objects.live().order_by("pk")[0]
    explorer = reverse("wagtailadmin_explore", args=[ArticleIndexPage.objects.get().pk])
    public = [
        ("home", PAGES, "/"),
        ("article", PAGES, address(ARTICLES + 4)),
        ("article, rare topic", PAGES, address(ARTICLES + old)),
        ("concept", PAGES, address(CONCEPTS + 4)),
        ("hub", PAGES, str(hub.url)),
        ("person", PAGES, address(PEOPLE + 1)),
        ("issue", PAGES, address(7_000_000 + NUMBERS)),
        ("articles", LISTS, "/articles/"),
        ("articles, last page", LISTS, f"/articles/?page={last}"),
        ("topics", LISTS, "/topics/"),
        ("topic of a third", LISTS, "/topics/broad/"),
        ("topic, last page", LISTS, f"/topics/broad/?page={max(last // 3, 1)}"),
        ("rare topic", LISTS, "/topics/rare/"),
        ("hub's articles", LISTS, f"{hub.url}articles/"),
        ("glossary", LISTS, "/glossary/"),
        ("persons", LISTS, "/people/"),
        ("issues", LISTS, "/brief/"),
        ("search, rare", LISTS, "/search/?q=person+29"),
        ("search, common", LISTS, "/search/?q=brain"),
        ("search, two common", LISTS, "/search/?q=sleep+memory"),
        ("search, nothing", LISTS, "/search/?q=nothingness"),
        ("feed", LISTS, "/feed/"),
        ("sitemap", LISTS, "/sitemap.xml"),
        ("sitemap, of concepts", LISTS, "/sitemap-concept.xml"),
        ("sitemap, last part", LISTS, f"/sitemap-article.xml?p={(articles + 7) // 1_000 + 1}"),
        ("not found", PAGES, "/articles/no-such-article/"),
    ]
    desk = [
        ("first screen", "wagtailadmin_home"),
        ("review records", "review_records"),
        ("publications", "publications"),
        ("changes that wait", "material_changes"),
        ("wanted concepts", "wanted_concepts"),
        ("import runs", "import_runs"),
        ("locked pages", "wagtailadmin_reports:locked_pages"),
        ("workflows", "wagtailadmin_reports:workflow"),
        ("workflow tasks", "wagtailadmin_reports:workflow_tasks"),
        ("site history", "wagtailadmin_reports:site_history"),
        ("aging pages", "wagtailadmin_reports:aging_pages"),
        ("types of page", "wagtailadmin_reports:page_types_usage"),
    ]
    return [
        *(Kind(*each) for each in public),
        Kind("explorer", DESK, explorer),
        Kind("explorer, by date", DESK, f"{explorer}?ordering=-latest_revision_created_at"),
        *(Kind(name, DESK, reverse(view)) for name, view in desk),
    ]


class Asker:
    """Asks for addresses as a visitor and as an administrator."""

    def __init__(self, articles: int, *, patience: float = 0) -> None:
        """Know the addresses; an answer that takes longer than ``patience`` seconds is broken off."""
        from django.contrib.auth import get_user_model

        self.patience = patience
        self.kinds = {kind.name: kind for kind in kinds(articles)}
        self.visitor, self.administrator = Client(), Client()
        users = get_user_model().objects
        user = users.filter(username="growth").first() or users.create_superuser(
            "growth", "g@example.org", ""
        )
        self.administrator.force_login(user)

    def ask(self, name: str) -> Cost:
        """Ask once and return what it took.

        Raises:
            RuntimeError: when the answer is not what it should be.
        """
        kind = self.kinds[name]
        client = self.administrator if kind.sort == DESK else self.visitor
        with counted(self.patience) as counts:
            started, worked = time.perf_counter(), time.process_time()
            try:
                response = client.get(kind.path)
            except OperationalError:
                if self.patience and time.perf_counter() - started >= self.patience:
                    return Cost(
                        1000 * self.patience, 1000 * self.patience, counts["statements"], counts["steps"]
                    )
                raise
            wall, cpu = time.perf_counter() - started, time.process_time() - worked
        if response.status_code != (404 if name == "not found" else 200):
            raise RuntimeError(f"{kind.path} answered {response.status_code}")
        return Cost(1000 * wall, 1000 * cpu, counts["statements"], counts["steps"])


@contextmanager
def counted(patience: float = 0) -> Iterator[dict[str, int]]:
    """Count the statements of a block and, on SQLite, the instructions its machine carries out for them."""
    counts = {"statements": 0, "steps": 0}
    deadline = time.perf_counter() + patience

    def count_statement(execute: Any, *args: Any) -> Any:
        counts["statements"] += 1
        return execute(*args)

    def count_steps() -> int:
        counts["steps"] += 1
        return int(bool(patience) and time.perf_counter() > deadline)

    connection.ensure_connection()
    is_sqlite = connection.vendor == "sqlite"
    if is_sqlite:
        connection.connection.set_progress_handler(count_steps, STEP)
    elif patience:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(int(1000 * patience))])
    try:
        with connection.execute_wrapper(count_statement):
            yield counts
    finally:
        if is_sqlite and connection.connection is not None:
            connection.connection.set_progress_handler(None, 0)
