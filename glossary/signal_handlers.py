"""Keeps the edges between live concepts in step with publication."""

from __future__ import annotations

from typing import Any

from glossary import edges
from glossary.models import ConceptPage


def on_published(sender: Any, instance: ConceptPage, **kwargs: Any) -> None:
    """Project the relations of a concept that went live or changed."""
    edges.project(instance)


def on_unpublished(sender: Any, instance: ConceptPage, **kwargs: Any) -> None:
    """Withdraw the relations of a concept that is no longer public."""
    edges.withdraw(instance)
