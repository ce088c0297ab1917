"""The commands an operator runs around the review."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Page, Revision

from tests.editorial.helpers import change, fresh, publish_through_review, submit
from tests.factories import make_article, make_concept, make_issue

pytestmark = pytest.mark.django_db


def test_audit_counts_what_passed_the_review(people, capsys):
    publish_through_review(make_article(owner=people.writer), people)
    publish_through_review(make_issue(owner=people.writer), people)
    make_article(owner=people.writer)
    call_command("audit_review")
    assert capsys.readouterr().out == ("2 live pages checked, 0 things are not as their review left them.\n")


def test_audit_finds_what_went_past_the_gate(people, capsys):
    publish_through_review(make_article(owner=people.writer), people)
    made_live = make_concept("Made live by SQL", owner=people.writer)
    Page.objects.filter(pk=made_live.pk).update(live=True)
    reworded = publish_through_review(make_article("Reworded", owner=people.writer), people)
    type(reworded).objects.filter(pk=reworded.pk).update(deck="Changed by SQL.")

    with pytest.raises(
        CommandError, match="3 live pages checked, 2 things are not as their review left them"
    ):
        call_command("audit_review")

    lines = sorted(capsys.readouterr().out.splitlines(), key=lambda line: "concept" in line)
    assert len(lines) == 2
    assert f"{reworded.pk}\tarticle\t{reworded.url_path}" in lines[0]
    assert "the text is not the one that was published" in lines[0]
    assert f"{made_live.pk}\tconcept" in lines[1]


def test_audit_takes_aliases_for_their_source(people, capsys):
    page = publish_through_review(make_article(owner=people.writer), people)
    alias = page.create_alias(update_slug="an-alias")
    assert alias.live
    change(page, people.writer, deck="A newer text.")
    publish_through_review(page, people)
    assert fresh(alias).deck == "A newer text."
    call_command("audit_review")
    assert capsys.readouterr().out.startswith("2 live pages checked, 0 ")


def test_purge_keeps_what_the_review_stands_on(people, capsys):
    page = make_article(owner=people.writer)
    old = page.latest_revision_id
    change(page, people.writer, deck="One.")
    page = publish_through_review(page, people)
    live = page.latest_revision_id
    change(page, people.writing_editor, deck="Two.")
    change(page, people.writer, deck="Three.")
    newer = set(page.revisions.filter(pk__gt=live).values_list("pk", flat=True))
    draft = make_article(owner=people.writer)
    change(draft, people.writer, deck="Never published.")
    drafted = set(draft.revisions.values_list("pk", flat=True))

    call_command("purge_revisions", days=1)
    assert capsys.readouterr().out == "0 revisions deleted.\n"
    call_command("purge_revisions")

    assert capsys.readouterr().out == "1 revisions deleted.\n"
    assert set(Revision.objects.values_list("pk", flat=True)) == {live} | newer | drafted
    assert old not in {live} | newer


def test_purge_keeps_revisions_under_review(people):
    page = publish_through_review(make_article(owner=people.writer), people)
    first = page.live_revision_id
    change(page, people.writer, deck="Two.")
    publish_through_review(page, people)
    Revision.objects.update(created_at=timezone.now() - timedelta(days=9))
    submit(make_article(owner=people.writer), people.writer)
    call_command("purge_revisions")
    assert Revision.objects.filter(pk=first).exists()
