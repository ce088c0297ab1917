"""Articles, the hubs of their topics, and the indexes that hold both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager
from wagtail.url_routing import RouteResult

from articles.querysets import ArticleQuerySet
from glossary.models import ConceptPage
from mindlab.core.blocks import BodyBlock
from mindlab.core.listed import number_in, under_each
from mindlab.core.models import Credit, SiteImage, Topic
from mindlab.core.pages import FromDocument, Kind, ReviewedPage, SitePage
from mindlab.core.rich_text import INLINE
from mindlab.core.search_words import Searched
from mindlab.core.topics import TopicsField

ArticleManager = PageManager.from_queryset(ArticleQuerySet)


class ArticleIndexPage(SitePage):
    """The list of all articles, at ``/articles/``."""

    introduction = RichTextField(_("introduction"), blank=True, features=INLINE)

    max_count = 1
    described_as: ClassVar[Any] = _("Long articles on neuroscience, each reviewed before it is published.")
    subpage_types: ClassVar[list[str]] = ["articles.ArticlePage"]
    template = "articles/article_index_page.html"
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("article index")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``articles``, one page of them, newest first, with their topics."""
        from mindlab.core.paging import paged

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        articles = ArticlePage.objects.prefetch_related("tagged_items__tag").in_order()
        context["articles"] = paged(articles, request)
        return context


class TopicIndexPage(SitePage):
    """The list of topics, at ``/topics/``; it also answers for topics that have no hub yet."""

    introduction = RichTextField(_("introduction"), blank=True, features=INLINE)

    max_count = 1
    described_as: ClassVar[Any] = _("The topics of neuroscience that articles and concepts stand under here.")
    subpage_types: ClassVar[list[str]] = ["articles.TopicPage"]
    template = "articles/topic_index_page.html"
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("topic index")

    def route(self, request: Any, path_components: list[str]) -> Any:
        """Answer for a topic without a hub, at the address its hub will have, and for all its articles."""
        try:
            return super().route(request, path_components)
        except Http404:
            slug, *rest = path_components or [""]
            topic = open_topic(slug) if self.live and rest in ([], ["articles"]) else None
            if topic is None:
                raise
            return RouteResult(self, kwargs={"topic": topic})

    def serve(self, request: Any, *args: Any, topic: Topic | None = None, **kwargs: Any) -> Any:
        """Show the list of topics, or the articles and concepts of one that has no hub."""
        if topic is None:
            return super().serve(request, *args, **kwargs)
        from articles.presenting import topic_context

        articles = ArticlePage.objects.under(topic.pk)
        context = {**self.get_context(request), **topic_context(topic, request, articles)}
        return TemplateResponse(request, "articles/topic_without_hub.html", context)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``topics``: those with anything to read."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["topics"] = SimpleLazyObject(topics_listed)
        return context


class ArticleTopic(ItemBase):
    """An article's topic."""

    tag = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="article_items")
    content_object = ParentalKey(
        "articles.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class ArticlePage(ReviewedPage, FromDocument):
    """A long text by named people, under one or more topics."""

    objects = ArticleManager()

    deck = models.TextField(_("deck"), blank=True, help_text=_("One or two sentences under the title."))
    cover = models.ForeignKey(
        SiteImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("cover")
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("text"))
    topics = TopicsField(through=ArticleTopic, blank=True, verbose_name=_("topics"))

    kind: ClassVar[Kind | None] = Kind("article", _("Article"), summary="deck", order=2, may_be_picked=True)
    required_for_review: ClassVar[tuple[str, ...]] = ("deck", "body")
    parent_page_types: ClassVar[list[str]] = ["articles.ArticleIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "articles/article_page.html"

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("deck"),
        FieldPanel("cover"),
        InlinePanel("credits", heading=_("Contributors"), label=_("Contributor")),
        FieldPanel("topics"),
        FieldPanel("body"),
        InlinePanel("claims", heading=_("Claims"), label=_("Claim")),
        InlinePanel("measurements", heading=_("Measurements"), label=_("Measurement")),
        *FromDocument.origin_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        Searched("deck"),
        Searched("body"),
    ]

    class Meta:
        verbose_name = _("article")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what ``article_context`` says."""
        from articles.presenting import article_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, **article_context(self, request)}


class ArticleCredit(Credit):
    """A byline of an article."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="credits")


class TopicPage(ReviewedPage, FromDocument):
    """The hub of a topic: deck, essay, live count, newest articles."""

    topic = models.OneToOneField(
        Topic,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hub",
        verbose_name=_("topic"),
        help_text=_("The topic this page is the hub of. Required before the page is submitted."),
    )
    deck = models.TextField(_("deck"), blank=True, help_text=_("One or two sentences under the title."))
    essay_title = models.CharField(_("title of the essay"), max_length=255, blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("essay"))
    concept = models.ForeignKey(
        ConceptPage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="hubs",
        verbose_name=_("concept"),
        help_text=_("The glossary entry for the same thing."),
    )

    kind: ClassVar[Kind | None] = Kind("topic", _("Topic"), summary="deck", order=3, may_be_picked=True)
    required_for_review: ClassVar[tuple[str, ...]] = ("topic", "deck")
    always_shows: ClassVar[tuple[str, ...]] = ("brief",)
    parent_page_types: ClassVar[list[str]] = ["articles.TopicIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "articles/topic_page.html"
    exclude_fields_in_copy: ClassVar[list[str]] = ["topic"]

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("topic"),
        FieldPanel("deck"),
        FieldPanel("essay_title"),
        FieldPanel("body"),
        PageChooserPanel("concept", "glossary.ConceptPage"),
        InlinePanel("credits", heading=_("Contributors"), label=_("Contributor")),
        InlinePanel("claims", heading=_("Claims"), label=_("Claim")),
        InlinePanel("measurements", heading=_("Measurements"), label=_("Measurement")),
        *FromDocument.origin_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        Searched("deck"),
        Searched("essay_title"),
        Searched("body"),
    ]

    class Meta:
        verbose_name = _("topic hub")

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Validate with the slug of the topic, so that the address is the same before and after."""
        if self.topic:
            self.slug = self.topic.slug
        super().full_clean(*args, **kwargs)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what ``hub_context`` says."""
        from articles.presenting import hub_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, **hub_context(self, request, ArticlePage.objects.all())}


class TopicCredit(Credit):
    """A byline of a hub's essay."""

    page = ParentalKey(TopicPage, on_delete=models.CASCADE, related_name="credits")


@dataclass(frozen=True, slots=True)
class ListedTopic:
    """A topic as lists show it, with its hub if there is one."""

    topic: Topic
    hub: TopicPage | None

    @property
    def title(self) -> str:
        """The hub's title, or the topic's name."""
        return str(self.hub.title if self.hub else self.topic.name)


def topics_listed(most: int | None = None) -> list[ListedTopic]:
    """Return the topics with a published hub, article or concept, with their numbers, in one query."""
    hubs = TopicPage.objects.published()
    topics = (
        Topic.objects.annotate(
            articles=number_in(under_each("article", OuterRef("pk"))),
            concepts=number_in(under_each("concept", OuterRef("pk"))),
            has_hub=Exists(hubs.filter(topic=OuterRef("pk"))),
        )
        .exclude(articles=0, concepts=0, has_hub=False)
        .select_related("hub")
        .order_by("name")[:most]
    )
    return [ListedTopic(topic, topic.hub if topic.has_hub else None) for topic in topics]


def open_topic(slug: str) -> Topic | None:
    """Return the topic of that slug if a published article or concept is under it."""
    numbers = [number_in(under_each(kind, OuterRef("pk"))) for kind in ("article", "concept")]
    return (
        Topic.objects.filter(slug=slug).annotate(number=numbers[0] + numbers[1]).filter(number__gt=0).first()
    )
