"""Who can make which words public, from which state, by which way: only the review can.

Each cell takes one way once, as one person, with a page in one state, and asks whether the words
that nobody reviewed have become public anywhere. ``OPEN`` lists the only cells that may do that,
because they complete the review; all others must leave those words where they were.
"""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import APIToken, Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from articles.models import ArticleIndexPage, ArticlePage, TopicIndexPage
from mindlab.editorial.models import ReviewRecord
from tests.editorial.helpers import change, decide, fresh, publish_through_review, submit
from tests.factories import make_article

pytestmark = pytest.mark.django_db

NEW = "Words that nobody reviewed."
OLD = "Words that passed the review."

# --- The states a page can be in. The writer owns it; two reviewers have each written in it. ---


def draft(people):
    page = make_article("The page", deck=OLD, owner=people.writer)
    change(page, people.writing_editor, deck=NEW + " ")
    change(page, people.writing_reviewer, deck=NEW)
    return fresh(page)


def in_editorial_review(people):
    page = draft(people)
    submit(page, people.writer)
    return fresh(page)


def in_scientific_review(people):
    page = in_editorial_review(people)
    decide(page, people.editor)
    return fresh(page)


def approved_then_changed(people):
    page = publish_through_review(make_article("The page", deck=OLD, owner=people.writer), people)
    page.unpublish()
    change(page, people.writing_editor, deck=NEW + " ")
    change(page, people.writing_reviewer, deck=NEW)
    return fresh(page)


def published_with_a_draft(people):
    page = publish_through_review(make_article("The page", deck=OLD, owner=people.writer), people)
    change(page, people.writing_editor, deck=NEW + " ")
    change(page, people.writing_reviewer, deck=NEW)
    return fresh(page)


STATES = (draft, in_editorial_review, in_scientific_review, approved_then_changed, published_with_a_draft)
ROLES = ("writer", "editor", "reviewer", "both", "administrator", "writing_editor", "writing_reviewer")

# --- The ways of the admin: each posts what the browser would post. ---


def form(page, **more):
    draft = page.get_latest_revision_as_object()
    task_state = page.current_workflow_task_state
    return nested_form_data(
        {
            "title": draft.title,
            "slug": draft.slug,
            "deck": NEW,
            "cover": "",
            "topics": "",
            "body": streamfield([("text", rich_text("<p>A paragraph of text.</p>"))]),
            "credits": inline_formset([]),
            "claims": inline_formset([]),
            "measurements": inline_formset([]),
            "comments": inline_formset([]),
            "workflow-task-state": str(task_state.pk) if task_state else "",
            **more,
        }
    )


def edit(client, page, **more):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(page, **more))


def publish_in_the_editor(client, page, **_):
    edit(client, page, **{"action-publish": "1"})


def publish_on_creation(client, page, **_):
    index = ArticleIndexPage.objects.get()
    url = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", index.pk])
    client.post(url, form(page, title="Another", slug="another", **{"action-publish": "1"}))


def publish_in_bulk(client, page, **_):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{url}?id={page.pk}", {"include_descendants": "on"})


def publish_the_index_in_bulk(client, page, **_):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{url}?id={ArticleIndexPage.objects.get().pk}", {"include_descendants": "on"})


def approve(client, page, **_):
    if task_state := page.current_workflow_task_state:
        take_action(client, page, task_state)


def take_action(client, page, task_state, action="approve"):
    args = [page.pk, action, task_state.pk]
    client.post(reverse("wagtailadmin_pages:workflow_action", args=args), {"comment": ""})


def approve_in_the_editor(client, page, **_):
    edit(client, page, **{"action-workflow-action": "1", "workflow-action-name": "approve"})


def edit_and_approve(client, page, **_):
    more = {"title": "Edited", "action-workflow-action": "1", "workflow-action-name": "approve"}
    edit(client, page, **more)


def approve_by_another_pages_address(client, page, other, **_):
    if task_state := page.current_workflow_task_state:
        take_action(client, other, task_state)


def approve_another_pages_task(client, page, other, **_):
    take_action(client, page, other.current_workflow_task_state)


def decide_without_a_task_state(client, page, **_):
    more = {"action-workflow-action": "1", "workflow-action-name": "approve", "workflow-task-state": ""}
    edit(client, page, **more)


def request_changes(client, page, **_):
    if task_state := page.current_workflow_task_state:
        take_action(client, page, task_state, "reject")


def submit_and_approve(client, page, **_):
    edit(client, page, **{"action-submit": "1"})
    approve(client, fresh(page))
    approve(client, fresh(page))


def cancel_and_publish(client, page, **_):
    edit(client, page, **{"action-cancel-workflow": "1"})
    edit(client, page, **{"action-publish": "1"})


def restart_and_approve(client, page, **_):
    edit(client, page, **{"action-restart-workflow": "1"})
    approve(client, fresh(page))


def schedule(client, page, **_):
    date = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    edit(client, page, go_live_at=date, **{"action-publish": "1"})
    assert not page.revisions.filter(approved_go_live_at__isnull=False).exists()


def publish_an_old_revision(client, page, **_):
    revision = page.revisions.order_by("pk").first()
    data = form(page, revision=revision.pk, **{"action-publish": "1"})
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    client.post(reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, revision.pk]), data)


def copy_data(page, **more):
    return {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": ArticleIndexPage.objects.get().pk,
        **more,
    }


def publish_a_copy(client, page, **_):
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    client.post(url, copy_data(page, publish_copies="on"))
    client.post(url, copy_data(page))


def make_an_alias(client, page, **_):
    client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), copy_data(page, alias="on"))


def convert_an_alias(client, page, **_):
    alias = page.create_alias(update_slug=f"an-alias-{Page.objects.count()}")
    client.post(reverse("wagtailadmin_pages:convert_alias", args=[alias.pk]))
    if fresh(alias).alias_of_id is None:
        publish_in_the_editor(client, alias)
        assert not fresh(alias).live


def unpublish_and_publish(client, page, **_):
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    publish_in_the_editor(client, fresh(page))


def move(client, page, **_):
    index = ArticleIndexPage.objects.get()
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, index.pk]))


def unlock_and_publish(client, page, **_):
    client.post(reverse("wagtailadmin_pages:unlock", args=[page.pk]))
    publish_in_the_editor(client, fresh(page))


ADMIN_WAYS = (
    publish_in_the_editor,
    publish_on_creation,
    publish_in_bulk,
    publish_the_index_in_bulk,
    approve,
    approve_in_the_editor,
    edit_and_approve,
    approve_by_another_pages_address,
    approve_another_pages_task,
    decide_without_a_task_state,
    request_changes,
    submit_and_approve,
    cancel_and_publish,
    restart_and_approve,
    schedule,
    publish_an_old_revision,
    publish_a_copy,
    make_an_alias,
    convert_an_alias,
    unpublish_and_publish,
    move,
    unlock_and_publish,
)

OPEN = {
    **{
        (in_scientific_review, way, role): ("editor", role)
        for way in (
            approve,
            approve_in_the_editor,
            submit_and_approve,
            restart_and_approve,
        )
        for role in ("reviewer", "both", "administrator")
    },
}
"""The cells in which the last approval is given, by somebody who wrote none of it, with the people
who gave the first and the last. A review that is under way is not submitted or begun again: those
two ways only approve."""


def public_words():
    return set(ArticlePage.objects.live().values_list("deck", flat=True))


class Autosaving:
    """A client whose editor saves by itself: whatever a form holds is posted as an autosave."""

    def __init__(self, client):
        self.client = client

    def post(self, url, data=None):
        headers = {"accept": "application/json"} if "/edit/" in url or "/add/" in url else {}
        return self.client.post(url, data, headers=headers)


class Twice:
    """A client that sends each request a second time."""

    def __init__(self, client):
        self.client = client

    def post(self, url, data=None):
        self.client.post(url, data)
        return self.client.post(url, data)


def once(way, client, page, other):
    way(client=client, page=page, other=other)


def by_autosave(way, client, page, other):
    way(client=Autosaving(client), page=page, other=other)


def with_an_autosave_after(way, client, page, other):
    stale = fresh(page)
    way(client=client, page=page, other=other)
    way(client=Autosaving(client), page=stale, other=other)


def each_request_twice(way, client, page, other):
    way(client=Twice(client), page=page, other=other)


def in_two_tabs(way, client, page, other):
    tabs = [fresh(page), fresh(page)]
    for tab in tabs:
        way(client=client, page=tab, other=other)


def take(way, state, role, people, page, client, other, manner=once):
    """Take one way inside a savepoint, and say what is wrong with what came of it, or nothing."""
    with transaction.atomic():
        before = public_words()
        manner(way, client, fresh(page), fresh(other))
        after = public_words()
        approvals = ReviewRecord.objects.filter(page_id=page.pk, decision="approved").order_by("step")
        approvers = tuple(approvals.values_list("user__username", flat=True))
        decides_in_the_editor = way is approve_in_the_editor and manner is by_autosave
        if (expected := OPEN.get((state, way, role))) and not decides_in_the_editor:
            right = NEW in after and approvers == expected
        else:
            right = after <= before and not any(words.startswith(NEW) for words in after)
        transaction.set_rollback(True)
    return [] if right else [f"{state.__name__} / {role} / {way.__name__}: {before} -> {after} {approvers}"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", STATES)
def test_ways_of_the_admin(state, role, people, client):
    page = state(people)
    other = make_article("The other page", owner=people.writer)
    submit(other, people.writer)
    client.force_login(getattr(people, role))
    wrong = [line for way in ADMIN_WAYS for line in take(way, state, role, people, page, client, other)]
    assert wrong == []


@pytest.mark.parametrize("role", ["reviewer", "both", "administrator"])
@pytest.mark.parametrize("state", [in_editorial_review, in_scientific_review])
@pytest.mark.parametrize("manner", [by_autosave, with_an_autosave_after, each_request_twice, in_two_tabs])
def test_ways_of_the_admin_taken_again(manner, state, role, people, client):
    page = state(people)
    other = make_article("The other page", owner=people.writer)
    submit(other, people.writer)
    client.force_login(getattr(people, role))
    wrong = [
        line for way in ADMIN_WAYS for line in take(way, state, role, people, page, client, other, manner)
    ]
    assert wrong == []


# --- The interfaces for programs: the admin's own, and Wagtail's, which the site does not offer. ---


def act(client, page, name, **data):
    url = reverse("wagtailadmin_api:pages:action", args=[page.pk, name])
    return client.post(url, data, content_type="application/json")


def publish_by_the_admins_interface(client, page, **_):
    act(client, page, "publish")


def unreviewed(page):
    """Return the revisions whose words nobody reviewed; reviewed ones may come back."""
    return [row for row in page.revisions.order_by("pk") if row.content["deck"] != OLD]


def revert_and_publish_by_the_admins_interface(client, page, **_):
    for revision in unreviewed(page):
        act(client, page, "revert_to_page_revision", revision_id=revision.pk)
        act(client, page, "publish")


def unpublish_and_publish_by_the_admins_interface(client, page, **_):
    act(client, page, "unpublish")
    act(client, page, "publish")


def copy_by_the_admins_interface(client, page, **_):
    act(client, page, "copy", slug="a-copy", keep_live=True)
    act(client, page, "copy", slug="another-copy", keep_live=False)
    act(client, page, "create_alias", update_slug="an-alias")
    for copied in ArticlePage.objects.filter(slug__in=("a-copy", "another-copy", "an-alias")):
        act(client, copied, "convert_alias")
        act(client, copied, "publish")


def move_by_the_admins_interface(client, page, **_):
    for parent in (TopicIndexPage.objects.get(), ArticleIndexPage.objects.get()):
        act(client, page, "move", destination_page_id=parent.pk, position="last-child")
    assert fresh(page).url_path == page.url_path


class WriteInterface:
    """Wagtail's write API as the person who is signed in, by a token of theirs."""

    def __init__(self, client):
        self.client = client
        token = APIToken.create_token(user=get_user(client), name="A program")[1]
        self.headers = {"authorization": f"Bearer {token}"}

    def act(self, page, name, **data):
        url = reverse(f"wagtailapi_v3:pages_actions_{name}", args=[page.pk])
        return self.client.post(url, data, content_type="application/json", headers=self.headers)

    def update(self, page, action, **data):
        url = reverse("wagtailapi_v3:update_page", args=[page.pk])
        data = {**data, "meta": {"type": "articles.ArticlePage", "action": action}}
        return self.client.patch(url, data, content_type="application/json", headers=self.headers)

    def create(self, parent, action, **data):
        data = {**data, "meta": {"type": "articles.ArticlePage", "parent_id": parent.pk, "action": action}}
        url = reverse("wagtailapi_v3:create_page")
        return self.client.post(url, data, content_type="application/json", headers=self.headers)


def publish_by_the_write_interface(client, page, **_):
    interface = WriteInterface(client)
    assert interface.act(page, "publish").status_code < 500
    assert interface.update(page, "publish", title="Updated").status_code < 500
    assert interface.act(page, "publish").status_code < 500
    assert not ArticlePage.objects.live().filter(title="Updated").exists()


def create_by_the_write_interface(client, page, **_):
    interface = WriteInterface(client)
    parent = ArticleIndexPage.objects.get()
    assert interface.create(parent, "publish", title="Created", slug="created").status_code < 500
    assert not ArticlePage.objects.live().filter(title="Created").exists()


def revert_by_the_write_interface(client, page, **_):
    interface = WriteInterface(client)
    for revision in unreviewed(page):
        assert interface.act(page, "revert", revision_id=revision.pk).status_code < 500
        interface.act(page, "publish")


def copy_by_the_write_interface(client, page, **_):
    interface = WriteInterface(client)
    interface.act(page, "copy", slug="a-copy", keep_live=True)
    interface.act(page, "copy", slug="another-copy", keep_live=False)
    interface.act(page, "create_alias", slug="an-alias")
    for copied in ArticlePage.objects.filter(slug__in=("a-copy", "another-copy", "an-alias")):
        interface.act(copied, "convert_alias")
        interface.act(copied, "publish")


def unpublish_and_move_by_the_write_interface(client, page, **_):
    interface = WriteInterface(client)
    interface.act(page, "move", destination_id=TopicIndexPage.objects.get().pk, position="last-child")
    assert fresh(page).url_path == page.url_path
    interface.act(page, "unpublish")
    interface.act(page, "publish")


INTERFACE_WAYS = (
    publish_by_the_admins_interface,
    revert_and_publish_by_the_admins_interface,
    unpublish_and_publish_by_the_admins_interface,
    copy_by_the_admins_interface,
    move_by_the_admins_interface,
    publish_by_the_write_interface,
    create_by_the_write_interface,
    revert_by_the_write_interface,
    copy_by_the_write_interface,
    unpublish_and_move_by_the_write_interface,
)


@pytest.mark.urls("tests.editorial.urls_with_api")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", STATES)
def test_ways_of_the_interfaces(state, role, people, client):
    page = state(people)
    other = make_article("The other page", owner=people.writer)
    submit(other, people.writer)
    client.force_login(getattr(people, role))
    wrong = [line for way in INTERFACE_WAYS for line in take(way, state, role, people, page, client, other)]
    assert wrong == []


# --- The ways of code: no person, or one who is named to a method. ---


def publish_latest(page, **_):
    page.get_latest_revision().publish()


def publish_latest_as(page, user, **_):
    page.get_latest_revision().publish(user=user)


def publish_without_permission_checks(page, user, **_):
    page.get_latest_revision().publish(user=user, skip_permission_checks=True)


def publish_every_revision(page, **_):
    for revision in page.revisions.filter(pk__gt=page.live_revision_id or 0):
        revision.publish()


def draft_of(page):
    return page.get_latest_revision().as_object()


def save_as_live(page, **_):
    draft = draft_of(page)
    draft.live = True
    draft.save()


def save_without_cleaning(page, **_):
    draft = draft_of(page)
    draft.live = True
    draft.save(clean=False)


def save_as_a_plain_page(page, **_):
    plain = Page.objects.get(pk=page.pk)
    plain.live = True
    plain.save()


def rename_as_a_plain_page(page, **_):
    plain = Page.objects.get(pk=page.pk)
    plain.title = NEW
    plain.live = True
    plain.save(update_fields=["title", "live"])


def save_some_fields(page, **_):
    draft = draft_of(page)
    draft.live = True
    draft.save(update_fields=["live", "deck"])


def save_words_alone(page, **_):
    page.deck = NEW
    page.save(update_fields=["deck"])


def change_the_live_revision(page, **_):
    draft = draft_of(page)
    draft.live = True
    draft.live_revision = page.latest_revision
    draft.save()


def add_a_live_child(page, **_):
    child = ArticlePage(title="Born live", slug="born-live", deck=NEW, body=page.body, live=True)
    ArticleIndexPage.objects.get().add_child(instance=child)


def add_a_live_sibling(page, **_):
    page.add_sibling(instance=ArticlePage(title="Born live", slug="born-live", deck=NEW, body=page.body))


def copy_live(page, **_):
    page.copy(update_attrs={"slug": "copied", "deck": NEW, "live": True})


def alias_live(page, **_):
    alias = draft_of(page)
    alias.live = True
    alias.create_alias(update_slug="an-alias")


def claim_to_be_an_alias(page, **_):
    source = publishable(page)
    child = ArticlePage(title="Alias", slug="alias", deck=NEW, body=page.body, alias_of=source, live=True)
    ArticleIndexPage.objects.get().add_child(instance=child)


def publishable(page):
    return ArticlePage.objects.live().first() or page


def update_aliases(page, **_):
    page.create_alias(update_slug="an-alias")
    draft_of(page).update_aliases()


def schedule_in_code(page, **_):
    draft = draft_of(page)
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision().publish()


def publish_scheduled(page, **_):
    page.revisions.filter(pk=page.latest_revision_id).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1)
    )
    call_command("publish_scheduled")


def end_the_tasks_in_code(page, user, **_):
    while task_state := fresh(page).current_workflow_task_state:
        task_state.approve(user=user)


def finish_the_workflow(page, user, **_):
    if workflow_state := page.current_workflow_state:
        workflow_state.finish(user=user)


def approve_in_code(page, user, **_):
    if task_state := page.current_workflow_task_state:
        task_state.task.specific.on_action(task_state, user, "approve")


CODE_WAYS = (
    publish_latest,
    publish_latest_as,
    publish_without_permission_checks,
    publish_every_revision,
    save_as_live,
    save_without_cleaning,
    save_as_a_plain_page,
    rename_as_a_plain_page,
    save_some_fields,
    save_words_alone,
    change_the_live_revision,
    add_a_live_child,
    add_a_live_sibling,
    copy_live,
    alias_live,
    claim_to_be_an_alias,
    update_aliases,
    schedule_in_code,
    publish_scheduled,
    end_the_tasks_in_code,
    finish_the_workflow,
    approve_in_code,
)


@pytest.mark.parametrize("way", CODE_WAYS)
@pytest.mark.parametrize("state", STATES)
def test_ways_of_code(state, way, people):
    page = state(people)
    before = public_words()
    for role in ("writer", "writing_editor", "writing_reviewer"):
        try:
            with transaction.atomic():
                way(page=fresh(page), user=getattr(people, role))
        except (PermissionDenied, ValidationError, CommandError):
            pass
        assert public_words() - {OLD} == before - {OLD}, role
        assert not ArticlePage.objects.live().filter(title=NEW).exists()
