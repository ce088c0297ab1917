"""Bring the database up to date, load the samples, and serve the site on this machine: ``make run``."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var")
HOST = "127.0.0.1"
PUBLIC_MEDIA = "images"
"""Sizes of images. Originals are for the site itself; documents it serves to those who may read them."""

NEXT_STEPS = """
MindLAB is at
    {site}/          what readers see
    {site}/admin/    where editors work; sign in as writer, editor, reviewer or admin
Their passwords were printed when they were made; a new one:
    .venv/bin/python manage.py changepassword writer
To try the review: sign in as writer and submit a draft, approve it as editor, then as reviewer.
Your own documents become drafts with: make run DOCS=folder
Ctrl-C stops the site.
"""


def port_problem(port: str) -> str | None:
    """Return one line about why nothing can be served on this port, or None."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return f"PORT={port} is no port: give a number from 1 to 65535, such as make run PORT=8001"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(port)))
        except PermissionError:
            return f"Port {port} is for administrators only: choose another, such as make run PORT=8001"
        except OSError:
            return f"Port {port} is taken: stop what serves there, or choose another: make run PORT=8001"
    return None


def manage(*arguments: str) -> int:
    """Run one command of manage.py, its output on the terminal, and return its exit status."""
    return subprocess.run([sys.executable, ROOT / "manage.py", *arguments], check=False).returncode


def prepare(documents: str) -> int:
    """Migrate, load the samples and import the folder if one is given; return the first failure, or 0."""
    print("Bringing the database up to date …", flush=True)
    if status := manage("migrate") or manage("ensure_site"):
        return status
    print("Loading the sample library …", flush=True)
    if status := manage("load_samples"):
        return status
    if not documents:
        return 0
    print(f"Importing {documents} …", flush=True)
    status = manage("import_documents", documents)
    # 1 says that some documents failed, each with its line above: the others are there to be looked at.
    return 0 if status == 1 else status


def serve(port: str) -> None:
    """Hand this process over to granian, so that Ctrl-C reaches it."""
    media = Path(os.environ.get("MEDIA_ROOT") or VAR / "media")
    (VAR / "static").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", port]
    command += ["--blocking-threads", "4", "--log-level", "warning"]
    public = media / PUBLIC_MEDIA
    public.mkdir(parents=True, exist_ok=True)
    command += ["--static-path-route", f"/media/{PUBLIC_MEDIA}", "--static-path-mount", str(public)]
    command += ["--static-path-expires", "0", "mindlab.wsgi:application"]
    os.execv(sys.executable, command)  # noqa: S606


def main() -> int:
    """Do all of it for the port and the folder that the environment names; return the exit status."""
    port, documents = os.environ.get("PORT") or "8000", os.environ.get("DOCS", "")
    if problem := port_problem(port):
        print(problem, file=sys.stderr)
        return 1
    os.chdir(ROOT)
    site = f"http://localhost:{port}"
    os.environ.setdefault("SITE_URL", site)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mindlab.settings.dev")
    # Readers' own 404 page rather than Django's; `manage.py runserver` is there for those who debug.
    os.environ.setdefault("DEBUG", "false")
    try:
        if status := prepare(documents):
            return status
    except KeyboardInterrupt:
        return 130
    print(NEXT_STEPS.format(site=site), flush=True)
    serve(port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
