"""Two people at one thing in the same moment: one change, one decision, no picture nobody approved."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from mindlab.core.models import SiteImage
from mindlab.core.shown import thing
from mindlab.editorial import publications
from mindlab.editorial.material import changes
from mindlab.editorial.models import MaterialChange, Publication
from tests.editorial.helpers import decide, fresh, make_people, publish_through_review, submit
from tests.factories import make_article, make_image, make_user

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


@pytest.fixture
def people():
    return make_people()


def at_once(*calls):
    """Call each in a thread of its own, together, and return the results; refusals are results."""
    together = Barrier(len(calls))

    def one(call):
        together.wait()
        try:
            return call()
        except PermissionDenied as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def article_with(image, people):
    page = make_article(owner=people.writer, cover=image)
    submit(page, people.writer)
    decide(page, people.editor)
    return page


def test_one_of_two_decisions_is_taken(people):
    image = make_image("A neuron")
    page = publish_through_review(make_article(owner=people.writer, cover=image), people)
    others = [make_user(groups=("Editors",)) for _ in range(2)]
    for number in range(ROUNDS):
        image = SiteImage.objects.get(pk=image.pk)
        image.title = f"Name {number}"
        proposal = changes.propose(image, people.writer)
        results = at_once(*(lambda who=who, p=proposal: changes.accept(p, who) for who in others))
        assert sum(isinstance(result, changes.ChangeRefused) for result in results) == 1
        assert Publication.objects.filter(basis=Publication.Basis.MATERIAL).count() == number + 1
    assert publications.current(page).shown.get(kind="image").label == f"Name {ROUNDS - 1}"


def test_of_two_changes_to_one_state_one_is_accepted(people):
    image = make_image("A neuron")
    publish_through_review(make_article(owner=people.writer, cover=image), people)
    for number in range(ROUNDS):
        image = SiteImage.objects.get(pk=image.pk)
        image.title = f"One {number}"
        one = changes.propose(image, people.writer)
        image.title = f"Two {number}"
        two = changes.propose(image, people.editor)
        results = at_once(
            lambda one=one: changes.accept(one, people.administrator),
            lambda two=two: changes.accept(two, people.administrator),
        )
        assert sum(isinstance(result, changes.ChangeRefused) for result in results) == 1
        accepted = [change for change in results if isinstance(change, MaterialChange)]
        assert SiteImage.objects.get(pk=image.pk).title == accepted[0].values["title"]


def test_a_save_beside_the_last_approval_is_seen_or_refused(people):
    """Either the change comes first and the approval does not hold, or the page does and it waits."""
    for _ in range(ROUNDS):
        image = make_image("A neuron")
        page = article_with(image, people)

        def rename(key=image.pk):
            row = SiteImage.objects.get(pk=key)
            row.title = "Renamed"
            row.save()

        at_once(lambda page=page: decide(page, people.reviewer), rename)
        image = SiteImage.objects.get(pk=image.pk)
        if fresh(page).live:
            assert image.title == "A neuron"
            assert publications.current(page).shown.get(kind="image").digest == thing(image).digest
        else:
            assert image.title == "Renamed"


def test_an_accepted_change_beside_a_publication_reaches_what_it_wrote(people):
    for _ in range(ROUNDS):
        image = make_image("A neuron")
        publish_through_review(make_article(owner=people.writer, cover=image), people)
        page = article_with(image, people)
        image.credit = "Ada"
        proposal = changes.propose(image, people.writer)
        at_once(
            lambda p=proposal: changes.accept(p, people.administrator),
            lambda page=page: decide(page, people.reviewer),
        )
        image = SiteImage.objects.get(pk=image.pk)
        assert (fresh(page).live, image.credit) == (True, "Ada")
        assert publications.current(page).shown.get(kind="image").digest == thing(image).digest
