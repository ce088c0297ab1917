"""Load fixtures, and take all back where they would make something public past the review."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.db import transaction

from mindlab.editorial import audit

NAMED = 10
"""How many findings a refusal names."""


class Command(loaddata.Command):
    """Django's command, which saves rows as they are, past every guard; the site is audited afterwards."""

    def handle(self, *fixture_labels: Any, **options: Any) -> None:
        with transaction.atomic(using=options["database"]):
            super().handle(*fixture_labels, **options)
            found = list(islice(audit.findings(audit.Seen()), NAMED))
            if found:
                lines = "\n".join(str(finding) for finding in found)
                raise CommandError(f"Nothing was loaded, because the site would not be as reviewed:\n{lines}")
