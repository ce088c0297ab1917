import pytest

from mindlab.core.models import Diagram
from mindlab.figures import diagrams
from mindlab.figures.engine import EngineStoppedError, EngineTimeoutError
from mindlab.reading import drawings

SOURCE = "graph TD\nA[One] --> B[Two]"


class Busy:
    """An engine that has no time for the first requests, which no real source brings about at will."""

    def __init__(self, engine, error):
        self.engine, self.error, self.times, self.asked = engine, error, 1, 0

    def ask(self, request):
        self.asked += 1
        if self.asked <= self.times:
            raise self.error("busy")
        return self.engine.ask(request)


@pytest.fixture(params=[EngineTimeoutError, EngineStoppedError])
def busy(request, monkeypatch, db):
    from django.core.cache import cache

    cache.clear()
    engine = Busy(diagrams._engine, request.param)
    monkeypatch.setattr(diagrams, "_engine", engine)
    return engine


def test_a_diagram_that_was_late_is_not_stored_and_drawn_at_the_next_publication(busy):
    (late,) = drawings.ensure([SOURCE]).values()
    assert late.error
    assert not Diagram.objects.exists()
    (drawn,) = drawings.ensure([SOURCE], retry=True).values()
    assert drawn.svg
    assert Diagram.objects.get().error == ""


def test_readers_do_not_wait_again_for_a_while(busy):
    drawings.ensure([SOURCE])
    drawings.ensure([SOURCE])
    assert busy.asked == 1
    from django.core.cache import cache

    cache.clear()
    assert next(iter(drawings.ensure([SOURCE]).values())).svg


@pytest.mark.django_db
def test_what_cannot_be_drawn_is_stored_with_the_reason():
    broken = "graph TD\nA[<unclosed --> "
    drawings.ensure([broken])
    assert Diagram.objects.get().error
