"""The lists of exact pins: nothing of one machine in them, and true to the direct dependencies."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.layers import ROOT

LISTS = ["requirements.txt", "requirements-dev.txt"]


def direct(group):
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    lines = project["project"]["dependencies"] if group is None else project["dependency-groups"][group]
    return [Requirement(line) for line in lines]


def pins(name):
    """The pinned requirements of a list, each with the number of its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    parts = [line.split("--hash=sha256:") for line in lines if line]
    return {
        canonicalize_name(Requirement(first).name): (Requirement(first), len(rest)) for first, *rest in parts
    }


@pytest.mark.parametrize("name", LISTS)
def test_lists_name_no_index_no_path_and_no_host(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    options = re.findall(r"^\s*(?:-{1,2}(?!hash=)[a-z][^\n]*)", text, re.MULTILINE)
    assert options == []
    assert re.findall(r"[^\n]*(?:://|file:| @ |(?<![\w.])/)[^\n]*", text) == []


@pytest.mark.parametrize("name", LISTS)
def test_every_pin_is_exact_and_hashed(name):
    found = pins(name)
    assert len(found) > 50
    for requirement, hashes in found.values():
        assert [specifier.operator for specifier in requirement.specifier] == ["=="]
        assert hashes, requirement


@pytest.mark.parametrize(("name", "groups"), [(LISTS[0], [None]), (LISTS[1], [None, "dev"])])
def test_pins_satisfy_the_direct_dependencies(name, groups):
    found = pins(name)
    for requirement in [each for group in groups for each in direct(group)]:
        pin, _ = found[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(next(iter(pin.specifier)).version), requirement


def test_what_the_site_runs_on_is_what_the_tests_run_on():
    runtime, development = pins(LISTS[0]), pins(LISTS[1])
    assert {name: str(pin) for name, (pin, _) in runtime.items()} == {
        name: str(pin) for name, (pin, _) in development.items() if name in runtime
    }


def test_the_design_gives_a_reason_for_every_direct_dependency():
    lines = (ROOT / "docs" / "design.md").read_text(encoding="utf-8").splitlines()
    rows = " ".join(line for line in lines if line.startswith("|")).lower()
    named = {requirement.name.lower() for group in (None, "dev") for requirement in direct(group)}
    assert (
        sorted(name for name in named if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", rows)) == []
    )
