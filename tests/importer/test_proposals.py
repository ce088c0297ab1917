"""A proposed text in the admin: compared, accepted or put aside, by those who may edit the page."""

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry

from articles.models import ArticlePage
from glossary.models import ConceptPage
from mindlab.core.models import SiteImage
from mindlab.importer.models import SourceDocument
from tests.factories import make_concept, make_user
from tests.importer.helpers import ARTICLE, CONCEPT, edit, outcomes, page_of, revisions, run, write
from tests.importer.test_command import PNG

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make_user("editor", groups=("Editors",))
    client.force_login(user)
    return user


@pytest.fixture
def proposed(tmp_path):
    """A draft that a person edited, and the document whose newer text waits beside it."""
    run(write(tmp_path, night_md=ARTICLE))
    edit(page_of("night.md"), make_user("person"), deck="My own deck.", seo_title="My own")
    run(write(tmp_path, night_md=ARTICLE.replace("not idle", "busy")))
    return SourceDocument.objects.get(reference="night.md")


def url(name, document):
    return reverse(name, args=[document.pk, document.proposal_id])


def body(page):
    return str(page.get_latest_revision_as_object().body.raw_data[0]["value"])


@pytest.mark.parametrize("where", ["source", "run"])
def test_it_is_offered_where_editors_look(client, editor, proposed, where):
    page = proposed.page
    if where == "source":
        address = reverse("import_source", args=[page.pk])
    else:
        address = reverse("import_run", args=[proposed.outcomes.latest("pk").run_id])
    html = client.get(address).content.decode()
    compare = reverse(
        "wagtailadmin_pages:revisions_compare", args=[page.pk, page.latest_revision_id, proposed.proposal_id]
    )
    assert compare in html
    assert url("import_accept", proposed) in html
    assert url("import_keep", proposed) in html
    assert html.count("csrfmiddlewaretoken") >= 2
    shown = client.get(compare).content.decode()
    assert "busy" in shown
    assert "not idle" in shown
    client.post(url("import_keep", proposed))
    assert "Accept the proposal" not in client.get(address).content.decode()


def test_accepting_makes_the_draft_of_the_one_who_accepts(client, editor, proposed, tmp_path):
    page, mine = proposed.page, proposed.page.latest_revision
    response = client.post(url("import_accept", proposed))
    assert response.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    page = ArticlePage.objects.get(pk=page.pk)
    assert not page.live
    assert page.latest_revision.user == editor
    assert "busy" in body(page)
    assert "busy" in str(page.body.raw_data[0]["value"])
    assert page.get_latest_revision_as_object().deck == "What happens at night."
    assert mine in page.revisions.all()
    assert PageLogEntry.objects.filter(page=page, action="importer.accept", user=editor).count() == 1
    count = revisions(page)
    assert outcomes(run(tmp_path)) == {"night.md": "unchanged"}
    assert revisions(page) == count
    write(tmp_path, night_md=ARTICLE.replace("not idle", "very busy"))
    assert outcomes(run(tmp_path)) == {"night.md": "updated"}


def test_accepting_keeps_what_the_import_does_not_write(client, editor, proposed):
    page = proposed.page.specific
    edit(page, make_user("later"), slug="my-address", search_description="Mine.")
    client.post(url("import_accept", proposed))
    draft = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (draft.slug, draft.search_description, draft.seo_title) == ("my-address", "Mine.", "My own")
    assert "busy" in str(draft.body.raw_data[0]["value"])


def test_keeping_the_draft_proposes_the_same_text_no_more(client, editor, proposed, tmp_path):
    page, before = proposed.page, revisions(proposed.page)
    response = client.post(url("import_keep", proposed), {"next": "/admin/reports/imports/"})
    assert response.url == "/admin/reports/imports/"
    assert PageLogEntry.objects.filter(page=page, action="importer.dismiss", user=editor).count() == 1
    assert outcomes(run(tmp_path)) == {"night.md": "unchanged"}
    page.refresh_from_db()
    assert revisions(page) == before
    assert page.specific.deck == "My own deck."
    write(tmp_path, night_md=ARTICLE.replace("not idle", "very busy"))
    assert outcomes(run(tmp_path)) == {"night.md": "proposed"}


def test_a_live_page_gets_a_draft_and_stays_as_it_is(client, editor, proposed, open_gate):
    proposed.page.specific.latest_revision.publish()
    client.post(url("import_accept", proposed))
    page = ArticlePage.objects.get(pk=proposed.page_id)
    assert page.live
    assert "not idle" in str(page.body.raw_data[0]["value"])
    assert "busy" in body(page)


@pytest.mark.parametrize("name", ["import_accept", "import_keep"])
def test_only_those_who_may_edit_the_page_decide(client, proposed, name):
    before = (proposed.proposal_id, revisions(proposed.page))
    assert client.post(url(name, proposed)).url.startswith(reverse("wagtailadmin_login"))
    for group in ("Writers", "Scientific reviewers"):
        client.force_login(make_user(groups=(group,)))
        client.post(url(name, proposed))
        proposed.refresh_from_db()
        assert (proposed.proposal_id, revisions(proposed.page)) == before, group
    client.force_login(make_user(is_superuser=True))
    assert client.get(url(name, proposed)).status_code == 405
    client.post(url(name, proposed))
    proposed.refresh_from_db()
    assert proposed.proposal_id is None


def test_a_page_that_is_locked_or_in_review_takes_nothing_over(client, editor, proposed):
    page, before = proposed.page.specific, revisions(proposed.page)
    page.locked, page.locked_by = True, make_user("owner")
    page.save()
    assert "locked" in client.post(url("import_accept", proposed), follow=True).content.decode()
    page.locked = False
    page.save()
    page.get_workflow().start(page, make_user("submitter"))
    html = client.post(url("import_accept", proposed), follow=True).content.decode()
    assert "end the review first" in html
    assert "Accept the proposal" not in html
    proposed.refresh_from_db()
    assert proposed.proposal_id is not None
    assert revisions(page) == before


def test_a_newer_proposal_is_not_decided_on_unseen(client, editor, proposed, tmp_path):
    seen = url("import_accept", proposed)
    run(write(tmp_path, night_md=ARTICLE.replace("not idle", "very busy")))
    assert "A newer text was proposed" in client.post(seen, follow=True).content.decode()
    proposed.refresh_from_db()
    assert proposed.page.specific.get_latest_revision_as_object().deck == "My own deck."
    client.post(url("import_accept", proposed))
    assert "very busy" in body(ArticlePage.objects.get(pk=proposed.page_id))
    assert "No proposal waits" in client.post(seen, follow=True).content.decode()


def test_a_purged_proposal_is_made_again(proposed, tmp_path):
    proposed.proposal.delete()
    assert outcomes(run(tmp_path)) == {"night.md": "proposed"}
    proposed.refresh_from_db()
    assert "busy" in str(proposed.proposal.as_object().body.raw_data[0]["value"])
    assert outcomes(run(tmp_path)) == {"night.md": "unchanged"}


def test_what_editors_said_of_relations_and_images_outlives_a_new_text(client, editor, tmp_path):
    text = CONCEPT.replace("### Circuits", "![](dots.png)\n\n### Circuits")
    run(write(tmp_path, a_md=text, dots_png=PNG))
    waves = make_concept("Slow waves")
    page = ConceptPage.objects.get(title="Sleep spindle")
    draft = page.get_latest_revision_as_object()
    relations = list(draft.relations.all())
    relations[0].kind, relations[0].direction = "part", "out"
    relations[0].target, relations[0].term = waves, ""
    blocks = draft.mechanism.raw_data
    image = next(block for block in blocks if block["type"] == "image")
    image["value"]["image"]["alt_text"] = "Two dots"
    edit(page, editor, relations=relations, mechanism=list(blocks))
    write(tmp_path, a_md=text.replace("drum roll", "roll of a drum"))
    assert outcomes(run(tmp_path)) == {"a.md": "proposed"}
    client.post(url("import_accept", SourceDocument.objects.get()))
    page = ConceptPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert "roll of a drum" in page.plain_words
    first = page.relations.all()[0]
    assert (first.kind, first.direction, first.target) == ("part", "out", waves)
    image = next(block for block in page.mechanism.raw_data if block["type"] == "image")
    assert image["value"]["image"] == {
        "image": SiteImage.objects.get().pk,
        "alt_text": "Two dots",
        "decorative": False,
    }
