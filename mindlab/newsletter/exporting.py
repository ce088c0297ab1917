"""An exported issue on the disk: the two bodies of the mail and a manifest."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from mindlab.newsletter.models import IssueSnapshot


def files_of(snapshot: IssueSnapshot) -> dict[str, bytes]:
    """Return the files of a snapshot by name, the same bytes each time."""
    stem = f"brief-{snapshot.content['number']}"
    bodies = {f"{stem}.html": snapshot.html.encode(), f"{stem}.txt": snapshot.text.encode()}
    manifest = json.dumps(_manifest(snapshot, bodies), ensure_ascii=False, indent=2)
    return {**bodies, f"{stem}.json": f"{manifest}\n".encode()}


def write(snapshot: IssueSnapshot, folder: Path) -> list[Path]:
    """Write the files of a snapshot, each whole or not at all, and return their paths.

    The manifest comes last: where it stands, the files it names are complete.

    Raises:
        OSError: when the folder cannot be made or written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in files_of(snapshot).items():
        _replace(folder / name, content)
        written.append(folder / name)
    return written


def _manifest(snapshot: IssueSnapshot, bodies: dict[str, bytes]) -> dict[str, Any]:
    content = snapshot.content
    return {
        "issue": content["number"],
        "subject": content["subject"],
        "preheader": content["preheader"],
        "url": content["url"],
        "site_url": content["sender"]["site_url"],
        "language": content["language"],
        "snapshot": snapshot.number,
        "snapshot_uuid": str(snapshot.uuid),
        "created": snapshot.created_at.isoformat(),
        "content_sha256": snapshot.revision_digest,
        "renderer": snapshot.renderer_version,
        "files": {
            name: {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            for name, body in bodies.items()
        },
        # Not every database gives the keys of a mapping back in the order they were stored in.
        "targets": [{name: target[name] for name in sorted(target)} for target in content["targets"]],
    }


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp lets only its owner read.
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
