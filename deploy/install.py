"""Make the virtual environment and install exact pins into it; used by the Makefile, before anything else.

Runs on a bare Python with its standard library alone: ``python deploy/install.py requirements.txt``.
"""

import contextlib
import fcntl
import hashlib
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INTERRUPTED = VENV / ".installing"
"""Stands while pip works: found at the next start, it says that an installation broke off."""


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Hold back a second installation into the same environment until this one has ended."""
    path = ROOT / "var" / "install.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def usable() -> bool:
    """Return whether the environment is whole: its Python runs, has pip, and no installation broke off."""
    if INTERRUPTED.exists() or not PYTHON.exists():
        return False
    question = "import pip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))"
    return subprocess.run([PYTHON, "-c", question], check=False, capture_output=True).returncode == 0


def stamp(requirements: Path) -> Path:
    """Return the file in the environment that holds the hash of the pins last installed from this list."""
    return VENV / f".installed-{requirements.stem}"


def install(requirements: Path) -> int:
    """Bring the environment to these pins unless it has them, and return pip's exit status."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not usable():
        print("Making the virtual environment .venv …", flush=True)
        if VENV.exists():
            shutil.rmtree(VENV)
        venv.create(VENV, with_pip=True, symlinks=True)
    elif stamp(requirements).exists() and stamp(requirements).read_text() == digest:
        return 0
    print(f"Installing {requirements.name}: the first time takes a minute or two …", flush=True)
    INTERRUPTED.touch()
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes"]
    status = subprocess.run([*pip, "--requirement", str(requirements)], check=False).returncode
    INTERRUPTED.unlink()
    if status == 0:
        stamp(requirements).write_text(digest)
    return status


def main() -> int:
    """Install the list that the command line names and return the exit status."""
    try:
        with locked():
            return install(ROOT / sys.argv[1])
    except KeyboardInterrupt:
        print("Interrupted; the next run starts the installation again.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
