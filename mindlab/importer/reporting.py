"""The account of a run: for each document what it became, and all that an editor should know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from glossary.terms import term_key
from mindlab.importer import sanitise
from mindlab.importer.draft import Substitution, Wanted
from mindlab.importer.models import ImportOutcome
from mindlab.importer.parsers.document import Guess, LeftOut, Lines, Repair
from mindlab.importer.questions import together

LOW_CONFIDENCE = 0.8
"""A guess below this is a question to the editor."""
Outcome = ImportOutcome.Outcome
MAX_QUOTED = 160
"""Characters of a source's words that the report in the terminal shows; the files hold all."""


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """One line of the report, with everything under it."""

    reference: str
    outcome: str
    """One of ``ImportOutcome.Outcome``."""
    kind: str = ""
    title: str = ""
    page: int | None = None
    """The page's id; None when there is none, and in a dry run."""
    document: int | None = None
    """The id of the ``SourceDocument``."""
    message: str = ""
    questions: tuple[Guess, ...] = ()
    inferred: tuple[Guess, ...] = ()
    repaired: tuple[Repair, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    substituted: tuple[Substitution, ...] = ()
    wanted: tuple[str, ...] = ()
    """Names that found no page: they stay as text."""
    warnings: tuple[str, ...] = ()

    @property
    def admin_path(self) -> str:
        """Where an editor opens the draft, "" when there is none."""
        return f"/admin/pages/{self.page}/edit/" if self.page else ""

    def details(self) -> dict[str, Any]:
        """What is under the line, as JSON holds it."""
        told = asdict(self)
        return {key: sanitise.data(told[key]) for key in DETAILS}


DETAILS = ("questions", "inferred", "repaired", "left_out", "substituted", "wanted", "warnings")


@dataclass(slots=True)
class Report:
    """What one run did."""

    dry_run: bool = False
    run: int | None = None
    """The id of the ``ImportRun``; None for a dry run."""
    documents: list[DocumentReport] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many documents came to each outcome."""
        return dict(Counter(str(document.outcome) for document in self.documents))

    @property
    def exit_code(self) -> int:
        """0: every recognised document was handled; 1: at least one failed; 2: there was none."""
        counts = self.counts
        if counts.get(Outcome.FAILED):
            return 1
        return 0 if len(self.documents) > counts.get(Outcome.IGNORED, 0) else 2


def wanted_names(wanted: Iterable[Wanted]) -> tuple[str, ...]:
    """The names of pages once each, in their order."""
    found: dict[str, str] = {}
    for entry in wanted:
        if entry.what != "image":
            found.setdefault(term_key(entry.name), entry.name)
    return tuple(found.values())


def as_text(report: Report) -> Iterator[str]:
    """The report for the terminal, line by line: questions first."""
    asked = [document for document in report.documents if document.questions]
    if asked:
        yield "QUESTIONS for an editor"
        for document in asked:
            yield f"  {document.reference}"
            for group in together(document.questions):
                yield from _questions(group)
        yield ""
    yield "DOCUMENTS"
    for document in report.documents:
        yield from _document(document)
    yield ""
    yield summary(report)


def summary(report: Report) -> str:
    """The run in one line."""
    order = [outcome for outcome in Outcome.values if report.counts.get(outcome)]
    counts = ", ".join(f"{report.counts[outcome]} {outcome}" for outcome in order) or "nothing found"
    return f"{'Dry run, nothing written: ' if report.dry_run else ''}{counts}."


def headline(document: DocumentReport) -> str:
    """A document's outcome in one line."""
    parts = [document.outcome, document.reference]
    if document.title:
        parts.append(f"→ {document.kind} “{shorten(document.title)}”")
    if document.admin_path:
        parts.append(document.admin_path)
    line = "  ".join(parts)
    return f"{line}: {document.message}" if document.message else line


def _questions(group: Sequence[Guess]) -> Iterator[str]:
    """One question on a line; several with one reason below it."""
    first = group[0]
    if len(group) == 1:
        yield f"    {_guess(first)}"
        return
    yield f"    {first.what}, {len(group)} times. {first.reason}"
    for guess in group:
        where = f"{_lines(guess.lines)}: " if guess.lines else ""
        yield f"      {where}{shorten(guess.value)}{_sure(guess)}"


def _document(document: DocumentReport) -> Iterator[str]:
    yield f"  {headline(document)}"
    for warning in document.warnings:
        yield f"    warning: {warning}"
    for guess in document.inferred:
        if guess.what in ("title", "kind", "deck"):
            yield f"    inferred {_guess(guess)}"
    others = sum(guess.what not in ("title", "kind", "deck") for guess in document.inferred)
    if others:
        yield f"    inferred {others} more, all at {LOW_CONFIDENCE:.0%} or above (in the report file)"
    for repair in document.repaired:
        yield f"    repaired line {repair.line}: {shorten(repair.before)} → {shorten(repair.after)}"
    for entry in document.left_out:
        yield f"    left out {_lines(entry.lines)}: {shorten(entry.text)} ({entry.reason})"
    for change in document.substituted:
        yield f"    replaced {_lines(change.lines)}: {shorten(change.before)} → {change.after}"
    if document.wanted:
        yield f"    wanted, no page yet: {shorten(', '.join(document.wanted), 400)}"


def _guess(guess: Guess) -> str:
    where = f" ({_lines(guess.lines)})" if guess.lines else ""
    return f"{guess.what}{where}: {shorten(guess.value)}{_sure(guess)}. {guess.reason}"


def _sure(guess: Guess) -> str:
    return f" [{guess.confidence:.0%} sure]" if guess.confidence else ""


def _lines(lines: Lines) -> str:
    return f"line {lines.first}" if lines.first == lines.last else f"lines {lines.first}–{lines.last}"


def shorten(text: str, length: int = MAX_QUOTED) -> str:
    """Text on one line, cut where it is long, without what would steer a terminal."""
    line = sanitise.one_line(text)
    return line if len(line) <= length else line[: length - 1] + "…"
