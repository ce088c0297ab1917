"""What people wrote reaches spreadsheets as text: no cell of an export is a formula."""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection)."""


def as_cell(value: Any) -> Any:
    """Return a value for a cell: words that a spreadsheet would compute are marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def guard_exports() -> None:
    """Make every export of the admin, Wagtail's own too, write its cells ``as_cell``.

    Wagtail's exports share one mixin and have no setting for it; a mixin of ours would reach only our
    own views.
    """
    preprocess = SpreadsheetExportMixin.preprocess_field_value

    def preprocess_field_value(self: Any, field: str, value: Any, export_format: str) -> Any:
        return as_cell(preprocess(self, field, value, export_format))

    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
