"""Pages that were public before publications were written get the same that would be written today."""

import json

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from wagtail.models import Page

from articles.models import ArticleCredit
from glossary.models import ConceptAlias
from mindlab.core import gate
from mindlab.core.digests import page_digest
from mindlab.core.models import ContributorPage, SiteDocument, SiteImage
from mindlab.editorial import audit, publications
from mindlab.editorial.models import Publication, ReviewRecord, ShownThing
from mindlab.evidence.models import Citation, Claim, Measurement, Source
from mindlab.home.migrations import _publications
from mindlab.home.migrations._digests import old_digest
from mindlab.newsletter.models import IssueSnapshot
from tests.core.test_shown import make_document
from tests.editorial.helpers import change, decide, fresh, make_people, publish_through_review, submit
from tests.factories import (
    make_article,
    make_concept,
    make_contributor,
    make_hub,
    make_image,
    make_issue,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return make_people()


@pytest.fixture
def historical():
    loader = MigrationLoader(connection)
    return loader.project_state([("home", "0003_publications_of_public_pages")]).apps


def a_rich_article(people, concept):
    source = Source.objects.create(title="A study", year=2020, authors=[{"family": "Smith"}])
    document, image, topic = make_document(), make_image("In the text"), make_topic("Dreams")
    text = (
        f'<p data-block-key="abc12">A <a linktype="page" id="{concept.pk}">term</a>, a '
        f'<a linktype="document" id="{document.pk}">file</a> &amp; '
        f'<embed embedtype="live-count" topic="{topic.pk}" none="" one="1" many="{{count}}"/></p>'
    )
    body = [
        {"type": "text", "value": text, "id": "a"},
        {"type": "image", "value": {"image": {"image": image.pk, "alt_text": "A neuron"}, "caption": ""}},
        {"type": "list", "value": {"ordered": False, "items": [{"text": "One", "depth": "1"}]}},
        {"type": "table", "value": {"data": [["Theta", 0]], "first_row_is_table_header": False}},
        {"type": "diagram", "value": {"caption": "", "source": 'graph TD\nA["data-block-key=1"] --> B'}},
    ]
    page = make_article(owner=people.writer, topics=("Sleep",), cover=make_image("Cover"), body=body)
    page.credits = [ArticleCredit(contributor=make_contributor("Ada", credentials="PhD"), sort_order=0)]
    page.claims = [Claim(text="Half.", sort_order=0, citations=[Citation(source=source, sort_order=0)])]
    page.measurements = [Measurement(quantity="Rate", value="12.50", unit="Hz", sort_order=0)]
    page.save_revision(user=people.writer)
    return page


def a_site(people):
    """One public page of each kind, an alias, a page under review, and one that nobody approved."""
    concept = make_concept("Spindle", owner=people.writer, relations=(("Thalamus", "<p>Begins.</p>"),))
    concept.other_names = [ConceptAlias(name="Sleep spindle", sort_order=0)]
    concept.save_revision(user=people.writer)
    concept = publish_through_review(concept, people)
    article = publish_through_review(a_rich_article(people, concept), people)
    hub = publish_through_review(make_hub(owner=people.writer, concept=concept), people)
    issue = make_issue(owner=people.writer)
    submit(issue, people.writer)
    decide(issue, people.editor)
    alias = article.create_alias(update_slug="an-alias")
    change(hub, people.writer, deck="Other words.")
    submit(hub, people.writer)
    decide(hub, people.editor)
    return [concept, article, hub, issue, alias]


def written(files_known=True):
    """All that publications of texts say, but for their keys, times, and the settings they show."""
    rows = {}
    people = ContributorPage.objects.values("pk")
    for row in Publication.objects.filter(until=None).exclude(page_id__in=people):
        things = [
            (kind, key, digest if files_known or kind not in {"image", "document"} else "")
            for kind, key, digest in sorted(
                row.shown.exclude(kind="brief").values_list("kind", "key", "digest")
            )
        ]
        rows[row.page_id] = (
            *(row.digest, row.words, row.evidence, row.steps, row.one_person, row.url_path),
            *(row.revision_id, row.first_published_at, row.approved_by),
            sorted(row.approvals.values_list("pk", flat=True)),
            things,
        )
    return rows


def put_back():
    """Leave the rows as they were before publications were written."""
    for record in ReviewRecord.objects.all():
        record.digest = old_digest(record.revision.as_object().__class__, record.revision.content)
        record.shown = None
        record.save()
    for snapshot in IssueSnapshot.objects.all():
        issue = fresh(snapshot.issue)
        snapshot.revision_digest = old_digest(type(issue), json.loads(json.dumps(issue.serializable_data())))
        snapshot.save()
    Publication.objects.all().delete()


@pytest.mark.parametrize("files_known", [True, False])
def test_publications_are_those_that_would_be_written_today(people, historical, files_known):
    pages = a_site(people)
    today, digests = written(files_known), dict(ReviewRecord.objects.values_list("pk", "digest"))
    assert set(today) == {page.pk for page in pages}
    put_back()
    if not files_known:
        SiteImage.objects.update(file_digest="")
        SiteDocument.objects.update(file_digest="")
    assert dict(ReviewRecord.objects.values_list("pk", "digest")) != digests

    _publications.write_publications(historical)

    assert written(files_known=True) == today
    assert dict(ReviewRecord.objects.values_list("pk", "digest")) == digests
    assert set(Publication.objects.values_list("basis", flat=True)) == {"rebuilt"}
    keys = {page.pk for page in pages}
    assert [finding for finding in audit.findings(audit.Seen()) if finding.page_id in keys] == []
    fresh(pages[1]).unpublish()
    if files_known:
        fresh(pages[1]).get_latest_revision().publish()
    else:
        with pytest.raises(gate.PublicationRefused, match="saw another version of “Questionnaire”"):
            fresh(pages[1]).get_latest_revision().publish()


def test_what_cannot_be_known_is_marked(people, historical):
    unreviewed = make_article("Made live by SQL", owner=people.writer)
    Page.objects.filter(pk=unreviewed.pk).update(live=True)
    half = publish_through_review(make_article(owner=people.writer), people)
    put_back()
    ReviewRecord.objects.filter(page=half, step="scientific").delete()

    _publications.write_publications(historical)

    assert publications.current(unreviewed).basis == "unknown"
    assert publications.current(half).basis == "unknown"
    assert [row["step"] for row in publications.current(half).approved_by] == ["editorial"]


def test_taking_it_back_leaves_what_was(people, historical):
    a_site(people)
    put_back()
    before = sorted(ReviewRecord.objects.values_list("pk", "digest"))
    _publications.write_publications(historical)
    _publications.remove_publications(historical)
    assert sorted(ReviewRecord.objects.values_list("pk", "digest")) == before
    assert not Publication.objects.exists()
    assert not ShownThing.objects.exists()


def test_a_digest_of_a_page_is_the_same_by_both_codes(people, historical):
    concept = publish_through_review(make_concept(owner=people.writer), people)
    page = publish_through_review(a_rich_article(people, concept), people)
    row = historical.get_model("articles", "ArticlePage").objects.get(pk=page.pk)
    assert _publications.new_digest(type(row), _publications.data_of(row)) == page_digest(page)
