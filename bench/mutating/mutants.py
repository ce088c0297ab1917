"""Modules with one condition changed: what a test should notice."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
EXACT_OPPOSITES = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
Node = Any


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to one place of a module."""

    path: str
    """Of the module, from the root of the project."""
    where: str
    """The function, method or constant that is changed, as Python qualifies its name."""
    line: int
    start: int
    end: int
    """Bytes of the source that are replaced."""
    before: str
    after: str
    is_constant: bool
    source: bytes
    number: int = 1
    """Which of several is meant, where a function says the same more than once."""

    @property
    def text(self) -> bytes:
        """The whole module with the change."""
        return self.source[: self.start] + self.after.encode() + self.source[self.end :]

    @property
    def key(self) -> str:
        """What the change is, whatever line it has come to stand on."""
        number = f" ({self.number})" if self.number > 1 else ""
        return f"{self.path} {self.where}: {self.change}{number}"

    @property
    def change(self) -> str:
        """The change in a line."""
        if self.is_constant:
            return f"without {self._left_out()}"
        return f"{_flat(self.before)} -> {_flat(self.after)}"

    def _left_out(self) -> str:
        before, after = (ast.parse(text.strip(), mode="eval").body for text in (self.before, self.after))
        kept = [ast.unparse(each) for each in after.elts]  # type: ignore[attr-defined]
        left = [ast.unparse(each) for each in before.elts]  # type: ignore[attr-defined]
        for each in kept:
            left.remove(each)
        return left[0]

    def __str__(self) -> str:
        if self.is_constant:
            return f"{self.path}:{self.line} {self.where}\n  - {self._left_out()}"
        return f"{self.path}:{self.line} {self.where}\n  - {_flat(self.before)}\n  + {_flat(self.after)}"


def _flat(text: str) -> str:
    return " ".join(text.split())


def mutants_of(path: Path, root: Path) -> list[Mutant]:
    """Return every mutant of a module, in the order of its lines; each change once."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: dict[tuple[int, int, str], Mutant] = {}
    for where, is_constant, node, after in _changes(ast.parse(source)):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        before = source[start:end].decode()
        name = path.relative_to(root).as_posix()
        mutant = Mutant(name, where, node.lineno, start, end, before, after, is_constant, source)
        found.setdefault((start, end, after), mutant)
    in_order = sorted(found.values(), key=lambda mutant: (mutant.line, mutant.start, mutant.after))
    return list(_numbered(in_order))


def _numbered(mutants: list[Mutant]) -> Iterator[Mutant]:
    seen: Counter[str] = Counter()
    for mutant in mutants:
        seen[mutant.key] += 1
        yield replace(mutant, number=seen[mutant.key])


def _changes(tree: ast.Module) -> Iterator[tuple[str, bool, Node, str]]:
    """Give the names, the nodes and what to put in their place."""
    for scope, statement in _top(tree.body, ()):
        if isinstance(statement, ast.FunctionDef):
            where = ".".join((*scope, statement.name))
            for node, after in _in_function(statement):
                yield where, False, node, after
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            if isinstance(target, ast.Name):
                for node, after in _fewer(statement.value):
                    yield ".".join((*scope, target.id)), True, node, after


def _top(body: list[ast.stmt], scope: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], ast.stmt]]:
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            if statement.name != "Meta":
                yield from _top(statement.body, (*scope, statement.name))
        else:
            yield scope, statement


def _fewer(value: ast.expr) -> Iterator[tuple[Node, str]]:
    """Give a constant set, list or tuple of names and literals without each of its elements."""
    if (
        isinstance(value, ast.Call)
        and value.args
        and ast.unparse(value.func) in {"frozenset", "set", "tuple"}
    ):
        value = value.args[0]
    if not isinstance(value, ast.Set | ast.List | ast.Tuple):
        return
    if any(isinstance(part, ast.Call) for part in ast.walk(value)):
        # Panels and their like: what is made of them was made when their module was loaded.
        return
    for number in range(len(value.elts)):
        kept = [ast.unparse(each) for other, each in enumerate(value.elts) if other != number]
        inner = ", ".join(kept)
        if isinstance(value, ast.Set):
            yield value, f"{{{inner}}}" if kept else "()"
        elif isinstance(value, ast.List):
            yield value, f"[{inner}]"
        else:
            yield value, f"({inner},)" if kept else "()"


def _in_function(function: ast.FunctionDef) -> Iterator[tuple[Node, str]]:
    last = function.body[-1]
    says_yes_or_no = function.returns is not None and ast.unparse(function.returns) == "bool"
    for node in ast.walk(function):
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            yield from _negated(node.test)
        elif isinstance(node, ast.comprehension):
            for condition in node.ifs:
                yield from _negated(condition)
        elif isinstance(node, ast.Return):
            yield from _returned(node, says_yes_or_no=says_yes_or_no, is_last=node is last)
        elif isinstance(node, ast.Raise | ast.Continue | ast.Break):
            yield node, "pass"
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield node, f"0 and ({ast.unparse(node.value)})"
        yield from _in_expression(node)


def _in_expression(node: ast.AST) -> Iterator[tuple[Node, str]]:
    if isinstance(node, ast.BoolOp):
        other = " or " if isinstance(node.op, ast.And) else " and "
        yield node, "(" + other.join(f"({ast.unparse(each)})" for each in node.values) + ")"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, f"bool({ast.unparse(node.operand)})"
    elif isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            turned = [*node.ops[:number], SWAPPED[type(operator)](), *node.ops[number + 1 :]]
            yield node, f"({ast.unparse(ast.Compare(node.left, turned, node.comparators))})"


def _negated(test: ast.expr) -> Iterator[tuple[Node, str]]:
    """Give the opposite of a condition, where no other change to it is the same."""
    is_negation = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    is_comparison = isinstance(test, ast.Compare) and len(test.ops) == 1
    if is_negation or (is_comparison and isinstance(test.ops[0], EXACT_OPPOSITES)):  # type: ignore[attr-defined]
        return
    yield test, f"(not ({ast.unparse(test)}))"


def _returned(node: ast.Return, *, says_yes_or_no: bool, is_last: bool) -> Iterator[tuple[Node, str]]:
    value = node.value
    if isinstance(value, ast.Constant) and isinstance(value.value, bool):
        yield node, f"return {not value.value}"
    elif value is not None and says_yes_or_no:
        yield node, f"return not ({ast.unparse(value)})"
    if not is_last:
        yield node, "pass" if value is None else f"0 and ({ast.unparse(value)})"
