"""A whole site, built as a newcomer's is: every page rendered, live and in preview."""

import pytest
from django.core.management import call_command
from wagtail.models import Page, Revision

from articles.models import TopicPage
from mindlab.editorial.models import ReviewRecord
from mindlab.home.demo_users import DEMO_USERS
from mindlab.importer.models import SourceDocument
from mindlab.users.models import User
from tests.factories import gate_open, make_hub
from tests.shared import needs_shared, shared_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(capsys):
    call_command("load_samples")
    return capsys.readouterr().out


def addresses():
    pages = Page.objects.live().filter(depth__gt=1)
    return ["/feed/", "/sitemap.xml", "/search/?q=memory", *(page.url for page in pages)]


def counts():
    return [model.objects.count() for model in (Page, Revision, SourceDocument, User, ReviewRecord)]


def test_site_of_a_newcomer(library, client, subtests, capsys):
    for user in DEMO_USERS:
        assert library.count(f"  {user.username} ") == 1
    for address in addresses():
        with subtests.test(address=address):
            assert client.get(address).status_code == 200
    for page in Page.objects.filter(depth__gt=1).specific():
        for mode, _label in page.preview_modes:
            with subtests.test(page=page.title, mode=mode):
                latest = page.get_latest_revision_as_object()
                assert latest.make_preview_request(preview_mode=mode).status_code == 200
    with subtests.test("all that is public went through the review"):
        call_command("audit_review")
    with subtests.test("a second load says nothing and changes nothing"):
        before = counts()
        capsys.readouterr()
        call_command("load_samples")
        assert capsys.readouterr().out == ""
        assert counts() == before


@needs_shared
def test_second_hub_of_a_topic_comes_as_a_draft_with_a_question(capsys):
    with gate_open():
        make_hub("Oxytocin", live=True)
    call_command("import_documents", str(shared_path() / "seeds" / "000_be181ec85dd8b353.txt"))
    report = capsys.readouterr().out
    first, second = TopicPage.objects.filter(title="Oxytocin").order_by("pk")
    assert first.live
    assert not second.live
    assert second.topic is None
    assert "hub" in report[report.index("QUESTIONS") : report.index("DOCUMENTS")]
