"""Edit the site at random, one person at a time, and look for what no second person approved.

    python bench/edits.py [--edits N] [--seed N] [--seconds N] [--kind KIND …]

Sets a site up in a test database (in memory, or of the server that ``DATABASE_URL`` names) and makes
random edits by single people over all kinds of object: in the admin's own views, by code and by
commands, with reviews by others in between. Every edit brings in a nonsense word, or a picture of a
colour of its own. An observer that uses none of the project's digests and records notes who put which
of them where and who approved what he was shown, and reads as an anonymous visitor, after each edit,
the pages that it may have touched, and now and then all of them.

Prints how many public pages ever showed a word or picture that no second person had approved, and how
many edits of each kind were refused, waited for somebody, or went through. The status is 1 when a
page showed what it should not have.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


@contextmanager
def test_database() -> Iterator[None]:
    """Set the site up in a test database of its own, and throw that away at the end."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "mindlab.settings.test"
    os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    logging.disable(logging.CRITICAL)
    setup_test_environment(debug=False)
    databases = setup_databases(verbosity=0, interactive=False)
    from mindlab.home.site_setup import ensure_site

    ensure_site()
    try:
        yield
    finally:
        teardown_databases(databases, verbosity=0)


def report(result: Any, seconds: float) -> None:
    """Print what came of a run."""
    kinds = sorted({kind for kind, _ in result.outcomes})
    print(f"{'kind':14}{'refused':>9}{'waited':>9}{'through':>9}{'errors':>9}")
    for kind in kinds:
        figures = "".join(f"{result.outcomes[kind, what]:9,}" for what in result.OUTCOMES)
        print(f"{kind:14}{figures}")
    for line, number in Counter(result.errors).most_common(10):
        print(f"error, {number} times: {line}")
    for leak in result.leaks:
        print(f"LEAK {leak}")
    statements = result.statements / max(result.edits, 1)
    print(
        f"{result.edits:,} edits in {seconds:,.0f} s, {result.edits / seconds:.1f} a second, "
        f"{statements:.0f} statements an edit; {result.approvals:,} approvals taken; "
        f"{result.looked:,} looks at a page"
    )
    print(f"public pages that ever showed what no second person approved: {len(result.leaked_pages)}")


def main() -> int:
    """Run as many edits as asked for; the status is 1 when a page showed what nobody approved."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    parser.add_argument("--kind", action="append", help="edits of this kind of object alone")
    options = parser.parse_args()
    with test_database():
        from bench.editing.run import run

        began = time.monotonic()
        result = run(options.edits, seed=options.seed, seconds=options.seconds, kinds=options.kind)
        report(result, time.monotonic() - began)
    return 1 if result.leaks else 0


if __name__ == "__main__":
    sys.exit(main())
