"""Weigh the first visit to each kind of page in a real browser.

    python bench/page_weight.py [--url URL] [PATH …]

Without ``--url`` the site is set up in a temporary folder under production settings, with the sample
library, and served from this process. Static files are those that whitenoise compresses in advance
(gzip); pages are compressed by the site itself, which adds up to 100 random bytes. With ``--url``
a running site is weighed as it is.

Bytes are what came over the wire, headers included, as Chromium counts them; each page is visited
with an empty cache. ``images`` are those of the content and no part of the total. A browser with
tabs fetches the icon on top (under 1 kB).
"""

from __future__ import annotations

import argparse
import os
import secrets
import socketserver
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

BUDGET = 60_000
KINDS = {"Document": "html", "Stylesheet": "css", "Font": "fonts", "Script": "js", "Image": "images"}
COLUMNS = ("html", "css", "fonts", "js", "other", "total", "images")
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 400);
})"""


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing: the table is the output."""


@contextmanager
def own_site() -> Iterator[tuple[str, list[str]]]:
    """Serve the sample library from a temporary folder; yield its address and a path of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        server = make_server("127.0.0.1", 0, lambda *_: [], _Server, _Quiet)
        address = f"http://127.0.0.1:{server.server_port}"
        os.environ.update(
            DJANGO_SETTINGS_MODULE="mindlab.settings.production",
            DATABASE_URL=f"sqlite:///{folder}/site.sqlite3",
            VAR_DIR=folder,
            SECRET_KEY=secrets.token_urlsafe(50),
            ALLOWED_HOSTS="127.0.0.1",
            SITE_URL=address,
            SECURE_SSL_REDIRECT="false",
        )
        server.set_app(_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield address, _paths()
        finally:
            server.shutdown()


def _application() -> Any:
    import django
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    django.setup()
    quiet = {"verbosity": 0, "stdout": sys.stderr}
    call_command("migrate", **quiet)
    call_command("load_samples", stdout=sys.stderr)
    call_command("collectstatic", interactive=False, **quiet)
    return get_wsgi_application()


def _paths() -> list[str]:
    from wagtail.models import Page

    pages = Page.objects.live().filter(depth__gt=1).order_by("path")
    shown = {page.specific_class: urlsplit(page.full_url or "").path for page in pages}
    return [*shown.values(), "/search/?q=memory"]


def weigh(browser: Any, address: str, path: str) -> dict[str, Any]:
    """Visit a page with an empty cache; return bytes by kind, requests, shift and other hosts asked."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    found: Counter[str] = Counter()
    strangers: set[str] = set()

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = KINDS.get(event["type"], "other")
        host = urlsplit(event["response"]["url"])
        if host.scheme in ("http", "https") and host.netloc != urlsplit(address).netloc:
            strangers.add(host.netloc)

    def finished(event: dict[str, Any]) -> None:
        found[kinds.get(event["requestId"], "other")] += int(event["encodedDataLength"])

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    page.goto(address + path, wait_until="networkidle")
    shift = page.evaluate(SHIFT)
    context.close()
    total = sum(number for kind, number in found.items() if kind != "images")
    return {**found, "total": total, "requests": len(kinds), "shift": shift, "strangers": len(strangers)}


def report(browser: Any, address: str, paths: list[str]) -> bool:
    """Print a line for each page; return whether every one is within the budget."""
    head = "".join(f"{name:>9}" for name in (*COLUMNS, "requests", "shift", "hosts"))
    print(f"{'page':44}{head}")
    good = True
    for path in paths:
        row = weigh(browser, address, path)
        figures = "".join(f"{row.get(name, 0):9,}" for name in (*COLUMNS, "requests"))
        print(f"{path[:43]:44}{figures}{row['shift']:9.4f}{row['strangers']:9}", flush=True)
        good = good and row["total"] <= BUDGET and not row["strangers"]
    print(f"budget: {BUDGET:,} bytes in all without images, no other host: {'kept' if good else 'NOT kept'}")
    return good


def main() -> int:
    """Weigh the pages asked for; the status is 1 when one is above the budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--url", default="", help="the address of a running site")
    options = parser.parse_args()
    if options.url:
        return _run(options.url.rstrip("/"), options.paths or ["/"])
    with own_site() as (address, paths):
        return _run(address, options.paths or paths)


def _run(address: str, paths: list[str]) -> int:
    from playwright.sync_api import sync_playwright

    from tests.programs import find_chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        good = report(browser, address, paths)
        browser.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
