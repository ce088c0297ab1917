"""The blocks of every body of text; each has help, a preview and a template of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageBlock

from mindlab.core.blockers import Finding
from mindlab.core.documents import Reference, references_in_address
from mindlab.core.rich_text import HEADING, INLINE, PROSE
from mindlab.figures.text import is_empty


class HeadingBlock(blocks.StructBlock):
    """A heading within the text; the page's title is the first level."""

    text = blocks.RichTextBlock(features=HEADING, help_text=_("One line, without a full stop."))
    level = blocks.ChoiceBlock(
        choices=[("2", _("Section")), ("3", _("Subsection")), ("4", _("Minor heading"))],
        default="2",
        help_text=_("A section holds subsections; do not choose a level for its size."),
    )

    class Meta:
        icon = "title"
        template = "blocks/heading.html"
        description = _("A section heading. It appears in the contents.")
        preview_value = {"text": "How the bond forms", "level": "2"}


class TextBlock(blocks.RichTextBlock):
    """One or more paragraphs."""

    class Meta:
        icon = "pilcrow"
        template = "blocks/text.html"
        description = _(
            "Paragraphs with emphasis and links. Lists, quotes and headings are blocks of their own."
        )
        help_text = _("Write paragraphs here. Use the other blocks for headings, lists and quotes.")
        preview_value = "<p>Sleep spindles last <b>half a second</b> to two seconds.</p>"


class ListItemBlock(blocks.StructBlock):
    """One item of a list, with its depth."""

    text = blocks.RichTextBlock(features=INLINE, label=_("Item"))
    depth = blocks.ChoiceBlock(
        choices=[("0", _("Outer")), ("1", _("Inner")), ("2", _("Innermost"))],
        default="0",
        help_text=_("How far the item is indented."),
    )

    class Meta:
        icon = "list-ul"
        label_format = "{text}"


class ListBlock(blocks.StructBlock):
    """A bulleted or numbered list, with nesting by depth."""

    ordered = blocks.BooleanBlock(required=False, help_text=_("Number the items: when their order matters."))
    items = blocks.ListBlock(ListItemBlock(), min_num=1)

    class Meta:
        icon = "list-ul"
        template = "blocks/list.html"
        description = _("A list, bulleted or numbered.")
        preview_value = {
            "ordered": False,
            "items": [{"text": "CA1", "depth": "0"}, {"text": "CA3", "depth": "0"}],
        }


class QuoteBlock(blocks.StructBlock):
    """A quotation with the person it is from."""

    text = blocks.RichTextBlock(features=PROSE, help_text=_("The words quoted, without quotation marks."))
    attribution = blocks.CharBlock(required=False, help_text=_("Who said it, and where."))

    class Meta:
        icon = "openquote"
        template = "blocks/quote.html"
        description = _("Somebody else's words.")
        preview_value = {"text": "<p>The map is not the territory.</p>", "attribution": "A. Korzybski, 1931"}


class FigureBlock(blocks.StructBlock):
    """An image with its caption; credit and licence come from the image."""

    image = ImageBlock()
    caption = blocks.RichTextBlock(features=INLINE, required=False, help_text=_("What the image shows."))

    class Meta:
        icon = "image"
        template = "blocks/image.html"
        description = _("An image with alternative text and caption.")
        preview_template = "blocks/image_preview.html"


class CalloutBlock(blocks.StructBlock):
    """Words set apart, marked as what they are."""

    kind = blocks.ChoiceBlock(
        choices=[
            ("note", _("Note")),
            ("caution", _("Caution")),
            ("testimony", _("Testimony: one person's experience")),
            ("sponsored", _("Sponsored")),
            ("sales", _("Offer for sale")),
        ],
        default="note",
        help_text=_("Mark testimony, sponsored words and offers as such: readers see the label."),
    )
    title = blocks.CharBlock(required=False, help_text=_("Optional. The label of the kind shows anyway."))
    text = blocks.RichTextBlock(features=PROSE)

    class Meta:
        icon = "warning"
        template = "blocks/callout.html"
        description = _("A note, a caution, testimony, or words that are paid for or sell something.")
        preview_value = {"kind": "caution", "title": "", "text": "<p>Seen in rodents only.</p>"}


class DiagramBlock(blocks.StructBlock):
    """A diagram written as Mermaid and drawn on the server."""

    caption = blocks.CharBlock(required=False, help_text=_("What the diagram shows, in one line."))
    source = blocks.TextBlock(
        rows=12, help_text=_("A Mermaid diagram, for example: graph TD, then A[Stimulus] --> B[Response].")
    )

    def clean(self, value: Any) -> Any:
        """Refuse a source that cannot be drawn, for the engine's reason; a draft may hold it."""
        from mindlab.figures import diagrams

        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        try:
            diagrams.draw(cleaned["source"])
        except diagrams.DiagramError as error:
            raise StructBlockValidationError(block_errors={"source": ValidationError(str(error))}) from error
        return cleaned

    def blockers(self, value: Any) -> Iterator[Finding]:
        """Say that there is nothing to draw."""
        if value.get("source") and is_empty(value["source"]):
            yield ("source",), _("The diagram shows nothing yet: add a line, or take it out.")

    class Meta:
        icon = "site"
        template = "blocks/diagram.html"
        description = _("A flow chart or other diagram, with a text equivalent made for you.")
        preview_value = {
            "caption": "From stimulus to response",
            "source": "graph TD\nA[Stimulus] --> B[Response]",
        }


class KeyFactsBlock(blocks.StructBlock):
    """A numbered list of the facts to take away."""

    title = blocks.CharBlock(required=False, default="Key facts")
    facts = blocks.ListBlock(blocks.RichTextBlock(features=INLINE, label=_("Fact")), min_num=1)

    class Meta:
        icon = "list-ol"
        template = "blocks/key_facts.html"
        description = _("The few facts a reader should take away.")
        preview_value = {"title": "Key facts", "facts": ["Spindles last about a second."]}


class MeasurementsBlock(blocks.StructBlock):
    """Shows the measurements that the page states, drawn as ranges."""

    title = blocks.CharBlock(required=False, default="Measurements")
    caption = blocks.CharBlock(required=False, help_text=_("Where the values come from."))

    class Meta:
        icon = "order"
        template = "blocks/measurements.html"
        description = _("The measurements entered for this page, as a figure and a table.")
        preview_template = "blocks/measurements_preview.html"


class CallToActionBlock(blocks.StructBlock):
    """A link that asks the reader to do something."""

    text = blocks.CharBlock(help_text=_("One sentence: what the reader gets."))
    label = blocks.CharBlock(max_length=60, help_text=_("The words of the button."))
    page = blocks.PageChooserBlock(required=False)
    url = blocks.URLBlock(required=False, help_text=_("Only when no page of this site is chosen."))

    def blockers(self, value: Any) -> Iterator[Finding]:
        """Say that the button leads nowhere, or to two places."""
        if bool(value.get("page")) == bool(value.get("url")):
            yield ("page",), _("Choose a page, or give an address: exactly one of them.")

    def extract_references(self, value: Any) -> Iterator[Reference]:
        """Give what the blocks within point at, and the document that the address leads to."""
        yield from super().extract_references(value)
        for model, key, _path, _place in references_in_address(value.get("url") or ""):
            yield model, key, "url", "url"

    class Meta:
        icon = "link"
        template = "blocks/cta.html"
        description = _("A button with a sentence.")
        preview_value = {"text": "Read what changed this month.", "label": "Open the Brief", "url": ""}


class BodyBlock(blocks.StreamBlock):
    """The body of articles, hubs and concepts."""

    heading = HeadingBlock(group=_("Text"))
    text = TextBlock(features=PROSE, group=_("Text"))
    list = ListBlock(group=_("Text"))
    quote = QuoteBlock(group=_("Text"))
    callout = CalloutBlock(group=_("Text"))
    image = FigureBlock(group=_("Figures"))
    diagram = DiagramBlock(group=_("Figures"))
    table = TableBlock(
        group=_("Figures"),
        template="blocks/table.html",
        description=_("Rows and columns of plain text."),
        help_text=_("Give the table a caption, and say which cells are headings."),
        preview_value={
            "data": [["Band", "Frequency"], ["Theta", "4–8 Hz"], ["Spindles", "11–16 Hz"]],
            "first_row_is_table_header": True,
            "first_col_is_header": False,
            "table_caption": "Rhythms of sleep",
        },
    )
    measurements = MeasurementsBlock(group=_("Figures"))
    key_facts = KeyFactsBlock(group=_("Figures"))
    cta = CallToActionBlock(group=_("Figures"))


class KeyFactStreamBlock(blocks.StreamBlock):
    """The key facts of a concept, each a block with an id of its own."""

    fact = blocks.RichTextBlock(
        features=INLINE,
        icon="tick",
        template="blocks/fact.html",
        description=_("One fact in one sentence."),
        help_text=_("One fact, in one sentence."),
        preview_value="Spindles last about a second.",
    )
