"""What an editor is asked: what only the site can tell, and how questions are put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mindlab.importer.draft import Draft
from mindlab.importer.pages import MAX_BYLINE, byline
from mindlab.importer.parsers.document import Guess, Lines


def together(guesses: Iterable[Guess]) -> list[list[Guess]]:
    """Guesses of one kind that have one reason, so that an editor reads it once; in their order."""
    groups: dict[tuple[str, str], list[Guess]] = {}
    for guess in guesses:
        groups.setdefault((guess.what, guess.reason), []).append(guess)
    return list(groups.values())


def guess_of(entry: Mapping[str, Any]) -> Guess:
    """A guess from what a stored report holds of it."""
    lines = entry["lines"]
    return Guess(**{**entry, "lines": Lines(**lines) if lines else None})


def ask_about_authors(draft: Draft, contributors: Mapping[str, int]) -> None:
    """Ask who the authors are that have no page here; their names stay as the original byline."""
    unknown = [author for author in draft.authors if author.casefold() not in contributors]
    if not unknown:
        return
    line = byline(unknown)
    reason = "No contributor has this name: choose or make one, and empty the original byline."
    draft.findings.ask("author", line, reason)
    if len(", ".join(unknown)) > MAX_BYLINE:
        draft.findings.leave_out(", ".join(unknown), "The byline is longer than its field; it was cut.")


def ask_about_topic(draft: Draft) -> None:
    """Ask what a hub is for whose topic another hub has."""
    reason = (
        "Another hub has this topic already: this draft has none. "
        "Give it a topic of its own, or take over into the other hub what is new here."
    )
    draft.findings.ask("topic", draft.title, reason)
