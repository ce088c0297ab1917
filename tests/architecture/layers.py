"""Finds references that run upward in strings, where import-linter cannot see them."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
NAMING_CALLS = {
    "get_model", "ForeignKey", "OneToOneField", "ManyToManyField", "ParentalKey", "ParentalManyToManyField",
    "PageChooserBlock", "SnippetChooserBlock", "import_string", "import_module",
}  # fmt: skip
"""Calls whose strings name a model or a module, in whatever case they are written."""


def floors() -> list[set[str]]:
    """The packages of each floor of the contract, the highest first."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [{name.strip() for name in layer.split("|")} for layer in layers]


def out_of_reach(package: str) -> set[str]:
    """The packages that this one must not name: those above it, and its neighbours on the same floor."""
    above: set[str] = set()
    for floor in floors():
        if package in floor:
            return above | (floor - {package})
        above |= floor
    raise LookupError(f"{package} does not stand in the contract")


def docstrings(tree):
    """The ids of the string nodes that stand as a statement: docstrings and comments on attributes."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def named_by_calls(tree):
    """The strings given to calls that name models and modules, ``get_model("app", "Model")`` joined."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
        if name in NAMING_CALLS:
            values = [
                *node.args,
                *(keyword.value for keyword in node.keywords if keyword.arg in {"to", "page_type"}),
            ]
            texts = [
                value.value
                for value in values
                if isinstance(value, ast.Constant) and isinstance(value.value, str)
            ]
            if name == "get_model" and len(texts) == 2:
                texts = [".".join(texts)]
            yield from ((node.lineno, text) for text in texts)


def settings_read(tree):
    """The names of the settings that a module reads, by attribute or by ``getattr``."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "settings"
        ):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr" and len(node.args) > 1:
            owner, name = node.args[:2]
            if getattr(owner, "id", "") == "settings" and isinstance(name, ast.Constant):
                yield node.lineno, name.value


def settings_strings() -> dict[str, list[str]]:
    """The dotted strings in the value of each setting of ours."""
    values: dict[str, list[str]] = {}
    for path in (ROOT / "mindlab" / "settings").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                strings = [leaf.value for leaf in ast.walk(node.value) if isinstance(leaf, ast.Constant)]
                dotted = [text for text in strings if isinstance(text, str) and DOTTED.fullmatch(text)]
                values.setdefault(getattr(target, "id", ""), []).extend(dotted)
    return values


def names(text: str, package: str, *, any_case: bool) -> bool:
    """Whether a string names a module of the package, or one of its models as ``label.Model``."""
    if text == package or text.startswith(package + "."):
        # "articles.html" is no module: a path into a top-level package is told by what follows.
        return "." in package or any_case or text == package or bool(re.search(r"\.[A-Z]|\.\w+\.", text))
    label, _, model = text.partition(".")
    return label == package.rpartition(".")[2] and bool(
        re.fullmatch(r"\w+" if any_case else r"[A-Z]\w*", model)
    )


def upward(source: str, package: str) -> list[str]:
    """One line for each string in a module of ``package`` that names something out of its reach."""
    tree, forbidden = ast.parse(source), sorted(out_of_reach(package))
    passed_over = docstrings(tree)
    plain = [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed_over
    ]
    dotted = [(line, text) for line, text in plain if DOTTED.fullmatch(text)]
    through_settings = settings_strings()
    read = [(line, text) for line, name in settings_read(tree) for text in through_settings.get(name, [])]
    found = {
        (line, text)
        for line, text in dotted + read
        for other in forbidden
        if names(text, other, any_case=False)
    }
    found |= {
        (line, text)
        for line, text in named_by_calls(tree)
        for other in forbidden
        if names(text, other, any_case=True)
    }
    return [f"line {line}: {text!r}" for line, text in sorted(found)]
