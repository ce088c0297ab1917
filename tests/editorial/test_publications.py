"""What is public is written down: the text, what it shows, whose approvals it rests on, from when to when."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from mindlab.core import gate
from mindlab.core.digests import page_digest
from mindlab.core.shown import thing
from mindlab.editorial import publications
from mindlab.editorial.models import MaterialChange, Publication, ReviewRecord
from tests.editorial.helpers import (
    change,
    decide,
    fresh,
    let_the_date_come,
    publish_through_review,
    submit,
)
from tests.factories import make_article, make_concept, make_image, make_issue

pytestmark = pytest.mark.django_db


def with_a_picture(people, **fields):
    image = make_image("A neuron", credit="A. Example")
    body = [{"type": "image", "value": {"image": {"image": image.pk, "alt_text": "A neuron"}, "caption": ""}}]
    return make_article(owner=people.writer, body=body, topics=("Sleep",), **fields), image


def accept(image, people, **values):
    """Change an image as two people do."""
    before = thing(type(image).objects.get(pk=image.pk))
    for name, value in values.items():
        setattr(image, name, value)
    after = thing(image)
    MaterialChange.objects.create(
        kind="image",
        key=image.pk,
        digest_before=before.digest,
        digest_after=after.digest,
        proposed_by=people.writer,
        decided_by=people.editor,
        proposed_at=ReviewRecord.objects.latest("decided_at").decided_at,
        decided_at=timezone.now(),
        status=MaterialChange.Status.ACCEPTED,
    )
    image.save()


def test_a_publication_says_what_is_public_and_what_it_rests_on(people):
    page, image = with_a_picture(people)
    concept = publish_through_review(make_concept(owner=people.writer), people)
    page.body = [
        *page.body.raw_data,
        {"type": "text", "value": f'<p><a linktype="page" id="{concept.pk}">It</a></p>'},
    ]
    page.save_revision(user=people.writer)
    page = publish_through_review(page, people)

    publication = publications.current(page)
    assert publication.digest == page_digest(page)
    assert publication.revision == page.live_revision
    assert publication.url_path == page.url_path
    assert publication.first_published_at == page.first_published_at
    assert publication.steps == ["editorial", "scientific"]
    assert publication.basis == "review"
    assert not publication.one_person
    assert list(publication.approvals.order_by("pk")) == list(page.review_records.order_by("pk"))
    assert [row["account"] for row in publication.approved_by] == ["editor", "reviewer"]
    shown = {row.kind: row for row in publication.shown.all()}
    assert set(shown) == {"image", "topic", "page"}
    assert (shown["image"].key, shown["image"].label) == (image.pk, "A neuron")
    assert shown["page"].digest == publications.current(concept).digest
    assert list(publications.showing("image", image.pk)) == [publication]


def test_every_way_to_the_public_writes_one_row_and_every_way_back_ends_it(people):
    page = publish_through_review(make_article(owner=people.writer), people)
    first = publications.current(page)
    page.unpublish()
    assert publications.current(page) is None
    page.get_latest_revision().publish()
    again = publications.current(page)
    assert again.pk != first.pk
    assert again.digest == first.digest

    change(page, people.writer, deck="Other words.")
    page = publish_through_review(page, people)
    alias = page.create_alias(update_slug="an-alias")
    assert publications.current(alias).approved_by == publications.current(page).approved_by
    path = page.url_path
    page.delete()

    rows = Publication.objects.filter(url_path=path)
    assert [row.until is None for row in rows] == [False] * 3
    assert [row.page_id for row in rows] == [None] * 3


def test_a_schedule_writes_the_row_when_its_date_comes(people):
    page = make_article(owner=people.writer)
    draft = fresh(page).get_latest_revision_as_object()
    draft.go_live_at = "2126-01-01T00:00:00Z"
    draft.save_revision(user=people.administrator)
    publish_through_review(page, people)
    assert publications.current(page) is None
    let_the_date_come(fresh(page))
    call_command("publish_scheduled")
    assert publications.current(page).digest == page_digest(fresh(page))


def test_bookkeeping_and_drafts_write_no_row(people):
    page = publish_through_review(make_article(owner=people.writer), people)
    change(page, people.writer, deck="A draft.")
    page = fresh(page)
    page.locked = True
    page.save()
    assert Publication.objects.filter(page=page).count() == 1


def test_reviewers_are_those_of_the_words_that_are_public(people):
    """Going back to words that others approved names those others."""
    page = publish_through_review(make_article(owner=people.writer), people)
    old = page.live_revision
    change(page, people.writer, deck="Other words.")
    submit(page, people.writer)
    decide(page, people.administrator)
    decide(page, people.writing_reviewer)
    accounts = publications.approvals_of_what_is_public(page).values_list("account_name", flat=True)
    assert list(accounts) == ["administrator", "writing-reviewer"]

    with pytest.raises(gate.PublicationRefused):
        old.publish()
    change(page, people.writer, deck=old.as_object().deck)
    publish_through_review(page, people)
    accounts = publications.approvals_of_what_is_public(page).values_list("account_name", flat=True)
    assert list(accounts) == ["editor", "reviewer"]


def test_a_step_more_or_less_changes_nothing_that_is_public(people, monkeypatch):
    page = publish_through_review(make_article(owner=people.writer), people)
    before = [review.step for review in gate.reviews(page)]
    monkeypatch.setattr(type(page), "required_steps", ("editorial", "scientific", "legal"))
    page = fresh(page)
    assert [review.step for review in gate.reviews(page)] == before == ["editorial", "scientific"]
    page.locked = True
    page.save()
    call_command("audit_review")
    assert fresh(page).live


def test_an_approval_is_for_the_picture_too(people):
    """What somebody changed since a step was taken sends the text back to that step."""
    page, image = with_a_picture(people)
    submit(page, people.writer)
    decide(page, people.editor)
    image.credit = "Somebody else"
    image.save()
    with pytest.raises(gate.PublicationRefused, match="editorial review saw another version of “A neuron”"):
        fresh(page).get_latest_revision().publish()

    decide(page, people.reviewer)
    assert not fresh(page).live
    assert fresh(page).status_string == "in editorial review"
    decide(page, people.editor)
    page = fresh(page)
    assert page.live
    shown = publications.current(page).shown.get(kind="image")
    assert shown.digest == thing(image).digest
    assert page.current_workflow_state is None


def test_a_picture_that_two_people_changed_keeps_the_approvals(people):
    page, image = with_a_picture(people)
    submit(page, people.writer)
    decide(page, people.editor)
    accept(image, people, credit="Somebody else")
    decide(page, people.reviewer)
    assert fresh(page).live


def test_renewing_keeps_all_but_the_thing(people):
    page, image = with_a_picture(people)
    page = publish_through_review(page, people)
    before = publications.current(page)
    accept(image, people, licence="CC BY 4.0")

    assert publications.renew("image", image.pk) == 0  # the change did it

    after = publications.current(page)
    assert after.pk != before.pk
    assert after.basis == "material"
    assert after.since == Publication.objects.get(pk=before.pk).until
    assert list(after.approvals.order_by("pk")) == list(before.approvals.order_by("pk"))
    changed = {(row.kind, row.key, row.digest) for row in after.shown.all()} ^ {
        (row.kind, row.key, row.digest) for row in before.shown.all()
    }
    assert {(kind, key) for kind, key, _digest in changed} == {("image", image.pk)}


def test_one_person_does_not_take_two_steps(people, settings, client):
    page = make_article(owner=people.writer)
    submit(page, people.writer)
    record = ReviewRecord(
        page_id=page.pk,
        page_uuid=page.translation_key,
        page_title=page.title,
        digest=page_digest(page.get_latest_revision().as_object()),
        shown=[],
        user=people.administrator,
        account_name="administrator",
        decision="approved",
        decided_at=page.latest_revision_created_at,
    )
    for step in ("editorial", "scientific"):
        record.pk, record.uuid, record.step = None, Publication().uuid, step
        record.save(force_insert=True)
    with pytest.raises(gate.PublicationRefused, match="taken by somebody who took another step"):
        page.get_latest_revision().publish()

    settings.ONE_PERSON_MAY_TAKE_BOTH_STEPS = True
    page.get_latest_revision().publish()
    assert publications.current(page).one_person
    assert "One person took both steps" in client.get(fresh(page).url).content.decode()


def test_two_people_at_two_steps_are_said_to_be_two(people, client):
    page = publish_through_review(make_article(owner=people.writer), people)
    content = client.get(page.url).content.decode()
    assert "Reviewed " in content
    assert "One person took both steps" not in content


def test_issues_rest_on_one_step(people):
    page = make_issue(owner=people.writer)
    submit(page, people.writer)
    decide(page, people.editor)
    assert publications.current(page).steps == ["editorial"]


def test_the_row_of_a_page_alone_makes_nothing_public(people):
    page = make_article(owner=people.writer)
    draft = page.get_latest_revision().as_object()
    draft.live = True
    with pytest.raises(gate.PublicationRefused):
        draft.save_base()
    page = publish_through_review(page, people)
    page.deck = "By itself."
    with pytest.raises(gate.PublicationRefused):
        page.save_base()
