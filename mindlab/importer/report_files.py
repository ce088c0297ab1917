"""The report as a file: JSON for programs, CSV for a spreadsheet, text for a reader."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from mindlab.core.spreadsheets import as_cell
from mindlab.importer.models import ImportOutcome
from mindlab.importer.reporting import DETAILS, DocumentReport, Report, as_text

COLUMNS = (
    "document",
    "outcome",
    "kind",
    "title",
    "page",
    "finding",
    "first_line",
    "last_line",
    "what",
    "before",
    "after",
    "confidence",
    "reason",
)


def as_json(report: Report) -> str:
    """The whole report: counts, and each document with its details."""
    rows = [document_data(document) for document in report.documents]
    return rows_as_json(report.run, rows, dry_run=report.dry_run)


def rows_as_json(run: int | None, rows: list[dict[str, Any]], *, dry_run: bool = False) -> str:
    """JSON from documents as ``document_data`` gives them."""
    counts = dict(Counter(row["outcome"] for row in rows))
    data = {"dry_run": dry_run, "run": run, "counts": counts, "documents": rows}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def document_data(document: DocumentReport) -> dict[str, Any]:
    """One document of the report as JSON has it, its questions first."""
    return {
        "document": document.reference,
        "outcome": str(document.outcome),
        "kind": document.kind,
        "title": document.title,
        "page": document.page,
        "message": document.message,
        **document.details(),
    }


def outcome_data(outcome: ImportOutcome) -> dict[str, Any]:
    """The same from a stored line of a report."""
    return {
        "document": outcome.reference,
        "outcome": outcome.outcome,
        "kind": outcome.kind,
        "title": outcome.title,
        "page": outcome.page_id,
        "message": outcome.message,
        **{key: outcome.details.get(key, []) for key in DETAILS},
    }


def as_csv(report: Report) -> str:
    """One row for each document and one for each finding about it; questions come first."""
    return rows_as_csv(document_data(document) for document in report.documents)


def rows_as_csv(documents: Iterable[dict[str, Any]]) -> str:
    """CSV from documents as ``document_data`` gives them."""
    known = list(documents)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for document in known:
        writer.writerows(_safe(row) for row in _findings(document, ("questions",)))
    for document in known:
        head = {**_head(document), "finding": "document", "reason": document["message"]}
        writer.writerow(_safe(head))
        writer.writerows(_safe(row) for row in _findings(document, DETAILS[1:]))
    return text.getvalue()


def _head(document: dict[str, Any]) -> dict[str, Any]:
    return {key: document[key] for key in ("document", "outcome", "kind", "title", "page")}


def _findings(document: dict[str, Any], kinds: Iterable[str]) -> Iterator[dict[str, Any]]:
    for kind in kinds:
        for entry in document.get(kind, ()):
            yield {**_head(document), "finding": kind, **_finding(entry)}


def _finding(entry: Any) -> dict[str, Any]:
    if isinstance(entry, str):
        return {"before": entry}
    lines = entry.get("lines") or {"first": entry.get("line"), "last": entry.get("line")}
    return {
        "first_line": lines["first"],
        "last_line": lines["last"],
        "what": entry.get("what", ""),
        "before": entry.get("before", entry.get("value", entry.get("text", ""))),
        "after": entry.get("after", ""),
        "confidence": entry.get("confidence", ""),
        "reason": entry.get("reason", entry.get("rule", "")),
    }


def _safe(row: dict[str, Any]) -> dict[str, Any]:
    return {key: as_cell(value) for key, value in row.items()}


WRITERS: dict[str, Callable[[Report], str]] = {
    ".json": as_json,
    ".csv": as_csv,
    ".txt": lambda report: "\n".join(as_text(report)) + "\n",
}
"""How a report is written, by the ending of the file's name."""


def write(report: Report, path: Path) -> None:
    """Write the report to ``path`` in the form its ending names.

    Raises KeyError for another ending and OSError when the file cannot be written.
    """
    text = WRITERS[path.suffix.lower()](report)
    path.write_bytes(text.encode("utf-8", "replace"))
