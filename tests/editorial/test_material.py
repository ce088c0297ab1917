"""What public pages show is changed by two people, whichever way the change comes."""

from datetime import timedelta
from io import BytesIO

import PIL.Image
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone
from wagtail.images.tasks import set_image_focal_point_task
from wagtail.models import Collection, Site

from mindlab.core.gate import PublicationRefused
from mindlab.core.models import BriefSettings, SiteDocument, SiteImage
from mindlab.core.shown import thing
from mindlab.editorial import audit, publications
from mindlab.editorial.material import changes
from mindlab.editorial.material.guard import ChangeWaits, StillShown
from mindlab.editorial.models import MaterialChange, Publication
from mindlab.evidence.models import Citation, Claim, Source
from tests.editorial.helpers import change, fresh, publish_through_review
from tests.factories import make_article, make_hub, make_image, make_topic, make_user

pytestmark = pytest.mark.django_db

Status = MaterialChange.Status


def picture(colour="red"):
    data = BytesIO()
    PIL.Image.new("RGB", (40, 30), colour).save(data, "PNG")
    return SimpleUploadedFile(f"{colour}.png", data.getvalue(), "image/png")


@pytest.fixture
def shown(people):
    """A page that two people approved, with the things it shows."""
    document = SiteDocument.objects.create(
        title="Questions", file=ContentFile(b"one", name="questions.txt"), uploaded_by_user=people.writer
    )
    shown = {
        "image": make_image("A neuron", uploaded_by_user=people.writer),
        "document": document,
        "topic": make_topic("Sleep"),
        "source": Source.objects.create(title="A study", year=2020, authors=[{"family": "Smith"}]),
    }
    page = make_article(
        "Sleep and memory",
        owner=people.writer,
        topics=("Sleep",),
        cover=shown["image"],
        body=[{"type": "text", "value": f'<p><a linktype="document" id="{document.pk}">D</a></p>'}],
    )
    page.claims = [
        Claim(text="Half.", sort_order=0, citations=[Citation(source=shown["source"], sort_order=0)])
    ]
    page.save_revision(user=people.writer)
    publish_through_review(page, people)
    return {**shown, "page": fresh(page)}


CHANGES = [
    ("image", "title", "A glial cell"),
    ("image", "description", "Another alt text"),
    ("image", "credit", "Somebody else"),
    ("image", "licence", "CC0"),
    ("image", "source_url", "https://example.org/"),
    ("image", "focal_point_x", 5),
    ("document", "title", "Answers"),
    ("topic", "name", "Dreams"),
    ("topic", "slug", "dreams"),
    ("source", "title", "Another study"),
    ("source", "authors", [{"family": "Jones"}]),
    ("source", "year", 2021),
]


@pytest.mark.parametrize(("kind", "name", "value"), CHANGES)
@pytest.mark.parametrize("by_fields", [False, True])
def test_one_person_alone_changes_nothing_that_public_pages_show(shown, kind, name, value, by_fields):
    row = shown[kind]
    before = getattr(type(row).objects.get(pk=row.pk), name)
    setattr(row, name, value)
    with pytest.raises(ChangeWaits, match="is shown on 1 public page: the change waits"):
        row.save(update_fields=[name] if by_fields else None)
    assert getattr(type(row).objects.get(pk=row.pk), name) == before


@pytest.mark.parametrize("kind", ["image", "document", "topic", "source"])
def test_what_public_pages_show_is_not_deleted(shown, kind):
    row = shown[kind]
    refusals = (StillShown, ProtectedError, PublicationRefused)  # whichever rule comes first
    for delete in (row.delete, type(row).objects.filter(pk=row.pk).delete):
        with pytest.raises(refusals), transaction.atomic():
            delete()
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_collection_takes_nothing_with_it_that_is_shown(shown):
    collection = Collection.get_first_root_node().add_child(name="Figures")
    SiteImage.objects.update(collection=collection)
    with pytest.raises(StillShown), transaction.atomic():
        collection.delete()
    assert SiteImage.objects.filter(pk=shown["image"].pk).exists()


def test_other_bytes_are_another_picture_whatever_they_are_called(shown):
    image = shown["image"]
    image.file = picture()
    with pytest.raises(ChangeWaits):
        image.save()
    image = SiteImage.objects.get(pk=image.pk)
    image.file.name = make_image().file.name
    for save in (image.save, image.save_base):
        with pytest.raises(ChangeWaits):
            save()


def test_a_found_focal_point_waits_too(shown, monkeypatch):
    from wagtail.images.rect import Rect

    monkeypatch.setattr(SiteImage, "get_suggested_focal_point", lambda self: Rect(1, 1, 9, 9))
    call = set_image_focal_point_task.func
    with pytest.raises(ChangeWaits):
        call("core", "siteimage", str(shown["image"].pk))


def test_what_nothing_public_shows_and_what_readers_do_not_see_change_as_ever(shown):
    other = make_image("Another")
    other.title = "Renamed"
    other.save()
    other.delete()
    image = shown["image"]
    image.collection = Collection.get_first_root_node().add_child(name="Figures")
    image.save()
    fresh(shown["page"]).unpublish()
    image.title = "Renamed"
    image.save()
    assert SiteImage.objects.get(pk=image.pk).title == "Renamed"


def test_what_a_scheduled_page_will_show_waits_too(people):
    image = make_image("A neuron")
    page = make_article(owner=people.writer, cover=image)
    change(page, people.administrator, go_live_at=timezone.now() + timedelta(days=1))
    publish_through_review(page, people)
    assert not fresh(page).live
    image.title = "Another"
    with pytest.raises(ChangeWaits, match="1 scheduled page"):
        image.save()
    with pytest.raises(StillShown), transaction.atomic():
        image.delete()
    proposal = changes.propose(image, people.editor)
    changes.accept(proposal, people.administrator)
    from tests.editorial.helpers import let_the_date_come

    let_the_date_come(page)
    call_command("publish_scheduled")
    assert fresh(page).live


def test_settings_that_hubs_show_wait_from_the_first_words_on(people):
    site = Site.objects.get(is_default_site=True)
    BriefSettings.objects.all().delete()
    hub = make_hub("Sleep", owner=people.writer)
    publish_through_review(hub, people)
    with pytest.raises(ChangeWaits):
        BriefSettings.objects.create(site=site, name="The Gazette")
    settings = BriefSettings.for_site(site)
    settings.blurb = "Buy our pills."
    with pytest.raises(ChangeWaits):
        settings.save()
    with pytest.raises(StillShown), transaction.atomic():
        settings.delete()
    changes.accept(changes.propose(settings, people.editor), people.administrator)
    assert BriefSettings.for_site(site).blurb == "Buy our pills."
    assert publications.current(hub).shown.filter(kind="brief").count() == 1


def test_a_second_person_agrees_and_the_publications_say_so(shown, people):
    image, page = shown["image"], shown["page"]
    before = publications.current(page)
    image.description = "A neuron, stained"
    proposal = changes.propose(image, people.writer)
    assert (proposal.values, proposal.shown_on) == ({"description": "A neuron, stained"}, 1)

    changes.accept(proposal, people.editor)
    proposal.refresh_from_db()
    image = SiteImage.objects.get(pk=image.pk)
    assert image.description == "A neuron, stained"
    assert proposal.status == Status.ACCEPTED
    assert proposal.applied_at is not None
    now = publications.current(page)
    assert (now.basis, now.digest) == (Publication.Basis.MATERIAL, before.digest)
    assert list(now.approvals.all()) == list(before.approvals.all())
    assert now.shown.get(kind="image").digest == thing(image).digest
    assert list(audit.findings(audit.Seen())) == []

    # The page can be published again: what its reviewers did not see, two people agreed on.
    page.unpublish()
    fresh(page).get_latest_revision().publish()
    assert fresh(page).live


def test_an_agreement_allows_one_save(shown, people):
    source = shown["source"]
    source.title = "Another study"
    changes.accept(changes.propose(source, people.reviewer), people.editor)
    source = Source.objects.get(pk=source.pk)
    source.title = "A study"
    changes.accept(changes.propose(source, people.reviewer), people.editor)
    source.refresh_from_db()
    source.title = "Another study"
    with pytest.raises(ChangeWaits):
        source.save()


@pytest.mark.parametrize("decide", [changes.accept, changes.decline])
def test_nobody_decides_about_their_own_change(shown, people, decide, settings):
    image = shown["image"]
    for person in (people.editor, people.administrator):
        image.refresh_from_db()
        image.title = f"Renamed by {person}"
        proposal = changes.propose(image, person)
        with pytest.raises(changes.ChangeRefused):
            decide(proposal, person)
        proposal.refresh_from_db()
        assert proposal.status == Status.WAITING
    settings.ONE_PERSON_MAY_TAKE_BOTH_STEPS = True
    decide(proposal, people.administrator)


def test_a_person_whose_account_is_gone_does_not_come_back_to_accept(shown, people):
    image = shown["image"]
    image.title = "Renamed"
    proposal = changes.propose(image, people.editor)
    MaterialChange.objects.update(proposed_by=None)
    proposal.refresh_from_db()
    with pytest.raises(changes.ChangeRefused):
        changes.accept(proposal, people.editor)


DECIDERS = {
    "image": {"editor", "administrator", "writing_editor", "both"},
    "document": {"editor", "administrator", "writing_editor", "both"},
    "topic": {"editor", "administrator", "writing_editor", "both"},
    "source": {"editor", "administrator", "writing_editor", "reviewer", "writing_reviewer", "both"},
}


@pytest.mark.parametrize("kind", DECIDERS)
def test_who_decides_is_who_may_change_things_of_the_kind(shown, people, kind):
    row = shown[kind]
    setattr(row, "name" if kind == "topic" else "title", "Renamed")
    proposal = changes.propose(row, make_user(is_superuser=True))
    may = {name for name, person in vars(people).items() if changes.may_decide(person, proposal, row)}
    assert may == DECIDERS[kind]


def test_a_change_to_something_that_has_changed_since_is_refused(shown, people):
    image = SiteImage.objects.get(pk=shown["image"].pk)
    image.title = "Renamed"
    first = changes.propose(image, people.writer)
    image = SiteImage.objects.get(pk=image.pk)
    image.credit = "Ada"
    second = changes.propose(image, people.editor)
    changes.accept(first, people.editor)
    with pytest.raises(changes.ChangeRefused, match="has changed since"):
        changes.accept(second, people.administrator)
    changes.decline(second, people.administrator, "Propose it anew.")
    assert SiteImage.objects.get(pk=image.pk).credit == ""


def test_a_later_proposal_of_the_same_person_replaces_the_earlier_one(shown, people):
    image = shown["image"]
    image.title = "One"
    first = changes.propose(image, people.writer)
    other = changes.propose(image, people.editor)
    image.title = "Two"
    second = changes.propose(image, people.writer)
    assert set(changes.waiting(image)) == {other, second}
    with pytest.raises(changes.ChangeRefused, match="withdrawn"):
        changes.accept(first, people.editor)


def test_a_decision_is_taken_once(shown, people):
    image = shown["image"]
    image.title = "One"
    proposal = changes.propose(image, people.writer)
    changes.decline(proposal, people.editor)
    for decide in (changes.accept, changes.decline):
        with pytest.raises(changes.ChangeRefused, match="decided already"):
            decide(proposal, people.editor)
    with pytest.raises(changes.ChangeRefused, match="decided already"):
        changes.withdraw(proposal, people.writer)


def test_a_new_file_waits_where_nobody_fetches_it(client, shown, people, django_capture_on_commit_callbacks):
    image = shown["image"]
    image.get_rendition("width-10")
    old, image.file = image.file.name, picture()
    proposal = changes.propose(image, people.writer)
    assert proposal.file.name.startswith("waiting/")
    assert client.get(proposal.file.url).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        changes.accept(proposal, people.editor)
    image = SiteImage.objects.get(pk=image.pk)
    assert (image.width, image.height, image.file_digest == image.file_sha256) == (40, 30, True)
    assert thing(image).digest == proposal.digest_after
    assert not image.renditions.exists()
    assert not storages["default"].exists(old)
    assert not storages["default"].exists(proposal.file.name)


@pytest.mark.parametrize("end", ["decline", "withdraw"])
def test_a_file_that_nobody_wanted_is_kept_nowhere(shown, people, end, django_capture_on_commit_callbacks):
    document = shown["document"]
    document.file = ContentFile(b"two", name="answers.txt")
    proposal = changes.propose(document, people.writer)
    with django_capture_on_commit_callbacks(execute=True):
        if end == "decline":
            changes.decline(proposal, people.editor)
        else:
            changes.withdraw(proposal, people.writer)
    assert not storages["default"].exists(proposal.file.name)
    with SiteDocument.objects.get(pk=document.pk).file.open() as file:
        assert file.read() == b"one"


# Through the admin.


def edit_address(row):
    names = {
        "image": "wagtailimages:edit",
        "document": "wagtaildocs:edit",
        "topic": "wagtailsnippets_core_topic:edit",
        "source": "wagtailsnippets_evidence_source:edit",
    }
    return reverse(names[row.shown_as], args=[row.pk])


def form_of(row, **fields):
    names = {
        "image": ("title", "description", "credit", "licence", "source_url"),
        "document": ("title",),
        "topic": ("name",),
        "source": ("type", "title", "container_title", "publisher", "year", "volume", "issue", "page", "url"),
    }
    data = {name: getattr(row, name) or "" for name in names[row.shown_as]}
    if row.shown_as == "source":
        data["authors"] = '[{"family": "Smith"}]'
    return {**data, "tags": "", **fields}


EDITS = [
    ("writer", "image", {"description": "Another alt text"}, "description"),
    ("editor", "image", {"credit": "Somebody"}, "credit"),
    ("administrator", "image", {"licence": "CC0"}, "licence"),
    ("editor", "image", {"focal_point_x": 3, "focal_point_y": 3, "focal_point_width": 2}, "focal_point_x"),
    ("writer", "document", {"title": "Answers"}, "title"),
    ("editor", "topic", {"name": "Dreams"}, "name"),
    ("administrator", "topic", {"name": "Dreams"}, "name"),
    ("editor", "source", {"title": "Another study"}, "title"),
    ("reviewer", "source", {"authors": '[{"family": "Jones"}]'}, "authors"),
    ("administrator", "source", {"year": 1999}, "year"),
]


@pytest.mark.parametrize(("who", "kind", "fields", "name"), EDITS)
def test_saving_a_shown_thing_in_the_admin_writes_a_change_that_waits(
    client, shown, people, who, kind, fields, name
):
    client.force_login(getattr(people, who))
    row = shown[kind]
    before = getattr(row, name)
    answer = client.get(edit_address(row)).content.decode()
    assert "Shown on 1 public page" in answer
    assert reverse("where_shown", args=[kind, row.pk]) in answer

    for _twice in range(2):
        response = client.post(edit_address(row), form_of(row, **fields), follow=True)
        assert "the change waits for a second person" in response.content.decode()
    proposal = MaterialChange.objects.get(status=Status.WAITING)
    assert proposal.proposed_by == getattr(people, who)
    assert name in proposal.values
    assert getattr(type(row).objects.get(pk=row.pk), name) == before
    assert f"a change waits, by {proposal.proposed_by_name}" in client.get(edit_address(row)).content.decode()


def test_what_readers_do_not_see_is_saved_at_once(client, shown, people):
    client.force_login(people.editor)
    image = shown["image"]
    client.post(edit_address(image), form_of(image, title="Renamed", tags="brain"))
    image.refresh_from_db()
    assert (image.title, [tag.name for tag in image.tags.all()]) == ("A neuron", ["brain"])
    response = client.post(edit_address(image), form_of(image, tags="neuron"), follow=True)
    assert "updated" in response.content.decode()
    assert MaterialChange.objects.count() == 1


def test_a_replaced_file_waits_and_is_looked_at_by_those_who_decide_alone(client, shown, people):
    client.force_login(people.writer)
    image = shown["image"]
    old = image.file.name
    client.post(edit_address(image), form_of(image, file=picture("blue")))
    image.refresh_from_db()
    assert image.file.name == old
    assert storages["default"].exists(old)
    proposal = MaterialChange.objects.get()
    address = reverse("material_change_file", args=[proposal.uuid])
    for who, status in (("writer", 200), ("editor", 200), ("reviewer", 200)):
        client.force_login(getattr(people, who))
        response = client.get(address)
        assert response.status_code == status
        assert response["Content-Type"] == "image/png"
        assert response.getvalue().startswith(b"\x89PNG")
    client.force_login(make_user(groups=("Writers",)))
    assert client.get(address).status_code == 302
    client.logout()
    assert client.get(address).status_code == 302
    assert client.get(f"/media/{proposal.file.name}").status_code == 404

    client.force_login(people.editor)
    page = client.get(reverse("material_change", args=[proposal.uuid])).content.decode()
    assert address in page
    client.post(reverse("material_change_accept", args=[proposal.uuid]))
    image.refresh_from_db()
    assert "blue" in image.file.name
    assert (image.width, image.height) == (40, 30)


@pytest.mark.parametrize("kind", ["image", "document"])
def test_the_form_under_an_upload_waits_too(client, shown, people, kind):
    client.force_login(people.writer)
    row = shown[kind]
    app, prefix = {"image": ("wagtailimages", "image"), "document": ("wagtaildocs", "doc")}[kind]
    data = {f"{prefix}-{row.pk}-{name}": value for name, value in form_of(row, title="Renamed").items()}
    response = client.post(
        reverse(f"{app}:edit_multiple", args=[row.pk]), data, headers={"x-requested-with": "XMLHttpRequest"}
    )
    assert response.json()["success"]
    assert MaterialChange.objects.get().values == {"title": "Renamed"}
    assert type(row).objects.get(pk=row.pk).title != "Renamed"
    with transaction.atomic():
        response = client.post(
            reverse(f"{app}:delete_multiple", args=[row.pk]), headers={"x-requested-with": "XMLHttpRequest"}
        )
        assert response.status_code == 403
        transaction.set_rollback(True)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_settings_wait_in_the_admin(client, people):
    publish_through_review(make_hub("Sleep", owner=people.writer), people)
    settings = BriefSettings.for_site(Site.objects.get(is_default_site=True))
    client.force_login(people.editor)
    address = reverse("wagtailsettings:edit", args=["core", "briefsettings", settings.site_id])
    assert "Shown on 1 public page" in client.get(address).content.decode()
    data = {"name": "The Gazette", "blurb": settings.blurb, "sender_address": ""}
    client.post(address, data)
    settings.refresh_from_db()
    assert settings.name == "The Intelligence Brief"
    proposal = MaterialChange.objects.get()
    client.post(reverse("material_change_accept", args=[proposal.uuid]))
    settings.refresh_from_db()
    assert settings.name == "The Intelligence Brief"
    client.force_login(people.administrator)
    client.post(reverse("material_change_accept", args=[proposal.uuid]))
    settings.refresh_from_db()
    assert settings.name == "The Gazette"


DELETES = [
    ("image", "wagtailimages:delete"),
    ("document", "wagtaildocs:delete"),
    ("topic", "wagtailsnippets_core_topic:delete"),
    ("source", "wagtailsnippets_evidence_source:delete"),
]


@pytest.mark.parametrize(("kind", "name"), DELETES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_deleting_a_shown_thing_leads_to_where_it_is_shown(client, shown, people, kind, name, method):
    client.force_login(people.administrator)
    row = shown[kind]
    response = getattr(client, method)(reverse(name, args=[row.pk]), follow=True)
    assert response.redirect_chain[-1][0] == reverse("where_shown", args=[kind, row.pk])
    answer = response.content.decode()
    assert "cannot be deleted: it is shown on 1 public page" in answer
    assert "Sleep and memory" in answer
    assert type(row).objects.filter(pk=row.pk).exists()


BULK = [("image", "core", "siteimage"), ("document", "core", "sitedocument"), ("topic", "core", "topic")]


@pytest.mark.parametrize(("kind", "app", "model"), BULK)
def test_deleting_many_keeps_all_and_says_which_is_shown(client, shown, people, kind, app, model):
    client.force_login(people.administrator)
    row = shown[kind]
    other = {"image": make_image, "topic": make_topic}.get(kind, lambda: row)()
    address = reverse("wagtail_bulk_action", args=[app, model, "delete"])
    response = client.post(f"{address}?id={row.pk}&id={other.pk}&next=/admin/", follow=True)
    answer = response.content.decode()
    assert "cannot be deleted: it is shown on 1 public page" in answer
    assert reverse("where_shown", args=[kind, row.pk]) in answer
    assert type(row).objects.filter(pk__in=[row.pk, other.pk]).count() == len({row.pk, other.pk})


def test_a_decision_is_posted_once_and_by_whom_it_is_for(client, shown, people):
    client.force_login(people.editor)
    image = shown["image"]
    client.post(edit_address(image), form_of(image, title="Renamed"))
    proposal = MaterialChange.objects.get()
    accept = reverse("material_change_accept", args=[proposal.uuid])
    for who in ("writer", "reviewer", "editor"):
        client.force_login(getattr(people, who))
        client.post(accept)
        assert client.get(accept).status_code == 405
        assert MaterialChange.objects.get().status == Status.WAITING
    client.force_login(people.administrator)
    assert client.post(accept).url == reverse("material_changes")
    response = client.post(accept, follow=True)
    assert "decided already" in response.content.decode()
    image.refresh_from_db()
    assert image.title == "Renamed"
    assert Publication.objects.filter(basis=Publication.Basis.MATERIAL).count() == 1


def test_two_tabs_make_one_change(client, shown, people):
    """What is saved in the second tab replaces what was saved in the first."""
    client.force_login(people.editor)
    image = shown["image"]
    client.post(edit_address(image), form_of(image, title="One"))
    client.post(edit_address(image), form_of(image, title="Two"))
    assert MaterialChange.objects.get(status=Status.WAITING).values == {"title": "Two"}


def test_what_waits_is_on_the_dashboard_in_the_menu_and_in_the_list(client, shown, people):
    client.force_login(people.reviewer)
    source = shown["source"]
    client.post(edit_address(source), form_of(source, title="Another study"))
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "for somebody else" in home
    client.force_login(people.editor)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Changes that wait (1)" in home
    assert "for you" in home
    answer = client.get(reverse("material_changes")).content.decode()
    assert "Title" in answer
    client.force_login(people.writer)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Changes that wait" not in home
    assert client.get(reverse("material_change", args=[MaterialChange.objects.get().uuid])).status_code == 302


def test_the_list_of_what_waits_leaves_out_what_was_decided(client, shown, people):
    client.force_login(people.editor)
    image = shown["image"]
    for title in ("One", "Two"):
        client.post(edit_address(image), form_of(image, title=title))

    def listed(**query):
        response = client.get(reverse("material_changes"), query)
        found = [change.values["title"] for change in response.context["object_list"]]
        return found, " ".join(response.content.decode().split())

    assert listed()[0] == ["Two"]
    assert "1 changes that wait" in listed()[1] or "1 change that waits" in listed()[1]
    assert listed(status="withdrawn")[0] == ["One"]
    assert "that wait" not in listed(status="withdrawn")[1].split("Page 1 of 1")[1][:400]
    assert listed(status="nonsense")[0] == ["Two"]


def test_where_a_thing_is_shown_is_for_those_who_work_with_it(client, shown, people):
    address = reverse("where_shown", args=["image", shown["image"].pk])
    client.force_login(people.writer)
    assert "Sleep and memory" in client.get(address).content.decode()
    client.force_login(people.reviewer)
    assert client.get(address).status_code == 302
    assert client.get(reverse("where_shown", args=["nothing", 1])).status_code == 404


def test_the_same_bytes_under_another_name_wait_too(client, shown, people):
    document = shown["document"]
    file = ContentFile(b"one", name="answers.txt")
    document.file = file
    with pytest.raises(ChangeWaits):
        document.save()
    document = SiteDocument.objects.get()
    client.force_login(people.editor)
    address = reverse("wagtaildocs:edit", args=[document.pk])
    client.post(address, {"title": document.title, "collection": 1, "tags": "", "file": file})
    assert SiteDocument.objects.get().filename == document.filename
    proposal = MaterialChange.objects.get()
    changes.accept(proposal, people.administrator)
    assert SiteDocument.objects.get().filename == "answers.txt"
    proposal.refresh_from_db()
    assert proposal.applied_at


def title_by_two(image, title, people):
    image.refresh_from_db()
    image.title = title
    changes.accept(changes.propose(image, people.editor), people.administrator)


@pytest.mark.parametrize("back_to", ["A neuron", "A nerve cell"])
def test_what_two_people_replaced_does_not_come_back_by_one(shown, people, back_to):
    image, page = shown["image"], shown["page"]
    title_by_two(image, "A nerve cell", people)
    title_by_two(image, "A glial cell", people)
    page.unpublish()
    image.refresh_from_db()
    image.title = back_to
    image.save()  # Nothing public shows it.
    with pytest.raises(PublicationRefused, match=f"saw another version of “{back_to}”"):
        fresh(page).get_latest_revision().publish()
    image.title = "A glial cell"
    image.save()
    fresh(page).get_latest_revision().publish()
    assert fresh(page).live
