"""Measure what monstrous documents cost the import's parsers: seconds, peak memory and the outcome.

    python bench/import_bounds.py [--only WORDS]

Builds each monster in a temporary folder, parses it in a process of its own and prints one line for
it. Exit status 1 when one took more than 15 seconds or a gigabyte, or ended in anything but a
document or one sentence.
"""

from __future__ import annotations

import argparse
import io
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.parse import parse

MOST_SECONDS = 15.0
MOST_MEGABYTES = 1000
_PROSE = "A neuron is a cell that listens to thousands of others and speaks to thousands more.\n\n"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_P = "http://schemas.openxmlformats.org/package/2006"


def _twice_damaged(text: str) -> bytes:
    return text.encode().decode("latin-1").encode().decode("latin-1").encode()


def _word_file(paragraphs: int, parts: dict[str, str] | None = None) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>Words {n} of it.</w:t></w:r></w:p>" for n in range(paragraphs))
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_P}/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_P}/relationships">'
        f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
        **(parts or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


MONSTERS: dict[str, Callable[[], bytes]] = {
    "one line of 20 MB.txt": lambda: b"word and " * 2_222_000,
    "one word of 20 MB.txt": lambda: b"w" * 20_000_000,
    "one line of 20 MB.md": lambda: b"word *and* " * 1_800_000,
    "one line of 20 MB.html": lambda: b"<p>" + b"word and " * 2_222_000,
    "20 MB of tags.html": lambda: b"<p><b>word</b></p>" * 1_100_000,
    "40 MB.txt": lambda: b"word and " * 4_400_000,
    "20 MB of accents.txt": lambda: "né à l’été — ".encode() * 1_100_000,
    "20 MB of accents, 20,000 lines.txt": lambda: ("né à l’été — " * 60 + "\n\n").encode() * 19_000,
    "1,500,000 damaged words.txt": lambda: "ÎĽg ".encode() * 1_500_000,
    "1,500,000 words damaged twice.txt": lambda: _twice_damaged("μg " * 1_500_000),
    "100,000 damaged words.txt": lambda: "ÎĽg ".encode() * 100_000,
    "90,000 damaged lines.txt": lambda: "patientâ€™s ÎĽg and words\n".encode() * 90_000,
    "one word, damaged all through.txt": lambda: "ÎĽ".encode() * 4_000_000,
    "damaged eight times over.txt": lambda: _eight_times("μg and é " * 100),
    "500,000 short lines.txt": lambda: b"Heading Words\n" * 500_000,
    "90,000 short lines.txt": lambda: b"Heading Words\n" * 90_000,
    "90,000 labels.txt": lambda: b"Label Words:\n" * 90_000,
    "600,000 bullets.txt": lambda: b"- item of a list\n" * 600_000,
    "90,000 bullets.txt": lambda: b"- item of a list\n" * 90_000,
    "90,000 ties.txt": lambda: b"Words are words.\n" + "- term — gloss of it\n".encode() * 90_000,
    "90,000 bullets.md": lambda: b"- item of a list\n" * 90_000,
    "90,000 numbered lines.txt": lambda: "".join(f"{n}. item\n" for n in range(90_000)).encode(),
    "90,000 fences.txt": lambda: b"```\n" * 90_000,
    "90,000 lines of a diagram.txt": lambda: b"graph TD\n" + b"A --> B\n" * 90_000,
    "90,000 lone marks.txt": lambda: b"-\nLabel:\n" * 45_000,
    "5,000-fold list.txt": lambda: "".join("  " * n + "- item\n" for n in range(5_000)).encode(),
    "5,000-fold list.md": lambda: "".join("  " * n + "- item\n" for n in range(5_000)).encode(),
    "5,000-fold quote.md": lambda: b"> " * 5_000 + b"words\n",
    "5,000-fold brackets.md": lambda: b"[" * 5_000 + b"words" + b"](x)" * 5_000,
    "5,000-fold emphasis.md": lambda: b"*a **b " * 5_000,
    "5,000-fold divs.html": lambda: b"<div>" * 5_000 + b"words" + b"</div>" * 5_000,
    "5,000-fold lists.html": lambda: b"<ul><li>a" * 5_000,
    "5,000-fold tables.html": lambda: b"<table><tr><td>a" * 5_000,
    "10,000 headings.txt": lambda: b"".join(
        f"Heading Number {n}\n\n{_PROSE}".encode() for n in range(10_000)
    ),
    "10,000 headings.md": lambda: b"".join(f"## Heading {n}\n\n{_PROSE}".encode() for n in range(10_000)),
    "10,000 headings.html": lambda: b"".join(
        f"<h2>Heading {n}</h2><p>{_PROSE}</p>".encode() for n in range(10_000)
    ),
    "a table of 100,000 cells.md": lambda: b"|a|b|c|d|\n|-|-|-|-|\n" + b"|a|b|c|d|\n" * 25_000,
    "front matter, 20 MB.md": lambda: b"---\n" + b"a: b\n" * 4_000_000,
    "2 MB of Word.docx": lambda: _word_file(40_000),
    "4 MB of Word.docx": lambda: _word_file(80_000),
    "bomb.docx": lambda: _word_file(1, {"word/media/a.bin": "0" * 300_000_000}),
    "nothing but blank lines.txt": lambda: b"a\n" + b"\n" * 19_000_000 + b"b",
}
"""Each monster by the name of its file, and how to make it."""


def _eight_times(text: str) -> bytes:
    for _ in range(8):
        text = text.encode().decode("latin-1")
    return text.encode()


def parse_one(path: Path) -> int:
    """Parse one file in this process and print seconds, peak megabytes and outcome."""
    data = path.read_bytes()
    start = time.perf_counter()
    try:
        document = parse(data, path.name)
    except DocumentError as error:
        outcome = f"refused: {error.message}"
    else:
        outcome = f"{document.kind}, {len(document.blocks)} blocks, {len(document.repairs)} repairs"
        outcome += "".join(f"; {warning}" for warning in document.warnings[:2])
    seconds = time.perf_counter() - start
    print(f"{seconds:.1f}\t{_peak()}\t{outcome}")
    return 0


def _peak() -> int:
    """Peak megabytes of this process; Linux's own count, because getrusage knows the parent's too."""
    status = Path("/proc/self/status")
    if status.is_file() and (found := re.search(r"VmHWM:\s*(\d+) kB", status.read_text("utf-8"))):
        return int(found.group(1)) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _measure(name: str, folder: Path) -> bool:
    path = folder / name
    path.write_bytes(MONSTERS[name]())
    program = [sys.executable, str(Path(__file__).resolve()), "--one", str(path)]
    try:
        done = subprocess.run(program, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        print(f"{name:36} no outcome in 300 s", flush=True)
        return False
    path.unlink()
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["killed"])[-1]
        print(f"{name:36} no outcome: {reason[:120]}", flush=True)
        return False
    seconds, peak, outcome = done.stdout.strip().split("\t", 2)
    kept = float(seconds) <= MOST_SECONDS and int(peak) <= MOST_MEGABYTES
    print(f"{name:36} {seconds:>6} s {peak:>6} MB  {'' if kept else 'TOO MUCH  '}{outcome}", flush=True)
    return kept


def main(arguments: list[str] | None = None) -> int:
    """Measure every monster, or those whose names hold the words given; 1 when one is over the bounds."""
    parser = argparse.ArgumentParser(description="Measure what monstrous documents cost the parsers.")
    parser.add_argument("--only", default="", help="words in the names of those to measure")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one is not None:
        return parse_one(options.one)
    with tempfile.TemporaryDirectory() as temporary:
        names = [name for name in MONSTERS if options.only in name]
        kept = [_measure(name, Path(temporary)) for name in names]
    return 0 if kept and all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
