"""Random edits by single people show readers nothing that no second person approved.

A short run of ``bench/edits.py``; and proof that its observer sees what it is there to see.
"""

import pytest
from django.core.files.base import ContentFile

from articles.models import ArticlePage
from bench.editing.run import look, run
from bench.editing.site import FEW, Site, place_of
from mindlab.core.gate import Verdict
from mindlab.core.models import SiteImage
from mindlab.editorial.gate import ReviewGate
from mindlab.evidence.models import Source

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_nothing_unapproved_is_ever_public():
    result = run(200, seed=11)
    assert [str(leak) for leak in result.leaks] == []
    assert result.errors == []
    assert result.approvals > 0
    refused, waited, through = (
        sum(number for (_, what), number in result.outcomes.items() if what == outcome)
        for outcome in result.OUTCOMES[:3]
    )
    assert min(refused, waited, through) > 10


def test_a_gate_that_always_agrees_is_found_out(monkeypatch):
    monkeypatch.setattr(ReviewGate, "verdict", lambda self, page: Verdict())
    assert run(40, seed=11, kinds=["page"], first=FEW).leaked_pages


@pytest.fixture
def site():
    site = Site(1, FEW)
    site.set_up()
    look(site, (), everything=True, after="the set-up")
    assert site.observer.leaks == []
    return site


def shown_after_an_edit(site, row):
    """Let the writer have edited a row; return what the observer then finds on public pages."""
    marks = set(site.observer.texts[place_of(row)])
    site.observer.clock += 1
    site.observer.note(site.named("writer").key, [place_of(row)])
    look(site, [place_of(row)], touched=marks, after="an edit past every guard")
    return {leak.place for leak in site.observer.leaks}


def test_words_of_a_thing_changed_past_every_guard_are_found(site):
    source = Source.objects.earliest("pk")
    Source.objects.filter(pk=source.pk).update(title=f"Source {site.mark()}")
    assert shown_after_an_edit(site, source) == {place_of(source)}


def test_a_picture_replaced_past_every_guard_is_found(site):
    image = SiteImage.objects.earliest("pk")
    mark, data = site.observer.picture()
    image.file.storage.save(f"images/{mark}.png", ContentFile(data))
    SiteImage.objects.filter(pk=image.pk).update(file=f"images/{mark}.png")
    image.renditions.all().delete()
    assert shown_after_an_edit(site, image) == {place_of(image)}
    assert {leak.mark for leak in site.observer.leaks} == {mark}


def test_words_of_a_page_changed_past_every_guard_are_found(site):
    page = site.page(ArticlePage)
    type(page)._base_manager.filter(pk=page.pk).update(title=f"Title {site.mark()}")
    assert shown_after_an_edit(site, page) == {place_of(page)}


def test_one_persons_approval_of_both_steps_is_not_enough(site):
    page = site.page(ArticlePage)
    mark = site.mark()
    type(page)._base_manager.filter(pk=page.pk).update(title=f"Title {mark}")
    site.observer.note(site.named("writer").key, [place_of(page)])
    site.observer.agree(site.named("both").key, place_of(page), {"editorial", "scientific"}, {mark})
    assert shown_after_an_edit(site, page) == {place_of(page)}


def test_what_two_people_approved_may_be_shown(site):
    page = site.page(ArticlePage)
    mark = site.mark()
    type(page)._base_manager.filter(pk=page.pk).update(title=f"Title {mark}")
    site.observer.note(site.named("writer").key, [place_of(page)])
    site.observer.agree(site.named("editor").key, place_of(page), {"editorial"}, {mark})
    site.observer.agree(site.named("reviewer").key, place_of(page), {"scientific"}, {mark})
    assert shown_after_an_edit(site, page) == set()
