"""Score the import's parsers on a folder of documents with gold.

    python bench/score_import.py FOLDER [--out DIR] [-v]
    python bench/score_import.py --variants 300 [-v]

FOLDER holds documents with a ``gold/`` folder beside them, at any depth, and a ``score.py`` that
compares trees (see its README). Each such set is parsed, its trees are written and scored; folders
named ``real`` are scored for the words that survive. The figures are those score.py prints, and a
table of the guesses: how many stand at a confidence of 0.8 and above, how many of these are right,
how many are wrong and how many of the wrong ones stand below. ``--variants`` does the same for
documents that the tests make and flatten in many ways.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.calibration import Judged, judge, judge_folder, print_table
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


def score_variants(number: int, *, verbose: bool) -> None:
    """Print structure and guesses of ``number`` documents of each kind that the tests make."""
    flattening: Any = import_module("tests.importer.parsers.flattening")
    for make in (flattening.essay, flattening.concept):
        scores: list[float] = []
        judged: list[Judged] = []
        for seed in range(number):
            made = make(seed)
            document = parse(made.text.encode(), made.name)
            scores.append(flattening.f1(made.units, flattening.units(to_tree(document))))
            judged += judge(f"{make.__name__} {seed}", document, made.gold())
        mean = sum(scores) / max(1, len(scores))
        print(f"== {make.__name__}: F1 {mean:.4f} mean, {min(scores):.4f} least, of {number}")
        print_table(judged, verbose=verbose)


def main(arguments: list[str] | None = None) -> int:
    """Score every set below the folder named; exit status 2 when there is none."""
    parser = argparse.ArgumentParser(description="Score the import's parsers on documents with gold.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--variants", type=int, metavar="N", help="score N made documents of each kind")
    parser.add_argument("--out", type=Path, help="keep the trees here")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args(arguments)
    if options.variants:
        score_variants(options.variants, verbose=options.verbose)
    if options.folder is None:
        return 0 if options.variants else parser.error("name a folder, or --variants")
    return score_folder(options.folder, options.out, verbose=options.verbose)


def score_folder(named: Path, keep: Path | None, *, verbose: bool) -> int:
    """Score every set below a folder; 2 when there is none."""
    folder = named.resolve()
    around = [folder, *folder.parents]
    scorer = next((s for f in around for s in (f / "score.py", f / "corpus/score.py") if s.is_file()), None)
    sets = sorted({gold.parent for gold in folder.rglob("gold") if gold.is_dir()})
    real = sorted(path for path in [folder, *folder.rglob("real")] if path.is_dir() and path.name == "real")
    if scorer is None or (not sets and not real):
        print(f"No documents with gold, or no score.py, in {named}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        for documents in [*sets, *real]:
            out = (keep or Path(temporary)) / documents.name
            failed = write_trees(documents, out)
            print(f"== {documents.name}", flush=True)
            what = ["--survival", documents] if documents in real else [documents / "gold"]
            command = [sys.executable, scorer, *what, out, *(["-v"] if verbose else [])]
            subprocess.run([str(part) for part in command], check=True)
            if documents not in real:
                print_table(judge_folder(documents), verbose=verbose)
            for line in failed:
                print(f"  not parsed: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
