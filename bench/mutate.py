"""Change the conditions that the review rests on, one at a time, and report which no near test notices.

    python bench/mutate.py [--module NAME …] [--resume] [--survivors] [--anew] [--workers N]

Each ``if`` is negated, ``and`` and ``or`` are swapped, ``not`` is dropped, comparisons are turned,
constant answers are turned, early returns, raises and calls are left out, and constant sets lose each of
their elements. The near tests are run once to see which of them come to which statement; then each
mutant meets the tests that come to what it changes, quickest first, in a child of the same process, until
one fails.

What was seen of a test is kept in ``var/near-tests.json`` until its file changes or ``--anew`` is given, and
results in ``var/mutants.json``: ``--resume`` leaves out what was noticed before, ``--survivors``
takes only what was not. Mutants that change nothing anybody could see are listed with the reason in
``bench/mutating/equivalent.py``. The status is 1 when one survives.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.mutating.equivalent import EQUIVALENT  # noqa: E402
from bench.mutating.mutants import Mutant, mutants_of  # noqa: E402

MODULES = (
    "mindlab/core/blockers.py",
    "mindlab/core/digests.py",
    "mindlab/core/gate.py",
    "mindlab/core/locking.py",
    "mindlab/core/pages.py",
    "mindlab/core/permissions.py",
    "mindlab/core/shown.py",
    "mindlab/editorial/authors.py",
    "mindlab/editorial/gate.py",
    "mindlab/editorial/publications.py",
    "mindlab/editorial/records.py",
    "mindlab/editorial/signal_handlers.py",
    "mindlab/editorial/tasks.py",
)
NEAR = ("tests/editorial", "tests/core", "tests/home/test_publications_of_public_pages.py")
IGNORED = ("--ignore=tests/editorial/test_edits.py",)
"""Random edits are no test of a condition, and long."""
RESULTS = ROOT / "var" / "mutants.json"
SEEN = ROOT / "var" / "near-tests.json"


def chosen(names: list[str]) -> list[Mutant]:
    """Return the mutants of the modules whose path holds one of the names, or of all."""
    paths = [path for path in MODULES if not names or any(name in path for name in names)]
    mutants = [mutant for path in paths for mutant in mutants_of(ROOT / path, ROOT)]
    return [mutant for mutant in mutants if mutant.key not in EQUIVALENT]


def earlier() -> dict[str, str]:
    """Return what came of mutants in earlier runs: the test that noticed each, or ""."""
    found: dict[str, str] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    return found


def keep(results: dict[str, str]) -> None:
    """Keep what came of mutants for the next run."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True))


def run(mutants: list[Mutant], workers: int, near: list[str]) -> tuple[list[str], dict[str, str]]:
    """Run the near tests against mutants; return the tests that failed without one, and the results."""
    import pytest

    from bench.mutating.near import Near
    from bench.mutating.runner import Runner

    os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
    known, began = earlier(), time.monotonic()

    def say(mutant: Mutant, killer: str) -> None:
        known[mutant.key] = killer
        if not killer:
            print(f"SURVIVED {mutant}", flush=True)
        if len(runner.results) % 25 == 0:
            print(f"{len(runner.results)} of {len(mutants)}, {time.monotonic() - began:.0f} s", flush=True)
            keep(known)

    runner = Runner(mutants, Near(ROOT, MODULES, SEEN), workers, say)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-s", "-m", "not browser", *IGNORED]
    pytest.main([*options, *near], plugins=[runner])
    keep(known)
    return runner.failed_before, runner.results


def main() -> int:
    """Run all mutants asked for; the status is 1 when one survives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--module", action="append", default=[], help="part of a module's path")
    parser.add_argument("--resume", action="store_true", help="leave out what was noticed before")
    parser.add_argument("--survivors", action="store_true", help="only what was not noticed before")
    parser.add_argument("--anew", action="store_true", help="see anew which tests come to which statement")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--near", action="append", help="tests to run instead of the near ones")
    options = parser.parse_args()
    mutants, before = chosen(options.module), earlier()
    if options.resume:
        mutants = [mutant for mutant in mutants if not before.get(mutant.key)]
    if options.survivors:
        mutants = [mutant for mutant in mutants if before.get(mutant.key) == ""]
    if options.anew:
        SEEN.unlink(missing_ok=True)
    failed, results = run(mutants, options.workers, options.near or list(NEAR))
    for test in failed:
        print(f"fails without any change: {test}")
    survivors = [mutant for mutant in mutants if results.get(mutant.key) == ""]
    print(f"{len(results)} of {len(mutants)} mutants run, {len(survivors)} survived.")
    for mutant in survivors:
        print(mutant)
    return 1 if failed or survivors or len(results) < len({mutant.key for mutant in mutants}) else 0


if __name__ == "__main__":
    sys.exit(main())
