"""What one call of the import is asked to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from wagtail.models import Page

    from mindlab.users.models import User

KindChoice = Literal["auto", "topic", "article", "concept"]


class UsageError(Exception):
    """The call itself makes no sense; the message is one plain sentence."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import: what the documents are taken for, whose the drafts are, what is written."""

    kind: KindChoice = "auto"
    under: Page | None = None
    """The index page the drafts go under; by default the one of their kind."""
    owner: User | None = None
    """Whose drafts they become; by default the inactive user "importer"."""
    dry_run: bool = False
    """Plan and report, write nothing else."""
    fetch_media: bool = False
    """Fetch remote images too, from public addresses, and import them."""
    tree_dir: Path | None = None
    """A folder for the document trees as JSON."""
    progress: Callable[[int, int, str], None] | None = None
    """Called after each document with its number, the number of all, and what became of it in a line."""
