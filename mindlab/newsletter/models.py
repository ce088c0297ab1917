"""Issues of The Intelligence Brief and the snapshots they are exported from."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from mindlab.core.pages import ReviewedPage, SitePage
from mindlab.core.rich_text import GLOSS, INLINE
from mindlab.newsletter.blocks import IssueBlock


class BriefIndexPage(SitePage):
    """The archive of issues, at ``/brief/``."""

    introduction = RichTextField(_("introduction"), blank=True, features=INLINE)

    max_count = 1
    subpage_types: ClassVar[list[str]] = ["newsletter.IssuePage"]
    template = "newsletter/brief_index_page.html"
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("Brief archive")


class IssuePage(ReviewedPage):
    """One number of The Intelligence Brief; the slug is the number."""

    required_steps: ClassVar[tuple[str, ...]] = ("editorial",)

    number = models.PositiveIntegerField(
        _("number"), unique=True, help_text=_("Its address is /brief/number/.")
    )
    subject = models.CharField(_("subject"), max_length=150, help_text=_("The subject line of the e-mail."))
    preheader = models.CharField(
        _("preheader"),
        max_length=200,
        blank=True,
        help_text=_("The line mail programs show after the subject."),
    )
    introduction = RichTextField(_("introduction"), blank=True, features=GLOSS)
    contents = StreamField(IssueBlock(), blank=True, verbose_name=_("contents"))
    cta_text = models.CharField(_("call to action"), max_length=255, blank=True)
    cta_label = models.CharField(_("label of the button"), max_length=60, blank=True)
    cta_page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("page of the button"),
    )
    cta_url = models.URLField(_("address of the button"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["newsletter.BriefIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "newsletter/issue_page.html"

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("number"),
        FieldPanel("subject"),
        FieldPanel("preheader"),
        FieldPanel("introduction"),
        FieldPanel("contents"),
        MultiFieldPanel(
            [
                FieldPanel("cta_text"),
                FieldPanel("cta_label"),
                PageChooserPanel("cta_page"),
                FieldPanel("cta_url"),
            ],
            heading=_("Call to action"),
        ),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("subject"),
        index.SearchField("introduction"),
    ]

    class Meta:
        verbose_name = _("issue")


class IssueSnapshot(models.Model):
    """What an issue said when it was exported: exporting again writes the same bytes from here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issue = models.ForeignKey(IssuePage, on_delete=models.CASCADE, related_name="snapshots")
    number = models.PositiveIntegerField()
    """1 for the first export, one more for each refresh."""
    revision_digest = models.CharField(max_length=64)
    """sha256 of the issue's content at the time, in hexadecimal."""
    content = models.JSONField()
    """The resolved texts and addresses, all that the renderer needs."""
    renderer_version = models.CharField(max_length=100)
    html = models.TextField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    """Of the HTML, in hexadecimal."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("snapshot of an issue")
        ordering = ["-number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["issue", "number"], name="one_snapshot_of_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.issue} / {self.number}"
