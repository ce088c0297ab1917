"""Keeps the edges between live concepts in step with publication."""

from __future__ import annotations

from typing import Any

from wagtail.search import index

from glossary import edges
from glossary.models import ConceptPage


def on_published(sender: Any, instance: ConceptPage, **kwargs: Any) -> None:
    """Project the relations of a concept that went live or changed, and index its other names.

    Saving a page indexes it before its child rows are stored, so a new name would be missed.
    """
    edges.project(instance)
    index.insert_or_update_object(instance)


def on_unpublished(sender: Any, instance: ConceptPage, **kwargs: Any) -> None:
    """Withdraw the relations of a concept that is no longer public."""
    edges.withdraw(instance)
