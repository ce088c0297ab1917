"""Import documents as drafts."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from wagtail.models import Page

from mindlab.importer import report_files, reporting
from mindlab.importer.options import ImportOptions, UsageError
from mindlab.importer.runs import import_documents
from mindlab.users.models import User


class Command(BaseCommand):
    """``manage.py import_documents PATH…``: thin; ``mindlab.importer.runs`` does the work."""

    help = (
        "Read documents (.txt, .md, .html, .docx) into drafts, and report on each. Nothing is published. "
        "Exit status: 0 every recognised document was handled, 1 one failed, 2 usage or nothing found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the paths and options."""
        parser.add_argument("paths", nargs="+", metavar="PATH", type=_named, help="A file or a folder.")
        parser.add_argument("--kind", choices=("auto", "topic", "article", "concept"), default="auto")
        parser.add_argument(
            "--under", metavar="PAGE", help="Id, slug or path of the page to put drafts under."
        )
        parser.add_argument("--owner", metavar="USER", help="Whose drafts they become. Default: importer.")
        parser.add_argument("--dry-run", action="store_true", help="Plan and report, write nothing else.")
        parser.add_argument(
            "--fetch-media", action="store_true", help="Fetch remote images, and import them."
        )
        parser.add_argument("--report", metavar="FILE", type=Path, help="A .json, .csv or .txt file.")
        parser.add_argument("--tree", metavar="DIR", type=Path, help="A folder for the trees, as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, print the report, and leave with the status it has."""
        chosen = self._options(options)
        try:
            report = import_documents(options["paths"], chosen)
            for line in reporting.as_text(report):
                self.stdout.write(_writable(line, self.stdout))
            if options["report"] is not None:
                report_files.write(report, options["report"])
        except UsageError as error:
            raise CommandError(str(error), returncode=2) from error
        except KeyboardInterrupt as error:
            message = "Interrupted. What is finished is kept; run it again to go on."
            raise CommandError(message, returncode=130) from error
        except (DatabaseError, OSError) as error:
            raise CommandError(f"The import stopped: {error}", returncode=1) from error
        if report.exit_code == 2:
            raise CommandError("No document was found: give files or folders that hold some.", returncode=2)
        if report.exit_code:
            failed = report.counts[reporting.Outcome.FAILED]
            raise CommandError(f"{failed} failed; the report above says why.", returncode=1)

    def _options(self, options: dict[str, Any]) -> ImportOptions:
        report, tree = options["report"], options["tree"]
        if report is not None:
            _check_report(report)
        if tree is not None and tree.exists() and not tree.is_dir():
            raise CommandError(f"--tree: {tree} is not a folder.", returncode=2)
        return ImportOptions(
            kind=options["kind"],
            under=_page(options["under"]) if options["under"] else None,
            owner=_user(options["owner"]) if options["owner"] else None,
            dry_run=options["dry_run"],
            fetch_media=options["fetch_media"],
            tree_dir=tree,
            progress=self._progress if options["verbosity"] else None,
        )

    def _progress(self, number: int, total: int, line: str) -> None:
        message = f"[{number}/{total}] {line}"
        self.stderr.write(_writable(message, self.stderr), style_func=str)


def _named(path: str) -> Path:
    """A path that was given: an empty one is a variable that was not set, and not this folder."""
    if not path.strip():
        raise ArgumentTypeError("the path is empty")
    return Path(path)


def _writable(line: str, stream: Any) -> str:
    """``line`` in the characters that the stream's encoding has."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return line.encode(encoding, "replace").decode(encoding)


def _check_report(path: Path) -> None:
    if path.suffix.lower() not in report_files.WRITERS:
        raise CommandError("--report: the file's name must end in .json, .csv or .txt.", returncode=2)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise CommandError(f"--report: {path} cannot be written.", returncode=2)


def _page(name: str) -> Page:
    """The page with that id, slug or path.

    Raises CommandError when there is none.
    """
    pages = Page.objects.filter(depth__gt=1)
    if name.isdigit():
        page = pages.filter(pk=int(name)).first()
    else:
        slug = name.strip("/").rpartition("/")[2]
        page = pages.filter(slug=slug, depth__lte=3).order_by("depth", "path").first()
    if page is None:
        raise CommandError(f"--under: there is no page “{name}”.", returncode=2)
    return page


def _user(name: str) -> User:
    """The user of that name.

    Raises CommandError when there is none.
    """
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"--owner: there is no user “{name}”.", returncode=2)
    return user
