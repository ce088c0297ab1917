"""Running the near tests against each mutant, in children of one warm process.

A pytest plugin: it runs the near tests once to see which of them come through which function, then
forks a child for each mutant, which puts the changed code in place and runs those tests until one
fails. No source is touched, and nothing is imported or migrated anew.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from _pytest.runner import runtestprotocol

from bench.mutating.mutants import Mutant

LONGEST = 300
"""Seconds after which a mutant counts as noticed, because it does not come to an end."""


@dataclass
class Near:
    """The tests that come through each function, quickest first, and those that run a module at all."""

    by_function: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    by_module: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    seconds: dict[str, float] = field(default_factory=dict)

    def of(self, mutant: Mutant) -> list[str]:
        """Return the tests that might notice a mutant, quickest first."""
        where = mutant.where
        found = self.by_module[mutant.path] if mutant.is_constant else self.by_function[mutant.path, where]
        return sorted(set(found), key=lambda test: self.seconds[test])


class Runner:
    """The plugin; ``results`` holds by mutant the test that noticed it, or "" where none did."""

    def __init__(
        self, mutants: list[Mutant], root: Path, workers: int, say: Callable[[Mutant, str], None]
    ) -> None:
        self.mutants, self.root, self.workers, self.say = mutants, root, workers, say
        self.near = Near()
        self.killers: dict[str, list[str]] = defaultdict(list)
        self.failed_before: list[str] = []
        self.results: dict[str, str] = {}

    def pytest_runtestloop(self, session: Any) -> bool:
        """Run the tests once as they are, and then against every mutant."""
        items = {item.nodeid: item for item in session.items}
        self._look_through(list(items.values()))
        if not self.failed_before:
            self._run_all(items)
        return True

    # --- Which tests come through which function. ---

    def _look_through(self, items: list[Any]) -> None:
        hits: set[tuple[str, str]] = set()
        for path in {mutant.path for mutant in self.mutants}:
            watch(path, (self.root / path).read_text(encoding="utf-8"), hits)
        for item in items:
            hits.clear()
            began = time.monotonic()
            reports = runtestprotocol(item, nextitem=item, log=False)
            self.near.seconds[item.nodeid] = time.monotonic() - began
            if any(report.failed for report in reports):
                self.failed_before.append(item.nodeid)
            for path, where in hits:
                self.near.by_function[path, where].append(item.nodeid)
                self.near.by_module[path].append(item.nodeid)
            print(".", end="", flush=True)
        print(flush=True)

    # --- Each mutant in a child. ---

    def _run_all(self, items: dict[str, Any]) -> None:
        running: dict[int, tuple[Mutant, Path]] = {}
        waiting = list(reversed(self.mutants))
        with tempfile.TemporaryDirectory() as folder:
            while waiting or running:
                while waiting and len(running) < self.workers:
                    mutant = waiting.pop()
                    answer = Path(folder) / f"{len(waiting)}.json"
                    running[self._fork(mutant, items, answer)] = mutant, answer
                key, _status = os.wait()
                if key in running:
                    self._take(*running.pop(key))

    def _take(self, mutant: Mutant, answer: Path) -> None:
        killer = json.loads(answer.read_text()) if answer.exists() else "the end of its process"
        if killer:
            self.killers[mutant.where].insert(0, killer)
        self.results[mutant.key] = killer
        self.say(mutant, killer)

    def _fork(self, mutant: Mutant, items: dict[str, Any], answer: Path) -> int:
        known = [test for test in self.killers[mutant.where] if test in items]
        tests = list(dict.fromkeys([*known, *self.near.of(mutant)]))
        sys.stdout.flush()
        child = os.fork()
        if child:
            return child
        try:
            signal.alarm(LONGEST)
            with _quiet():
                _take_own_database(answer.with_suffix(".sqlite3"))
                put_in_place(mutant)
                killer = next((test for test in tests if _fails(items[test])), "")
            answer.write_text(json.dumps(killer))
        except BaseException as error:  # noqa: BLE001 -- whatever it is, the mutant was noticed
            answer.write_text(json.dumps(f"{type(error).__name__}: {error}"[:300]))
        finally:
            os._exit(0)
        return 0


class _quiet:  # noqa: N801 -- a context manager like those of contextlib
    def __enter__(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)

    def __exit__(self, *error: Any) -> None:
        """Leave it so: the process ends here."""


def _fails(item: Any) -> bool:
    item.session._setupstate.teardown_exact(item)
    return any(report.failed for report in runtestprotocol(item, nextitem=item, log=False))


def _take_own_database(path: Path) -> None:
    """Go on in a copy of the SQLite database, so that no two children wait for one another."""
    from django.db import connection, connections

    connections.close_all()
    shutil.copyfile(connection.settings_dict["NAME"], path)
    connection.settings_dict["NAME"] = str(path)


# --- Putting changed code in place of what is loaded. ---


def put_in_place(mutant: Mutant) -> None:
    """Change what is loaded as the mutant says.

    Raises:
        LookupError: when what it changes cannot be found.
    """
    module = loaded(mutant.path)
    if mutant.is_constant:
        _replace_constant(module, mutant)
        return
    codes = _codes(compile(mutant.text, str(module.__file__), "exec"))
    _function(module, mutant.where).__code__ = codes[mutant.where]


def watch(path: str, source: str, hits: set[tuple[str, str]]) -> None:
    """Let every function and method of a module add its name to ``hits`` when it is called."""
    module, tree = loaded(path), ast.parse(source)
    vars(module)["__hits__"] = hits
    names = []
    for scope, statement in functions(tree.body, ()):
        names.append(".".join((*scope, statement.name)))
        note = ast.parse(f"__hits__.add(({path!r}, {names[-1]!r}))").body
        statement.body[:] = [*statement.body[:1], *note, *statement.body[1:]]
        if not isinstance(statement.body[0], ast.Expr):
            statement.body[:2] = statement.body[1::-1]
    codes = _codes(compile(ast.fix_missing_locations(tree), str(module.__file__), "exec"))
    for name in names:
        _function(module, name).__code__ = codes[name]


def loaded(path: str) -> Any:
    """Return the module that is loaded from a path."""
    return sys.modules[path.removesuffix(".py").replace("/", ".")]


def functions(
    body: list[ast.stmt], scope: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], ast.FunctionDef]]:
    """Give the functions of a module and the methods of its classes, with the names around them."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            yield scope, statement
        elif isinstance(statement, ast.ClassDef):
            yield from functions(statement.body, (*scope, statement.name))


def _codes(code: CodeType) -> dict[str, CodeType]:
    """Return the code of every function of a module, by its qualified name."""
    found: dict[str, CodeType] = {}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= {constant.co_qualname: constant, **_codes(constant)}
    return found


def _function(module: Any, where: str) -> FunctionType:
    *scope, name = where.split(".")
    owner = module
    for part in scope:
        owner = getattr(owner, part)
    found = owner.__dict__[name]
    while not isinstance(found, FunctionType) or hasattr(found, "__wrapped__"):
        inner = [getattr(found, each, None) for each in ("__wrapped__", "fget", "func", "__func__")]
        found = next((each for each in inner if each is not None), None)
        if found is None:
            raise LookupError(f"{where} is no function.")
    return found


def _replace_constant(module: Any, mutant: Mutant) -> None:
    """Put a constant's new value wherever the old one is known: in its class, or in every module."""
    *scope, name = mutant.where.split(".")
    body: Any = ast.parse(mutant.text)
    owner = module
    for part in scope:
        owner = getattr(owner, part)
        body = next(each for each in body.body if isinstance(each, ast.ClassDef) and each.name == part)
    for each in body.body:
        target = each.targets[0] if isinstance(each, ast.Assign) else getattr(each, "target", None)
        if isinstance(target, ast.Name) and target.id == name and each.value is not None:
            value = eval(compile(ast.Expression(each.value), mutant.path, "eval"), vars(module))  # noqa: S307
    old = owner.__dict__[name]
    setattr(owner, name, value)
    if not scope:
        for other in list(sys.modules.values()):
            for key, held in list(getattr(other, "__dict__", {}).items()):
                if held is old:
                    setattr(other, key, value)
