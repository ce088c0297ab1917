"""``manage.py export_newsletter ISSUE --out DIR [--refresh]``: an issue as files for a mail service."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mindlab.newsletter import exporting, snapshots
from mindlab.newsletter.content import ExportRefusedError
from mindlab.newsletter.models import IssuePage, IssueSnapshot

REFUSED = 1
UNKNOWN = 2


class Command(BaseCommand):
    """Export a published issue; exporting it again writes the same bytes."""

    help = (
        "Writes a published issue of the Brief as HTML, plain text and a manifest. Exporting again writes"
        " the same bytes; --refresh takes in what the pages it shows, and the settings, say now."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("issue", type=int, help="The number of the issue.")
        parser.add_argument("--out", type=Path, required=True, help="The folder to write to; made if needed.")
        parser.add_argument("--refresh", action="store_true", help="Make a new, numbered snapshot.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export: exit status 1 when that is refused or fails, 2 when there is no such issue."""
        issue = IssuePage.objects.filter(number=options["issue"]).first()
        if issue is None:
            raise CommandError(
                _("There is no issue %(number)s.") % {"number": options["issue"]}, returncode=UNKNOWN
            )
        try:
            snapshot = snapshots.export(issue, refresh=options["refresh"])
            written = exporting.write(snapshot, options["out"])
        except ExportRefusedError as error:
            reasons = "\n".join(f"  - {problem}" for problem in error.problems)
            raise CommandError(f"{_('Nothing was exported:')}\n{reasons}", returncode=REFUSED) from error
        except OSError as error:
            message = _("Could not write: %(reason)s.") % {"reason": error}
            raise CommandError(message, returncode=REFUSED) from error
        for path in written:
            self.stdout.write(f"{path} ({path.stat().st_size} bytes)")
        self.remind(issue, snapshot)

    def remind(self, issue: IssuePage, snapshot: IssueSnapshot) -> None:
        """Say which snapshot it is, and what a producer would want to know before sending."""
        count = snapshot.number
        self.stdout.write(
            _("Snapshot %(count)d of issue %(number)d.") % {"count": count, "number": issue.number}
        )
        if issue.has_unpublished_changes:
            self.stderr.write(_("The issue has a newer draft; what is published was exported."))
        if not snapshot.content["sender"]["address"]:
            self.stderr.write(
                _("No postal address is set (Settings, The Intelligence Brief); the law asks for one.")
            )
