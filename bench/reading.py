"""Time an uncached article against a bare Wagtail page in the same run.

    python bench/reading.py [--rounds N]

The site is set up in a temporary database with the sample library. The bare page is the list of
people with Wagtail's own ``Page.get_context`` and a template that prints its title: what routing,
middleware and one template cost. Both are asked for through Django's test client in turn, nothing
cached, so that whatever else the machine does falls on both alike. The figures are medians of wall
time and of CPU time, and ratios of those; the budget is 1.5.
"""

from __future__ import annotations

import argparse
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

BUDGET = 1.5
TEMPLATE = "<!doctype html><title>{{ page.title }}</title><h1>{{ page.title }}</h1>"
Ask = Callable[[], None]


@contextmanager
def site() -> Iterator[None]:
    """Set up the sample library in a temporary database, under the settings of a public site."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="mindlab.settings.production",
            DATABASE_URL=f"sqlite:///{folder}/site.sqlite3",
            VAR_DIR=folder,
            SECRET_KEY=secrets.token_urlsafe(50),
            ALLOWED_HOSTS="*",
            SITE_URL="http://localhost",
            SECURE_SSL_REDIRECT="false",
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("load_samples", stdout=sys.stderr)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


def bare_page() -> str:
    """Make a contributor's page show its title alone, at the same depth as an article; return its path."""
    from django.template import engines
    from wagtail.models import Page

    from mindlab.core.models import ContributorPage

    template = engines["django"].from_string(TEMPLATE)
    person = ContributorPage.objects.live().first()
    if person is None:
        raise RuntimeError("The sample library has no contributor.")
    vars_of: Any = ContributorPage
    vars_of.get_context = Page.get_context
    vars_of.get_template = lambda self, request, *args, **kwargs: template
    return str(person.get_url_parts()[2])


def asking(path: str) -> Ask:
    """Return a function that asks for a page once and fails unless it is served."""
    from django.test import Client

    client = Client()

    def ask() -> None:
        response = client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}")

    return ask


def measure(asks: dict[str, Ask], rounds: int) -> dict[str, tuple[float, float]]:
    """Ask in turn; return for each the medians of wall and CPU time in milliseconds."""
    wall: dict[str, list[float]] = {name: [] for name in asks}
    cpu: dict[str, list[float]] = {name: [] for name in asks}
    for number in range(rounds + 5):
        for name, ask in asks.items():
            started, worked = time.perf_counter(), time.process_time()
            ask()
            if number >= 5:
                cpu[name].append(1000 * (time.process_time() - worked))
                wall[name].append(1000 * (time.perf_counter() - started))
    return {name: (statistics.median(wall[name]), statistics.median(cpu[name])) for name in asks}


def queries_of(ask: Ask) -> int:
    """Count the statements of a page whose site and content types are in memory."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def main() -> int:
    """Print a line for each page; the status is 1 when an article is above the budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    with site():
        from articles.models import ArticlePage, TopicPage
        from glossary.models import ConceptPage

        paths = {"bare": bare_page()}
        for kind, model in (("article", ArticlePage), ("hub", TopicPage), ("concept", ConceptPage)):
            paths[kind] = str(model.objects.live().first().get_url_parts()[2])
        asks = {kind: asking(path) for kind, path in paths.items()}
        counts = {kind: queries_of(ask) for kind, ask in asks.items()}
        times = measure(asks, options.rounds)
    print(f"{'page':10}{'wall ms':>10}{'ratio':>8}{'CPU ms':>10}{'ratio':>8}{'queries':>9}  path")
    for kind, (wall, cpu) in times.items():
        ratios = wall / times["bare"][0], cpu / times["bare"][1]
        figures = f"{wall:10.1f}{ratios[0]:8.2f}{cpu:10.1f}{ratios[1]:8.2f}{counts[kind]:9}"
        print(f"{kind:10}{figures}  {paths[kind]}")
    ratio = times["article"][1] / times["bare"][1]
    print(f"budget for an article: {BUDGET} times the bare page: {'kept' if ratio <= BUDGET else 'NOT kept'}")
    return 0 if ratio <= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
