"""Choosing one of the pages that readers may be pointed at, whatever kinds of page there are."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import PageChooserPanel
from wagtail.admin.widgets import AdminPageChooser
from wagtail.blocks import PageChooserBlock

from mindlab.core.pages import SitePage, pickable_models


class PickChooserPanel(PageChooserPanel):
    """Offers the pages whose kind may be picked."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        chooser = AdminPageChooser(target_models=pickable_models())
        options.setdefault("widgets", {})[self.field_name] = chooser
        return options


class PickChooserBlock(PageChooserBlock):
    """Offers the pages whose kind may be picked; a new kind takes no migration."""

    @property
    def target_models(self) -> list[type[SitePage]]:
        return pickable_models()

    def deconstruct(self) -> tuple[str, Any, Any]:
        _, args, kwargs = super().deconstruct()
        return "wagtail.blocks.PageChooserBlock", args, kwargs
