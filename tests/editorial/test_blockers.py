"""What keeps a text from being published is one list, the same wherever it is sent on; drafts always save."""

from decimal import Decimal

import pytest
from django.urls import reverse
from wagtail.images.blocks import ImageBlock
from wagtail.models import Comment, WorkflowState
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from glossary.models import ConceptAlias
from mindlab.core import gate
from mindlab.core.blockers import Blocker, block_error, in_block, is_blank, is_file_name
from mindlab.core.models import Diagram
from mindlab.editorial.models import ReviewRecord
from mindlab.editorial.refusals import as_list
from mindlab.evidence.models import Citation, Claim, Measurement, Source
from mindlab.figures import diagrams
from tests.editorial.helpers import change, decide, fresh, publish_through_review, submit
from tests.factories import make_article, make_concept, make_hub, make_image, make_issue

pytestmark = pytest.mark.django_db

TABLE = {"first_row_is_table_header": True, "first_col_is_header": False, "table_header_choice": "row"}


def source():
    return Source.objects.get_or_create(title="A study")[0]


def claim(*bearings, standing="supported", text="It lasts."):
    row = Claim(text=text, standing=standing, sort_order=0)
    row.citations = [Citation(source=source(), bearing=bearing, sort_order=0) for bearing in bearings]
    return row


def measurement(**values):
    return Measurement(quantity="Rate", sort_order=0, **values)


def image(alt_text, *, title="A neuron", file_title=None, decorative=False):
    picture = make_image(title)
    alt_text = picture.file.name.rsplit("/", 1)[-1] if alt_text == "FILE" else alt_text
    value = {"image": picture.pk, "alt_text": alt_text, "decorative": decorative}
    return {"type": "image", "value": {"image": value, "caption": ""}}


def block(kind, value):
    return lambda: {"body": [{"type": kind, "value": value}]}


def item(text):
    return {"text": text, "depth": "0"}


WRONG = {
    "no deck": (lambda: {"deck": " "}, ("deck",)),
    "no text": (lambda: {"body": []}, ("body",)),
    "a claim without a source": (lambda: {"claims": [claim()]}, ("claims", 0, "standing")),
    "a claim that its source contradicts": (
        lambda: {"claims": [claim("contradicts")]},
        ("claims", 0, "standing"),
    ),
    "a claim without words": (
        lambda: {"claims": [claim(standing="unchecked", text=" ")]},
        ("claims", 0, "text"),
    ),
    "no value": (lambda: {"measurements": [measurement()]}, ("measurements", 0, "value")),
    "half a range": (lambda: {"measurements": [measurement(low=Decimal(1))]}, ("measurements", 0, "high")),
    "a range that runs backwards": (
        lambda: {"measurements": [measurement(low=Decimal(2), high=Decimal(1))]},
        ("measurements", 0, "low"),
    ),
    "a figure of no measurements": (block("measurements", {"title": "", "caption": ""}), ("body", 0)),
    "an empty table": (block("table", {**TABLE, "data": [[None, ""], ["", None]]}), ("body", 0)),
    "alt text that is a file's name": (
        lambda: {"body": [image("FILE")]},
        ("body", 0, "image", "alt_text"),
    ),
    "a title that is a file's name": (
        lambda: {"body": [image("", title="IMG_2041.jpeg")]},
        ("body", 0, "image", "alt_text"),
    ),
    "an empty diagram": (
        block("diagram", {"caption": "", "source": "graph TD\n%% later\n"}),
        ("body", 0, "source"),
    ),
    "a diagram without a source": (
        block("diagram", {"caption": "", "source": ""}),
        ("body", 0, "source"),
    ),
    "a heading without words": (
        block("heading", {"text": "<p> </p>", "level": "2"}),
        ("body", 0, "text"),
    ),
    "a paragraph without words": (block("text", "<p><br/></p>"), ("body", 0)),
    "an item without words": (
        block("list", {"ordered": False, "items": [item("One"), item("<p></p>")]}),
        ("body", 0, "items", 1, "text"),
    ),
    "a list without items": (block("list", {"ordered": False, "items": []}), ("body", 0, "items")),
    "a button that leads nowhere": (
        block("cta", {"text": "Read it.", "label": "Read", "page": None, "url": ""}),
        ("body", 0, "page"),
    ),
}

RIGHT = {
    "a claim with a source": lambda: {"claims": [claim("supports", "context")]},
    "a claim that nobody checked": lambda: {"claims": [claim(standing="unchecked")]},
    "a value": lambda: {"measurements": [measurement(value=Decimal(0))]},
    "a range": lambda: {"measurements": [measurement(low=Decimal(0), high=Decimal(1))]},
    "a decorative image": lambda: {"body": [image("", title="IMG_2041.jpeg", decorative=True)]},
    "an image described": lambda: {"body": [image("A neuron of the hippocampus, stained")]},
    "an image described where it is kept": lambda: {"body": [image("", title="A neuron, stained")]},
    "a table": block("table", {**TABLE, "data": [["Theta", None]]}),
    "a diagram": block("diagram", {"caption": "", "source": "graph TD; A --> B"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_incomplete_text_is_saved_and_goes_no_step_further(name, people):
    fields, path = WRONG[name]
    page = make_article(owner=people.writer)
    change(page, people.writer, **fields())

    (blocker,) = fresh(page).get_latest_revision_as_object().blockers()
    assert blocker.path == path
    assert blocker.message.endswith(".")
    assert blocker.anchor.startswith((f":w:contentpath={path[0]}", f"inline_child_{path[0]}-0-"))

    with pytest.raises(gate.PublicationRefused) as at_submission:
        submit(page, people.writer)
    assert not WorkflowState.objects.exists()
    with pytest.raises(gate.PublicationRefused) as at_publication:
        fresh(page).get_latest_revision().publish()
    assert at_submission.value.blockers == at_publication.value.blockers == (blocker,)
    assert at_publication.value.missing[0] == blocker.reason


@pytest.mark.parametrize("name", WRONG)
def test_a_text_that_became_incomplete_under_review_is_not_approved(name, people):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    change(page, people.writing_editor, **WRONG[name][0]())

    with pytest.raises(gate.PublicationRefused) as refusal:
        decide(page, people.editor)
    assert [blocker.path for blocker in refusal.value.blockers] == [WRONG[name][1]]
    assert not ReviewRecord.objects.exists()

    decide(page, people.editor, "reject")
    assert ReviewRecord.objects.get().decision == "changes"


@pytest.mark.parametrize("name", RIGHT)
def test_a_whole_text_passes(name, people):
    page = make_article(owner=people.writer)
    change(page, people.writer, **RIGHT[name]())
    assert publish_through_review(page, people).live


def test_looking_for_what_is_wrong_changes_nothing(people):
    body = [image("A neuron"), {"type": "table", "value": {"data": [["Theta", 0]]}}]
    page = make_article(owner=people.writer, body=body)
    draft = fresh(page)
    before = draft.serializable_data()
    assert draft.blockers() == []
    assert draft.serializable_data() == before


def test_every_kind_of_page_has_its_own(people):
    concept = make_concept(owner=people.writer, definition="<p></p>")
    concept.other_names = [ConceptAlias(name=" ", sort_order=0)]
    assert [blocker.path for blocker in concept.blockers()] == [("definition",), ("other_names", 0, "name")]
    hub = make_hub(owner=people.writer)
    hub.topic = None
    assert [blocker.path for blocker in hub.blockers()] == [("topic",)]


def test_a_diagram_that_the_engine_refused_is_not_published(people):
    text = "graph TD\nA[Open --> B"
    Diagram.objects.create(
        key=diagrams.key(text),
        source=text,
        svg="",
        width=0,
        height=0,
        description=[],
        error="Line 2: close it.",
    )
    page = make_article(owner=people.writer, body=[{"type": "diagram", "value": {"source": text}}])
    assert [(b.path, b.message) for b in page.blockers()] == [(("body", 0, "source"), "Line 2: close it.")]


def test_an_issue_points_at_public_pages(people):
    draft = make_article("Draft", owner=people.writer)
    live = publish_through_review(make_article("Live", owner=people.writer), people)

    def pick(page):
        return {"type": "pick", "value": {"page": page.pk, "title": "", "deck": ""}}

    issue = make_issue(
        owner=people.writer, contents=[pick(live), pick(draft)], cta_label="Read", cta_page=draft, cta_text=""
    )
    with pytest.raises(gate.PublicationRefused) as refusal:
        submit(issue, people.writer)
    assert [b.path for b in refusal.value.blockers] == [("contents", 1, "page"), ("cta_page",)]
    assert "“Draft” (article), which is not published yet" in refusal.value.missing[0]

    publish_through_review(draft, people)
    submit(issue, people.writer)
    fresh(draft).unpublish()
    with pytest.raises(gate.PublicationRefused, match="no longer published"):
        decide(issue, people.editor)


@pytest.mark.parametrize(
    ("text", "file_name", "expected"),
    [
        ("theta-wave.png", "x.png", True),
        ("IMG_2041", "x.png", True),
        ("Screenshot 2026-01-04 at 10.11.12", "x.png", True),
        ("20260104_101112", "x.png", True),
        ("theta-wave", "original_images/theta-wave.png", True),
        ("theta-wave", "original_images/theta-wave_aB3dE6g.png", True),
        ("theta_network", "original_images/theta_network.png", True),
        ("Hippocampus", "original_images/Hippocampus.png", False),
        ("A theta wave", "original_images/a-theta-wave.png", False),
        ("Scan 3 of a brain, from above", "x.png", False),
        ("5-HT", "x.png", False),
    ],
)
def test_names_of_files_are_told_from_words(text, file_name, expected):
    assert is_file_name(text, file_name) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, True),
        (" \xa0", True),
        ("<p> </p>", True),
        (RichText("<p><br/></p>"), True),
        ([], True),
        (0, False),
        (False, False),
        ("0", False),
        (RichText("<p>0</p>"), False),
        ([""], False),
        (object(), False),
    ],
)
def test_what_says_nothing(value, expected):
    assert is_blank(value) is expected


def test_a_blocker_reads_as_a_sentence_with_its_place_where_it_has_one():
    assert str(Blocker((), "Fill this in.")) == "Fill this in."
    assert str(Blocker((), "Fill this in.", "deck")) == "deck: fill this in."
    assert Blocker((), "Fill this in.", "deck").reason == "deck: fill this in"


def test_a_blocker_leads_to_the_part_of_the_block_that_has_an_address():
    page = make_article()
    items = [{"type": "item", "value": item(""), "id": "b"}]
    page.body = [{"type": "list", "value": {"ordered": False, "items": items}, "id": "a"}]
    assert [blocker.anchor for blocker in page.blockers()] == [":w:contentpath=body.a.items.text"]


def test_an_image_that_is_gone_is_missed():
    page = make_article()
    page.body = [{"type": "image", "value": {"image": {"image": None, "alt_text": "A neuron"}}}]
    (blocker,) = page.blockers()
    assert (blocker.path, blocker.message) == (("body", 0, "image", "image"), "Choose an image.")
    optional = ImageBlock(required=False)
    assert list(in_block(optional, None)) == []


def test_a_file_name_is_quoted_and_missing_words_are_asked_for():
    page = make_article(body=[image("IMG_2041.jpeg")])
    assert "“IMG_2041.jpeg” is the name of a file" in page.blockers()[0].message
    page = make_article(body=[image("", title="\xa0")])
    assert page.blockers()[0].message == "Say what the image shows, or mark it as decorative."


def test_what_reviewers_said_beside_the_text_is_no_part_of_it(people):
    page = make_article()
    page.wagtail_admin_comments = [Comment(user=people.editor, text="", contentpath="body")]
    assert page.blockers() == []


def test_an_error_of_a_block_stands_at_each_part_and_at_the_block():
    page = make_article(body=[{"type": "list", "value": {"ordered": False, "items": [item("")]}}])
    block, value = page.body[0].block, page.body[0].value
    error = block_error(
        block, value, [((), "Shorter."), (("items",), "Add one."), (("items", 0, "text"), "Fill in.")]
    )
    assert error.non_block_errors.as_data()[0].messages == ["Shorter."]
    items = error.block_errors["items"]
    assert items.non_block_errors.as_data()[0].messages == ["Add one."]
    assert items.block_errors[0].block_errors["text"].messages == ["Fill in."]
    nothing_of_its_own = block_error(block, value, [(("items",), "Add one.")])
    assert not nothing_of_its_own.non_block_errors


# --- In the admin ---


def form(page, **more):
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "deck": "A deck.",
            "cover": "",
            "topics": "",
            "body": streamfield([("text", rich_text("<p>A paragraph of text.</p>"))]),
            "credits": inline_formset([]),
            "claims": inline_formset([]),
            "measurements": inline_formset([]),
            "comments": inline_formset([]),
            **more,
        }
    )


def claims(**fields):
    row = {"text": "It lasts.", "kind": "study", "standing": "supported", "note": rich_text("")}
    return inline_formset([{**row, "citations": inline_formset([]), **fields}])


def measurements(**fields):
    row = {
        "quantity": "Rate",
        "comparator": "=",
        "value": "",
        "low": "",
        "high": "",
        "unit": "",
        "context": "",
    }
    return inline_formset([{**row, **fields}])


def edit(client, page, **more):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(page, **more))


INCOMPLETE = {
    "a claim": lambda: {"claims": claims()},
    "a measurement": lambda: {"measurements": measurements()},
    "a heading": lambda: {"body": streamfield([("heading", {"text": rich_text("<p></p>"), "level": "2"})])},
    "a diagram": lambda: {"body": streamfield([("diagram", {"caption": "", "source": "graph TD"})])},
    "a deck": lambda: {"deck": ""},
}


def error_of(form, name):
    """The errors of a form at the place that a case names."""
    if name == "a claim":
        return form.formsets["claims"].forms[0].errors["standing"][0]
    if name == "a measurement":
        return form.formsets["measurements"].forms[0].errors["value"][0]
    if name == "a deck":
        return form.errors["deck"][0]
    inside = form.errors["body"].as_data()[0].block_errors[0].block_errors
    return next(iter(inside.values())).messages[0]


@pytest.mark.parametrize("name", INCOMPLETE)
def test_the_editor_saves_a_draft_and_shows_at_the_field_what_keeps_it(name, people, client):
    page = make_article(owner=people.writer)
    client.force_login(people.writer)
    assert edit(client, page, **INCOMPLETE[name]()).status_code == 302

    response = edit(client, page, **INCOMPLETE[name](), **{"action-submit": "1"})
    assert response.status_code == 200
    assert error_of(response.context["form"], name).endswith(".")
    assert fresh(page).current_workflow_state is None


def test_a_row_that_is_taken_out_is_not_missed(people, client):
    page = make_article(owner=people.writer)
    change(page, people.writer, claims=[claim()])
    key = fresh(page).get_latest_revision_as_object().claims.all()[0].pk
    row = {
        "text": "It lasts.",
        "kind": "study",
        "standing": "supported",
        "note": rich_text(""),
        "DELETE": "1",
    }
    rows = inline_formset([{**row, "id": key or "", "citations": inline_formset([])}])
    client.force_login(people.writer)
    assert edit(client, page, claims=rows, **{"action-submit": "1"}).status_code == 302
    assert fresh(page).workflow_in_progress


def test_a_reviewer_sends_an_incomplete_text_back_from_the_editor(people, client):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    change(page, people.writing_editor, deck="")
    client.force_login(people.editor)
    state = fresh(page).current_workflow_task_state.pk
    post = {"action-workflow-action": "1", "workflow-action-name": "approve", "workflow-task-state": state}
    assert "deck" in edit(client, page, deck="", **post).context["form"].errors
    assert not ReviewRecord.objects.exists()
    edit(client, page, deck="", **{**post, "workflow-action-name": "reject"})
    assert ReviewRecord.objects.get().decision == "changes"


def test_each_entry_of_the_list_leads_to_its_field(people):
    page = make_article(owner=people.writer, deck="")
    page.claims = [claim()]
    verdict = gate.verdict(page)
    text = as_list(page, verdict)
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert f'<a href="{editor}#:w:contentpath=deck">deck: fill this in' in text
    assert f'<a href="{editor}#inline_child_claims-0-panel-section">claim 1: cite a source' in text
    assert text.count("<li>") == 4
    assert text.count("<a ") == 2
