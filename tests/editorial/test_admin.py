"""What the admin shows of the review, and what it asks of the database."""

import csv
from datetime import timedelta
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from articles.models import ArticleIndexPage, TopicIndexPage, TopicPage
from tests.editorial.helpers import change, decide, fresh, publish_through_review, submit
from tests.factories import make_article, make_issue, make_topic

pytestmark = pytest.mark.django_db


def page_in_each_step(people):
    draft = make_article("Spindles in draft", owner=people.writer)
    editorial = make_article("Spindles editorial", owner=people.writer)
    submit(editorial, people.writer)
    scientific = make_article("Spindles scientific", owner=people.writer)
    submit(scientific, people.writer)
    decide(scientific, people.editor)
    returned = make_article("Spindles returned", owner=people.writer)
    submit(returned, people.writer)
    decide(returned, people.editor, "reject")
    published = publish_through_review(make_article("Spindles published", owner=people.writer), people)
    waiting = make_article("Spindles waiting", owner=people.writer)
    date = timezone.now() + timedelta(days=9)
    change(waiting, people.administrator, go_live_at=date)
    publish_through_review(waiting, people)
    later = publish_through_review(make_article("Spindles later", owner=people.writer), people)
    change(later, people.administrator, deck="Later.", go_live_at=date)
    publish_through_review(later, people)
    goes_live = f"approved – goes live on {date_format(localtime(date), 'DATETIME_FORMAT')}"
    newer = publish_through_review(make_article("Spindles newer", owner=people.writer), people)
    change(newer, people.writer, deck="A newer text.")
    submit(newer, people.writer)
    return {
        "draft": draft,
        "in editorial review": editorial,
        "in scientific review": scientific,
        "changes requested in editorial review": returned,
        goes_live: waiting,
        f"published; newer text {goes_live}": later,
        "published": published,
        "published; newer text in editorial review": newer,
    }


def text_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    html = response.json()["html"] if "json" in response["Content-Type"] else response.content.decode()
    return " ".join(html.split())


LISTINGS = {
    "explorer": lambda: reverse("wagtailadmin_explore", args=[ArticleIndexPage.objects.get().pk]),
    "search": lambda: reverse("wagtailadmin_pages:search") + "?q=spindles",
    "ageing pages": lambda: reverse("wagtailadmin_reports:aging_pages"),
    "page chooser": lambda: reverse(
        "wagtailadmin_choose_page_child", args=[ArticleIndexPage.objects.get().pk]
    ),
}


@pytest.mark.parametrize("listing", LISTINGS)
def test_listings_name_every_step(listing, people, client):
    pages = page_in_each_step(people)
    client.force_login(people.administrator)
    html = text_of(client, LISTINGS[listing]())
    shown = [step for step in pages if step.startswith("published") or listing != "ageing pages"]
    assert [step for step in shown if f"{step} </" not in html] == []
    assert "in moderation" not in html.lower()


def test_the_editors_side_panel_names_every_step(people, client):
    pages = page_in_each_step(people)
    client.force_login(people.administrator)
    for step, page in pages.items():
        html = text_of(client, reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert f"</span>{step[0].upper()}{step[1:]} </h3>" in html
        assert "in moderation" not in html.lower()


def test_the_dashboard_names_the_step(people, client):
    page_in_each_step(people)
    client.force_login(people.writer)
    html = text_of(client, reverse("wagtailadmin_home"))
    assert "Awaiting Scientific review" in html
    assert "Changes requested at Editorial review" in html
    client.force_login(people.reviewer)
    html = text_of(client, reverse("wagtailadmin_home"))
    assert "Awaiting your review" in html
    assert "Scientific review </span>" in html
    assert "in moderation" not in html.lower()


def test_the_lock_names_the_step_of_an_issue(people, client):
    issue = make_issue(owner=people.writer)
    submit(issue, people.writer)
    client.force_login(people.writer)
    html = text_of(client, reverse("wagtailadmin_pages:edit", args=[issue.pk]))
    assert "is in <b>Editorial review</b>. Only the reviewers of this step" in html
    assert "awaiting moderation" not in html


@pytest.mark.parametrize("state", ["draft", "in editorial review", "published", "published and scheduled"])
@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_the_explorer_asks_no_more_for_more_pages(role, state, people, client):
    client.force_login(getattr(people, role))
    url = LISTINGS["explorer"]()
    counts = []
    for number in (2, 20):
        while ArticleIndexPage.objects.get().get_children().count() < number:
            page = make_article(owner=people.writer)
            if state == "in editorial review":
                submit(page, people.writer)
            elif state.startswith("published"):
                publish_through_review(page, people)
            if state.endswith("scheduled"):
                change(
                    page, people.administrator, deck="Later.", go_live_at=timezone.now() + timedelta(days=9)
                )
                publish_through_review(page, people)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def hub_form(**more):
    return nested_form_data(
        {
            "title": "A hub",
            "slug": "a-hub",
            "topic": "",
            "deck": "",
            "essay_title": "",
            "concept": "",
            "body": streamfield([("text", rich_text("<p>A paragraph.</p>"))]),
            **{name: inline_formset([]) for name in ("credits", "claims", "measurements", "comments")},
            **more,
        }
    )


def test_a_draft_may_be_incomplete_and_a_submission_may_not(people, client):
    client.force_login(people.writer)
    url = reverse("wagtailadmin_pages:add", args=["articles", "topicpage", TopicIndexPage.objects.get().pk])
    response = client.post(url, hub_form(**{"action-submit": "1"}))
    assert response.context["form"].errors == {
        "topic": ["Fill this in before the page is submitted."],
        "deck": ["Fill this in before the page is submitted."],
    }
    assert not TopicPage.objects.exists()

    client.post(url, hub_form())
    hub = TopicPage.objects.get()
    assert hub.topic is None

    url = reverse("wagtailadmin_pages:edit", args=[hub.pk])
    client.post(url, hub_form(**{"action-submit": "1"}))
    assert fresh(hub).status_string == "draft"
    client.post(url, hub_form(topic=make_topic("Sleep").pk, deck="A deck.", **{"action-submit": "1"}))
    assert fresh(hub).status_string == "in editorial review"


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_no_button_to_publish_what_was_not_approved(role, people, client):
    client.force_login(getattr(people, role))
    index = ArticleIndexPage.objects.get()
    create = text_of(client, reverse("wagtailadmin_pages:add", args=["articles", "articlepage", index.pk]))
    page = make_article(owner=people.writer)
    edit = text_of(client, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert "action-publish" not in create
    assert "action-publish" not in edit
    assert "action-submit" in create

    page = publish_through_review(page, people)
    page.unpublish()
    assert "action-publish" in text_of(client, reverse("wagtailadmin_pages:edit", args=[page.pk]))


def test_what_was_approved_and_then_reworded_in_the_form_is_saved_and_not_published(people, client):
    page = publish_through_review(make_article(owner=people.writer), people)
    page.unpublish()
    client.force_login(people.editor)
    data = nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "deck": "Reworded.",
            "cover": "",
            "topics": "",
            "body": streamfield([("text", rich_text("<p>A paragraph of text.</p>"))]),
            **{name: inline_formset([]) for name in ("credits", "claims", "measurements", "comments")},
            "action-publish": "1",
        }
    )
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=True)
    text = response.content.decode()
    assert (
        "Saved as a draft and not published: <ul><li>editorial review has not approved this text</li>" in text
    )
    page = fresh(page)
    assert not page.live
    assert page.get_latest_revision_as_object().deck == "Reworded."


@pytest.mark.parametrize("state", ["live", "under review", "scheduled"])
def test_autosave_rewrites_no_revision_that_counts(state, people):
    page = make_article(owner=people.writer)
    if state == "live":
        page = publish_through_review(page, people)
    elif state == "under review":
        submit(page, people.writer)
    else:
        page.revisions.update(approved_go_live_at="2030-01-01T00:00Z")
    page = fresh(page)
    revision = page.latest_revision
    draft = revision.as_object()
    draft.deck = "Autosaved."
    user = {"live": people.writer, "under review": people.editor, "scheduled": None}[state]
    saved = draft.save_revision(user=user, overwrite_revision=revision, clean=False)
    assert saved.pk != revision.pk
    revision.refresh_from_db()
    assert revision.content["deck"] != "Autosaved."

    again = draft.save_revision(user=user, overwrite_revision=saved, clean=False)
    assert (again.pk == saved.pk) is (state != "under review")


def test_the_report_of_review_records(people, client):
    page = make_article("A reviewed page", owner=people.writer)
    submit(page, people.writer)
    decide(page, people.editor, "reject", "Say where this comes from.")
    for role, status in (("editor", 200), ("reviewer", 200), ("administrator", 200), ("writer", 302)):
        client.force_login(getattr(people, role))
        response = client.get(reverse("review_records"))
        assert response.status_code == status
        if status == 200:
            html = response.content.decode()
            assert all(
                words in html
                for words in ("A reviewed page", "Changes requested", "editor", "Say where this comes from.")
            )
    client.force_login(people.editor)
    export = client.get(reverse("review_records") + "?export=csv")
    assert b"Say where this comes from." in b"".join(export.streaming_content)


def test_the_report_of_publications(people, client):
    page = publish_through_review(make_article("A public page", owner=people.writer), people)
    for role, status in (("editor", 200), ("reviewer", 200), ("administrator", 200), ("writer", 302)):
        client.force_login(getattr(people, role))
        response = client.get(reverse("publications"))
        assert response.status_code == status
        if status == 200:
            html = response.content.decode()
            expected = ("A public page", page.url, "editor (editorial); reviewer (scientific)")
            assert all(words in html for words in expected)
            assert page.url_path not in html
    client.force_login(people.editor)
    export = client.get(reverse("publications") + "?export=csv")
    (row,) = csv.DictReader(StringIO(b"".join(export.streaming_content).decode()))
    assert row["Address"] == page.url


def test_publishing_many_says_what_stays_a_draft_and_why(people, client):
    """In no green message, where nothing was published at all."""
    approved = publish_through_review(make_article("Approved", owner=people.writer), people)
    approved.unpublish()
    draft = make_article("A draft", owner=people.writer)
    client.force_login(people.editor)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    def publish(*pages):
        chosen = [("id", page.pk) for page in pages]
        response = client.post(f"{url}?{urlencode(chosen)}", {"next": "/admin/"}, follow=True)
        return [(message.level_tag, str(message).strip()) for message in response.context["messages"]]

    (only,) = publish(draft)
    assert only[0] == "warning"
    assert only[1].startswith("“A draft” was not published: <ul><li>editorial review has not approved")
    assert [level for level, _text in publish(draft, approved)] == ["warning", "success"]
    assert fresh(approved).live

    several = [make_article(f"Draft {number}", owner=people.writer) for number in range(8)]
    *_first, last = publish(*several)
    assert last == ("warning", "3 more were not published.")
    client.force_login(people.writer)
    ((_level, text),) = publish(draft)
    assert text == "“A draft” was not published: you do not have permission to publish it."


def test_a_copy_is_offered_as_a_draft_only(people, client):
    page = publish_through_review(make_article(owner=people.writer), people)
    client.force_login(people.administrator)
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    html = text_of(client, url)
    assert "new_slug" in html
    assert "publish_copies" not in html
    assert 'name="alias"' not in html


@pytest.mark.parametrize("name", ["review_records", "publications", "material_changes"])
def test_the_reports_of_the_review_are_laid_out_for_narrow_screens(name, people, client):
    publish_through_review(make_article("Sleep", owner=people.writer), people)
    client.force_login(people.editor)
    html = client.get(reverse(name)).content.decode()
    assert "review-report" in html
    assert "css/material.css" in html
    if name != "material_changes":
        assert '<td class="title' in html
