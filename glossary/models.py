"""The glossary: concepts and the typed relations between them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, PageManager
from wagtail.search import index

from glossary.one_name import name_is_free
from glossary.querysets import ConceptQuerySet, EdgeQuerySet
from glossary.relations import Direction, RelationKind
from mindlab.core.blockers import Finding
from mindlab.core.blocks import BodyBlock, KeyFactStreamBlock
from mindlab.core.models import Credit, Topic
from mindlab.core.pages import FromDocument, Kind, ReviewedPage, SitePage
from mindlab.core.rich_text import GLOSS, INLINE, PROSE
from mindlab.core.search_words import Searched
from mindlab.core.topics import TopicsField

ConceptManager = PageManager.from_queryset(ConceptQuerySet)


class GlossaryIndexPage(SitePage):
    """The list of all concepts, at ``/glossary/``."""

    introduction = RichTextField(_("introduction"), blank=True, features=INLINE)

    max_count = 1
    described_as: ClassVar[Any] = _("The terms of neuroscience, each defined and tied to the others.")
    subpage_types: ClassVar[list[str]] = ["glossary.ConceptPage"]
    template = "glossary/glossary_index_page.html"
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("glossary")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what ``glossary_context`` says."""
        from glossary.presenting import glossary_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        concepts = ConceptPage.objects.published().only("title", "slug", "url_path", "definition")
        return {**context, **glossary_context(concepts, request)}


class ConceptTopic(ItemBase):
    """A concept's topic."""

    tag = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="concept_items")
    content_object = ParentalKey(
        "glossary.ConceptPage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class ConceptPage(ReviewedPage, FromDocument):
    """One concept: what it is, in plain words, how it works, what it means in practice."""

    objects = ConceptManager()

    definition = RichTextField(
        _("definition"), features=INLINE, help_text=_("One or two sentences that say what it is.")
    )
    plain_words = RichTextField(
        _("in plain words"),
        blank=True,
        features=PROSE,
        help_text=_("The same for a reader without the terms."),
    )
    mechanism = StreamField(BodyBlock(), blank=True, verbose_name=_("mechanism"))
    practice = StreamField(BodyBlock(), blank=True, verbose_name=_("in practice"))
    key_facts = StreamField(KeyFactStreamBlock(), blank=True, verbose_name=_("key facts"))
    topics = TopicsField(through=ConceptTopic, blank=True, verbose_name=_("topics"))

    kind: ClassVar[Kind | None] = Kind(
        "concept", _("Concept"), summary="definition", order=1, may_be_picked=True
    )
    required_for_review: ClassVar[tuple[str, ...]] = ("definition",)
    parent_page_types: ClassVar[list[str]] = ["glossary.GlossaryIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "glossary/concept_page.html"

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        InlinePanel("other_names", heading=_("Also known as"), label=_("Name")),
        FieldPanel("definition"),
        FieldPanel("plain_words"),
        FieldPanel("mechanism"),
        FieldPanel("practice"),
        FieldPanel("key_facts"),
        InlinePanel("relations", heading=_("Related concepts"), label=_("Relation")),
        FieldPanel("topics"),
        InlinePanel("credits", heading=_("Contributors"), label=_("Contributor")),
        InlinePanel("claims", heading=_("Claims"), label=_("Claim")),
        InlinePanel("measurements", heading=_("Measurements"), label=_("Measurement")),
        *FromDocument.origin_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        Searched("definition"),
        Searched("plain_words"),
        Searched("mechanism"),
        Searched("practice"),
        Searched("key_facts"),
        index.RelatedFields("other_names", [Searched("title"), index.AutocompleteField("name")]),
    ]

    class Meta:
        verbose_name = _("concept")

    def get_indexed_instance(self) -> Any:
        """Return the concept with its other names at hand: the index asks for them three times."""
        concept = super().get_indexed_instance()
        if concept is not None:
            concept.other_names.get_object_list()
        return concept

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what ``concept_context`` says."""
        from glossary.presenting import concept_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, **concept_context(self, request)}


class ConceptCredit(Credit):
    """A byline of a concept."""

    page = ParentalKey(ConceptPage, on_delete=models.CASCADE, related_name="credits")


class ConceptAlias(Orderable):
    """Another name of a concept, found by search and by the linking of terms."""

    concept = ParentalKey(ConceptPage, on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(_("name"), max_length=200, db_index=True)

    panels: ClassVar[list[Any]] = [FieldPanel("name")]

    class Meta(Orderable.Meta):
        verbose_name = _("alias")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def title(self) -> str:
        """The name, which the index of search holds among the titles: a name counts as one."""
        return str(self.name)

    def blockers(self) -> Iterator[Finding]:
        """Say that another public concept has this name as its title."""
        return name_is_free(self)


class Relation(Orderable):
    """A concept's tie to another one, with the sentence that explains it; part of the draft.

    Either ``target`` is set or, where no concept covers it yet, ``term`` names what is wanted.
    """

    concept = ParentalKey(ConceptPage, on_delete=models.CASCADE, related_name="relations")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    target = models.ForeignKey(
        ConceptPage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="named_by",
        verbose_name=_("concept"),
    )
    term = models.CharField(
        _("term"), max_length=200, blank=True, db_index=True, help_text=_("Where no concept covers it yet.")
    )
    gloss = RichTextField(
        _("gloss"), blank=True, features=GLOSS, help_text=_("The sentence that explains it.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=RelationKind.choices, blank=True)
    direction = models.CharField(
        _("direction"),
        max_length=10,
        choices=Direction.choices,
        blank=True,
        help_text=_("Unset until an editor has read the gloss: it cannot be told from the words alone."),
    )

    panels: ClassVar[list[Any]] = [
        FieldRowPanel([PageChooserPanel("target", "glossary.ConceptPage"), FieldPanel("term")]),
        FieldPanel("gloss"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("direction")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("relation")

    def __str__(self) -> str:
        return self.term or (self.target.title if self.target else "")


class PublicTitle(models.Model):
    """A title that a concept is or was public under: terms and addresses that used it go on leading there."""

    concept = models.ForeignKey(ConceptPage, on_delete=models.CASCADE, related_name="public_titles")
    title = models.CharField(max_length=255)

    class Meta:
        verbose_name = _("public title")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["concept", "title"], name="one_row_a_title")
        ]

    def __str__(self) -> str:
        return str(self.title)


class RelationEdge(models.Model):
    """A relation between two live concepts, projected on publication, read from either end."""

    source = models.ForeignKey(ConceptPage, on_delete=models.CASCADE, related_name="edges_out")
    target = models.ForeignKey(ConceptPage, on_delete=models.CASCADE, related_name="edges_in")
    kind = models.CharField(max_length=20, choices=RelationKind.choices, blank=True)
    direction = models.CharField(max_length=10, choices=Direction.choices, blank=True)
    gloss = models.TextField(blank=True)
    relation_uuid = models.UUIDField()

    objects = EdgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation between live concepts")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["source", "relation_uuid"], name="one_edge_a_relation")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"
