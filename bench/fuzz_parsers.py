"""Throw made-up and mutated documents at the parsers for as long as you like.

    python bench/fuzz_parsers.py [--seconds 60] [--seed N]

Starts from the documents of the tests and the sample library, mutates them (cuts, repeats, splices,
flips bytes, damages characters, adds marks of every format) and checks that a parser raises nothing
but DocumentError, that no word is lost, that trees can be written as JSON, that repairing repaired
text changes nothing, and that nothing takes longer than a few seconds. Inputs that fail are kept in
``var/fuzz/`` with what went wrong; exit status 1 when there are any.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mindlab.importer.parsers.decoding import decode
from mindlab.importer.parsers.document import ParsedDocument
from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.mojibake import CODECS
from mindlab.importer.parsers.parse import parse
from mindlab.importer.parsers.repair import repair
from mindlab.importer.parsers.tree import to_tree

ROOT = Path(__file__).resolve().parent.parent
FOUND = ROOT / "var" / "fuzz"
MOST_SECONDS = 5.0
LONGEST = 60_000
SCRAPS = (
    "-",
    "- item",
    "* item",
    "• item",
    "– item",
    "1. item",
    "  - nested item",
    "Label Words:",
    "It says this:",
    "34 articles",
    "Latest Articles",
    "© 2024 A",
    "graph TD",
    "A --> B",
    "sequenceDiagram",
    "A->>B: word",
    "pie",
    '"a" : 3',
    "```",
    "```mermaid",
    "~~~",
    "---",
    "***",
    "===",
    "%%",
    "$$",
    "# Heading",
    "## Heading",
    "> quoted",
    "> [!note] Title",
    "> > deeper",
    "[[wikilink]]",
    "[[a|b]]",
    "![[embed]]",
    "![alt](image.png)",
    '[text](target.md "title")',
    "[^1]",
    "[^1]: note",
    "[ref]: /address 'title'",
    "<b>bold</b>",
    "<div>",
    "</div>",
    "<!-- comment -->",
    "<script>x()</script>",
    "<table><tr><td>a",
    "|a|b|",
    "|-|-|",
    "term — gloss of it",
    "term - gloss",
    "term: gloss",
    "**bold**",
    "*em*",
    "`code`",
    "&amp;",
    "&#0;",
    "\\[",
    "+++",
    'title: "a"',
    '<a href="javascript:x">y</a>',
    "<![CDATA[",
    "tags: [a, b]",
    '{"title": "a"}',
    "= = =",
    "Home > Topics",
    "“quoted.” — Name",
    "ÎĽg/dL",
    "â€™",
    "Ã©",
    "\u0085",
    "\u2028",
    "\ufeff",
    "\u200b",
)
NAMES = ("a.txt", "a.txt", "a.md", "a.md", "a.html", "a.docx", "a", "001_be181ec85dd8b353.txt")


def corpus() -> list[tuple[str, bytes]]:
    """Names and bytes of the documents to start from."""
    folders = [ROOT / "tests" / "documents", ROOT / "mindlab" / "home" / "samples"]
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [(path.name, path.read_bytes()) for path in paths]


def mutated(rng: random.Random, seeds: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """A new document: one of the seeds, changed in a few places."""
    name, data = rng.choice(seeds)
    if rng.random() < 0.15:
        lines = [rng.choice(SCRAPS) for _ in range(rng.randint(1, 60))]
        data = rng.choice(["\n", "\n\n"]).join(lines).encode()
    for _ in range(rng.randint(1, 6)):
        data = _change(rng, data, seeds)
    return (rng.choice(NAMES) if rng.random() < 0.4 else name), data[:LONGEST]


def _change(rng: random.Random, data: bytes, seeds: list[tuple[str, bytes]]) -> bytes:
    at, end = sorted(rng.randint(0, len(data)) for _ in range(2))
    short = min(end, at + rng.choice([1, 4, 30, 300]))
    other = rng.choice(seeds)[1]
    start = rng.randint(0, len(other))
    lines = data.split(b"\n")
    scraps = "\n".join(rng.choice(SCRAPS) for _ in range(rng.randint(1, 5))).encode()
    changes: tuple[Callable[[], bytes], ...] = (
        lambda: data[:at] + data[short:],
        lambda: data[:at] + data[at:short] * rng.choice([2, 5, 60]) + data[short:],
        lambda: data[:at] + other[start : start + rng.choice([20, 400, 4000])] + data[end:],
        lambda: data[:at] + rng.randbytes(rng.randint(1, 6)) + data[at:],
        lambda: data[:at] + data[at:end].decode(CODECS[rng.choice(sorted(CODECS))], "replace").encode(),
        lambda: b"\n".join(rng.sample(lines, len(lines))),
        lambda: data.replace(b"\n\n", rng.choice([b"\n", b"\r\n", b"\n\n\n\n\n", b" "])),
        lambda: data[:at] + (rng.choice(SCRAPS) * rng.choice([1, 1, 3, 200])).encode() + data[at:],
        lambda: data[:at] + b"\n" + scraps + b"\n" + data[at:],
    )
    return rng.choice(changes)()


def _values(value: Any) -> Iterator[str]:
    """Every text and number in a value of the document tree."""
    if isinstance(value, (str, int, float)):
        yield str(value)
    elif isinstance(value, (tuple, list)):
        for inner in value:
            yield from _values(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _values(inner)
    elif hasattr(value, "__dataclass_fields__"):
        for field in fields(value):
            if field.name != "lines":
                yield from _values(getattr(value, field.name))


def missing_words(document: ParsedDocument) -> Counter[str]:
    """Words of a flattened source that stand neither in the draft nor among what was left out."""
    parts: list[Any] = [document.blocks, document.left_out, document.deck or "", document.title or ""]
    if document.declared_count is not None:
        parts.append(document.text.split("\n")[document.declared_count.lines.first - 1])
    kept = Counter(re.findall(r"[^\W\d_]{2,}", "\n".join(_values(parts))))
    return Counter(re.findall(r"[^\W\d_]{2,}", document.text)) - kept - Counter({"mermaid": 10_000})


def check(name: str, data: bytes) -> str:
    """What is wrong with how an input is read, "" when nothing is."""
    start = time.perf_counter()
    try:
        document = parse(data, name)
    except DocumentError as error:
        return "" if error.message and "\n" not in error.message else "an error without a sentence"
    seconds = time.perf_counter() - start
    json.dumps(to_tree(document))
    if seconds > MOST_SECONDS:
        return f"took {seconds:.1f} s"
    if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", document.text):
        return "a control character is left"
    if not name.endswith(".docx"):
        once = repair(decode(data).text)[0]
        if repair(once)[0] != once:
            return "repairing twice changes more"
    is_flattened = any(guess.what == "kind" and "." in guess.reason for guess in document.guesses)
    if is_flattened and name.endswith(".txt") and not re.search(r"[<\[{`|*#]|^(?:---|\+\+\+)", document.text):
        lost = missing_words(document)
        if lost:
            return f"words lost: {' '.join(list(lost)[:10])}"
    return ""


def failure_of(name: str, data: bytes) -> str:
    """As `check`, with anything raised turned into the text of its traceback."""
    try:
        return check(name, data)
    except Exception:  # noqa: BLE001 - whatever is raised is what fuzzing looks for
        return traceback.format_exc()


def keep(name: str, data: bytes, failure: str) -> Path:
    """Write a failing input and what went wrong to `FOUND`."""
    FOUND.mkdir(parents=True, exist_ok=True)
    path = FOUND / f"{hashlib.sha256(data).hexdigest()[:12]}-{name}"
    path.write_bytes(data)
    path.with_name(path.name + ".why").write_text(failure + "\n", "utf-8")
    return path


def main(arguments: list[str] | None = None) -> int:
    """Fuzz for a time; 1 when something was found."""
    parser = argparse.ArgumentParser(description="Fuzz the import's parsers.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=None, help="repeat a run")
    options = parser.parse_args(arguments)
    seed: int = options.seed if options.seed is not None else time.time_ns() % 1_000_000
    rng = random.Random(seed)  # noqa: S311 - it mutates test documents
    seeds, end, count = corpus(), time.monotonic() + options.seconds, 0
    kinds: Counter[str] = Counter()
    while time.monotonic() < end:
        name, data = mutated(rng, seeds)
        failure = failure_of(name, data)
        count += 1
        if failure:
            kind = failure.strip().split("\n")[-1][:100]
            kinds[kind] += 1
            if kinds[kind] <= 3:
                print(f"{keep(name, data, failure).relative_to(ROOT)}: {kind}", flush=True)
    print(f"seed {seed}: {count} documents, {sum(kinds.values())} failures")
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
