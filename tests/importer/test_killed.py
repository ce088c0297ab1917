"""A run killed with SIGKILL leaves whole pages only, and the next run finishes."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from PIL import Image
from wagtail.models import Page, PageLogEntry

from articles.models import ArticlePage
from mindlab.core.models import SiteImage
from mindlab.importer.models import ImportRun, SourceDocument
from tests.importer.helpers import outcomes, revisions, run, write

DOCUMENTS = 12


def database_url():
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    login = ":".join(part for part in (settings["USER"], settings["PASSWORD"]) if part)
    return f"postgres://{login}@{settings['HOST']}:{settings['PORT'] or 5432}/{settings['NAME']}"


@pytest.fixture
def killable(transactional_db):
    """Runs an import that dies before its n-th statement; returns how it ended."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "mindlab.settings.test",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    program = [sys.executable, "-m", "tests.importer.killable"]
    root = Path(__file__).resolve().parents[2]
    pipe = subprocess.PIPE
    with subprocess.Popen(program, cwd=root, env=environment, stdin=pipe, stdout=pipe, text=True) as process:

        def ask(folder, number):
            process.stdin.write(json.dumps({"folder": str(folder), "number": number}) + "\n")
            process.stdin.flush()
            status, kilobytes = json.loads(process.stdout.readline())
            ask.megabytes = kilobytes / 1000
            return status

        yield ask
        process.stdin.close()


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


def documents(folder, names):
    for number, name in enumerate(names):
        following = names[(number + 1) % len(names)]
        image = io.BytesIO()
        Image.new("RGB", (40, 40), (number * 20, 90, 200)).save(image, "PNG")
        text = f"# {name}\n\nSee [[{following}]].\n\n![Two]({name}.png)\n\nA paragraph of words.\n"
        write(folder, **{f"{name}_md": text, f"{name}_png": image.getvalue()})


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path, killable):
    names = [f"n{number:02}" for number in range(DOCUMENTS)]
    documents(tmp_path, names)
    ends = []
    for number in (5, 61, 133, 207, 349, 88, 412, 530, 177, 640, 901):
        ends.append(killable(tmp_path, number))
        assert_whole()
    assert ends.count(signal.SIGKILL) >= 5, "the kills came too late to prove a thing"
    assert set(ends) <= {signal.SIGKILL, 0}
    assert killable(tmp_path, 0) == 0
    assert_finished(tmp_path)
    killed = ends.count(signal.SIGKILL)
    statuses = list(ImportRun.objects.order_by("pk").values_list("status", flat=True))
    assert statuses.count("finished") == len(statuses) - statuses.count("interrupted")
    assert 0 < statuses.count("interrupted") <= killed


@pytest.mark.slow
def test_killed_while_images_are_stored_and_links_are_made(tmp_path, killable, monkeypatch):
    """Every statement from the last document on is a moment to die at; so is each around an image."""
    documents(tmp_path, ["only", "other"])
    number, ends = 30, []
    while not ends or ends[-1] != 0:
        # Begin anew each time, so that the n-th statement is the same moment with the next n.
        SourceDocument.objects.all().delete()
        for page in ArticlePage.objects.all():
            page.delete()
        SiteImage.objects.all().delete()
        ends.append(killable(tmp_path, number))
        assert_whole()
        number += 23
    assert ends.count(signal.SIGKILL) >= 5, "the kills came too late to prove a thing"
    assert killable(tmp_path, 0) == 0
    assert_finished(tmp_path)


@pytest.mark.slow
def test_a_line_of_twenty_megabytes_takes_less_than_a_gigabyte(tmp_path, killable):
    write(tmp_path, line_txt="word and " * (20_000_000 // 9), small_md="# Sound\n\nWords.\n")
    assert killable(tmp_path, 0) == 0
    assert 100 < killable.megabytes < 1000
    assert set(ImportRun.objects.get().outcomes.values_list("outcome", flat=True)) == {"created"}


def assert_finished(folder):
    assert_whole()
    pages = ArticlePage.objects.all()
    assert {page.title for page in pages} == {path.stem for path in folder.glob("*.md")}
    for page in pages:
        text, image = page.body.raw_data[0], page.body.raw_data[1]
        assert 'linktype="page"' in text["value"]
        file = SiteImage.objects.get(pk=image["value"]["image"]["image"]).file
        assert Path(file.path).read_bytes() == (folder / f"{page.title}.png").read_bytes()
    assert SiteImage.objects.count() == len(pages)
    assert not SourceDocument.objects.filter(links_pending=True).exists()
    assert set(outcomes(run(folder)).values()) == {"unchanged"}
