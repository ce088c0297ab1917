"""What a page must have for its figures of measurements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from mindlab.core.blockers import Blocker, at_block, blocks


def figures_have_values(page: Any) -> Iterator[Blocker]:
    """Yield each block that would draw measurements where the page has none."""
    if not hasattr(page, "measurements") or page.measurements.all():
        return
    for name, index, child in blocks(page):
        if child.block_type == "measurements":
            message = _("Enter the measurements it is to show, or take it out.")
            yield at_block(page, name, index, child, (), message)
