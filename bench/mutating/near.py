"""Which of the near tests come to which statement, as an earlier run saw it."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from bench.mutating.mutants import Mutant


class Seen(TypedDict):
    """What was seen of a test: how long it took, and the statements that it came to, by path."""

    seconds: float
    statements: dict[str, list[str]]


class Near:
    """What was seen of each test that passes, kept until its file changes.

    A statement goes by its function and its first line, so that what was seen stays good while other code
    changes. What is kept too long makes a mutant survive that a test would notice, and never the reverse.
    """

    def __init__(self, root: Path, paths: tuple[str, ...], kept: Path) -> None:
        self.root, self.kept = root, kept
        self.sources = {path: (root / path).read_text(encoding="utf-8") for path in paths}
        self._seen: dict[str, Seen] = {}
        self._by_file: dict[str, dict[str, Seen]] = json.loads(kept.read_text()) if kept.exists() else {}

    def knows(self, test: str) -> bool:
        """Return whether a test was seen to pass as it stands."""
        earlier = self._by_file.get(self._digest(test), {})
        if test in earlier:
            self._seen[test] = earlier[test]
        return test in self._seen

    def add(self, seen: dict[str, Seen]) -> None:
        """Keep what was seen of more tests."""
        for test, each in seen.items():
            self._seen[test] = each
            self._by_file.setdefault(self._digest(test), {})[test] = each
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        self.kept.write_text(json.dumps(self._by_file))

    def seconds(self, test: str) -> float:
        """Return how long a test took."""
        return self._seen[test]["seconds"] if test in self._seen else 0

    def of(self, mutant: Mutant) -> list[str]:
        """Return the tests that might notice a mutant, quickest first."""
        places = set(_places(mutant, self.sources[mutant.path]))
        found = [test for test, come_to in self._come_to(mutant.path) if not places.isdisjoint(come_to)]
        if not found:
            inside = f"{mutant.where}: "
            found = [
                test
                for test, come_to in self._come_to(mutant.path)
                if mutant.is_constant or any(place.startswith(inside) for place in come_to)
            ]
        return sorted(found, key=self.seconds)

    def _come_to(self, path: str) -> Iterator[tuple[str, list[str]]]:
        for test, seen in self._seen.items():
            if path in seen["statements"]:
                yield test, seen["statements"][path]

    def _digest(self, test: str) -> str:
        return hashlib.sha256((self.root / test.split("::", maxsplit=1)[0]).read_bytes()).hexdigest()


def place(where: str, statement: ast.stmt, source: str) -> str:
    """Return what a statement in a function goes by."""
    return f"{where}: {source.splitlines()[statement.lineno - 1].strip()}"


def _places(mutant: Mutant, source: str) -> Iterator[str]:
    """Give the statement that is changed, or those that name the constant that is."""
    for where, function in functions(ast.parse(source).body):
        statements = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
        if mutant.is_constant:
            name = mutant.where.split(".")[-1]
            for statement in statements:
                parts = ast.walk(statement)
                if any(name in (getattr(part, "id", ""), getattr(part, "attr", "")) for part in parts):
                    yield place(where, statement, source)
        elif where == mutant.where:
            around = [each for each in statements if each.lineno <= mutant.line <= (each.end_lineno or 0)]
            # What is walked later stands deeper.
            yield place(where, around[-1], source)


def functions(body: list[ast.stmt], scope: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Give the functions of a module and the methods of its classes, with their qualified names."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            yield ".".join((*scope, statement.name)), statement
        elif isinstance(statement, ast.ClassDef):
            yield from functions(statement.body, (*scope, statement.name))
