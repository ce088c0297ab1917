"""The import as editors meet it: drafts, second runs, edits, moves, copies, links."""

import pytest
from wagtail.models import PageLogEntry

from articles.models import ArticlePage, TopicPage
from glossary.models import ConceptAlias, ConceptPage
from mindlab.core.models import Topic
from mindlab.importer import session
from mindlab.importer.matching import Match
from mindlab.importer.models import ImportOutcome, ImportRun, Provenance, SourceDocument
from mindlab.users.models import User
from tests.factories import make_concept, make_contributor, make_hub, make_user
from tests.importer.helpers import (
    ARTICLE,
    CONCEPT,
    edit,
    line_of,
    media_files,
    move,
    outcomes,
    page_of,
    revisions,
    rows,
    run,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "docs", concepts__spindle_md=CONCEPT, night_md=ARTICLE)


def test_drafts_are_ordinary_ones(folder):
    report = run(folder)
    assert outcomes(report) == {"concepts/spindle.md": "created", "night.md": "created"}
    assert report.exit_code == 0
    for page in (page_of("concepts/spindle.md"), page_of("night.md")):
        assert not page.live
        assert page.has_unpublished_changes
        assert page.owner.username == "importer"
        assert not page.owner.is_active
        assert revisions(page) == 1
        assert page.latest_revision.user == page.owner
        actions = PageLogEntry.objects.filter(page=page).order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["wagtail.create", "wagtail.edit"]
        assert page.search_description == ""
        page.full_clean()


def test_a_concept_is_put_into_its_sections(folder):
    run(folder)
    page = ConceptPage.objects.get()
    assert page.title == "Sleep spindle"
    assert page.slug == "sleep-spindle"
    assert page.definition.startswith("<p>A sleep spindle is a burst")
    assert page.plain_words == "<p>Imagine a short drum roll.</p>"
    assert [block.block_type for block in page.mechanism] == ["text", "heading", "list", "diagram"]
    assert page.mechanism[1].value["text"].source == "Circuits"
    items = page.mechanism[2].value["items"]
    assert [(item["text"].source, item["depth"]) for item in items] == [
        ("<p>Thalamus</p>", "0"),
        ("<p>Reticular nucleus</p>", "1"),
        ("<p>Cortex</p>", "0"),
    ]
    assert [block.block_type for block in page.practice] == ["text"]
    assert next(fact.value.source for fact in page.key_facts) == "<p>Spindles run at 11–16 Hz.</p>"
    assert [(relation.term, relation.target) for relation in page.relations.all()] == [
        ("slow oscillations", None),
        ("Thalamus", None),
    ]
    assert [alias.name for alias in page.other_names.all()] == ["Sigma spindle"]
    assert sorted(topic.name for topic in page.topics.all()) == ["Memory", "Sleep"]
    assert page.originally_published.isoformat() == "2020-05-17"
    assert page.original_byline == "Ann Example"


def test_section_names_are_left_out_and_said(folder):
    line = line_of(run(folder), "concepts/spindle.md")
    left = {entry.text for entry in line.left_out}
    assert {"In plain words", "Mechanism", "In practice", "Key facts", "Related concepts"} <= left


def test_unknown_authors_are_asked_for_and_known_ones_credited(folder):
    make_contributor("ann example")
    assert not [q for q in line_of(run(folder), "concepts/spindle.md").questions if q.what == "author"]
    page = ConceptPage.objects.get()
    assert [credit.contributor.title for credit in page.credits.all()] == ["ann example"]
    assert page.original_byline == ""


def test_every_block_and_list_child_has_an_id_and_its_lines(folder):
    run(folder)
    document = SourceDocument.objects.get(reference="concepts/spindle.md")
    page = document.page.specific
    ids = [
        block["id"]
        for name in ("mechanism", "practice", "key_facts")
        for block in getattr(page, name).raw_data
    ]
    ids += [
        item["id"]
        for block in page.mechanism.raw_data
        if block["type"] == "list"
        for item in block["value"]["items"]
    ]
    ids += [str(relation.uuid) for relation in page.relations.all()]
    assert all(ids)
    assert len(set(ids)) == len(ids)
    lines = document.text.split("\n")
    for fact in page.key_facts.raw_data:
        passage = Provenance.objects.get(document=document, block_id=fact["id"])
        assert fact["value"].removeprefix("<p>").removesuffix("</p>") in lines[passage.first_line - 1]
    assert set(ids) <= set(document.provenance.values_list("block_id", flat=True))


def test_a_second_run_writes_no_page_and_no_revision(folder):
    run(folder)
    before = rows()
    report = run(folder)
    assert set(outcomes(report).values()) == {"unchanged"}
    after = rows()
    changed = {label for label in after if after[label] != before[label]}
    assert changed == {"importer.ImportRun", "importer.ImportOutcome"}


def test_a_changed_source_updates_a_draft_nobody_edited(folder):
    run(folder)
    page = page_of("concepts/spindle.md")
    kept = page.key_facts.raw_data[0]["id"]
    write(
        folder,
        concepts__spindle_md=CONCEPT.replace("A sleep spindle is", "A spindle is").replace(
            "- They", "- Spindles"
        ),
    )
    assert outcomes(run(folder))["concepts/spindle.md"] == "updated"
    page.refresh_from_db()
    assert page.definition.startswith("<p>A spindle is")
    assert page.get_latest_revision_as_object().definition == page.definition
    assert revisions(page) == 2
    assert page.key_facts.raw_data[0]["id"] == kept
    assert page.relations.count() == 2


def test_opening_and_saving_a_draft_is_no_edit(folder):
    run(folder)
    page = page_of("night.md")
    edit(page, make_user())
    write(folder, night_md=ARTICLE + "\nMore.\n")
    assert outcomes(run(folder))["night.md"] == "updated"


def test_what_a_person_edited_stays_and_the_new_text_is_proposed(folder):
    run(folder)
    page = page_of("night.md")
    written = edit(page, make_user(), deck="My own deck.")
    write(folder, night_md=ARTICLE.replace("not idle", "busy"))
    report = run(folder)
    line = line_of(report, "night.md")
    assert line.outcome == "proposed"
    assert "edited" in line.message
    page.refresh_from_db()
    assert page.latest_revision == written
    assert page.deck == "My own deck."
    document = SourceDocument.objects.get(reference="night.md")
    proposal = document.proposal
    assert proposal in page.revisions.all()
    assert proposal.pk != written.pk
    assert "busy" in str(proposal.as_object().body.raw_data[0])
    assert written.is_latest_revision()
    assert PageLogEntry.objects.filter(page=page, revision=proposal, action="importer.propose").exists()
    count = revisions(page)
    assert outcomes(run(folder))["night.md"] == "unchanged"
    assert revisions(page) == count


def test_an_accepted_proposal_is_updated_like_a_draft_of_our_own(folder):
    run(folder)
    page = page_of("night.md")
    user = make_user()
    edit(page, user, deck="My own deck.")
    write(folder, night_md=ARTICLE.replace("not idle", "busy"))
    run(folder)
    proposal = SourceDocument.objects.get(reference="night.md").proposal
    accepted = proposal.as_object()
    accepted.save()
    accepted.save_revision(user=user, previous_revision=proposal, log_action=True)
    write(folder, night_md=ARTICLE.replace("not idle", "very busy"))
    assert outcomes(run(folder))["night.md"] == "updated"
    page.refresh_from_db()
    assert "very busy" in str(page.get_latest_revision_as_object().body.raw_data[0])


def test_a_page_in_review_gets_a_proposal(folder):
    run(folder)
    page = page_of("night.md")
    page.get_workflow().start(page, make_user())
    write(folder, night_md=ARTICLE.replace("not idle", "busy"))
    assert outcomes(run(folder))["night.md"] == "proposed"


def test_a_live_page_keeps_its_words_and_gets_a_draft(folder, open_gate):
    run(folder)
    page = page_of("night.md")
    page.latest_revision.publish()
    write(folder, night_md=ARTICLE.replace("not idle", "busy"))
    assert outcomes(run(folder))["night.md"] == "updated"
    page = ArticlePage.objects.get(pk=page.pk)
    assert page.live
    assert "not idle" in str(page.body.raw_data[0])
    assert "busy" in str(page.get_latest_revision_as_object().body.raw_data[0])


def test_a_moved_file_is_known_by_its_content(folder):
    run(folder)
    page = page_of("night.md")
    move(folder / "night.md", folder / "elsewhere" / "renamed.md")
    before = rows()["wagtailcore.Page"]
    assert outcomes(run(folder))["elsewhere/renamed.md"] == "unchanged"
    assert rows()["wagtailcore.Page"] == before
    assert page_of("elsewhere/renamed.md") == page
    write(folder, elsewhere__renamed_md=ARTICLE + "\nMore.\n")
    assert outcomes(run(folder))["elsewhere/renamed.md"] == "updated"


def test_a_folder_copied_and_edited_is_known_by_its_references(folder, tmp_path):
    run(folder)
    move(folder, tmp_path / "other")
    write(tmp_path / "other", night_md=ARTICLE + "\nMore.\n")
    assert outcomes(run(tmp_path / "other")) == {"concepts/spindle.md": "unchanged", "night.md": "updated"}


def test_two_folders_may_hold_different_documents_of_one_reference(tmp_path):
    write(tmp_path / "a", intro_md="# On sleep\n\nWords about sleep.\n")
    write(tmp_path / "b", intro_md="# On memory\n\nQuite other words.\n\nAnd more of them.\n")
    assert set(outcomes(run(tmp_path / "a")).values()) == {"created"}
    assert set(outcomes(run(tmp_path / "b")).values()) == {"created"}
    assert ArticlePage.objects.count() == 2


def test_a_copy_that_is_edited_leaves_the_first_document_its_page(folder):
    run(folder)
    page = page_of("night.md")
    write(folder, copy_md=ARTICLE, night_md=ARTICLE + "\nMore.\n")
    assert outcomes(run(folder)) == {
        "concepts/spindle.md": "unchanged",
        "copy.md": "created",
        "night.md": "updated",
    }
    assert page_of("night.md") == page


def test_one_title_twice_makes_two_pages_two_slugs_and_a_warning(tmp_path):
    write(
        tmp_path, a_md="# Same title\n\nOne.\n", b_md="# Same title\n\nTwo.\n", c_md="# Same title\n\nOne.\n"
    )
    report = run(tmp_path)
    assert sorted(ArticlePage.objects.values_list("slug", flat=True)) == [
        "same-title",
        "same-title-2",
        "same-title-3",
    ]
    assert "same-title-2" in line_of(report, "b.md").warnings[0]
    assert any("same text as a.md" in warning for warning in line_of(report, "c.md").warnings)


def test_titles_that_are_no_slugs(tmp_path):
    long = "Long " * 100
    write(
        tmp_path,
        a_md="# ???\n\nWords.\n",
        b_md="# ???\n\nOthers.\n",
        c_md="# Admin\n\nWords here.\n",
        d_md=f"# {long}\n\nText.\n",
    )
    report = run(tmp_path)
    assert report.exit_code == 0
    slugs = {page_of(name).slug for name in ("a.md", "b.md", "c.md")}
    assert slugs == {"document", "document-2", "admin-document"}
    page = page_of("d.md")
    assert len(page.title) <= 255
    assert page.title.endswith("…")
    assert any("shorten" in question.reason for question in line_of(report, "d.md").questions)


def test_front_matter_sets_no_address_owner_or_state(tmp_path):
    text = (
        "---\ntitle: Mine\nslug: evil\nlive: true\nowner: admin\npath: 00010001\nurl_path: /x/\n---\nWords.\n"
    )
    write(tmp_path, a_md=text)
    run(tmp_path)
    page = page_of("a.md")
    assert page.slug == "mine"
    assert not page.live
    assert page.owner.username == "importer"
    assert page.depth == 4


def test_a_taken_topic_gives_a_draft_without_one_and_a_question(tmp_path):
    hub = make_hub("Oxytocin")
    write(
        tmp_path,
        a_txt="Oxytocin\n\nWhat it does.\n\n3 articles\n\nThe Essay Title\n\nA paragraph of text.\n",
    )
    line = line_of(run(tmp_path, kind="topic"), "a.txt")
    page = TopicPage.objects.exclude(pk=hub.pk).get()
    assert page.topic is None
    assert [question.what for question in line.questions][-1] == "topic"
    assert page.slug == "oxytocin-2"


def test_a_hub_finds_its_topic_without_regard_to_case(tmp_path):
    topic = Topic.objects.create(name="oxytocin", slug="oxytocin")
    write(
        tmp_path, a_txt="Oxytocin\n\nWhat it does.\n\n3 articles\n\nThe Essay Title\n\nA paragraph of text.\n"
    )
    run(tmp_path, kind="topic")
    assert TopicPage.objects.get().topic == topic
    assert Topic.objects.count() == 1


def test_links_are_found_in_any_order_with_one_revision_each(tmp_path):
    write(
        tmp_path,
        a_md="# First\n\nSee [[Second]], [the third](sub/third.md) and [[Nowhere]].\n",
        b_md="# Second\n\nBack to [one](a.md#top).\n",
        sub__third_md="# Third\n\nUp to [one](../a.md), [two](/b.md) and [out](../../../etc/passwd).\n",
    )
    report = run(tmp_path)
    first, second, third = (page_of(name) for name in ("a.md", "b.md", "sub/third.md"))
    html = first.body.raw_data[0]["value"]
    assert f'<a linktype="page" id="{second.pk}">Second</a>' in html
    assert f'<a linktype="page" id="{third.pk}">the third</a>' in html
    assert "and Nowhere." in html
    assert line_of(report, "a.md").wanted == ("Nowhere",)
    assert f'<a linktype="page" id="{first.pk}">one</a>' in third.body.raw_data[0]["value"]
    assert "out" in third.body.raw_data[0]["value"]
    assert "passwd" not in third.body.raw_data[0]["value"]
    assert [revisions(page) for page in (first, second, third)] == [1, 1, 1]
    assert first.get_latest_revision_as_object().body.raw_data[0]["value"] == html
    assert not SourceDocument.objects.filter(links_pending=True).exists()
    assert set(outcomes(run(tmp_path)).values()) == {"unchanged"}


def test_relations_find_concepts_by_title_other_name_case_and_number(tmp_path):
    spindle = make_concept("Sleep spindles")
    ConceptAlias.objects.create(concept=spindle, name="Sigma bursts")
    relations = "- SLEEP SPINDLE — one\n- sigma burst — two\n- nothing yet — three\n"
    text = f"# Thalamus\n\nThe thalamus is a relay.\n\n## Related concepts\n\n{relations}"
    write(tmp_path, a_md=text)
    run(tmp_path, kind="concept")
    page = ConceptPage.objects.get(title="Thalamus")
    assert [(relation.target, relation.term) for relation in page.relations.all()] == [
        (spindle, ""),
        (spindle, ""),
        (None, "nothing yet"),
    ]


def test_a_later_document_is_linked_from_an_earlier_one(tmp_path):
    write(tmp_path, a_md="# First\n\nSee [[Second]].\n")
    run(tmp_path)
    write(tmp_path, b_md="# Second\n\nWords.\n")
    assert outcomes(run(tmp_path)) == {"a.md": "updated", "b.md": "created"}
    assert "linktype" in page_of("a.md").body.raw_data[0]["value"]
    assert set(outcomes(run(tmp_path)).values()) == {"unchanged"}


def test_a_concept_that_comes_later_answers_what_relations_wanted(tmp_path):
    run(write(tmp_path, b_spindle_md=CONCEPT))
    page = ConceptPage.objects.get()
    assert [relation.target for relation in page.relations.all()] == [None, None]
    waves = CONCEPT.replace("Sleep spindle", "Up-state rhythm").replace("Sigma spindle", "Slow Oscillation")
    run(
        write(tmp_path, c_waves_md=waves, a_thalamus_md="# THALAMUS\n\nThe thalamus is a relay.\n"),
        kind="concept",
    )
    page.refresh_from_db()
    assert [relation.target.title for relation in page.relations.all()] == ["Up-state rhythm", "THALAMUS"]
    assert revisions(page) == 1
    assert set(outcomes(run(tmp_path, kind="concept")).values()) == {"unchanged"}


def test_the_report_is_kept_with_its_run(folder):
    report = run(folder)
    record = ImportRun.objects.get(pk=report.run)
    assert record.status == "finished"
    assert record.user == User.objects.get(username="importer")
    outcome = ImportOutcome.objects.get(run=record, reference="night.md")
    assert outcome.page_id == page_of("night.md").pk
    assert outcome.document.reference == "night.md"
    assert outcome.details["left_out"] == line_of(report, "night.md").details()["left_out"]


def test_a_dry_run_is_the_same_plan_and_writes_nothing(folder):
    make_concept("Thalamus")
    before, files = rows(), media_files()
    dry = run(folder, dry_run=True)
    assert rows() == before
    assert media_files() == files
    real = run(folder)

    def told(report):
        return [
            (line.reference, line.outcome, line.kind, line.title, line.message, line.details())
            for line in report.documents
        ]

    assert told(dry) == told(real)


def test_a_deleted_page_is_not_made_again_until_its_text_changes(folder):
    run(folder)
    page_of("night.md").delete()
    assert outcomes(run(folder))["night.md"] == "conflict"
    assert not ArticlePage.objects.exists()
    assert outcomes(run(folder / "night.md"))["night.md"] == "created"
    page_of("night.md").delete()
    write(folder, night_md=ARTICLE + "\nMore.\n")
    assert outcomes(run(folder))["night.md"] == "created"


def test_another_kind_is_a_conflict(folder):
    run(folder)
    write(folder, concepts__spindle_md=CONCEPT + "\nMore.\n")
    line = line_of(run(folder, kind="article"), "concepts/spindle.md")
    assert line.outcome == "conflict"
    assert "--kind concept" in line.message


def test_a_run_that_died_is_marked_as_interrupted(folder):
    dead = ImportRun.objects.create(process=f"{__import__('socket').gethostname()}:999999999")
    run(folder)
    dead.refresh_from_db()
    assert dead.status == "interrupted"


def test_what_another_run_wrote_meanwhile_is_not_written_again(folder, monkeypatch):
    run(folder)
    records = {"importer.ImportRun": 0, "importer.ImportOutcome": 0}
    before = rows() | records
    # This run looked for known documents before the other one wrote them.
    monkeypatch.setattr(session, "match", lambda sources: [Match() for _ in sources])
    report = run(folder)
    assert outcomes(report) == {"concepts/spindle.md": "unchanged", "night.md": "unchanged"}
    assert rows() | records == before
    kept = ImportOutcome.objects.filter(run=report.run).values_list("outcome", flat=True)
    assert list(kept) == ["unchanged", "unchanged"]


def note(name):
    return f"# {name}\n\n" + "\n\n".join(f"Words of {name}, line {number}." for number in range(3)) + "\n"


def by_title():
    return {d.title: (d.reference, d.page.title) for d in SourceDocument.objects.select_related("page")}


def test_two_files_that_change_places_keep_their_pages(tmp_path):
    folder = write(tmp_path, a_md=note("Alpha"), b_md=note("Beta"))
    run(folder)
    before = rows() | {"importer.ImportRun": 0, "importer.ImportOutcome": 0}
    (folder / "a.md").rename(folder / "t")
    (folder / "b.md").rename(folder / "a.md")
    (folder / "t").rename(folder / "b.md")
    for _ in range(2):
        assert outcomes(run(folder)) == {"a.md": "unchanged", "b.md": "unchanged"}
    assert rows() | {"importer.ImportRun": 0, "importer.ImportOutcome": 0} == before
    assert by_title() == {"Alpha": ("b.md", "Alpha"), "Beta": ("a.md", "Beta")}


def test_a_file_that_takes_the_place_of_one_that_is_gone_keeps_its_page(tmp_path):
    folder = write(tmp_path, a_md=note("Alpha"), b_md=note("Beta"))
    run(folder)
    (folder / "b.md").rename(folder / "a.md")
    assert outcomes(run(folder)) == {"a.md": "unchanged"}
    assert by_title()["Beta"] == ("a.md", "Beta")
    assert ArticlePage.objects.count() == 2


def test_files_that_are_numbered_anew_keep_their_pages(tmp_path):
    folder = write(tmp_path, **{"01_md": note("Alpha"), "02_md": note("Beta")})
    run(folder)
    (folder / "02.md").rename(folder / "03.md")
    (folder / "01.md").rename(folder / "02.md")
    write(folder, **{"01_md": note("Gamma")})
    assert outcomes(run(folder)) == {"01.md": "created", "02.md": "unchanged", "03.md": "unchanged"}
    places = {title: reference for title, (reference, page) in by_title().items() if title == page}
    assert places == {"Alpha": "02.md", "Beta": "03.md", "Gamma": "01.md"}


def test_a_copy_is_a_page_of_its_own_when_the_first_is_edited(tmp_path):
    folder = write(tmp_path, a_md=note("Alpha"))
    run(folder)
    write(folder, a_md=note("Alpha") + "\nOne more.\n", copy_md=note("Alpha"))
    assert outcomes(run(folder)) == {"a.md": "updated", "copy.md": "created"}


def test_a_link_to_a_folder_finds_the_document_that_stands_for_it(tmp_path):
    text = "# Start\n\nSee [the sleep pages](sleep/) and [dreams](dreams).\n"
    run(write(tmp_path, start_md=text, sleep__index_md=note("Sleep"), dreams__README_md=note("Dreams")))
    html = str(page_of("start.md").get_latest_revision_as_object().body.raw_data[0]["value"])
    for reference in ("sleep/index.md", "dreams/README.md"):
        assert f'linktype="page" id="{page_of(reference).pk}"' in html


def test_a_relation_with_words_of_its_own_finds_the_concept_it_links_to(tmp_path):
    text = "# Axon\n\nAn axon is a fibre.\n\n## Related concepts\n\n- [[Neuron|nerve cell]] — grows it\n"
    neuron = "# Neuron\n\nA neuron is a cell.\n\n## Related concepts\n\n- [[Axon]] — its fibre\n"
    report = run(write(tmp_path, a_md=text, n_md=neuron), kind="concept")
    relation = page_of("a.md").get_latest_revision_as_object().relations.get()
    assert relation.target_id == page_of("n.md").pk
    assert "nerve cell" in [change.before for change in line_of(report, "a.md").substituted]


def test_what_an_edited_draft_names_is_told_when_its_page_comes(tmp_path):
    folder = write(tmp_path, a_md="# Alpha\n\nSee [[Later]].\n")
    run(folder)
    edit(page_of("a.md"), make_user(), deck="Mine.")
    write(folder, l_md=note("Later"))
    line = line_of(run(folder), "a.md")
    assert line.outcome == "unchanged"
    assert any("Later" in warning and "by hand" in warning for warning in line.warnings)
