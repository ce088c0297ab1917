import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from mindlab.newsletter.models import BriefIndexPage, IssuePage
from mindlab.newsletter.snapshots import export
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.usefixtures("open_gate")

PICK = {"title": "", "deck": ""}


@pytest.fixture
def issue():
    contents = [{"type": "pick", "value": {"page": make_article("Sleep", live=True).pk, **PICK}}]
    return make_issue(21, contents=contents, live=True)


@pytest.fixture
def snapshot(issue):
    return export(issue)


def sign_in(client, *groups, **fields):
    client.force_login(make_user(groups=groups, **fields))
    return client


def form(**fields):
    data = {
        "title": "The Intelligence Brief",
        "number": "31",
        "subject": "A subject",
        "preheader": "",
        "introduction": rich_text("<p>Hello.</p>"),
        "contents": streamfield([]),
        "cta_text": "",
        "cta_label": "",
        "cta_page": "",
        "cta_url": "",
        "seo_title": "",
        "search_description": "",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
    }
    return nested_form_data({**data, **fields})


def create(client, **fields):
    index = BriefIndexPage.objects.get()
    address = reverse("wagtailadmin_pages:add", args=["newsletter", "issuepage", index.pk])
    return client.post(address, form(**fields))


def test_form_proposes_the_next_number(client, issue):
    index = BriefIndexPage.objects.get()
    address = reverse("wagtailadmin_pages:add", args=["newsletter", "issuepage", index.pk])
    response = sign_in(client, "Editors").get(address)
    assert response.context["form"]["number"].value() == 22


def test_slug_is_the_number(client, db):
    assert create(sign_in(client, "Writers")).status_code == 302
    page = IssuePage.objects.get()
    assert (page.slug, page.live) == ("31", False)
    assert page.get_url() == "/brief/31/"


def test_number_that_is_taken_is_refused_with_words(client, issue):
    response = create(sign_in(client, "Writers"), number="21")
    assert "already exists" in str(response.context["form"].errors["number"])


@pytest.mark.parametrize("number", ["0", "100000000", "2147483648", "9223372036854775808"])
def test_number_that_no_issue_can_have_is_refused_with_words(client, issue, number):
    errors = create(sign_in(client, "Writers"), number=number).context["form"].errors["number"]
    assert errors[0].startswith("Ensure this value is")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"cta_text": "Do it"}, ["cta_label", "cta_page"]),
        ({"cta_label": "Go"}, ["cta_page"]),
        ({"cta_label": "Go", "cta_url": "https://example.org", "cta_page": "PAGE"}, ["cta_url"]),
    ],
)
def test_half_a_call_to_action_may_be_saved_and_not_submitted(client, fields, wrong):
    page = make_article(live=True)
    fields = {name: str(page.pk) if value == "PAGE" else value for name, value in fields.items()}
    sign_in(client, "Writers")
    response = create(client, **fields, **{"action-submit": "1"})
    assert list(response.context["form"].errors) == wrong
    assert create(client, **fields).status_code == 302


def test_copy_gets_the_next_number(issue):
    copy = issue.copy(keep_live=False, update_attrs={"slug": "a-copy", "title": "A copy"})
    draft = copy.get_latest_revision_as_object()
    assert (copy.number, copy.slug, draft.number, draft.slug) == (22, "22", 22, "22")


def test_two_issues_do_not_share_a_number(issue):
    with pytest.raises(ValidationError, match="already in use"):
        make_issue(21)


@pytest.mark.parametrize(("mode", "words"), [("email-html", b"<!doctype html>"), ("email-text", b"No. 41")])
def test_draft_is_seen_as_mail_with_what_keeps_it_from_going_out(client, mode, words):
    hidden = make_article("Not yet")
    draft = make_issue(41, contents=[{"type": "pick", "value": {"page": hidden.pk, **PICK}}])
    address = reverse("wagtailadmin_pages:view_draft", args=[draft.pk])
    response = sign_in(client, "Editors").get(address, {"mode": mode})
    assert response.status_code == 200
    assert words in response.content
    assert "style-src 'self'" not in response.get("Content-Security-Policy", "") or mode == "email-text"
    assert "“Not yet” (article), which is not published yet" in " ".join(response.text.split())


def test_draft_is_seen_as_a_page(client, issue):
    address = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])
    response = sign_in(client, "Editors").get(address)
    assert response.status_code == 200
    assert "Sleep" in response.text


def test_preview_says_that_the_mail_is_too_large(client, issue):
    draft = IssuePage.objects.get()
    draft.introduction = f"<p>{'long ' * 20_000}</p>"
    draft.save_revision()
    address = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])
    response = sign_in(client, "Editors").get(address, {"mode": "email-html"})
    assert "Gmail would cut it off" in response.text


def test_editor_exports_and_downloads_what_the_command_writes(client, issue, tmp_path):
    from django.core.management import call_command

    sign_in(client, "Editors")
    address = reverse("export_issue", args=[issue.pk])
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[issue.pk]))
    assert address in edit.text
    assert client.get(address).status_code == 200
    response = client.post(address, follow=True)
    snapshot = issue.snapshots.get()
    assert response.redirect_chain[-1][0] == reverse("issue_snapshots:inspect", args=[snapshot.pk])
    assert snapshot.sha256 in response.text
    call_command("export_newsletter", "21", out=tmp_path)
    for path in tmp_path.iterdir():
        form_of = path.suffix.removeprefix(".")
        answer = client.get(reverse("issue_snapshots:download", args=[snapshot.pk, form_of]))
        assert answer.content == path.read_bytes()
        assert answer["Content-Disposition"] == f'attachment; filename="{path.name}"'
    client.post(address, {"refresh": "1"})
    assert issue.snapshots.count() == 2


def test_export_says_what_is_wrong(client):
    hidden = make_article("Not yet")
    draft = make_issue(42, contents=[{"type": "pick", "value": {"page": hidden.pk, **PICK}}], live=True)
    response = sign_in(client, "Editors").post(reverse("export_issue", args=[draft.pk]))
    assert "“Not yet”" in response.text
    assert not draft.snapshots.exists()


def test_snapshots_are_listed(client, snapshot):
    response = sign_in(client, "Editors").get(reverse("issue_snapshots:index"))
    assert "No. 21, snapshot 1" in response.text
    assert reverse("issue_snapshots:download", args=[snapshot.pk, "html"]) in response.text
    assert reverse("issue_snapshots:add") not in response.text


@pytest.mark.parametrize("group", ["Writers", "Scientific reviewers"])
@pytest.mark.parametrize("name", ["index", "inspect", "download", "export"])
def test_others_neither_see_snapshots_nor_export(client, snapshot, group, name):
    sign_in(client, group)
    addresses = {
        "index": reverse("issue_snapshots:index"),
        "inspect": reverse("issue_snapshots:inspect", args=[snapshot.pk]),
        "download": reverse("issue_snapshots:download", args=[snapshot.pk, "html"]),
        "export": reverse("export_issue", args=[snapshot.issue_id]),
    }
    response = client.get(addresses[name])
    assert (response.status_code, response.get("Location")) in {(403, None), (302, "/admin/")}


@pytest.mark.parametrize("name", ["add", "edit", "delete"])
def test_nobody_changes_a_snapshot(client, snapshot, name):
    sign_in(client, is_superuser=True)
    address = reverse(f"issue_snapshots:{name}", args=[] if name == "add" else [snapshot.pk])
    assert client.get(address).status_code in {302, 403}
    assert client.post(address).status_code in {302, 403}
    assert type(snapshot).objects.filter(pk=snapshot.pk, sha256=snapshot.sha256).count() == 1
    assert type(snapshot).objects.count() == 1


def test_anonymous_visitor_is_asked_to_sign_in(client, snapshot):
    address = reverse("issue_snapshots:download", args=[snapshot.pk, "html"])
    assert client.get(address).status_code == 302
