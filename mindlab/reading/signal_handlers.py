"""Draws the diagrams of a page as it is published, so that its first reader does not wait."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from mindlab.reading import drawings


def on_published(sender: Any, revision: Any = None, **kwargs: Any) -> None:
    """Draw what the published revision shows, once it is committed."""
    if revision is None:
        return
    sources = list(drawings.sources_in(revision.content))
    if sources:
        transaction.on_commit(partial(drawings.ensure, sources, retry=True))
