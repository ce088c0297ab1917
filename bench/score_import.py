"""Score the import's parsers on a folder of documents with gold.

    python bench/score_import.py FOLDER [--out DIR] [-v]

FOLDER holds documents with a ``gold/`` folder beside them, at any depth, and a ``score.py`` that
compares trees (see its README). Each such set is parsed, its trees are written and scored; folders
named ``real`` are scored for the words that survive. The figures are those score.py prints.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.parse import parse
from mindlab.importer.parsers.tree import to_tree


def write_trees(folder: Path, out: Path) -> list[str]:
    """Parse every document under ``folder`` into ``out``; returns what could not be parsed."""
    failed = []
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or "gold" in path.relative_to(folder).parts:
            continue
        relative = str(path.relative_to(folder))
        try:
            tree = to_tree(parse(path.read_bytes(), relative))
        except DocumentError as error:
            failed.append(f"{relative}: {error.message}")
            continue
        target = out / (relative.replace("/", "__") + ".json")
        target.write_text(json.dumps(tree, ensure_ascii=False, indent=1), "utf-8")
    return failed


def main(arguments: list[str] | None = None) -> int:
    """Score every set below the folder named; exit status 2 when there is none."""
    parser = argparse.ArgumentParser(description="Score the import's parsers on documents with gold.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, help="keep the trees here")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args(arguments)
    folder: Path = options.folder.resolve()
    around = [folder, *folder.parents]
    scorer = next((s for f in around for s in (f / "score.py", f / "corpus/score.py") if s.is_file()), None)
    sets = sorted({gold.parent for gold in folder.rglob("gold") if gold.is_dir()})
    real = sorted(path for path in [folder, *folder.rglob("real")] if path.is_dir() and path.name == "real")
    if scorer is None or (not sets and not real):
        print(f"No documents with gold, or no score.py, in {options.folder}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        for documents in [*sets, *real]:
            out = (options.out or Path(temporary)) / documents.name
            failed = write_trees(documents, out)
            print(f"== {documents.name}", flush=True)
            what = ["--survival", documents] if documents in real else [documents / "gold"]
            command = [sys.executable, scorer, *what, out, *(["-v"] if options.verbose else [])]
            subprocess.run([str(part) for part in command], check=True)
            for line in failed:
                print(f"  not parsed: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
