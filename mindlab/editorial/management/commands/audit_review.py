"""Find what of the public site is not as its review left it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mindlab.editorial import audit


class Command(BaseCommand):
    """Compare the public pages, their approvals and all they show with what was written down about them.

    It finds what SQL, ``queryset.update`` and the like have done past the gate. Exit code 1 when
    there is anything to tell.
    """

    help = (
        "List what of the public site is not as its review left it: page, type, address, what is wrong,"
        " and when it was right for certain; exit 1 if there is anything."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--drawings",
            action="store_true",
            help="Also draw anew every diagram that public pages show: a second or two of a processor each.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        seen, found = audit.Seen(), 0
        for finding in audit.findings(seen, redraw=options["drawings"], progress=self.progress):
            found += 1
            self.stdout.write(str(finding))
        summary = f"{seen.pages} live pages checked, {found} things are not as their review left them."
        if seen.unapproved:
            summary += f" {seen.unapproved} of them were public before approvals were written down."
        if seen.unknown:
            summary += f" {len(seen.unknown)} files have nothing on record to be compared with."
        if seen.drawn and not options["drawings"]:
            summary += f" {len(seen.drawn)} diagrams were not drawn anew (--drawings)."
        if found:
            raise CommandError(summary)
        self.stdout.write(summary)

    def progress(self, pages: int) -> None:
        """Say on a terminal how far the audit has come."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{pages} pages", ending="")
            self.stderr.flush()
