"""Count the statements that the desk takes: opening the editor, an autosave, a submission, an approval.

    python bench/desk.py [--where KIND]

prints a table by role, and with ``--where`` the statements of one row, grouped by table. It works
on a test database of its own. The status is 1 when an act takes more than it is allowed.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mindlab.settings.test")
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from wagtail.users.models import UserProfile  # noqa: E402

from tests.editorial.helpers import decide, fresh, make_people, submit  # noqa: E402
from tests.editorial.test_matrix import form  # noqa: E402
from tests.factories import make_article, make_concept, make_contributor  # noqa: E402

ALLOWED = {"autosave": 60, "last approval": 120}
"""How many statements acts may take whose names begin so."""

JSON = "application/json"
REFUSED = "autosave, reviewer"
"""A reviewer's change is not saved by itself."""

APPROVE = {"action-workflow-action": "true", "workflow-action-name": "approve"}


def too_dear(counts: dict[str, list[str]]) -> list[str]:
    """Return the acts that take more statements than they are allowed."""
    return [
        f"{name}: {len(statements)} statements, {most} allowed"
        for name, statements in counts.items()
        for act, most in ALLOWED.items()
        if name.startswith(act) and len(statements) > most
    ]


class Desk:
    """Takes a page through its review and keeps the statements of each act."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        self.counts: dict[str, list[str]] = {}

    def act(self, name: str, user: Any, data: Any = None, accept: str = "text/html", url: str = "") -> Any:
        """Open or post an address as a person would whose session is warm."""
        client = Client(headers={"accept": accept})
        client.force_login(user)
        client.get(reverse("wagtailadmin_home"), headers={"accept": "text/html"})
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url or self.edit) if data is None else client.post(url or self.edit, data)
        self.counts[name] = [query["sql"] for query in queries]
        if response.status_code >= 400 and name != REFUSED:
            sys.exit(f"{name}: {response.status_code} {response.content[:300]!r}")
        return response

    def typed(self, deck: str, **more: Any) -> dict[str, Any]:
        """Return what the editor posts with a deck."""
        return form(fresh(self.page), deck=deck, **more)


def measure(people: Any) -> dict[str, list[str]]:
    """Take pages through their review as each role, and return the statements of each act."""
    for person in vars(people).values():
        UserProfile.get_for_user(person)
    desk = Desk(article(people))
    desk.act("open, writer", people.writer)
    saved = desk.act("autosave, writer (first)", people.writer, desk.typed("Typed."), JSON).json()
    again = desk.typed("Typed again.", overwrite_revision_id=saved["revision_id"])
    desk.act("autosave, writer (next)", people.writer, again, JSON)
    desk.act("autosave, writer (nothing new)", people.writer, again, JSON)
    desk.act("submit, writer", people.writer, desk.typed("Typed again.", **{"action-submit": "1"}))
    desk.act("open, editor", people.editor)
    desk.act("first approval, editor", people.editor, desk.typed("Typed again.", **APPROVE))
    desk.act("open, reviewer", people.reviewer)
    desk.act("last approval, reviewer", people.reviewer, desk.typed("Typed again.", **APPROVE))
    if not fresh(desk.page).live:
        sys.exit("the last approval published nothing")
    desk.act("open live, editor", people.editor)
    other = Desk(under_scientific_review(article(people), people))
    other.act(REFUSED, people.reviewer, other.typed("The reviewer's words."), JSON)
    concept = Desk(under_scientific_review(make_concept(owner=people.writer), people))
    args = [concept.page.pk, "approve", fresh(concept.page).current_workflow_task_state.pk]
    url = reverse("wagtailadmin_pages:workflow_action", args=args)
    concept.act("last approval of a concept, dashboard", people.reviewer, {"comment": ""}, url=url)
    return {**desk.counts, **other.counts, **concept.counts}


def article(people: Any) -> Any:
    """Make a draft with two topics and two contributors."""
    contributors = (make_contributor(), make_contributor())
    return make_article(
        deck="A deck.", topics=("Sleep", "Memory"), contributors=contributors, owner=people.writer
    )


def under_scientific_review(page: Any, people: Any) -> Any:
    """Submit a draft and take its first step."""
    submit(page, people.writer)
    decide(page, people.editor)
    return page


def where(statements: list[str]) -> Counter[str]:
    """Group statements by what they do to which table."""
    found: Counter[str] = Counter()
    for sql in statements:
        verb = sql.split(None, 1)[0]
        table = re.search(r'(?:FROM|INTO|UPDATE) "(\w+)"', sql)
        found[f"{verb} {table.group(1) if table else sql[:60]}"] += 1
    return found


def main() -> None:
    """Print the table, and where the statements of one row go if asked."""
    parser = argparse.ArgumentParser(description="Count the statements of the desk.")
    parser.add_argument(
        "--where", default="", help="show the statements of the rows with this text in their name"
    )
    options = parser.parse_args()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        counts = measure(make_people())
    finally:
        runner.teardown_databases(databases)
    for name, statements in counts.items():
        print(f"{len(statements):5}  {name}")
        if options.where and options.where in name:
            for what, count in where(statements).most_common():
                print(f"       {count:4}  {what}")
    if dear := too_dear(counts):
        sys.exit("; ".join(dear))


if __name__ == "__main__":
    main()
