"""Run every check and every test of the house: ``make test``; with ``--checks`` the checks alone.

Tests run on SQLite and again on PostgreSQL, those in a browser once. What could not be run is said in
one line at the end; with ``CI=true`` it is a failure, except for the documents that live outside the project.
"""

import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import programs

ROOT = Path(__file__).resolve().parent.parent
SUMMARY = re.compile(r"=+ .*\b(?:passed|failed|errors?|skipped|no tests ran)\b.* in [\d.]+s.* =+$")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
SHARED = "shared documents"
"""What a reason says that tells of absent documents outside the project, which is never a failure."""


@dataclass(frozen=True)
class Outcome:
    """What became of one step: its name, whether it went well, and how long it took in seconds."""

    name: str
    passed: bool
    seconds: float
    summary: str = ""


def environment(**values: str) -> dict[str, str]:
    """Return this process's environment without the variables the settings read, and with these values."""
    lines = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8").splitlines()
    names = {match[1] for line in lines if (match := re.match(r"#?([A-Z][A-Z0-9_]*)=", line))}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"} | values


def run(name: str, command: list[str], env: dict[str, str]) -> Outcome:
    """Run one step with its output on the terminal, and keep pytest's summary line if it has one."""
    print(f"\n── {name}", flush=True)
    started, summary = time.monotonic(), ""
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        for raw in process.stdout:
            line = raw.decode(errors="replace")
            print(line, end="", flush=True)
            plain = COLOUR.sub("", line).strip()
            summary = plain if SUMMARY.match(plain) else summary
    return Outcome(name, process.returncode == 0, time.monotonic() - started, summary)


def checks() -> Iterator[Outcome]:
    """Run the checks that need no test: style, types, layers, migrations, and the deployment settings."""
    python, manage = sys.executable, [sys.executable, "manage.py"]
    memory = {"DATABASE_URL": "sqlite://:memory:"}
    test = environment(DJANGO_SETTINGS_MODULE="mindlab.settings.test", **memory)
    production = environment(
        DJANGO_SETTINGS_MODULE="mindlab.settings.production",
        SECRET_KEY=secrets.token_urlsafe(64),
        ALLOWED_HOSTS="mindlab.example",
        SITE_URL="https://mindlab.example",
        **memory,
    )
    yield run("style: ruff check", [python, "-m", "ruff", "check", "."], test)
    yield run(
        "style: ruff format",
        [python, "-m", "ruff", "format", "--check", "--quiet", "--output-format", "concise", "."],
        test,
    )
    yield run("types: mypy", [python, "-m", "mypy"], test)
    yield run("layers: import-linter", [str(Path(python).with_name("lint-imports")), "--no-logo"], test)
    yield run("migrations: makemigrations --check", [*manage, "makemigrations", "--check", "--dry-run"], test)
    deployment = [*manage, "check", "--deploy", "--fail-level", "WARNING"]
    yield run("deployment: check --deploy", deployment, production)


def pytest(name: str, env: dict[str, str], *options: str) -> Outcome:
    """Run the tests on one database, spread over the processors."""
    affinity = getattr(os, "sched_getaffinity", None)
    processors = len(affinity(0)) if affinity else os.cpu_count() or 1
    command = [sys.executable, "-m", "pytest", "--numprocesses", str(min(processors, 8)), "--durations", "5"]
    if sys.stdout.isatty():
        command.append("--color=yes")
    return run(name, [*command, *options], env)


def tests(skips: Path, not_run: list[str]) -> Iterator[Outcome]:
    """Run the tests on SQLite and on PostgreSQL; add to ``not_run`` what this machine has no program for."""
    chromium = programs.find_chromium() or programs.install_chromium()
    sqlite = environment(SKIPS_FILE=str(skips))
    if chromium:
        yield pytest("tests on SQLite, browser tests with " + chromium, sqlite | {"CHROMIUM": chromium})
    else:
        not_run.append("browser tests (no Chromium: sudo apt-get install chromium)")
        yield pytest("tests on SQLite", sqlite, "-m", "not browser")
    with programs.postgres() as server:
        if server is None:
            not_run.append("tests on PostgreSQL (no server: sudo apt-get install postgresql)")
            return
        env = environment(SKIPS_FILE=str(skips), DATABASE_URL=server.url, CONN_MAX_AGE="0")
        name = f"tests on PostgreSQL, {server.name}"
        yield pytest(name, env, "-m", "not browser", "--database-only")


def report(outcomes: list[Outcome], not_run: list[str]) -> int:
    """Print what was run and what was not, and return the exit status of the whole."""
    print("\n── all of it")
    for outcome in outcomes:
        verdict = "passed" if outcome.passed else "FAILED"
        print(f"{verdict} {outcome.seconds:6.1f} s  {outcome.name}")
    for outcome in outcomes:
        if outcome.summary:
            print(outcome.summary)
    print("not run: " + (", ".join(not_run) if not_run else "nothing, everything ran"))
    must_run = os.environ.get("CI", "").lower() in {"1", "true"}
    missing = must_run and any(SHARED not in reason for reason in not_run)
    if missing:
        print("FAILED: CI=true, and something was not run")
    return int(missing or not all(outcome.passed for outcome in outcomes))


def main() -> int:
    """Run what the command line asks for and return the exit status."""
    if shutil.which("git") is None:
        print("git is missing: sudo apt-get install git", file=sys.stderr)
        return 1
    skips = ROOT / "var" / f"skips-{os.getpid()}"
    skips.parent.mkdir(exist_ok=True)
    skips.touch()
    not_run: list[str] = []
    try:
        outcomes = list(checks())
        if "--checks" not in sys.argv[1:]:
            outcomes += tests(skips, not_run)
            not_run += sorted(set(skips.read_text(encoding="utf-8").splitlines()))
    except KeyboardInterrupt:
        return 130
    finally:
        skips.unlink()
    return report(outcomes, not_run)


if __name__ == "__main__":
    sys.exit(main())
