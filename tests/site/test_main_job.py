"""The main job, as people do it: import, submit, approve twice, read, export."""

import hashlib
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect
from wagtail.models import WorkflowState

from glossary.models import ConceptPage
from mindlab.editorial.models import ReviewRecord
from mindlab.home.site_setup import EDITORS, SCIENTIFIC_REVIEWERS, WRITERS
from mindlab.newsletter.models import IssuePage
from tests.factories import make_issue, make_user
from tests.waiting import wait_until

DOCUMENT = Path(__file__).parent.parent / "documents" / "site" / "theta-rhythm.txt"

pytestmark = pytest.mark.browser


def sign_in(page, username):
    page.context.clear_cookies()
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")


def edit(page, target):
    page.goto(f"/admin/pages/{target.pk}/edit/")
    # The form is whole only when its scripts have drawn all of it, which no person is too quick for.
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="More actions").click()


def submit(page, target, workflow):
    edit(page, target)
    page.get_by_role("button", name=f"Submit to {workflow}").click()
    wait_until(lambda: WorkflowState.objects.for_instance(target).active().exists())
    page.wait_for_load_state()


def approve(page, target):
    edit(page, target)
    before = ReviewRecord.objects.count()
    page.get_by_role("button", name=re.compile("^Approve$")).click()
    wait_until(lambda: ReviewRecord.objects.count() > before)
    page.wait_for_load_state()


def test_from_a_document_to_a_reader_and_an_issue(page, live_server, tmp_path):
    writer = make_user("writer", groups=(WRITERS,))
    make_user("editor", groups=(EDITORS,))
    make_user("reviewer", groups=(SCIENTIFIC_REVIEWERS,))
    call_command("import_documents", str(DOCUMENT), owner="writer")
    concept = ConceptPage.objects.get()
    assert page.goto("/glossary/theta-rhythm/").status == 404

    sign_in(page, "writer")
    page.goto(f"/admin/pages/{concept.pk}/edit/")
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    submit(page, concept, "Editorial and scientific review")
    page.goto(f"/admin/pages/{concept.get_parent().pk}/")
    expect(page.get_by_text("in editorial review").first).to_be_visible()

    sign_in(page, "editor")
    approve(page, concept)
    page.goto(f"/admin/pages/{concept.get_parent().pk}/")
    expect(page.get_by_text("in scientific review").first).to_be_visible()

    sign_in(page, "reviewer")
    approve(page, concept)
    wait_until(lambda: ConceptPage.objects.get().live)

    page.context.clear_cookies()
    assert page.goto("/glossary/theta-rhythm/").status == 200
    expect(page.get_by_role("heading", level=1)).to_have_text("Theta rhythm")
    expect(page.get_by_text("Scientific review").first).to_be_visible()

    picks = [("pick", {"page": concept, "title": "", "deck": ""})]
    issue = make_issue(1, contents=picks, owner=writer)
    sign_in(page, "writer")
    submit(page, issue, "Editorial review of an issue")
    sign_in(page, "editor")
    approve(page, issue)
    wait_until(lambda: IssuePage.objects.get().live)
    call_command("export_newsletter", "1", out=tmp_path)
    exported = next(tmp_path.glob("*.html")).read_bytes()
    assert b"Theta rhythm" in exported
    manifest = next(tmp_path.glob("*.json")).read_text(encoding="utf-8")
    assert hashlib.sha256(exported).hexdigest() in manifest
