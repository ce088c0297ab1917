"""The import in the admin: who sees its reports, what they say, and the source text beside a page."""

import csv
import io
import json
from dataclasses import replace

import pytest
from django.urls import reverse

from mindlab.importer import planning, views
from mindlab.importer.models import SourceDocument
from mindlab.importer.parsers.document import Guess, Heading, Lines
from mindlab.importer.reporting import as_text
from tests.factories import make_article, make_user
from tests.importer.helpers import ARTICLE, CONCEPT, edit, line_of, page_of, run, write

pytestmark = pytest.mark.django_db

HOSTILE = (
    "# Harm\n\n<script>alert(1)</script>"
    "\n\nWords <b onclick='x'>bold</b>.\n\n%% a <script>comment</script> %%\n"
)


@pytest.fixture
def report(tmp_path):
    return run(write(tmp_path, a_md=ARTICLE, concepts__spindle_md=CONCEPT, harm_md=HOSTILE, empty_md=""))


@pytest.fixture
def login(client):
    def login(**user):
        client.force_login(make_user(**user))
        return client

    return login


def urls(report):
    return [
        reverse("import_runs"),
        reverse("import_run", args=[report.run]),
        reverse("import_run_csv", args=[report.run]),
        reverse("import_run_json", args=[report.run]),
    ]


def test_editors_and_administrators_see_the_reports_and_writers_do_not(report, login):
    for who, status in (
        ({"is_superuser": True}, 200),
        ({"groups": ("Editors",)}, 200),
        ({"groups": ("Writers",)}, 302),
        ({"groups": ("Scientific reviewers",)}, 302),
    ):
        client = login(**who)
        assert [client.get(url).status_code for url in urls(report)] == [status] * 4, who
        menu = client.get(reverse("wagtailadmin_home")).content.decode()
        assert ("reports/imports/" in menu) == (status == 200)


def test_nobody_sees_them_without_signing_in(report, client):
    for url in [*urls(report), reverse("import_source", args=[page_of("a.md").pk])]:
        assert client.get(url).status_code == 302


def test_a_run_shows_questions_first_and_links_to_drafts(report, login):
    html = login(groups=("Editors",)).get(urls(report)[1]).content.decode()
    assert html.index("No contributor has this name") < html.index('id="documents"')
    for reference in ("a.md", "concepts/spindle.md"):
        assert reverse("wagtailadmin_pages:edit", args=[page_of(reference).pk]) in html
    assert "The file is empty." in html
    assert "<script>alert" not in html
    assert "<script>comment" not in html


def test_questions_come_first_over_all_pages_and_then_what_failed(tmp_path, login, monkeypatch):
    monkeypatch.setattr(views, "OUTCOMES_PER_PAGE", 2)
    asked = "---\nauthor: Somebody Unknown\n---\n# Zebra\n\nWords about stripes.\n"
    plain = {f"p{number}_md": f"# Plain {number}\n\nWords.\n" for number in range(3)}
    report = run(write(tmp_path, **plain, y_empty_md="", z_asked_md=asked))
    client = login(groups=("Editors",))
    pages = [client.get(urls(report)[1], {"p": number}).context["outcomes"] for number in (1, 2, 3)]
    order = [outcome.reference for page in pages for outcome in page]
    assert order == ["z_asked.md", "y_empty.md", "p0.md", "p1.md", "p2.md"]


def test_questions_of_one_reason_are_asked_together(tmp_path, login):
    prose = "A neuron is a cell that listens to thousands of others, day and night, and speaks to them."
    lines = [
        "On Memory",
        prose,
        "AMNESIA AT LARGE",
        prose,
        "The Case of Henry",
        prose,
        "The Lost Keys",
        prose,
    ]
    report = run(write(tmp_path, memory_txt="\n\n".join([*lines, "FORGETTING IT ALL", prose, prose])))
    html = login(groups=("Editors",)).get(urls(report)[1]).content.decode()
    assert "<strong>heading</strong>, 2 times." in html
    text = list(as_text(report))
    start = next(
        number for number, line in enumerate(text) if line.startswith("    heading, 2 times. A short")
    )
    assert text[start + 1 : start + 3] == [
        "      line 9: The Case of Henry [75% sure]",
        "      line 13: The Lost Keys [75% sure]",
    ]


def test_downloads_say_what_the_report_said(report, login):
    client = login(groups=("Editors",))
    data = json.loads(client.get(urls(report)[3]).content)
    assert data["counts"] == report.counts
    told = {line.reference: json.loads(json.dumps(line.details())) for line in report.documents}
    for row in data["documents"]:
        assert {key: row[key] for key in told[row["document"]]} == told[row["document"]]
    table = list(csv.DictReader(io.StringIO(client.get(urls(report)[2]).content.decode())))
    assert {row["document"] for row in table} == set(told)


def test_the_source_stands_beside_the_blocks(report, login):
    page = page_of("concepts/spindle.md")
    html = login(groups=("Editors",)).get(reverse("import_source", args=[page.pk])).content.decode()
    document = SourceDocument.objects.get(reference="concepts/spindle.md")
    lines = document.text.split("\n")
    assert html.count('<tr id="line-') == len(lines)
    number = lines.index("- Spindles run at 11–16 Hz.") + 1
    row = html[html.index(f'id="line-{number}"') : html.index(f'id="line-{number + 1}"')]
    assert "key facts, fact" in row
    assert row.count("Spindles run at 11–16 Hz.") == 2
    heading = lines.index("## Key facts") + 1
    assert "Left out" in html[html.index(f'id="line-{heading}"') :][:900]


def test_guesses_and_headings_of_our_own_stand_at_their_lines(tmp_path, login, monkeypatch):
    text = "# Title\n\nBefore.\n\nWords.\n"
    parse = planning.parse

    def with_a_heading(data, name, kind):
        document = parse(data, name, kind)
        at = Lines(5, 5)
        heading = Heading(at, text="What it means", level=2, synthetic=True)
        guess = Guess("section", "practice", 0.55, "It reads like one.", at)
        blocks = (document.blocks[0], heading, *document.blocks[1:])
        return replace(document, blocks=blocks, guesses=(*document.guesses, guess))

    monkeypatch.setattr(planning, "parse", with_a_heading)
    report = run(write(tmp_path, a_md=text))
    asked = [(question.what, question.lines) for question in line_of(report, "a.md").questions]
    assert asked == [("section", Lines(5, 5)), ("heading", Lines(5, 5))]
    lines = list(as_text(report))
    assert "section (line 5): practice [55% sure]" in lines[2]
    html = (
        login(groups=("Editors",)).get(reverse("import_source", args=[page_of("a.md").pk])).content.decode()
    )
    row = " ".join(html[html.index('id="line-5"') : html.index('id="line-6"')].split())
    assert "body, heading</strong> What it means" in row
    assert "heading: A heading of our own" in row
    assert "section (55%): It reads like one." in row


def test_the_source_is_shown_escaped(report, login):
    html = (
        login(groups=("Editors",))
        .get(reverse("import_source", args=[page_of("harm.md").pk]))
        .content.decode()
    )
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html
    assert "<b onclick" not in html


def test_a_block_that_was_edited_away_says_so(report, login):
    page = page_of("a.md")
    edit(page, make_user(), body=[])
    html = login(groups=("Editors",)).get(reverse("import_source", args=[page.pk])).content.decode()
    assert "not in the draft now" in html


def test_the_editor_leads_to_the_source_of_imported_pages_only(report, login):
    client = login(groups=("Editors",))
    page, own = page_of("a.md"), make_article()
    for shown, linked in ((page, True), (own, False)):
        html = client.get(reverse("wagtailadmin_pages:edit", args=[shown.pk])).content.decode()
        assert (reverse("import_source", args=[shown.pk]) in html) == linked
    assert client.get(reverse("import_source", args=[own.pk])).status_code == 404


def test_who_may_not_edit_a_page_does_not_see_its_source(report, login):
    url = reverse("import_source", args=[page_of("a.md").pk])
    assert login(groups=("Scientific reviewers",)).get(url).status_code == 302


def test_a_proposal_is_offered_in_the_history(tmp_path, report, login):
    page = page_of("a.md")
    edit(page, make_user(), deck="My own.")
    write(tmp_path, a_md=ARTICLE.replace("not idle", "busy"))
    run(tmp_path)
    client = login(groups=("Editors",))
    proposal = SourceDocument.objects.get(reference="a.md").proposal
    html = client.get(reverse("import_source", args=[page.pk])).content.decode()
    assert "waits as a proposal" in html
    history = client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()
    assert "Proposed by an import" in history
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, proposal.pk])
    assert revert in history
    assert "busy" in client.get(revert).content.decode()
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, proposal.pk, "latest"])
    assert client.get(compare).status_code == 200


def test_the_lists_take_the_same_number_of_queries_for_many(tmp_path, login, django_assert_max_num_queries):
    for number in range(20):
        write(tmp_path, **{f"n{number}_md": f"# Title {number}\n\nWords {number}.\n"})
    many = run(tmp_path)
    client = login(groups=("Editors",))
    client.get(urls(many)[1])
    # Session, user, groups and permissions of Wagtail's frame; run, counts, number and rows of outcomes.
    with django_assert_max_num_queries(24):
        client.get(urls(many)[1])
