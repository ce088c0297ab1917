"""The line of the report on one document: from its plan and, where one was made, its draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mindlab.importer.draft import Draft
from mindlab.importer.parsers.document import Guess, LeftOut, ParsedDocument
from mindlab.importer.planning import Plan
from mindlab.importer.reporting import LOW_CONFIDENCE, DocumentReport, Outcome, wanted_names

OUTCOMES = {
    "create": Outcome.CREATED,
    "update": Outcome.UPDATED,
    "unchanged": Outcome.UNCHANGED,
    "propose": Outcome.PROPOSED,
    "conflict": Outcome.CONFLICT,
    "fail": Outcome.FAILED,
}


def describe(plan: Plan, draft: Draft | None, page: int | None, document: int | None) -> DocumentReport:
    """The report on a document that was planned and, where a draft was made of it, carried out."""
    parsed = plan.document if draft is not None else None
    findings = draft.findings if draft is not None else None
    guesses = tuple(map(_readable, parsed.guesses)) if parsed else ()
    made = findings.questions if findings else []
    low = tuple(guess for guess in guesses if guess.confidence < LOW_CONFIDENCE)
    return DocumentReport(
        reference=plan.source.reference,
        outcome=OUTCOMES[plan.action],
        kind=draft.kind if draft else plan.known.kind if plan.known else "",
        title=draft.title if draft else plan.known.title if plan.known else "",
        page=page,
        document=document,
        message=plan.message,
        questions=(*low, *made),
        inferred=tuple(guess for guess in guesses if guess.confidence >= LOW_CONFIDENCE),
        repaired=parsed.repairs if parsed else (),
        left_out=_in_order(parsed, findings.left_out if findings else ()),
        substituted=tuple(findings.substitutions) if findings else (),
        wanted=wanted_names(findings.unresolved if findings else ()),
        warnings=(
            *plan.warnings,
            *(parsed.warnings if parsed else ()),
            *(findings.warnings if findings else ()),
        ),
    )


def _readable(guess: Guess) -> Guess:
    return replace(guess, value=guess.value.replace("_", " ")) if guess.what == "section" else guess


def _in_order(parsed: ParsedDocument | None, more: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    entries = dict.fromkeys((*(parsed.left_out if parsed else ()), *more))
    return tuple(sorted(entries, key=lambda entry: entry.lines.first))
