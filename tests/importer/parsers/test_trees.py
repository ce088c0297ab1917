"""The sample library comes out as a person read and recorded it.

When a parser changes for the better: ``python bench/record_trees.py``, read ``git diff`` as an editor
would, and commit the records with the change.
"""

import json
import runpy
from pathlib import Path

import pytest

RECORDER = runpy.run_path(str(Path(__file__).resolve().parents[3] / "bench" / "record_trees.py"))
PATHS = RECORDER["sample_paths"]()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_sample_comes_out_as_recorded(path):
    record = RECORDER["TREES"] / f"{path.stem}.json"
    assert record.is_file(), "no record: run python bench/record_trees.py and read what it wrote"
    assert RECORDER["tree_of"](path) == json.loads(record.read_text("utf-8")), (
        "the tree differs from its record: run python bench/record_trees.py and read git diff"
    )


def test_there_is_no_record_without_a_sample():
    assert {record.stem for record in RECORDER["TREES"].glob("*.json")} == {path.stem for path in PATHS}
