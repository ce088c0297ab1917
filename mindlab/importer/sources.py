"""The files a call names: which are documents, which are passed over, and their bytes, read safely.

Nothing but ordinary files is ever opened: no link, pipe, device or socket inside a folder is
followed, nothing outside the folder is read, and a size is known before a byte is.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mindlab.importer.parsers.limits import MAX_BYTES

MAX_REFERENCE = 500
DOCUMENT_ENDINGS = frozenset(
    {".txt", ".text", ".md", ".markdown", ".mdown", ".mkd", ".html", ".htm", ".xhtml", ".docx"}
)
IMAGE_ENDINGS = frozenset({".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"})


class SourceError(Exception):
    """A file that cannot be read; the message is one plain sentence for the report."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Source:
    """A document to import: where it lies, the folder it was found in, and its hash."""

    path: Path
    root: Path
    """The folder that was named, or the one that holds a file that was named."""
    reference: str
    """The path relative to ``root``, with "/" between its parts, in characters any database keeps."""
    content_hash: str = ""
    """sha256 of its bytes, in hexadecimal."""
    is_named: bool = False
    """Whether the call names this very file, not a folder it is in."""

    @property
    def location_key(self) -> str:
        """sha256 of its absolute path, in hexadecimal."""
        return location_key(self.path)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A path that is no document to import, with the reason; ``failed`` when it should have been one."""

    reference: str
    reason: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file that documents may show."""

    path: Path
    reference: str


@dataclass(frozen=True, slots=True)
class Found:
    """Everything the named paths hold."""

    sources: tuple[Source, ...]
    passed_over: tuple[PassedOver, ...]
    pictures: tuple[Picture, ...]
    images: dict[str, Path]
    """Images of the folders by ``name_of_file``, the first of each name."""


def location_key(path: Path) -> str:
    """sha256 of a path, in hexadecimal: short enough for an index whatever the path's length."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()


def find(paths: Sequence[Path]) -> Found:
    """List the documents under ``paths``, folders in the order of their names, each file once."""
    sources: dict[Path, Source] = {}
    passed: list[PassedOver] = []
    pictures: dict[Path, Picture] = {}
    images: dict[str, Path] = {}
    for named in paths:
        for entry in _under(named):
            if isinstance(entry, PassedOver):
                passed.append(entry)
            elif isinstance(entry, Source):
                sources.setdefault(entry.path, entry)
            else:
                pictures.setdefault(entry.path, entry)
                images.setdefault(name_of_file(entry.path.name), entry.path)
    return Found(tuple(sources.values()), tuple(passed), tuple(pictures.values()), images)


def _under(named: Path) -> Iterator[Source | PassedOver | Picture]:
    try:
        path = named.resolve(strict=True)
        mode = path.stat().st_mode
    except (OSError, ValueError, RuntimeError) as error:
        yield PassedOver(printable(str(named)), _reason(error), failed=True)
        return
    if stat.S_ISDIR(mode):
        yield from _walk(path, printable(str(named)))
    elif stat.S_ISREG(mode):
        yield _hashed(Source(path, path.parent, printable(path.name), is_named=True))
    else:
        yield PassedOver(printable(str(named)), "It is neither a file nor a folder.", failed=True)


def _walk(root: Path, name: str) -> Iterator[Source | PassedOver | Picture]:
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield PassedOver(name if folder == root else _relative(folder, root), _reason(error), failed=True)
            continue
        waiting.extend(
            Path(entry.path)
            for entry in reversed(found)
            if not _hidden(entry) and entry.is_dir(follow_symlinks=False)
        )
        for entry in found:
            if not _hidden(entry) and not entry.is_dir(follow_symlinks=False):
                yield from _entry(entry, root)


def _entry(entry: os.DirEntry[str], root: Path) -> Iterator[Source | PassedOver | Picture]:
    path = Path(entry.path)
    reference = _relative(path, root)
    ending = path.suffix.lower()
    if entry.is_symlink():
        yield PassedOver(reference, "It is a link, and links are not followed.", failed=False)
    elif not entry.is_file(follow_symlinks=False):
        yield PassedOver(reference, "It is not an ordinary file.", failed=False)
    elif ending in IMAGE_ENDINGS:
        yield Picture(path, reference)
    elif ending not in DOCUMENT_ENDINGS:
        yield PassedOver(reference, "It is in no format that is imported.", failed=False)
    else:
        yield _hashed(Source(path, root, reference))


def _hidden(entry: os.DirEntry[str]) -> bool:
    """Whether a file is a system's or a program's own, such as the lock file of an open Word file."""
    return entry.name.startswith((".", "~$"))


def name_of_file(name: str) -> str:
    """A file name without regard to case and to how a system composes its accents."""
    return unicodedata.normalize("NFC", name).lower()


def _hashed(source: Source) -> Source | PassedOver:
    try:
        content_hash = hashlib.sha256(read(source.path)).hexdigest()
    except SourceError as error:
        return PassedOver(source.reference, error.message, failed=True)
    return replace(source, content_hash=content_hash)


def read(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of an ordinary file of at most ``limit`` bytes.

    Raises SourceError for anything else; never waits for a pipe and never follows a link.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise SourceError(_reason(error)) from error
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise SourceError("It is not an ordinary file.")
        if state.st_size > limit:
            size, most = state.st_size / 1_000_000, limit / 1_000_000
            raise SourceError(f"The file has {size:.0f} MB; at most {most:.0f} MB are read.")
        try:
            data = file.read(limit + 1)
        except OSError as error:
            raise SourceError(_reason(error)) from error
    if len(data) > limit:
        raise SourceError("The file grew while it was read.")
    return data


def _relative(path: Path, root: Path) -> str:
    return printable(path.relative_to(root).as_posix())


def printable(name: str) -> str:
    """A path as text that a database and a terminal bear; very long ones lose their beginning."""
    text = os.fsencode(name).decode("utf-8", "replace")
    text = "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
    return text if len(text) <= MAX_REFERENCE else "…" + text[-(MAX_REFERENCE - 1) :]


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "There is no such file or folder."
    if isinstance(error, PermissionError):
        return "It cannot be read: permission denied."
    words = getattr(error, "strerror", None) or "the path is not one the system can open"
    return f"It cannot be read: {str(words).lower()}."
