"""The blocks of an issue: they point at published pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from mindlab.core.choosers import PickChooserBlock
from mindlab.core.rich_text import PROSE


class PickBlock(blocks.StructBlock):
    """A published page, shown with its own title and deck unless overwritten."""

    page = PickChooserBlock(
        help_text=_("A page to point readers at. It must be published when the issue is exported."),
    )
    title = blocks.CharBlock(required=False, help_text=_("Leave empty to use the page's own title."))
    deck = blocks.TextBlock(required=False, rows=3, help_text=_("Leave empty to use the page's own deck."))

    class Meta:
        icon = "doc-full-inverse"
        label_format = "{page}"
        description = _("A page to read, with title, deck and link.")
        template = "newsletter/blocks/pick.html"
        preview_value = {"page": None, "title": "The stranger effect", "deck": "Why a bond can harden."}


class SectionBlock(blocks.StructBlock):
    """A heading between groups of pages."""

    title = blocks.CharBlock(help_text=_("For example: New in the glossary."))

    class Meta:
        icon = "title"
        description = _("A heading between groups of pages.")
        template = "newsletter/blocks/section.html"
        preview_value = {"title": "New in the glossary"}


class IssueBlock(blocks.StreamBlock):
    """The contents of an issue."""

    section = SectionBlock()
    pick = PickBlock()
    text = blocks.RichTextBlock(
        features=PROSE,
        icon="pilcrow",
        description=_("A few words of the editor."),
        help_text=_("A few words of the editor."),
        template="newsletter/blocks/text.html",
        preview_value="<p>What we changed our minds about this month.</p>",
    )
