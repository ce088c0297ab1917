"""The runner of the tests tells the truth: about what failed, and about what could not be run."""

import os
import subprocess
import sys

import pytest

from tests import run
from tests.architecture.layers import ROOT

PASSED = run.Outcome("tests on SQLite", True, 1.0, "== 3 passed in 1.00s ==")
FAILED = run.Outcome("types", False, 1.0)
ABSENT = "shared documents (../shared not found)"


@pytest.mark.parametrize(
    ("ci", "outcomes", "not_run", "status"),
    [
        ("", [PASSED], [], 0),
        ("", [PASSED, FAILED], [], 1),
        ("", [PASSED], ["browser tests (no Chromium)"], 0),
        ("true", [PASSED], [], 0),
        ("true", [PASSED], ["browser tests (no Chromium)"], 1),
        ("true", [PASSED], [ABSENT, "the shared documents are not there"], 0),
        ("true", [PASSED], [ABSENT, "browser tests (no Chromium)"], 1),
    ],
)
def test_status(monkeypatch, capsys, ci, outcomes, not_run, status):
    monkeypatch.setenv("CI", ci)
    assert run.report(outcomes, not_run) == status
    printed = capsys.readouterr().out
    assert PASSED.summary in printed
    assert all(reason in printed for reason in not_run)


def test_variables_that_the_settings_read_do_not_reach_the_tests(monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://elsewhere.example")
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere.example/mindlab")
    env = run.environment(DATABASE_URL="sqlite://:memory:")
    assert "SITE_URL" not in env
    assert env["DATABASE_URL"] == "sqlite://:memory:"
    assert env["PATH"] == os.environ["PATH"]


@pytest.mark.parametrize(
    "line",
    [
        "============================== 65 passed in 5.93s ==============================",
        "=================== 1 failed, 131 passed, 2 skipped in 65.02s (0:01:05) ===================",
        "============================ no tests ran in 8.94s =============================",
    ],
)
def test_the_summary_of_pytest_is_recognised(line):
    assert run.SUMMARY.match(line)


def test_a_failing_step_is_seen_with_its_summary():
    code = "print('=== 1 failed in 0.10s ===');print('later');raise SystemExit(3)"
    outcome = run.run("a step", [sys.executable, "-c", code], dict(os.environ))
    assert not outcome.passed
    assert outcome.summary == "=== 1 failed in 0.10s ==="


def test_the_reason_of_a_skipped_test_reaches_the_runner(tmp_path):
    (tmp_path / "test_skipping.py").write_text(
        "import pytest\ndef test_it():\n    pytest.skip('shared documents\\n(none here)')\n"
    )
    skips = tmp_path / "skips"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "1",
        "--rootdir",
        tmp_path,
        "-c",
        "pyproject.toml",
    ]
    command += ["-p", "tests.conftest", tmp_path]
    env = os.environ | {"SKIPS_FILE": str(skips)}
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    assert skips.read_text() == "shared documents (none here)\n"
