"""A released migration runs no living code: what it imports stays as it was when it was released."""

import ast
import sys

import pytest

from tests.architecture.layers import ROOT

FROZEN = {"django", "wagtail", "modelcluster", "modelsearch", "taggit"}
"""Packages that migrations import besides the standard library: they keep what released ones need."""
IMPORTING_CALLS = {"import_string", "import_module"}


def imported(path):
    """Line and full name of all that a module imports, by statement or by a call with a string."""
    package = ".".join(path.parent.relative_to(ROOT).parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(filter(None, (above, node.module)))
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            if name in IMPORTING_CALLS:
                first = node.args[0] if node.args else None
                yield node.lineno, first.value if isinstance(first, ast.Constant) else "?"


def living(path):
    """One line for each import of a migration that may change after its release.

    Frozen are the packages above and the modules beside the migration whose names begin with "_".
    """
    package = ".".join(path.parent.relative_to(ROOT).parts)
    for line, name in imported(path):
        top = name.partition(".")[0]
        if top not in FROZEN | sys.stdlib_module_names and not name.startswith(f"{package}._"):
            yield f"line {line}: {name}"


def test_migrations_import_no_living_code():
    folders = [ROOT / "mindlab", ROOT / "articles", ROOT / "glossary"]
    paths = [path for folder in folders for path in folder.rglob("migrations/*.py")]
    assert {"0001_initial.py", "_initial_site.py"} <= {path.name for path in paths}
    found = {str(path.relative_to(ROOT)): lines for path in paths if (lines := list(living(path)))}
    assert found == {}


@pytest.mark.parametrize(
    ("source", "is_living"),
    [
        ("from mindlab.home import site_setup", True),
        ("import mindlab.core.fields", True),
        ("def forwards(apps, schema_editor):\n    from articles.models import ArticlePage", True),
        ("from mindlab.core.migrations import _rows", True),
        ("from .. import site_setup", True),
        ('import_string("mindlab.core.digests.page_digest")', True),
        ('importlib.import_module("glossary.terms")', True),
        ("import_module(NAME)", True),
        ("import nh3", True),
        ("from mindlab.home.migrations import _rows", False),
        ("from mindlab.home.migrations._rows import Rows", False),
        ("from . import _rows", False),
        ("import uuid\nimport wagtail.fields", False),
    ],
)
def test_living_code_in_a_migration_is_found(source, is_living, tmp_path, monkeypatch):
    path = tmp_path / "mindlab" / "home" / "migrations" / "0009_later.py"
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert bool(list(living(path))) is is_living
