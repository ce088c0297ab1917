import json

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import PageViewRestriction

from mindlab.core.models import BriefSettings
from mindlab.newsletter.content import ExportRefusedError
from mindlab.newsletter.models import IssuePage, IssueSnapshot
from mindlab.newsletter.rendering import LARGEST_HTML
from mindlab.newsletter.snapshots import export
from tests.factories import make_article, make_concept, make_hub, make_issue

pytestmark = pytest.mark.usefixtures("open_gate")


def pick(page, **overrides):
    return {"type": "pick", "value": {"page": page.pk, "title": "", "deck": "", **overrides}}


def link(page, words="words"):
    return f'<a linktype="page" id="{page.pk}">{words}</a>'


def problems(issue):
    with pytest.raises(ExportRefusedError) as refused:
        export(issue)
    return refused.value.problems


@pytest.fixture
def article():
    return make_article("What oxytocin does", deck="Less than was hoped.", live=True)


@pytest.fixture
def issue(article):
    return make_issue(12, contents=[pick(article)], live=True)


def written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_writes_html_text_and_manifest(issue, article, tmp_path, settings, capsys):
    call_command("export_newsletter", "12", out=tmp_path / "new" / "folder")
    files = written(tmp_path / "new" / "folder")
    assert sorted(files) == ["brief-12.html", "brief-12.json", "brief-12.txt"]
    manifest = json.loads(files["brief-12.json"])
    assert manifest["issue"] == 12
    assert manifest["snapshot"] == 1
    assert manifest["files"]["brief-12.html"]["bytes"] == len(files["brief-12.html"])
    assert manifest["targets"] == [
        {
            "uuid": str(article.translation_key),
            "kind": "Article",
            "title": "What oxytocin does",
            "url": f"{settings.SITE_URL}/articles/{article.slug}/",
        }
    ]
    assert "No postal address" in capsys.readouterr().err


def test_writes_the_same_bytes_whatever_became_of_the_pages(issue, article, tmp_path):
    call_command("export_newsletter", "12", out=tmp_path)
    before = written(tmp_path)
    article.title, article.slug, article.deck = "Renamed", "renamed", "Another deck."
    article.save_revision().publish()
    call_command("export_newsletter", "12", out=tmp_path)
    assert written(tmp_path) == before
    article.unpublish()
    call_command("export_newsletter", "12", out=tmp_path / "again")
    assert written(tmp_path / "again") == before
    article.delete()
    call_command("export_newsletter", "12", out=tmp_path / "again")
    assert written(tmp_path / "again") == before
    assert IssueSnapshot.objects.count() == 1


def test_refresh_makes_a_numbered_snapshot_of_what_pages_say_now(issue, article, tmp_path):
    first = export(issue)
    article.title = "Renamed"
    article.save_revision().publish()
    call_command("export_newsletter", "12", "--refresh", out=tmp_path)
    second = IssueSnapshot.objects.get(number=2)
    assert "Renamed" in second.html
    assert "Renamed" not in first.html
    assert json.loads((tmp_path / "brief-12.json").read_text())["snapshot"] == 2
    assert export(issue) == second


def test_published_change_of_the_issue_makes_a_snapshot(issue):
    first = export(issue)
    draft = IssuePage.objects.get()
    draft.subject = "Another subject"
    revision = draft.save_revision()
    assert export(issue) == first, "a draft is not what is exported"
    revision.publish()
    second = export(issue)
    assert (second.number, "Another subject" in second.html) == (2, True)


def test_snapshot_records_content_and_renderer(issue):
    snapshot = export(issue)
    snapshot.refresh_from_db()
    assert snapshot.content["entries"][0]["deck"] == "Less than was hoped."
    assert "mrml" in snapshot.renderer_version
    assert len(snapshot.sha256) == 64


def test_pick_takes_title_deck_and_link_from_its_page_unless_overwritten():
    concept = make_concept(
        "Ripple",
        definition='<p>Fast, in <b>CA1</b>, 10<sup>-3</sup> s, <a href="https://x.example/">seen</a>.</p>',
        live=True,
    )
    hub = make_hub("Sleep", deck="Why we do it.", live=True)
    make_issue(3, contents=[pick(concept), pick(hub, title="On sleep", deck="Read this first.")], live=True)
    snapshot = export(IssuePage.objects.get(number=3))
    first, second = snapshot.content["entries"]
    assert (first["label"], first["title"], first["deck"]) == (
        "Concept",
        "Ripple",
        "Fast, in CA1, 10⁻³ s, seen.",
    )
    assert (second["label"], second["title"], second["deck"]) == ("Topic", "On sleep", "Read this first.")
    assert second["url"].endswith("/topics/sleep/")


def test_markup_in_texts_is_shown_and_not_obeyed(article):
    nasty = "\"A\" & <script>alert('1')</script> <mj-button>"
    make_issue(
        4,
        subject=nasty,
        preheader=nasty,
        introduction='<p onclick="x()">Kept <script>alert(2)</script><img src="x"><b>bold</b></p>',
        contents=[pick(article, title=nasty, deck=nasty), {"type": "section", "value": {"title": nasty}}],
        cta_text=nasty,
        cta_label=nasty,
        cta_url="https://example.org/?a=1&b=2",
        live=True,
    )
    snapshot = export(IssuePage.objects.get(number=4))
    assert "<script" not in snapshot.html
    assert "onclick" not in snapshot.html
    assert "<img" not in snapshot.html
    assert "<mj-" not in snapshot.html
    assert "Kept <b>bold</b>" in snapshot.html
    assert "&amp;amp;" not in snapshot.html
    assert 'href="https://example.org/?a=1&amp;b=2"' in snapshot.html
    assert snapshot.html.count("&lt;script&gt;") >= 7
    assert nasty in " ".join(snapshot.text.split())
    assert "https://example.org/?a=1&b=2" in snapshot.text


def test_html_is_what_mail_programs_bear(issue):
    IssuePage.objects.update(preheader="The line after the subject")
    html = export(issue).html
    assert '<html lang="en"' in html
    assert "<title>Brief 12</title>" in html
    assert '<meta name="color-scheme" content="light dark" />' in html
    assert "prefers-color-scheme: dark" in html
    assert "The line after the subject" in html
    assert "fonts.googleapis" not in html
    assert "<link" not in html
    assert "<img" not in html
    assert 'src="' not in html


def test_addresses_are_absolute_in_both_forms(article, settings):
    settings.SITE_URL = "https://mindlab.example"
    document = '<a href="/documents/1/paper.pdf">paper</a>'
    make_issue(
        5,
        introduction=f"<p>See {link(article, 'this')} and the {document}.</p>",
        contents=[{"type": "text", "value": f"<p>Again {link(article)}</p>"}],
        live=True,
    )
    snapshot = export(IssuePage.objects.get(number=5))
    address = f"https://mindlab.example/articles/{article.slug}/"
    assert f'href="{address}"' in snapshot.html
    assert 'href="/' not in snapshot.html
    assert 'href="https://mindlab.example/documents/1/paper.pdf"' in snapshot.html
    assert f"<{address}>" in snapshot.text
    assert "https://mindlab.example/brief/5/" in snapshot.text


def test_an_anchor_leads_to_its_place_on_the_web_page_of_the_issue(settings):
    settings.SITE_URL = "https://mindlab.example"
    make_issue(
        8,
        introduction='<p>See <a href="#numbers">the numbers</a>.</p>',
        contents=[{"type": "text", "value": '<p><a href="#top">up</a>, <a href="/topics/#all">all</a></p>'}],
        live=True,
    )
    snapshot = export(IssuePage.objects.get(number=8))
    for address in ("brief/8/#numbers", "brief/8/#top", "topics/#all"):
        assert f'href="https://mindlab.example/{address}"' in snapshot.html
        assert f"<https://mindlab.example/{address}>" in snapshot.text
    assert 'href="https://mindlab.example/#' not in snapshot.html


def test_text_has_short_lines_whole_addresses_and_no_entities(settings):
    settings.SITE_URL = "https://mindlab.example"
    long = "word " * 60
    article = make_article("A & B “quoted”", slug="a-very-" + "long-" * 20 + "slug", deck=long, live=True)
    make_issue(6, introduction=f"<p>One &amp; two.</p><p>{long}</p>", contents=[pick(article)], live=True)
    text = export(IssuePage.objects.get(number=6)).text
    assert "&amp;" not in text
    assert "A & B “quoted”" in text
    assert f"\nhttps://mindlab.example/articles/{article.slug}/\n" in text
    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= 72
    assert "<p>" not in text


def test_live_counts_stand_in_words(article):
    from mindlab.reading import live_values
    from tests.factories import make_topic

    make_article(topics=("Sleep",), live=True)
    token = live_values.token_html(
        make_topic("Sleep").pk, none="no articles", one="one article", many="{count}"
    )
    make_issue(7, contents=[{"type": "text", "value": f"<p>We have {token} on sleep.</p>"}], live=True)
    snapshot = export(IssuePage.objects.get(number=7))
    assert "We have one article on sleep." in snapshot.html
    assert "We have one article on sleep." in snapshot.text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({}, "not published yet"),
        ({"live": True, "private": True}, "only some readers"),
    ],
)
def test_refuses_pages_that_not_everyone_may_read(state, words):
    page = make_article("Hidden", **state)
    issue = make_issue(8, contents=[pick(page)], live=True)
    (problem,) = problems(issue)
    assert "Block 1" in problem
    assert "“Hidden” (article)" in problem
    assert words in problem
    assert not IssueSnapshot.objects.exists()


def test_refuses_every_withdrawn_or_deleted_target_wherever_it_is_named():
    gone, withdrawn = make_article("Gone", live=True), make_concept("Withdrawn", live=True)
    issue = make_issue(
        9,
        introduction=f"<p>{link(withdrawn)}</p>",
        contents=[pick(gone), pick(withdrawn), {"type": "text", "value": f"<p>{link(gone)}</p>"}],
        cta_label="Read",
        cta_page=withdrawn,
        live=True,
    )
    gone.delete()
    withdrawn.unpublish()
    found = problems(IssuePage.objects.get(pk=issue.pk))
    assert ["deleted" in problem for problem in found] == [False, True, False, True, False]
    assert [problem.split(" points")[0] for problem in found] == [
        "The introduction",
        "Block 1 of the contents",
        "Block 2 of the contents",
        "Block 3 of the contents",
        "The call to action",
    ]


def test_refuses_an_issue_that_is_a_draft_or_private(article):
    draft = make_issue(10, contents=[pick(article)])
    private = make_issue(11, contents=[pick(article)], live=True, private=True)
    assert "not published" in problems(draft)[0]
    assert "some readers only" in problems(private)[0]
    PageViewRestriction.objects.all().delete()
    assert export(private).number == 1


def test_refuses_half_a_call_to_action(article):
    issue = make_issue(13, cta_text="Do something", live=True)
    assert [problem.split(":")[0] for problem in problems(issue)] == ["The call to action"] * 2


def test_forty_picks_stay_within_the_budget():
    deck = "A deck of an ordinary length, in two sentences, as an editor writes them. Here is the second."
    pages = [
        make_article(f"An article with a title of usual length, number {n}", deck=deck, live=True)
        for n in range(40)
    ]
    issue = make_issue(14, contents=[pick(page) for page in pages], live=True)
    assert len(export(issue).html.encode()) <= LARGEST_HTML == 95_000


def test_refuses_what_gmail_would_cut_off(article):
    issue = make_issue(15, contents=[pick(article, deck="long " * 200) for _ in range(100)], live=True)
    assert "Gmail would cut it off" in problems(issue)[0]


@pytest.mark.parametrize("count", [2, 20])
def test_resolving_takes_the_same_queries_for_any_number_of_picks(count, django_assert_num_queries):
    from mindlab.newsletter.resolving import resolve

    pages = [make_article(live=True) for _ in range(count)] + [make_concept(live=True) for _ in range(count)]
    make_issue(16, contents=[pick(page) for page in pages], live=True)
    issue = IssuePage.objects.get(number=16)
    resolve(issue)
    issue = IssuePage.objects.get(number=16)
    # 1: the pages chosen; 2-4: the targets, the articles and the concepts among them; 5: those public;
    # 6-7: the site and its settings of the Brief
    with django_assert_num_queries(8):  # with what is private, which a request asks for once
        resolve(issue)


def test_unknown_issue_is_a_mistake_of_usage(db, tmp_path):
    with pytest.raises(CommandError, match="no issue 99") as failed:
        call_command("export_newsletter", "99", out=tmp_path)
    assert failed.value.returncode == 2


def test_refusal_fails_with_a_reason_and_writes_nothing(tmp_path):
    make_issue(17, contents=[pick(make_article("Hidden"))], live=True)
    with pytest.raises(CommandError, match="“Hidden”") as failed:
        call_command("export_newsletter", "17", out=tmp_path)
    assert failed.value.returncode == 1
    assert not list(tmp_path.iterdir())


def test_folder_that_cannot_be_made_fails_in_one_line(issue, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match="Could not write") as failed:
        call_command("export_newsletter", "12", out=tmp_path / "file")
    assert failed.value.returncode == 1


def test_newer_draft_is_announced(issue, tmp_path, capsys):
    settings = BriefSettings.for_site(issue.get_site())
    BriefSettings.objects.filter(pk=settings.pk).update(sender_address="1 Street")
    issue.subject = "Later"
    issue.save_revision()
    call_command("export_newsletter", "12", out=tmp_path)
    captured = capsys.readouterr()
    assert "newer draft" in captured.err
    assert "postal address" not in captured.err
    assert "1 Street" in (tmp_path / "brief-12.txt").read_text()


def test_snapshot_outlives_its_issue(issue):
    snapshot = export(issue)
    IssuePage.objects.get().delete()
    snapshot.refresh_from_db()
    assert (snapshot.issue, str(snapshot)) == (None, "No. 12, snapshot 1")


def test_the_page_of_an_issue_bears_that_what_it_pointed_at_is_gone(article, client):
    issue = make_issue(12, contents=[pick(article, title="A title of its own"), pick(article)], live=True)
    article.delete()
    response = client.get(issue.url or IssuePage.objects.get(number=12).url)
    assert response.status_code == 200
    assert response.content.decode().count("<h2>") == 1
    assert "A title of its own" in response.content.decode()
