"""Where the shared documents lie, for tests that measure on them."""

import os
from pathlib import Path

import pytest

ABSENT = "shared documents not found"


def shared_path():
    """The folder of shared documents: $MINDLAB_SHARED, else ../shared beside the checkout, else None."""
    named = os.environ.get("MINDLAB_SHARED")
    path = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    return path if (path / "corpus" / "score.py").is_file() else None


needs_shared = pytest.mark.skipif(shared_path() is None, reason=ABSENT)
