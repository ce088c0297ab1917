"""The step of the review, for the admin's templates."""

from __future__ import annotations

from typing import Any

from django import template
from wagtail.models import Page

from mindlab.core import gate
from mindlab.core.pages import ReviewedPage

register = template.Library()


@register.simple_tag
def review_step(obj: Any) -> str:
    """Return the step a reviewed page is in, whatever its class here, and Wagtail's status for all else."""
    is_reviewed = isinstance(obj, Page) and issubclass(obj.specific_class or Page, ReviewedPage)
    return str((gate.step(obj) if is_reviewed else "") or getattr(obj, "status_string", ""))
