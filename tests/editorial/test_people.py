"""People are public by a review of one step, and their names in bylines change by it alone."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from wagtail.models import PageViewRestriction, Site

from articles.models import ArticleCredit
from mindlab.core import gate
from mindlab.core.gate import PublicationRefused, is_shown_elsewhere
from mindlab.core.models import BriefSettings, ContributorIndexPage, ContributorPage
from mindlab.core.shown import thing
from mindlab.editorial import publications
from mindlab.editorial.material.guard import ChangeWaits, StillShown
from mindlab.editorial.material.places import places_of
from mindlab.editorial.models import Publication, ReviewRecord
from tests.editorial.helpers import change, decide, fresh, publish_through_review, submit
from tests.factories import make_article, make_contributor, make_hub

pytestmark = pytest.mark.django_db


def publish(person, people):
    submit(person, people.writer)
    decide(person, people.editor)
    return fresh(person)


@pytest.fixture
def person(people):
    person = make_contributor("Ada Example", credentials="PhD", live=False)
    person.owner = people.writer
    person.save()
    return publish(person, people)


@pytest.fixture
def article(person, people):
    page = make_article("Sleep", owner=people.writer)
    page.credits = [ArticleCredit(contributor=person, sort_order=0)]
    page.save_revision(user=people.writer)
    return publish_through_review(page, people)


def shown_name(page):
    return publications.current(page).shown.get(kind="contributor")


def test_one_step_makes_a_person_public(person, people):
    publication = publications.current(person)
    assert person.live
    assert (publication.steps, publication.basis) == (["editorial"], Publication.Basis.REVIEW)
    assert publication.approved_by[0]["account"] == "editor"
    call_command("audit_review")


def test_nobody_alone_publishes_a_person_or_another_name(people, person):
    draft = make_contributor("New Person", live=False)
    with pytest.raises(PublicationRefused):
        draft.save_revision(user=people.editor).publish(
            user=people.administrator, skip_permission_checks=True
        )
    person.title = "Another Name"
    with pytest.raises(PublicationRefused):
        person.save()
    with pytest.raises(PublicationRefused):
        change(person, people.editor, credentials="Nobel laureate").publish(skip_permission_checks=True)


def test_nobody_approves_what_they_wrote_of_a_person(people):
    draft = make_contributor("New Person", live=False)
    draft.save_revision(user=people.writing_editor)
    change(draft, people.writing_editor, title="New Name")
    submit(draft, people.writer)
    with pytest.raises(PermissionDenied, match="nobody approves"):
        decide(draft, people.writing_editor)


def test_whose_name_public_pages_show(people, person, article):
    pages = (person, make_contributor("Nobody Names Her"), article)
    assert [is_shown_elsewhere(page) for page in pages] == [True, False, False]


def test_a_new_name_reaches_bylines_through_review_and_their_publications(people, person, article):
    before = publications.current(article)
    change(person, people.writer, title="Ada Other", credentials="MD")
    assert shown_name(article).digest == thing(fresh(person)).digest == before.shown.get().digest
    person = publish(person, people)
    assert person.title == "Ada Other"
    now = publications.current(article)
    assert (now.basis, now.digest) == (Publication.Basis.MATERIAL, before.digest)
    assert (shown_name(article).label, shown_name(article).digest) == ("Ada Other", thing(person).digest)
    call_command("audit_review")

    # The article may come back as it was approved: the name has passed a review of its own.
    article.unpublish()
    fresh(article).get_latest_revision().publish()
    assert fresh(article).live


def test_what_bylines_do_not_show_of_a_person_renews_nothing(people, person, article):
    before = publications.current(article)
    change(person, people.writer, biography="<p>Lives in Ghent.</p>")
    publish(person, people)
    assert publications.current(article) == before


def test_the_name_of_a_person_who_was_withdrawn_stays_in_bylines_as_it_was(people, person, article):
    person.unpublish()
    person = fresh(person)
    person.title = "Another Name"
    for save in (person.save, person.save_base):
        with pytest.raises(ChangeWaits, match="“Ada Example” is shown on 1 public page"):
            save()
    plain = person.page_ptr
    plain.title = "Another Name"
    with pytest.raises(ChangeWaits):
        plain.save()
    person = fresh(person)
    person.role = "Writer"
    person.save()


def test_the_draft_of_such_a_person_is_written_in_the_admin_and_waits_in_its_revision(
    client, people, person, article
):
    person.unpublish()
    client.force_login(people.editor)
    address = reverse("wagtailadmin_pages:edit", args=[person.pk])
    data = {
        "title": "Another Name",
        "slug": person.slug,
        "credentials": "MD",
        "biography": "null",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "comments-MIN_NUM_FORMS": 0,
        "comments-MAX_NUM_FORMS": "",
    }
    response = client.post(address, data)
    assert response.status_code == 302
    person = fresh(person)
    assert (person.title, person.credentials) == ("Ada Example", "PhD")
    assert person.get_latest_revision_as_object().title == "Another Name"
    assert shown_name(article).digest == thing(person).digest
    assert "Another Name" in client.get(address).content.decode()
    # Its own review makes the new name public.
    submit(person, people.writer)
    decide(person, people.administrator)
    assert fresh(person).title == "Another Name"
    assert shown_name(article).label == "Another Name"


def test_a_person_whom_a_draft_names_is_approved_with_it_and_not_changed_after(people):
    person = make_contributor("Ada Example", live=False)
    page = make_article("Sleep", owner=people.writer)
    page.credits = [ArticleCredit(contributor=person, sort_order=0)]
    page.save_revision(user=people.writer)
    submit(page, people.writer)
    decide(page, people.editor)
    person.title = "Another Name"
    person.save()
    decide(page, people.reviewer)
    assert not fresh(page).live
    assert fresh(page).current_workflow_task.step == "editorial"


@pytest.mark.parametrize("who", ["person", "index"])
def test_deleting_somebody_whom_public_pages_name_is_refused_with_a_sentence(
    client, people, person, article, who
):
    client.force_login(people.administrator)
    page = person if who == "person" else ContributorIndexPage.objects.get()
    deletion = reverse("wagtailadmin_pages:delete", args=[page.pk])
    response = client.post(deletion, {"confirm_site_name": "MindLAB"}, follow=True)
    answer = response.content.decode()
    assert "“Ada Example” cannot be deleted: it is shown on 1 public page" in answer
    assert reverse("where_shown", args=["contributor", person.pk]) in answer
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    response = client.post(f"{bulk}?id={page.pk}&next=/admin/", follow=True)
    refusal = {"person": "you do not have permission", "index": "“Ada Example” cannot be deleted"}[who]
    assert refusal in response.content.decode()
    assert ContributorPage.objects.filter(pk=person.pk).exists()
    answer = client.get(reverse("where_shown", args=["contributor", person.pk])).content.decode()
    assert "Sleep" in answer


def test_somebody_whom_only_drafts_name_is_kept_with_a_sentence(client, people, person):
    page = make_article("Sleep", owner=people.writer)
    page.credits = [ArticleCredit(contributor=person, sort_order=0)]
    page.save()
    client.force_login(people.administrator)
    response = client.post(reverse("wagtailadmin_pages:delete", args=[person.pk]), follow=True)
    assert "“Ada Example” cannot be deleted: bylines of “Sleep” name this person" in response.content.decode()
    assert ContributorPage.objects.filter(pk=person.pk).exists()


def test_where_a_person_is_named_is_said_in_the_editor(client, people, person, article):
    client.force_login(people.editor)
    answer = client.get(reverse("wagtailadmin_pages:edit", args=[person.pk])).content.decode()
    assert "Shown on 1 public page" in answer


def test_people_of_older_sites_get_a_publication_that_says_nobody_knows(people):
    public, draft = make_contributor("Old Person", biography="<p>Hm.</p>"), make_contributor(live=False)
    Publication.objects.all().delete()
    migration = import_module("mindlab.home.migrations.0004_publications_of_people")
    migration.forwards(apps, None)
    publication = publications.current(public)
    assert (publication.basis, publication.steps) == (Publication.Basis.UNKNOWN, ["editorial"])
    assert publications.current(draft) is None
    call_command("audit_review")
    migration.backwards(apps, None)
    assert not Publication.objects.exists()


def test_older_hubs_show_the_settings_as_they_stand(people):
    settings = BriefSettings.for_site(Site.objects.get(is_default_site=True))
    hub = publish_through_review(make_hub("Sleep", owner=people.writer), people)
    today = list(publications.current(hub).shown.values_list("kind", "key", "digest", "label"))
    records = dict(ReviewRecord.objects.values_list("pk", "shown"))
    migration = import_module("mindlab.home.migrations.0004_publications_of_people")
    migration.backwards(apps, None)
    assert publications.current(hub).shown.get().kind == "topic"
    assert {len(shown) for shown in ReviewRecord.objects.values_list("shown", flat=True)} == {1}
    migration.forwards(apps, None)
    assert set(publications.current(hub).shown.values_list("kind", "key", "digest", "label")) == set(today)
    for pk, shown in ReviewRecord.objects.values_list("pk", "shown"):
        assert sorted(shown) == sorted(records[pk])
    assert today[0][:3] == ("brief", settings.pk, thing(settings).digest)


def test_what_approvals_say_of_a_reviewer_stays_when_their_page_is_withdrawn(people, article, client):
    reviewer = make_contributor("Rhea Reviewer", user=people.reviewer, is_fictitious=True)
    page = publish_through_review(make_article("Dreams", owner=people.writer), people)
    reviewer.unpublish()
    reviewer = fresh(reviewer)
    reviewer.is_fictitious = False
    with pytest.raises(ChangeWaits, match="“Rhea Reviewer” is shown on 1 public page"):
        reviewer.save()
    assert "(fictitious)" in client.get(page.url).content.decode()
    reviewer = fresh(reviewer)
    assert [row.page_id for row in places_of(reviewer).public] == [page.pk]
    client.force_login(people.administrator)
    client.post(reverse("wagtailadmin_pages:delete", args=[reviewer.pk]))
    with pytest.raises(StillShown), transaction.atomic():
        fresh(reviewer).delete()
    assert fresh(reviewer).is_fictitious


def test_a_name_that_a_review_replaced_does_not_come_back_by_one_person(people, person, article):
    change(person, people.writer, title="Ada Other")
    publish(person, people)
    for page in (fresh(article), fresh(person)):
        page.unpublish()
    person = fresh(person)
    person.title = "Ada Example"
    person.save()  # Nothing public shows it.
    with pytest.raises(PublicationRefused, match="saw another version of “Ada Example”"):
        fresh(article).get_latest_revision().publish()
    person.title = "Ada Other"
    person.save()
    fresh(article).get_latest_revision().publish()
    assert fresh(article).live


def test_a_reviewer_is_named_by_their_page_as_soon_as_it_is_public(people):
    page = make_contributor("Rhea Reviewer", user=people.reviewer, live=False)
    assert not people.reviewer.contributor.live  # remembered from here on
    publish(page, people)
    publish_through_review(make_article(owner=people.writer), people)
    record = ReviewRecord.objects.get(step="scientific")
    assert (record.contributor.pk, record.reviewer_name) == (page.pk, "Rhea Reviewer")


def test_the_page_of_a_reviewer_says_what_they_reviewed(people, client, django_assert_num_queries):
    reviewer = make_contributor("Rhea Reviewer", user=people.reviewer)
    other = make_contributor("Edda Editor", user=people.editor)
    page = publish_through_review(make_article("Dreams", owner=people.writer), people)
    make_article("Hidden draft", owner=people.writer)
    private = publish_through_review(make_article("Hidden private", owner=people.writer), people)
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    withdrawn = publish_through_review(make_article("Hidden withdrawn", owner=people.writer), people)
    withdrawn.unpublish()
    html = client.get(reviewer.url).content.decode()
    assert f'href="{page.url}"' in html
    assert "Scientific review, <time" in html
    assert "Editorial review, <time" in client.get(other.url).content.decode()
    assert "Hidden" not in html
    assert "Reviewed</h2>" not in client.get(make_contributor("New Person").url).content.decode()
    change(page, people.writer, title="Dreams, draft")
    assert "Dreams, draft" not in client.get(reviewer.url).content.decode()
    # 2: what is private, and the approvals of what is public, with their pages
    with django_assert_num_queries(2):
        assert [item.page.pk for item in gate.reviewed_by(reviewer)] == [page.pk]
