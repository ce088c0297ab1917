"""Running the near tests against each mutant, in children of one warm process.

A pytest plugin: it runs the near tests once to see which of them come to which statement, then forks a
child for each mutant, which puts the changed code in place and runs the tests that come to the changed
statement until one fails. No source is touched, and nothing is imported or migrated anew. Every child
has a database and a folder of media of its own, and each test in it starts as the first one did.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from _pytest.runner import runtestprotocol

from bench.mutating.mutants import Mutant
from bench.mutating.near import Near, Seen, functions, place

LONGEST = 120
"""Seconds, beside ten times those it took before, after which a test that does not end has failed."""

AT_ONCE = 60
"""Tests after which it is kept what was seen of them, so that a run that ends early begins there again."""


class Runner:
    """The plugin; ``results`` holds by mutant the test that noticed it, or "" where none did."""

    def __init__(
        self,
        mutants: list[Mutant],
        near: Near,
        workers: int,
        say: Callable[[Mutant, str], None],
    ) -> None:
        self.mutants, self.near, self.workers, self.say = mutants, near, workers, say
        self.killers: dict[str, list[str]] = defaultdict(list)
        self.failed_before: list[str] = []
        self.results: dict[str, str] = {}

    def pytest_runtestloop(self, session: Any) -> bool:
        """Run the tests once as they are, and then against every mutant."""
        items = {item.nodeid: item for item in session.items}
        new = [item for item in items.values() if not self.near.knows(item.nodeid)]
        # With the first test that has a database, all have one.
        _reports(next(item for item in session.items if uses_database(item)))
        gc.freeze()
        with tempfile.TemporaryDirectory() as folder:
            self.folder = Path(folder)
            _keep_database(self.folder / "kept.sqlite3")
            self._look_through(new)
            if not self.failed_before:
                self._run_all(items)
        return True

    # --- Which tests come to which statement. ---

    def _look_through(self, items: list[Any]) -> None:
        for start in range(0, len(items), AT_ONCE):
            shares = [
                items[start + number : start + AT_ONCE : self.workers] for number in range(self.workers)
            ]
            shares = [share for share in shares if share]
            for number, share in enumerate(shares):
                self._fork(number, partial(self._looked_through, share))
            for _share in shares:
                os.wait()
            for number in range(len(shares)):
                seen = json.loads((self.folder / f"{number}.json").read_text())
                if isinstance(seen, str):
                    raise RuntimeError(f"The tests could not be run: {seen}")
                self.near.add(seen)
        self.failed_before = [item.nodeid for item in items if not self.near.knows(item.nodeid)]

    def _looked_through(self, items: list[Any]) -> dict[str, Seen]:
        """Return what was seen of the tests that pass."""
        hits: set[tuple[str, str]] = set()
        for path, source in self.near.sources.items():
            watch(path, source, hits)
        found: dict[str, Seen] = {}
        for item in items:
            self._start_afresh()
            hits.clear()
            began = time.monotonic()
            if not _fails(item):
                statements = defaultdict(list)
                for path, statement in sorted(hits):
                    statements[path].append(statement)
                seconds = round(time.monotonic() - began, 3)
                found[item.nodeid] = {"seconds": seconds, "statements": statements}
        return found

    # --- Each mutant in a child. ---

    def _run_all(self, items: dict[str, Any]) -> None:
        running: dict[int, tuple[Mutant, Path]] = {}
        waiting = list(enumerate(self.mutants, start=self.workers))[::-1]
        while waiting or running:
            while waiting and len(running) < self.workers:
                number, mutant = waiting.pop()
                child = self._fork(number, partial(self._noticed, mutant, items))
                running[child] = mutant, self.folder / f"{number}.json"
            key, _status = os.wait()
            self._take(*running.pop(key))

    def _take(self, mutant: Mutant, answer: Path) -> None:
        killer = json.loads(answer.read_text()) if answer.exists() else "the end of its process"
        if killer:
            self.killers[mutant.where].insert(0, killer)
        self.results[mutant.key] = killer
        self.say(mutant, killer)

    def _noticed(self, mutant: Mutant, items: dict[str, Any]) -> str:
        """Return the test that notices a mutant, or "" where none does."""
        known = [test for test in self.killers[mutant.where] if test in items]
        put_in_place(mutant)
        for test in dict.fromkeys([*known, *self.near.of(mutant)]):
            if test in items:
                self._start_afresh()
                signal.alarm(LONGEST + int(10 * self.near.seconds(test)))
                if _fails(items[test]):
                    return test
        return ""

    def _fork(self, number: int, work: Callable[[], Any]) -> int:
        """Do some work in a child, which writes what it returns to a file."""
        answer = self.folder / f"{number}.json"
        sys.stdout.flush()
        child = os.fork()
        if child:
            return child
        try:
            with _quiet():
                self._take_own_place(number)
                answer.write_text(json.dumps(work()))
        except BaseException as error:  # noqa: BLE001 -- whatever it is, the mutant was noticed
            answer.write_text(json.dumps(f"{type(error).__name__}: {error}"[:300]))
        finally:
            shutil.rmtree(self.own, ignore_errors=True)
            os._exit(0)
        return 0

    def _take_own_place(self, number: int) -> None:
        """Go on with a database and media of one's own, so that no two children meet."""
        from django.db import connection
        from django.test import override_settings

        self.own = self.folder / str(number)
        self.own.mkdir()
        connection.settings_dict["NAME"] = str(self.own / "database.sqlite3")
        override_settings(MEDIA_ROOT=str(self.own / "media")).enable()
        self.is_fresh = False

    def _start_afresh(self) -> None:
        """Let the next test find the database as the first one did."""
        from django.db import connection, connections

        connections.close_all()
        shutil.copyfile(self.folder / "kept.sqlite3", connection.settings_dict["NAME"])
        for path in self.near.sources:
            for value in vars(loaded(path)).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


class _quiet:  # noqa: N801 -- a context manager like those of contextlib
    def __enter__(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)

    def __exit__(self, *error: Any) -> None:
        """Leave it so: the process ends here."""


def uses_database(item: Any) -> bool:
    """Return whether a test works with the database."""
    return item.get_closest_marker("django_db") is not None or "db" in item.fixturenames


def _reports(item: Any) -> list[Any]:
    """Run a test and take down all it needed but what lasts for the whole session."""
    return list(runtestprotocol(item, nextitem=item.session, log=False))


def _fails(item: Any) -> bool:
    return any(report.failed for report in _reports(item))


def _keep_database(path: Path) -> None:
    from django.db import connection, connections

    connections.close_all()
    shutil.copyfile(connection.settings_dict["NAME"], path)


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
    """Let every statement in the functions of a module add itself to ``hits`` when it is come to."""
    module, tree = loaded(path), ast.parse(source)
    vars(module)["__hits__"] = hits
    names = []
    for where, function in functions(tree.body):
        names.append(where)
        for node in list(ast.walk(function)):
            for part in ("body", "orelse", "finalbody"):
                block = getattr(node, part, None)
                if isinstance(block, list):
                    notes = [(path, place(where, statement, source)) for statement in block]
                    block[:] = _noting(block, notes)
    codes = _codes(compile(ast.fix_missing_locations(tree), str(module.__file__), "exec"))
    for name in names:
        _function(module, name).__code__ = codes[name]


def _noting(block: list[ast.stmt], notes: list[tuple[str, str]]) -> Iterator[ast.stmt]:
    for statement, note in zip(block, notes, strict=True):
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            yield from ast.parse(f"__hits__.add({note!r})").body
        yield statement


def loaded(path: str) -> Any:
    """Return the module that is loaded from a path."""
    return sys.modules[path.removesuffix(".py").replace("/", ".")]


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
