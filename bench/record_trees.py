"""Record what the parsers make of the sample library, for the tests to compare with.

    python bench/record_trees.py [--check]

Writes one ``tests/importer/parsers/trees/NAME.json`` for each document of ``mindlab/home/samples``.
Read the difference (``git diff``) as an editor would before it is committed: the records are what a
person found right. ``--check`` writes nothing and exits with 1 when a record would change.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mindlab.importer.parsers.parse import parse
from mindlab.importer.parsers.tree import to_tree

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "mindlab" / "home" / "samples"
TREES = ROOT / "tests" / "importer" / "parsers" / "trees"
_NO_SAMPLES = {"SOURCES.md"}


def sample_paths() -> list[Path]:
    """The documents of the sample library, in the order of their names."""
    return sorted(p for p in SAMPLES.iterdir() if p.suffix in {".md", ".txt"} and p.name not in _NO_SAMPLES)


def tree_of(path: Path) -> dict[str, Any]:
    """The tree of one sample, with the repairs made and the confidence of each guess."""
    document = parse(path.read_bytes(), path.name)
    tree = to_tree(document)
    tree["repairs"] = [f"{repair.line}: {repair.before} -> {repair.after}" for repair in document.repairs]
    tree["guesses"] = [f"{guess.what} {guess.confidence:.2f}: {guess.value}" for guess in document.guesses]
    tree["warnings"] = list(document.warnings)
    return tree


def written(tree: dict[str, Any]) -> str:
    """A tree as the text of its record."""
    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the records, or with ``--check`` say which of them would change."""
    parser = argparse.ArgumentParser(description="Record the parsers' trees of the sample library.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 on a difference")
    options = parser.parse_args(arguments)
    TREES.mkdir(parents=True, exist_ok=True)
    trees = {TREES / f"{path.stem}.json": written(tree_of(path)) for path in sample_paths()}
    changed = [path for path, text in trees.items() if not path.is_file() or path.read_text("utf-8") != text]
    stale = sorted(set(TREES.glob("*.json")) - set(trees))
    for path in [*changed, *stale]:
        print(path.relative_to(ROOT))
    if not options.check:
        for path in changed:
            path.write_text(trees[path], "utf-8")
        for path in stale:
            path.unlink()
    return 1 if options.check and (changed or stale) else 0


if __name__ == "__main__":
    sys.exit(main())
