"""No list of the admin that can be downloaded carries a formula into the spreadsheet of who opens it."""

import csv
import io

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Task, Workflow

from mindlab.core.spreadsheets import FORMULA, as_cell
from mindlab.editorial.models import MaterialChange
from mindlab.importer.models import ImportRun
from tests.editorial.helpers import change, decide, make_people, publish_through_review, submit
from tests.factories import make_article, make_concept, make_topic

ATTACK = '=HYPERLINK("http://evil.example/","x")'


def export_views(resolver=None, namespaces=()):
    """Name and class of every address in the site whose view can export."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from export_views(pattern, inner)
            continue
        view = pattern.callback
        while view is not None and not hasattr(view, "view_class"):
            view = getattr(view, "__wrapped__", None)
        if view is not None and issubclass(view.view_class, SpreadsheetExportMixin):
            exported = view.view_initkwargs.get("list_export", view.view_class.list_export)
            yield ":".join((*namespaces, pattern.name)), bool(exported)


VIEWS = dict(export_views())
EXPORTS = sorted(name for name, exports in VIEWS.items() if exports)


@pytest.fixture
def attacked(client, db):
    """A site where everything that an export shows begins as a formula does."""
    people = make_people()
    for user in vars(people).values():
        user.first_name, user.last_name, user.username = "=1+1", "", f"@{user.username}"
        user.save()
    Workflow.objects.update(name="+SUM(1)")
    Task.objects.update(name="-SUM(1)")
    published = publish_through_review(make_article(ATTACK, owner=people.writer), people)
    change(published, people.writer, title=f"{ATTACK} again")
    submit(published, people.writer)
    decide(published, people.editor, "reject", comment="@SUM(1)")
    submit(make_article(f"\t{ATTACK}", owner=people.writer), people.writer)
    make_concept("Names a term", relations=((ATTACK, "x"),))
    Page.objects.filter(pk=published.pk).update(
        locked=True, locked_by=people.administrator, locked_at=timezone.now()
    )
    Redirect.objects.create(old_path="/old", redirect_link="=cmd|' /C calc'!A0")
    ImportRun.objects.create(user=people.writer, options={})
    MaterialChange.objects.create(
        kind="topic",
        key=make_topic("=1+1").pk,
        label=ATTACK,
        digest_before="a",
        digest_after="b",
        proposed_by=people.writer,
        proposed_by_name=people.writer.username,
        proposed_at=timezone.now(),
    )
    client.force_login(people.administrator)
    return client


def cells_of(response, kind):
    if kind == "csv":
        text = b"".join(response.streaming_content).decode()
        return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [cell.value for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_carries_no_formula(attacked, name, kind):
    response = attacked.get(reverse(name), {"export": kind})
    assert response.status_code == 200
    cells = [cell for cell in cells_of(response, kind) if isinstance(cell, str)]
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []
    assert any(cell.startswith("'") for cell in cells), "nothing here tells that the export is guarded"


def test_the_exports_are_all_there():
    names = {name.removesuffix("_results") for name in EXPORTS}
    assert {
        "review_records",
        "import_runs",
        "wanted_concepts",
        "wagtailredirects:index",
        "wagtailadmin_reports:workflow",
        "wagtailadmin_reports:workflow_tasks",
        "wagtailadmin_reports:site_history",
        "wagtailadmin_reports:locked_pages",
        "wagtailadmin_reports:aging_pages",
    } <= names


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1", "－1"])
def test_words_that_a_spreadsheet_would_compute_are_marked_as_text(value):
    assert as_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "a=1", " =1", "'=1", -1, 2.5, None, True])
def test_other_values_stay(value):
    assert as_cell(value) == value
