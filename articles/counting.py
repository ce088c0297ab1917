"""The live count of articles, asked for by prose that names it."""

from __future__ import annotations

from typing import Any

from articles.listings import articles_under
from mindlab.reading.rows import number_of


def articles_of_topic(topic: int) -> Any:
    """Return the number of published articles under a topic as an expression."""
    return number_of(articles_under(topic))
