"""The audit names what was changed past the review, each by one way of SQL or of the file system."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState

from articles.models import ArticleCredit, ArticlePage
from glossary.models import ConceptPage, RelationEdge
from mindlab.core.models import ContributorPage, Diagram, SiteDocument, SiteImage, Topic
from mindlab.editorial import audit
from mindlab.editorial.models import Publication, ReviewRecord
from mindlab.evidence.models import Citation, Claim, Source
from mindlab.reading import drawings
from tests.editorial.helpers import change, decide, fresh, publish_through_review, submit
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_image, make_issue

pytestmark = pytest.mark.django_db

DIAGRAM = "graph TD\nA[Cause] --> B[Effect]"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def a_site(people):
    """One public page of each kind that shows one thing of each kind, an alias, and a draft beside it."""
    neighbour = publish_through_review(make_concept("Thalamus", owner=people.writer), people)
    concept = make_concept("Spindle", owner=people.writer, relations=((neighbour, "<p>Begins.</p>"),))
    concept = publish_through_review(concept, people)
    document = SiteDocument(title="Data", file=ContentFile(b"1,2", name="data.csv"))
    document.save()
    link = f'<p><a linktype="document" id="{document.pk}">Data</a></p>'
    picture = {"image": make_image("A neuron", credit="A. Example").pk, "alt_text": "A neuron, stained"}
    body = [
        {"type": "text", "value": link},
        {"type": "image", "value": {"image": picture, "caption": ""}},
        {"type": "diagram", "value": {"caption": "", "source": DIAGRAM}},
    ]
    page = make_article("The article", owner=people.writer, topics=("Sleep",), body=body)
    page.credits = [ArticleCredit(contributor=make_contributor("Ada", credentials="PhD"), sort_order=0)]
    claim = Claim(text="It lasts.", standing="supported", sort_order=0)
    claim.citations = [Citation(source=Source.objects.create(title="A study"), sort_order=0)]
    page.claims = [claim]
    page.save_revision(user=people.writer)
    page = publish_through_review(page, people)
    page.create_alias(update_slug="an-alias")
    publish_through_review(make_hub(owner=people.writer, concept=concept), people)
    issue = make_issue(owner=people.writer)
    submit(issue, people.writer)
    decide(issue, people.editor)
    change(page, people.writer, deck="A draft.")
    return fresh(page)


def found(**options):
    return list(audit.findings(audit.Seen(), **options))


def said(page=None):
    return [finding.what for finding in found() if page is None or finding.page_id == page.pk]


def test_a_sound_site_is_passed_over_in_silence(people, capsys):
    a_site(people)
    drawings.ensure([DIAGRAM])
    assert found(redraw=True) == []
    call_command("audit_review")
    assert capsys.readouterr().out == (
        "7 live pages checked, 0 things are not as their review left them."
        " 1 of them were public before approvals were written down."
        " 1 diagrams were not drawn anew (--drawings).\n"
    )


def overwrite(row, content=b"Other bytes."):
    Path(row.file.path).write_bytes(content)


def rename(document):
    """Store the same bytes under another name."""
    with document.open_file() as file:
        name = document.file.storage.save("documents/withdrawn.csv", ContentFile(file.read()))
    SiteDocument.objects.filter(pk=document.pk).update(file=name)


THINGS = {
    "the file of an image": (
        lambda: overwrite(SiteImage.objects.get()),
        "the file of the image “A neuron” is not the one that was approved",
    ),
    "the file of an image and its digest": (
        lambda: (overwrite(SiteImage.objects.get()), SiteImage.objects.update(file_digest="")),
        "the image “A neuron” is not as it was approved",
    ),
    "a file that is gone": (
        lambda: Path(SiteDocument.objects.get().file.path).unlink(),
        "the file of the document “Data” is not the one that was approved",
    ),
    "the credit of an image": (
        lambda: SiteImage.objects.update(credit="Somebody"),
        "the image “A neuron” is not as it was approved",
    ),
    "the file of a document": (
        lambda: overwrite(SiteDocument.objects.get()),
        "the file of the document “Data” is not the one that was approved",
    ),
    "the title of a document": (
        lambda: SiteDocument.objects.update(title="Others"),
        "the document “Data” is not as it was approved",
    ),
    "the name of a document's file": (
        lambda: rename(SiteDocument.objects.get()),
        "the document “Data” was approved as “data.csv” and has another name",
    ),
    "the title of a source": (
        lambda: Source.objects.update(title="Another study"),
        "the source “A study” is not as it was approved",
    ),
    "the name of a topic": (
        lambda: Topic.objects.filter(name="Sleep").update(name="Waking"),
        "the topic “Sleep” is not as it was approved",
    ),
    "the credentials in a byline": (
        lambda: ContributorPage.objects.update(credentials="MD"),
        "the contributor “Ada” is not as it was approved",
    ),
    "the name in a byline": (
        lambda: Page.objects.filter(title="Ada").update(title="Eve"),
        "the contributor “Ada” is not as it was approved",
    ),
    "an image that is gone": (
        lambda: SiteImage.objects.all()._raw_delete("default"),
        "the image “A neuron” is gone",
    ),
}


@pytest.mark.parametrize("name", THINGS)
def test_what_pages_show(name, people):
    page = a_site(people)
    tamper, what = THINGS[name]
    if "gone" in what and "image" in what:
        with connection.constraint_checks_disabled():
            tamper()
    else:
        tamper()
    shown_by = {page.pk, ArticlePage.objects.get(alias_of=page).pk}
    findings = [finding for finding in found() if finding.page_id in shown_by]
    assert {finding.what for finding in findings} == {what}
    assert {finding.page_id for finding in findings} == shown_by


PAGES = {
    "words": (lambda page: ArticlePage.objects.filter(pk=page.pk).update(deck="By SQL."), "the text is not"),
    "a row": (lambda page: Claim.objects.update(text="By SQL."), "the text is not"),
    "a row more": (
        lambda page: Claim.objects.bulk_create([Claim(stated_on_id=page.pk, text="By SQL.")]),
        "the text is not",
    ),
    "a row less": (lambda page: ArticleCredit.objects.all()._raw_delete("default"), "the text is not"),
    "the address": (
        lambda page: Page.objects.filter(pk=page.pk).update(url_path="/home/elsewhere/"),
        "its address was /mindlab/articles/",
    ),
    "the date": (
        lambda page: Page.objects.filter(pk=page.pk).update(first_published_at=timezone.now()),
        "its date of first publication was",
    ),
    "another live revision": (
        lambda page: Page.objects.filter(pk=page.pk).update(live_revision=page.latest_revision_id),
        "another revision is live",
    ),
    "the words of the live revision": (
        lambda page: Revision.objects.filter(pk=page.live_revision_id).update(
            content={**page.live_revision.content, "deck": "By SQL."}
        ),
        "its live revision says other words",
    ),
    "no publication": (
        lambda page: Publication.objects.filter(page=page).update(until=timezone.now()),
        "nothing says who approved it",
    ),
    "a publication of other words": (
        lambda page: Publication.objects.filter(page=page).update(digest="0" * 64),
        "the text is not the one that was published",
    ),
    "who approved": (
        lambda page: ReviewRecord.objects.filter(page=page, step="editorial").update(account_name="somebody"),
        "the record of its editorial was changed",
    ),
    "when it was approved": (
        lambda page: ReviewRecord.objects.filter(page=page).update(decided_at=timezone.now()),
        "the record of its editorial was changed",
    ),
    "what was decided": (
        lambda page: ReviewRecord.objects.filter(page=page, step="scientific").update(decision="changes"),
        "the record of its scientific was changed",
    ),
    "for which words": (
        lambda page: ReviewRecord.objects.filter(page=page, step="scientific").update(digest="0" * 64),
        "the record of its scientific was changed",
    ),
    "an approval that is gone": (
        lambda page: ReviewRecord.objects.filter(page=page, step="scientific").delete(),
        "its approvals are not those that were written down",
    ),
    "an approval that was never given": (
        lambda page: Publication.objects.filter(page=page).update(approved_by=[]),
        "its approvals are not those that were written down",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_what_pages_are(name, people):
    page = a_site(people)
    tamper, what = PAGES[name]
    tamper(page)
    assert any(words.startswith(what) for words in said(page))


def test_a_step_that_nobody_took(people):
    page = a_site(people)
    publication = Publication.objects.get(page=page, until=None)
    publication.approvals.remove(publication.approvals.get(step="scientific"))
    Publication.objects.filter(pk=publication.pk).update(approved_by=publication.approved_by[:1])
    assert said(page) == ["no approval is on record for: scientific"]


@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_one_person_at_two_steps(role, people):
    page = a_site(people)
    ReviewRecord.objects.filter(page=page).update(user=getattr(people, role))
    assert said(page) == ["one person took two steps of its review"]
    Publication.objects.filter(page=page).update(one_person=True)
    assert said(page) == []


def test_approvals_of_ones_own_work(people):
    page = a_site(people)
    Page.objects.filter(pk=page.pk).update(owner=people.editor)
    assert said(page) == ["editor approved their own work"]
    Page.objects.filter(pk=page.pk).update(owner=people.writer)
    state = TaskState.objects.filter(revision=page.live_revision).first().workflow_state
    type(state).objects.filter(pk=state.pk).update(requested_by=people.reviewer)
    assert said(page) == ["reviewer approved their own work"]


def test_approvals_of_words_of_ones_own(people):
    page = a_site(people)
    Revision.objects.filter(pk=page.live_revision_id).update(user=people.editor)
    assert said(page) == ["editor approved words of their own"]


def test_authors_of_an_earlier_text_and_of_a_newer_draft_may_have_approved(people):
    page = publish_through_review(make_article(owner=people.writer, deck="First."), people)
    change(page, people.writing_editor, deck="Second.")
    submit(page, people.writer)
    decide(page, people.administrator)
    decide(page, people.reviewer)
    change(page, people.writer, deck="Third.")
    submit(page, people.writer)
    decide(page, people.writing_editor)
    decide(page, people.reviewer)
    page = fresh(page)
    change(page, people.reviewer, deck="A draft.")
    assert found() == []


@pytest.mark.parametrize("fields", [{"is_fictitious": True}, {"title": "Eve"}])
@pytest.mark.parametrize("is_public", [True, False])
def test_what_pages_say_of_a_reviewer(is_public, fields, people):
    person = make_contributor("Ada", user=people.editor, live=False)
    ContributorPage.objects.filter(pk=person.pk).update(owner=people.writer)
    submit(person, people.writer)
    decide(person, people.administrator)
    publish_through_review(make_article("The article", owner=people.writer), people)
    if not is_public:
        fresh(person).unpublish()
    assert said() == []
    person = fresh(person)
    model = Page if "title" in fields else ContributorPage
    model.objects.filter(pk=person.pk).update(**fields)
    expected = "the text is not the one that was" if is_public else "what pages say of this reviewer is not"
    assert any(what.startswith(expected) for what in said(person))


def test_what_is_written_down_as_public_and_is_not(people):
    page = a_site(people)
    Page.objects.filter(pk=page.pk).update(live=False)
    assert said(page) == ["it is written down as public and is not"]
    Publication.objects.filter(page=page).update(page=None)
    (finding,) = found()
    assert finding.page_id is None
    assert finding.address == page.url_path


EDGES = {
    "a gloss": (lambda: RelationEdge.objects.update(gloss="By SQL."), "what it says of “Thalamus”"),
    "a kind": (lambda: RelationEdge.objects.update(kind="part_of"), "what it says of “Thalamus”"),
    "an edge less": (lambda: RelationEdge.objects.all().delete(), "its tie to “Thalamus” is missing"),
    "another end": (
        lambda: RelationEdge.objects.update(target=make_concept("Elsewhere")),
        "what it says of “Elsewhere”",
    ),
}


@pytest.mark.parametrize("name", EDGES)
def test_edges_of_the_glossary(name, people):
    a_site(people)
    tamper, what = EDGES[name]
    tamper()
    assert any(words.startswith(what) for words in said(ConceptPage.objects.get(title="Spindle")))


def test_edges_by_other_names_and_twice_named_are_sound(people):
    spindle = make_concept(
        "Spindle",
        owner=people.writer,
        relations=(("Thalami", "<p>One.</p>"), ("thalamus", "<p>Two.</p>"), ("Unknown", "")),
    )
    publish_through_review(spindle, people)
    thalamus = publish_through_review(make_concept("Thalamus", owner=people.writer), people)
    assert RelationEdge.objects.exists()
    assert found() == []
    thalamus.unpublish()
    assert found() == []


DRAWINGS = {
    "the source": (
        lambda: Diagram.objects.update(source="graph TD\nX --> Y"),
        False,
        "the source of a stored",
    ),
    "the drawing": (lambda: Diagram.objects.update(svg="<svg/>"), True, "a stored diagram is not"),
    "its words": (lambda: Diagram.objects.update(description=["By SQL."]), True, "a stored diagram is not"),
    "a refusal": (lambda: Diagram.objects.update(error="No."), True, "a stored diagram is not"),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_stored_drawings(name, people):
    page = a_site(people)
    drawings.ensure([DIAGRAM])
    tamper, redraw, what = DRAWINGS[name]
    tamper()
    (finding,) = found(redraw=redraw)
    assert finding.page_id == page.pk
    assert finding.what.startswith(what)


def test_it_says_since_when(people):
    page = a_site(people)
    publication = Publication.objects.get(page=page, until=None)
    SiteImage.objects.update(credit="Somebody")
    (finding,) = [finding for finding in found() if finding.page_id == page.pk]
    assert finding.after == publication.since
    from wagtail.log_actions import log

    entry = log(SiteImage.objects.get(), "wagtail.edit", user=people.writer)
    (finding,) = [finding for finding in found() if finding.page_id == page.pk]
    assert (finding.after, finding.by) == (entry.timestamp, "writer")
    assert f"\tafter {entry.timestamp:%Y-%m-%d %H:%M} (writer)" in str(finding)


@pytest.mark.parametrize("kind", ["article", "concept"])
def test_the_same_statements_for_two_pages_and_for_twenty(kind, people):
    counts = []
    for number in (2, 18):
        for _ in range(number):
            if kind == "article":
                page = make_article(owner=people.writer, topics=("Sleep",), cover=make_image())
                page.claims = [Claim(text="It lasts.", sort_order=0)]
                page.save_revision(user=people.writer)
            else:
                page = make_concept(owner=people.writer, relations=(("Thalamus", "<p>Begins.</p>"),))
            publish_through_review(page, people)
        with CaptureQueriesContext(connection) as queries:
            assert found() == []
        counts.append(len(queries))
    assert counts[0] == counts[1]
    # For each of four types its keys; for the one with pages: the pages, each kind of row of theirs, the
    # publications with things and approvals, the things by kind, who submitted and who saved.
    assert counts[0] <= 40


# --- Fixtures ---


def dump(path):
    excluded = ["contenttypes", "auth.permission", "sessions", "wagtailsearch", "wagtailcore.referenceindex"]
    call_command("dumpdata", exclude=excluded, output=str(path), verbosity=0)
    return json.loads(path.read_text())


def test_a_sound_dump_is_loaded(people, tmp_path):
    page = a_site(people)
    path = tmp_path / "dump.json"
    dump(path)
    ArticlePage.objects.filter(pk=page.pk).update(deck="By SQL.")
    call_command("loaddata", str(path), verbosity=0)
    assert found() == []
    assert fresh(page).deck == page.deck


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("articles.articlepage", {"deck": "By a fixture."}),
        ("evidence.claim", {"text": "By a fixture."}),
        ("evidence.source", {"title": "By a fixture."}),
        ("core.contributorpage", {"credentials": "By a fixture."}),
        ("editorial.reviewrecord", {"account_name": "somebody"}),
        ("wagtailcore.page", {"live": True}),
    ],
)
def test_a_dump_that_was_tampered_with_is_taken_back(model, fields, people, tmp_path):
    page = a_site(people)
    make_article("A draft", owner=people.writer)
    path = tmp_path / "dump.json"
    rows = dump(path)
    for row in rows:
        if row["model"] == model:
            row["fields"].update(fields)
    path.write_text(json.dumps(rows))
    with pytest.raises(CommandError, match="Nothing was loaded, because the site would not be as reviewed"):
        call_command("loaddata", str(path), verbosity=0, stderr=StringIO())
    assert found() == []
    assert fresh(page).deck == page.deck
