"""What all tests share: a rule for those that empty the tables, a browser, the list of what was skipped."""

import os
import shutil
from pathlib import Path

import pytest
from django.db import connection

from mindlab.figures import engine
from tests.programs import find_chromium
from tests.template import keep, template

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
EMPTYING_FIXTURES = DATABASE_FIXTURES - {"db"}

# A busy machine takes its time to draw, and what is not drawn in time is not stored.
engine.DRAW_SECONDS = engine.BOOT_SECONDS = 600.0


def pytest_addoption(parser):
    parser.addoption("--database-only", action="store_true", help="run only the tests that use the database")


def uses_database(item):
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool(DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ())))


def empties_tables(item):
    marker = item.get_closest_marker("django_db")
    options = marker.kwargs if marker else {}
    asked = options.get("transaction") or options.get("reset_sequences")
    return bool(asked or EMPTYING_FIXTURES.intersection(getattr(item, "fixturenames", ())))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    # A test with real transactions empties every table at its end, the tree and the groups that the
    # migrations made with them: each such test gets them back before it starts, and pytest-django runs
    # all of them after the others.
    for item in items:
        if empties_tables(item):
            marker = item.get_closest_marker("django_db")
            options = {**(marker.kwargs if marker else {}), "transaction": True, "serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**options), append=False)
    if config.getoption("database_only"):
        left_out = [item for item in items if not uses_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if uses_database(item)]


def pytest_terminal_summary(terminalreporter):
    path = os.environ.get("SKIPS_FILE")
    if not path or hasattr(terminalreporter.config, "workerinput"):
        return
    with Path(path).open("a", encoding="utf-8") as file:
        for report in terminalreporter.stats.get("skipped", []):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            file.write(" ".join(reason.removeprefix("Skipped: ").split()) + "\n")


@pytest.fixture(scope="session")
def sqlite_template():
    """Where a migrated database of an earlier run lies or will lie; None on PostgreSQL."""
    return template() if connection.vendor == "sqlite" else None


@pytest.fixture(scope="session")
def django_db_keepdb(sqlite_template):
    # What was copied from an earlier run is kept and only checked for migrations that it lacks.
    return bool(sqlite_template and sqlite_template.exists())


@pytest.fixture(scope="session")
def django_db_modify_db_settings(sqlite_template, django_db_keepdb, tmp_path_factory, request):
    if sqlite_template is None:
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
        return
    # A file of its own for each process: in memory, the threads of a live server would share one connection.
    path = tmp_path_factory.mktemp("database") / "test.sqlite3"
    if django_db_keepdb:
        shutil.copyfile(sqlite_template, path)
    connection.settings_dict["TEST"]["NAME"] = str(path)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, sqlite_template, django_db_keepdb):
    if django_db_keepdb:
        return
    from mindlab.home.site_setup import ensure_site

    with django_db_blocker.unblock():
        # As in production: what is new since the first migration, in what emptying tests get back, too.
        ensure_site()
        connection._test_serialized_contents = connection.creation.serialize_db_to_string()
    if sqlite_template:
        keep(connection.settings_dict["NAME"], sqlite_template)


@pytest.fixture(scope="session")
def browser(django_db_setup):
    """A Chromium for the whole run."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        pytest.skip("browser tests (no Chromium)")
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    contents = getattr(connection, "_test_serialized_contents", None)
    with sync_playwright() as playwright:
        # Beside a running loop Django keeps other connection objects: they must know, too, what an
        # emptied database is filled with again.
        if contents is not None:
            connection._test_serialized_contents = contents
        # Root has no sandbox to drop into, and a small machine no room in /dev/shm.
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, live_server):
    """A page in a context of its own whose relative addresses are those of the live server."""
    context = browser.new_context(base_url=live_server.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def open_gate(db):
    """Publish without a review: for tests that are about something else."""
    from tests.factories import gate_open

    with gate_open():
        yield
