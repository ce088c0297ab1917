"""The home page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from mindlab.core.choosers import PickChooserPanel
from mindlab.core.pages import SitePage
from mindlab.core.rich_text import INLINE


class HomePage(SitePage):
    """The first page: what the site is, what is new, and what an editor puts forward."""

    headline = models.CharField(_("headline"), max_length=200, blank=True)
    deck = models.TextField(_("deck"), blank=True)
    introduction = RichTextField(_("introduction"), blank=True, features=INLINE)

    described_as: ClassVar[Any] = _(
        "Long articles, a glossary whose concepts are tied to one another, and a newsletter."
        " Each page says who reviewed it, and what it rests on."
    )
    max_count = 1
    template = "home/home_page.html"
    subpage_types: ClassVar[list[str]] = [
        "articles.ArticleIndexPage",
        "articles.TopicIndexPage",
        "glossary.GlossaryIndexPage",
        "core.ContributorIndexPage",
        "newsletter.BriefIndexPage",
    ]
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("deck"),
        FieldPanel("introduction"),
        InlinePanel("featured", heading=_("Put forward"), label=_("Page"), max_num=5),
    ]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what ``home_context`` says."""
        from mindlab.home.presenting import home_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, **home_context(self)}


class FeaturedPage(Orderable):
    """A page the home page puts forward, in the editor's order."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured")
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")

    panels: ClassVar[list[Any]] = [PickChooserPanel("page")]

    class Meta(Orderable.Meta):
        verbose_name = _("page put forward")


class RetiredDefaults(models.Model):
    """What the set-up took away of Wagtail's own groups, workflow and pages, to be put back on reversal."""

    rows = models.JSONField()
    """By "app.Model", a list of rows with all their columns."""
    retired_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("retired defaults")
        verbose_name_plural = _("retired defaults")

    def __str__(self) -> str:
        return f"{self.retired_at:%Y-%m-%d %H:%M}"
