"""The import: one function from paths and options to a report, and the record of its runs.

``import_documents`` is what commands and other apps call. A document's draft is then found as
``SourceDocument.objects.get(pk=line.document).page`` for each ``line`` of ``report.documents``.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone

from mindlab.importer import sources
from mindlab.importer.models import ImportRun
from mindlab.importer.options import ImportOptions, UsageError
from mindlab.importer.reporting import Report
from mindlab.importer.session import Session
from mindlab.users.models import User

__all__ = ["IMPORTER", "ImportOptions", "Report", "UsageError", "import_documents", "importer_user"]

IMPORTER = "importer"
"""The name of the inactive user that imported drafts belong to unless another is named."""


def import_documents(paths: Sequence[Path], options: ImportOptions | None = None) -> Report:
    """Read the documents under ``paths`` into drafts, and report on each.

    A document that fails is a line of the report and stops no other. Nothing is published. With
    ``dry_run`` the plan and the report are the same, and nothing is written but the trees.

    Raises UsageError when the call makes no sense, for example on a site without index pages or for
    paths none of which is there, and OSError when the trees cannot be written.
    """
    chosen = options or ImportOptions()
    if paths and not any(map(_exists, paths)):
        raise UsageError(f"There is no such file or folder: {', '.join(map(_shown, paths))}.")
    session = Session(chosen, sources.find(paths))
    if chosen.dry_run:
        session.carry_out()
        return session.report
    run = open_run(paths, chosen)
    session.write_to(run, run.user or importer_user())
    status = ImportRun.Status.INTERRUPTED
    try:
        session.carry_out()
        status = ImportRun.Status.FINISHED
    finally:
        ImportRun.objects.filter(pk=run.pk).update(status=status, finished_at=timezone.now())
    return session.report


def _exists(path: Path) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:
        return False


def _shown(path: Path) -> str:
    return sources.printable(str(path))


def importer_user() -> User:
    """The user "importer", made inactive and without a password if there is none."""
    user, created = User.objects.get_or_create(username=IMPORTER, defaults={"is_active": False})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def open_run(paths: Sequence[Path], options: ImportOptions) -> ImportRun:
    """Begin the record of a run, and close those of processes that are gone."""
    close_dead_runs()
    given = {
        "paths": [sources.printable(str(path)) for path in paths],
        "kind": options.kind,
        "under": options.under.pk if options.under else None,
    }
    user = options.owner or importer_user()
    return ImportRun.objects.create(user=user, process=this_process(), options=given)


def this_process() -> str:
    """Host and process id, "host:pid"."""
    return f"{socket.gethostname()}:{os.getpid()}"[:100]


def close_dead_runs() -> None:
    """Mark the runs as interrupted that say they are running and whose process on this machine is gone."""
    host = this_process().rpartition(":")[0]
    dead = [
        run.pk
        for run in ImportRun.objects.filter(status=ImportRun.Status.RUNNING, process__startswith=f"{host}:")
        if not _is_alive(run.process.rpartition(":")[2])
    ]
    ImportRun.objects.filter(pk__in=dead).update(status=ImportRun.Status.INTERRUPTED)


def _is_alive(pid: str) -> bool:
    """Whether another process has that id; this one has no other run open."""
    if not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
