"""What a kind of edit is: a generator that names the places it is about, and then does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.editing.observer import Place
from bench.editing.site import Person, Site

Steps = Iterator[list[Place]]
Doing = Callable[[Site, Person], Steps]


@dataclass(frozen=True, slots=True)
class Edit:
    """One kind of edit, how often it is chosen, and what it is an edit of."""

    name: str
    of: str
    weight: int
    do: Doing
    is_decision: bool = False


EDITS: list[Edit] = []


def edit(of: str, weight: int, *, is_decision: bool = False) -> Callable[[Doing], Doing]:
    """Take a generator function up among the edits; ``of`` is "page" or a kind of thing."""

    def take_up(do: Doing) -> Doing:
        EDITS.append(Edit(do.__name__.replace("_", " "), of, weight, do, is_decision))
        return do

    return take_up
