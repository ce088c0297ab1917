"""A migrated SQLite database, kept between runs: migrating from nothing takes most of a short run's time."""

import ast
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("mindlab", "articles", "glossary")


def imported_by(path: Path) -> Iterator[Path]:
    """Give the modules of ours that a module imports, as paths."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            found = (ROOT / name.replace(".", "/")).with_suffix(".py")
            if name.split(".")[0] in PACKAGES and found.exists():
                yield found


def sources() -> set[Path]:
    """Return what decides how the database looks: the pins, the migrations with their imports, the set-up."""
    waiting = [path for package in PACKAGES for path in (ROOT / package).rglob("migrations/*.py")]
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += imported_by(path)
    return {*seen, ROOT / "mindlab" / "home" / "site_setup.py", ROOT / "requirements-dev.txt"}


def template() -> Path:
    """Return where the database for today's sources is kept, whether it is there yet or not."""
    digest = hashlib.sha256()
    for path in sorted(sources()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return ROOT / "var" / "test-databases" / f"{digest.hexdigest()[:16]}.sqlite3"


def keep(database: str, path: Path) -> None:
    """Copy a database that was just migrated to where the next run finds it, and drop the older ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.replace(path)
    for old in sorted(path.parent.glob("*.sqlite3"), key=lambda each: each.stat().st_mtime)[:-3]:
        old.unlink(missing_ok=True)
