"""A run killed with SIGKILL leaves whole pages only, and the next run finishes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from wagtail.models import Page, PageLogEntry

from articles.models import ArticlePage
from mindlab.importer.models import ImportRun, SourceDocument
from tests.importer.helpers import outcomes, revisions, run, write

DOCUMENTS = 12


def database_url():
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    login = ":".join(part for part in (settings["USER"], settings["PASSWORD"]) if part)
    return f"postgres://{login}@{settings['HOST']}:{settings['PORT'] or 5432}/{settings['NAME']}"


def start(folder):
    manage = Path(__file__).resolve().parents[2] / "manage.py"
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "mindlab.settings.test",
        "PYTHONUNBUFFERED": "1",
    }
    return subprocess.Popen(
        [sys.executable, manage, "import_documents", folder],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_after(folder, number, delay):
    """Start an import, wait for its ``number``-th document and ``delay`` seconds, kill it."""
    with start(folder) as process:
        said = ""
        for line in process.stderr:
            said += line
            if line.startswith("[") and int(line[1 : line.index("/")]) >= number:
                break
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL, said


def assert_whole():
    documents = SourceDocument.objects.select_related("page")
    pages = ArticlePage.objects.all()
    assert {document.page_id for document in documents} == {page.pk for page in pages}
    for page in pages:
        assert revisions(page) == 1
        assert page.latest_revision_id is not None
        assert PageLogEntry.objects.filter(page=page).count() == 2
    for document in documents:
        assert document.revision_id == document.page.latest_revision_id
        assert document.provenance.exists()
        assert document.outcomes.exists()
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment(tmp_path):
    for number in range(DOCUMENTS):
        text = (
            f"# Number {number}\n\nSee [[Number {(number + 1) % DOCUMENTS}]].\n\n"
            + "A paragraph of words.\n\n" * 40
        )
        write(tmp_path, **{f"n{number:02}_md": text})
    for number, delay in ((1, 0.02), (3, 0.11), (4, 0.0), (7, 0.06)):
        kill_after(tmp_path, number, delay)
        assert_whole()
    assert 0 < SourceDocument.objects.count() < DOCUMENTS, (
        "the kills came too early or too late to prove a thing"
    )
    report = run(tmp_path)
    assert report.exit_code == 0
    assert set(outcomes(report).values()) <= {"created", "unchanged", "updated"}
    assert_whole()
    assert ArticlePage.objects.count() == DOCUMENTS
    for page in ArticlePage.objects.all():
        assert 'linktype="page"' in page.body.raw_data[0]["value"]
    assert not SourceDocument.objects.filter(links_pending=True).exists()
    statuses = list(ImportRun.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == ["interrupted"] * 4 + ["finished"]
    assert set(outcomes(run(tmp_path)).values()) == {"unchanged"}
