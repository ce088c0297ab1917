"""The step of the review, for the admin's templates."""

from __future__ import annotations

from typing import Any

from django import template
from wagtail.models import Page

from mindlab.core import gate

register = template.Library()


@register.simple_tag
def review_step(obj: Any) -> str:
    """Return the step a page is in, whatever its class here, and Wagtail's own status for all else."""
    return str((gate.step(obj) if isinstance(obj, Page) else "") or getattr(obj, "status_string", ""))
