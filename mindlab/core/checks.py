"""House rules that Django checks at every start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from mindlab.core import gate
from mindlab.core.pages import ReviewedPage


def blocks_explain_themselves(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Each block an editor can choose has a description, a template and something to preview."""
    return [
        Error(
            f"The block “{name}” of {model.__name__}.{field.name} has no {lack}.",
            hint="Give it in the block's Meta: editors choose by description and preview.",
            obj=model,
            id="mindlab.E001",
        )
        for model, field in _stream_fields()
        for name, block in field.stream_block.child_blocks.items()
        for lack in _lacking(block)
    ]


def _stream_fields() -> Iterator[tuple[type[Page], StreamField]]:
    for model in apps.get_models():
        if issubclass(model, Page):
            for field in model._meta.local_fields:
                if isinstance(field, StreamField) and isinstance(field.stream_block, StreamBlock):
                    yield model, field


def _lacking(block: Any) -> Iterator[str]:
    if not block.get_description():
        yield "description"
    if not getattr(block.meta, "template", None):
        yield "template"
    if not block.is_previewable:
        yield "preview"


def a_gate_is_registered(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Reviewed types of page exist only together with a gate that judges them."""
    reviewed = [model for model in apps.get_models() if issubclass(model, ReviewedPage)]
    if reviewed and not gate.is_registered():
        return [
            Error(
                "No publication gate is registered, so that no reviewed page can be published.",
                hint="Is mindlab.editorial in INSTALLED_APPS?",
                id="mindlab.E002",
            )
        ]
    return []


def register_all() -> None:
    """Add the rules to Django's checks."""
    register(Tags.models)(blocks_explain_themselves)
    register(Tags.security)(a_gate_is_registered)
