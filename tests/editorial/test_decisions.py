"""What the desk says and does when a decision comes late, twice, or with a change in the form."""

import json

import pytest
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import COMMENTS_RELATION_NAME, WorkflowState
from wagtail.test.utils.form_data import inline_formset, rich_text, streamfield

from articles.models import ArticlePage
from bench import desk
from mindlab.core.digests import data_digest, page_digest
from mindlab.core.rich_text import PROSE
from mindlab.editorial.as_edited import as_edited
from mindlab.editorial.authors import is_author
from mindlab.editorial.models import ReviewRecord
from tests.editorial.helpers import approve_all, change, decide, fresh, submit
from tests.editorial.test_matrix import form
from tests.factories import make_article, make_contributor

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(people):
    page = make_article("The page", deck="A deck.", owner=people.writer)
    submit(page, people.writer)
    return fresh(page)


def editor(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def decision(page, action="approve", comment="", **more):
    """What the editor posts for a decision about the text as it stands."""
    fields = {
        "deck": page.get_latest_revision_as_object().deck,
        "action-workflow-action": "true",
        "workflow-action-name": action,
        "workflow-action-extra-data": json.dumps({"comment": comment}),
        **more,
    }
    return form(page, **fields)


def text_after(response):
    return " ".join(response.content.decode().split())


def records():
    return list(ReviewRecord.objects.order_by("pk").values_list("step", "decision", "user__username"))


def test_a_decision_in_the_editor_leads_on_to_the_page_that_waits_longest(people, client, page):
    second = make_article("The second page", owner=people.writer)
    submit(second, people.writer)
    own = make_article("My own", owner=people.editor)
    submit(own, people.writer)
    client.force_login(people.editor)
    response = client.post(editor(page), decision(page), follow=True)
    assert response.redirect_chain[-1][0] == editor(second)
    assert "You approved Editorial review of “The page”. It is now: in scientific review." in text_after(
        response
    )

    response = client.post(editor(second), decision(second, "reject", "Too long."), follow=True)
    assert response.redirect_chain[-1][0] == reverse("wagtailadmin_home")
    assert "No other text waits for you." in text_after(response)
    assert ReviewRecord.objects.latest("pk").comment == "Too long."


def test_the_last_approval_shows_a_reviewer_no_refusal(people, client, page):
    decide(page, people.editor)
    client.force_login(people.reviewer)
    response = client.post(editor(page), decision(fresh(page)), follow=True)
    assert response.redirect_chain == [(reverse("wagtailadmin_home"), 302)]
    assert "It is now: published." in text_after(response)
    assert "do not have permission" not in text_after(response)
    assert fresh(page).live


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_the_same_decision_twice_is_taken_once(action, people, client, page):
    client.force_login(people.administrator)
    data = decision(page, action)
    client.post(editor(page), data)
    response = client.post(editor(page), data, follow=True)
    assert len(records()) == 1
    assert "already. Nothing was decided" in text_after(response)
    assert response.redirect_chain[-1][0] == reverse("wagtailadmin_home")


def test_a_late_decision_says_who_was_first_and_keeps_the_text(people, client, page):
    data = decision(page, deck="Typed before I knew.")
    decide(page, people.writing_editor)
    client.force_login(people.administrator)
    response = client.post(editor(page), data)
    assert "writing-editor approved Editorial review on" in text_after(response)
    assert "What you wrote stands in the form and is not saved." in text_after(response)
    assert "Typed before I knew." in text_after(response)
    assert fresh(page).get_latest_revision_as_object().deck == "A deck."
    assert records() == [("editorial", "approved", "writing-editor")]


def test_a_late_decision_of_somebody_who_may_not_open_the_editor_any_more_shows_what_they_typed(
    people, client, page
):
    decide(page, people.editor)
    data = decision(fresh(page), deck="Typed before I knew.")
    decide(page, people.writing_reviewer)
    client.force_login(people.reviewer)
    response = client.post(editor(page), data)
    assert "writing-reviewer approved Scientific review on" in text_after(response)
    assert "Typed before I knew." in text_after(response)
    assert "This was not saved." in text_after(response)
    assert fresh(page).deck == "A deck."

    response = client.post(
        editor(page), decision(fresh(page), **{"workflow-task-state": data["workflow-task-state"]})
    )
    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_home")


def test_a_late_save_says_that_nothing_was_saved(people, client, page):
    decide(page, people.editor)
    late = form(fresh(page), deck="Typed before I knew.")
    decide(page, people.writing_reviewer)
    client.force_login(people.reviewer)
    said = text_after(client.post(editor(page), late))
    assert "writing-reviewer approved Scientific review on" in said
    assert "already. Nothing was saved." in said
    assert "Nothing was decided" not in said
    assert "Typed before I knew." in said


def test_the_form_of_a_new_page_is_given_its_place_for_the_step(people, client):
    page = make_article(owner=people.writer)
    client.force_login(people.writer)
    partials = text_after(client.get(editor(page), {"_w_hydrate_create_view": "1"}))
    assert '"#workflow-task-state"' not in partials
    assert partials.count('name="workflow-task-state"') == 1


def test_who_never_reviewed_the_page_learns_nothing_from_a_late_decision(people, client, page):
    client.force_login(people.reviewer)
    response = client.post(editor(page), decision(page, deck="Typed."), follow=True)
    assert "do not have permission" in text_after(response)
    assert "Typed." not in text_after(response)


def test_a_decision_with_a_change_in_the_form_decides_nothing_and_keeps_the_text(people, client, page):
    client.force_login(people.editor)
    response = client.post(editor(page), decision(page, deck="My wording."))
    assert "Nothing was decided, because the form holds a change" in text_after(response)
    assert "My wording." in text_after(response)
    assert records() == []
    assert fresh(page).get_latest_revision_as_object().deck == "A deck."


def test_a_decision_must_say_which_step_it_is_about(people, client, page):
    client.force_login(people.editor)
    response = client.post(editor(page), decision(page, **{"workflow-task-state": ""}), follow=True)
    assert "the form does not say which step it is about" in text_after(response)
    assert records() == []


@pytest.mark.parametrize("extra", ["no JSON", "[]", '"words"', '{"update": false}'])
def test_what_comes_along_with_a_decision_is_read_by_its_form(extra, people, client, page):
    client.force_login(people.editor)
    client.post(editor(page), decision(page, **{"workflow-action-extra-data": extra}))
    taken = extra.startswith("{")
    assert len(records()) == taken
    assert fresh(page).status_string == ("in scientific review" if taken else "in editorial review")


ASKED = ("action-publish", "action-submit", "action-restart-workflow", "action-cancel-workflow")


@pytest.mark.parametrize("name", [*ASKED, "action-workflow-action"])
@pytest.mark.parametrize("state", ["draft", "under review", "approved and withdrawn"])
def test_an_autosave_saves_a_draft_and_no_more(state, name, people, client, page):
    if state == "draft":
        fresh(page).current_workflow_state.cancel(user=people.administrator)
    elif state == "approved and withdrawn":
        decide(page, people.editor)
        decide(page, people.reviewer)
        fresh(page).unpublish()
    page = fresh(page)
    before = (records(), page.live, page.current_workflow_state)
    client.force_login(people.administrator)
    data = form(page, deck="Typed.", **{name: "true", "workflow-action-name": "approve"})
    response = client.post(editor(page), data, headers={"accept": "application/json"})
    # Who may take the step under way saves by hand or not at all.
    saved = state != "under review"
    assert response.json()["success"] is saved
    page = fresh(page)
    assert (records(), page.live, page.current_workflow_state) == before
    assert page.get_latest_revision_as_object().deck == ("Typed." if saved else "A deck.")


@pytest.mark.parametrize("name", ["action-publish", "action-submit"])
def test_an_autosave_of_a_new_page_submits_nothing(name, people, client, page):
    index = page.get_parent()
    client.force_login(people.administrator)
    url = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", index.pk])
    data = form(page, title="Another", slug="another", **{name: "true"})
    assert client.post(url, data, headers={"accept": "application/json"}).json()["success"] is True
    another = fresh(index.get_children().get(slug="another"))
    assert not another.live
    assert another.current_workflow_state is None


def test_an_autosave_that_brings_nothing_new_writes_no_revision(people, client, page):
    client.force_login(people.administrator)
    data = form(page, deck="A deck.")
    response = client.post(editor(page), data, headers={"accept": "application/json"})
    assert response.json()["success"] is True
    assert page.revisions.count() == 1


def test_a_form_from_before_the_publication_becomes_a_draft_over_it(people, client, page):
    data = form(page, deck="Typed before it was public.")
    decide(page, people.editor)
    decide(page, people.reviewer)
    client.force_login(people.editor)
    client.post(editor(page), data)
    page = fresh(page)
    assert page.live
    assert page.deck == "A deck."
    assert page.get_latest_revision_as_object().deck == "Typed before it was public."


@pytest.mark.parametrize("name", ["action-restart-workflow", "action-cancel-workflow"])
def test_a_form_from_before_a_step_ended_ends_no_review(name, people, client, page):
    data = form(page, deck="A deck.", **{name: "true"})
    decide(page, people.editor)
    client.force_login(people.administrator)
    response = client.post(editor(page), data, follow=True)
    assert "The review moved on since this form was opened." in text_after(response)
    assert fresh(page).status_string == "in scientific review"

    data = form(fresh(page), deck="A deck.", **{"action-cancel-workflow": "true"})
    for _twice in range(2):
        client.post(editor(page), data)
    assert fresh(page).current_workflow_state is None
    assert WorkflowState.objects.for_instance(page).count() == 1


def test_who_takes_a_page_out_of_their_step_is_told_and_led_on(people, client, page):
    decide(page, people.editor)
    client.force_login(people.reviewer)
    response = client.post(editor(page), form(fresh(page), deck="My wording."), follow=True)
    assert "“The page” is now in editorial review, which is for others to take." in text_after(response)
    assert "do not have permission" not in text_after(response)


def test_a_reviewer_is_told_before_the_first_keystroke(people, client, page):
    client.force_login(people.editor)
    html = text_after(client.get(editor(page)))
    assert "If you change a word and save, the text becomes your work too" in html
    assert "w-autosave" not in html.split("data-edit-form", 1)[1].split(">", 1)[0]

    client.force_login(people.writer)
    html = text_after(client.get(editor(page)))
    assert 'id="review-advice"' not in html


REASONS = {
    "owner": "you wrote its first draft",
    "submitter": "you submitted it",
    "writer": "you changed it on",
    "both": "you approved another step of it",
}


@pytest.mark.parametrize("role", REASONS)
def test_where_approve_is_missing_the_editor_says_why(role, people, client):
    person = people.both if role == "both" else people.editor
    page = make_article("The page", owner=person if role == "owner" else people.writer)
    if role == "writer":
        change(page, person, deck="Mine.")
    submit(page, person if role == "submitter" else people.writer)
    if role == "both":
        decide(page, person)
    client.force_login(person)
    html = text_after(client.get(editor(page)))
    assert f"You cannot approve this text: {REASONS[role]}" in html
    assert 'data-workflow-action-name="approve"' not in html
    assert 'data-workflow-action-name="reject"' in html


def action(page, task_state, name="approve"):
    return reverse("wagtailadmin_pages:workflow_action", args=[page.pk, name, task_state.pk])


def test_a_decision_from_the_dashboard_is_taken_once(people, client, page):
    task_state = page.current_workflow_task_state
    client.force_login(people.administrator)
    for _twice in range(2):
        response = client.post(action(page, task_state), {"comment": ""}, follow=True)
        assert response.redirect_chain[-1][0] == reverse("wagtailadmin_home")
    assert len(records()) == 1
    assert "You approved Editorial review on" in text_after(response)

    response = client.get(action(page, task_state, "reject"), headers={"x-requested-with": "XMLHttpRequest"})
    assert response.json() == {"step": "success", "redirect": reverse("wagtailadmin_home")}
    client.force_login(people.writer)
    assert "do not have permission" in text_after(client.post(action(page, task_state), follow=True))


def test_the_dialogue_of_a_late_decision_leaves_the_answer_to_the_editor(people, client, page):
    task_state = page.current_workflow_task_state
    decide(page, people.editor)
    client.force_login(people.administrator)
    args = [page.pk, "reject", task_state.pk]
    url = reverse("wagtailadmin_pages:collect_workflow_action_data", args=args)
    assert client.get(url).json() == {"step": "success", "cleaned_data": {}}


def test_a_comment_beside_the_words_goes_along_with_the_decision(people, client, page):
    decide(page, people.editor)
    page = fresh(page)
    client.force_login(people.reviewer)
    comment = {
        "comments-TOTAL_FORMS": "1",
        "comments-0-DELETE": "",
        "comments-0-resolved": "",
        "comments-0-id": "",
        "comments-0-contentpath": "deck",
        "comments-0-text": "Rather: a short deck.",
        "comments-0-position": "",
        "comments-0-replies-TOTAL_FORMS": "0",
        "comments-0-replies-INITIAL_FORMS": "0",
        "comments-0-replies-MIN_NUM_FORMS": "0",
        "comments-0-replies-MAX_NUM_FORMS": "0",
    }
    client.post(editor(page), {**decision(page), **comment})
    page = fresh(page)
    assert page.live
    assert [comment.text for comment in page.wagtail_admin_comments.all()] == ["Rather: a short deck."]
    assert records()[-1] == ("scientific", "approved", "reviewer")


def test_nobody_takes_two_steps_unless_the_house_allows_it(people, settings, page):
    decide(page, people.both)
    task = fresh(page).current_workflow_task
    assert [name for name, *_rest in task.get_actions(fresh(page), people.both)] == ["reject"]
    settings.ONE_PERSON_MAY_TAKE_BOTH_STEPS = True
    decide(page, people.both)
    assert fresh(page).live


def test_who_took_a_step_of_an_earlier_text_may_take_the_other_of_a_newer(people, page):
    decide(page, people.both)
    decide(page, people.reviewer)
    change(page, people.writer, deck="Newer.")
    submit(page, people.writer)
    decide(page, people.editor)
    decide(page, people.both)
    assert fresh(page).deck == "Newer."


@pytest.mark.parametrize(
    ("stored", "posted", "is_same"),
    [
        ("Removal", "<p>Removal</p>", True),
        ("<p><b>The <i>spindle</i></b></p>", "<p><b>The <i>spindle</i></b></p>", True),
        ("<p>Removal</p>", "<p>Removed</p>", False),
        ("<p><b>Removal</b></p>", "<p>Removal</p>", False),
    ],
)
def test_another_spelling_of_the_markup_is_no_other_text(people, stored, posted, is_same):
    """Only what a reader would see differently is a change that keeps a decision back."""
    page = make_article(owner=people.writer, body=[{"type": "callout", "value": {"text": stored}}])
    content = page.get_latest_revision().content
    page.body = [{"type": "callout", "value": {"text": spelt(posted)}}]
    same = data_digest(type(page), as_edited(type(page), content)) == page_digest(page)
    assert same == is_same


IMPORTED = [{"type": "callout", "value": {"title": "", "text": "Removal"}}]
"""A body in the spelling of an import; the editor puts a paragraph around its line."""


def as_opened(page, **more):
    """What the editor posts of a text with that body where nobody has typed a thing."""
    rows = [("callout", {"kind": "note", "title": "", "text": rich_text("<p>Removal</p>")})]
    deck = page.get_latest_revision_as_object().deck
    return form(page, **{"deck": deck, "body": streamfield(rows), **more})


@pytest.fixture
def imported(people):
    page = make_article("Imported", deck="A deck.", owner=people.writer, body=IMPORTED)
    submit(page, people.writer)
    return fresh(page)


def test_a_withdrawn_text_that_nobody_changed_comes_back_in_the_editor(people, client, imported):
    approve_all(imported, people)
    fresh(imported).unpublish()
    client.force_login(people.editor)
    said = text_after(
        client.post(editor(imported), as_opened(imported, **{"action-publish": "1"}), follow=True)
    )
    assert "has been published" in said
    assert fresh(imported).live


def test_saving_what_nobody_changed_makes_nobody_its_author(people, client, imported):
    client.force_login(people.editor)
    client.post(editor(imported), as_opened(imported))
    assert not is_author(people.editor, fresh(imported))
    client.post(editor(imported), as_opened(imported, deck="Reworded."))
    assert is_author(people.editor, fresh(imported))


@pytest.mark.parametrize("is_autosave", [True, False])
def test_a_comment_leaves_the_text_as_it_was_approved(is_autosave, people, client, imported):
    decide(imported, people.editor)
    client.force_login(people.administrator)
    row = {"contentpath": "deck", "text": "Which deck?", "position": "", "replies": inline_formset([])}
    post = as_opened(imported, comments=inline_formset([row]))
    headers = {"HTTP_ACCEPT": "application/json"} if is_autosave else {}
    client.post(editor(imported), post, **headers)
    revision = fresh(imported).get_latest_revision()
    assert [comment["text"] for comment in revision.content[COMMENTS_RELATION_NAME]] == ["Which deck?"]
    assert data_digest(type(imported), revision.content) == ReviewRecord.objects.get().digest


def test_imported_rows_without_an_order_are_no_other_text_once_the_editor_has_numbered_them(people):
    rows = [{"quantity": name, "comparator": "=", "value": 1, "sort_order": None} for name in ("B", "A")]
    content = {**make_article(owner=people.writer).get_latest_revision().content, "measurements": rows}
    numbered = [{**row, "sort_order": place} for place, row in enumerate(rows)]
    posted = {**content, "measurements": numbered}
    assert data_digest(ArticlePage, as_edited(ArticlePage, content)) == data_digest(
        ArticlePage, as_edited(ArticlePage, posted)
    )


def spelt(html):
    """Rich text as the editor stores it after it was opened and saved."""
    converter = ContentstateConverter(PROSE)
    return converter.to_database_format(converter.from_database_format(html))


def test_the_desk_keeps_to_its_statements(people):
    assert not desk.too_dear(desk.measure(people))


@pytest.mark.parametrize("is_author", [True, False])
def test_a_reviewer_reads_why_a_credited_author_may_not_approve(people, client, is_author):
    """Beside a contributor without an account, which rows in memory cannot be compared by."""
    own = make_contributor("The reviewer", user=people.editor)
    credited = (make_contributor("Nobody's account"), own if is_author else make_contributor("Another"))
    page = make_article("The credited page", contributors=credited, owner=people.writer)
    submit(page, people.writer)
    client.force_login(people.editor)
    text = text_after(client.get(editor(page)))
    assert ("you are named as one of its authors" in text) == is_author
    assert ("You may take this step" in text) != is_author


@pytest.mark.parametrize("role", ["writer", "editor", "administrator"])
def test_submitting_twice_submits_once_and_says_so(role, people, client):
    person = getattr(people, role)
    page = make_article("Twice", owner=person)
    client.force_login(person)
    post = form(page, **{"action-submit": "1"})
    client.post(editor(page), post)
    revisions = page.revisions.count()
    said = text_after(client.post(editor(page), post, follow=True))
    assert "You submitted “Twice” already. It is now: in editorial review." in said
    assert "could not be saved" not in said
    assert (page.revisions.count(), WorkflowState.objects.count()) == (revisions, 1)


def test_who_approves_has_a_name_for_readers(people, client, page):
    people.editor.first_name = ""
    people.editor.save()
    client.force_login(people.editor)
    said = text_after(client.post(editor(page), decision(page), follow=True))
    assert "your account has no name" in said
    assert records() == []
    client.post(editor(page), decision(page, "reject", "Not yet."))
    assert records() == [("editorial", "changes", "editor")]


def test_the_name_of_a_public_person_will_do(people, client, page):
    people.editor.first_name = ""
    people.editor.save()
    make_contributor("Tamsin Orrell", user=people.editor)
    client.force_login(people.editor)
    client.post(editor(page), decision(page))
    assert ReviewRecord.objects.get().reviewer_name == "Tamsin Orrell"


@pytest.mark.parametrize(("role", "is_kept"), [("editor", True), ("administrator", False)])
def test_nobody_takes_another_name_to_approve_under(role, is_kept, people, client):
    person = getattr(people, role)
    before = person.get_full_name()
    client.force_login(person)
    address = reverse("wagtailadmin_account")
    post = {"name_email-first_name": "Emeric", "name_email-last_name": "Thornquay", "theme-theme": "dark"}
    post |= {"theme-contrast": "system", "theme-density": "default", "theme-keyboard_shortcuts": "on"}
    response = client.post(address, {**post, "name_email-email": "new@example.org"})
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.get_full_name() == (before if is_kept else "Emeric Thornquay")
    assert (person.email, person.wagtail_userprofile.theme) == ("new@example.org", "dark")
    assert ("an administrator changes it" in text_after(client.get(address))) == is_kept
