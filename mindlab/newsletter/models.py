"""Issues of The Intelligence Brief and the snapshots they are exported from."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from mindlab.core.blockers import Blocker
from mindlab.core.fields import AddressField
from mindlab.core.listed import all_of, newest
from mindlab.core.pages import FromDocument, Kind, ReviewedPage, SitePage
from mindlab.core.paging import paged
from mindlab.core.rich_text import GLOSS, INLINE
from mindlab.core.search_words import Searched
from mindlab.newsletter.blocks import IssueBlock
from mindlab.newsletter.forms import IssueForm, call_to_action_errors

EMAIL_HTML = "email-html"
EMAIL_TEXT = "email-text"

HIGHEST_NUMBER = 99_999_999
"""Of an issue: room for those who number by the day, and for a next one in the columns of PostgreSQL."""


class BriefIndexPage(SitePage):
    """The archive of issues, at ``/brief/``."""

    introduction = RichTextField(_("introduction"), blank=True, features=INLINE)

    max_count = 1
    described_as: ClassVar[Any] = _(
        "All issues of the newsletter: what was published, and what was corrected."
    )
    subpage_types: ClassVar[list[str]] = ["newsletter.IssuePage"]
    template = "newsletter/brief_index_page.html"
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("Brief archive")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``issues``, one page of them, newest first."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        issues = IssuePage.objects.published().filter(
            pk__in=newest(all_of("issue")).order_by().values("page")
        )
        context["issues"] = paged(issues.order_by("-number"), request)
        return context


class IssuePage(ReviewedPage, FromDocument):
    """One number of The Intelligence Brief; the slug is the number."""

    kind: ClassVar[Kind | None] = Kind("issue", _("Issue"), summary="preheader", order=5)
    required_steps: ClassVar[tuple[str, ...]] = ("editorial",)
    required_for_review: ClassVar[tuple[str, ...]] = ("subject",)
    always_shows: ClassVar[tuple[str, ...]] = ("brief",)
    exclude_fields_in_copy: ClassVar[list[str]] = ["number"]
    base_form_class = IssueForm

    number = models.PositiveIntegerField(
        _("number"),
        unique=True,
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_NUMBER)],
        help_text=_("Its address is /brief/number/."),
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
    cta_url = AddressField(_("address of the button"), blank=True)

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
    promote_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("seo_title"), FieldPanel("search_description")], heading=_("For search engines")
        )
    ]
    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        Searched("subject"),
        Searched("introduction"),
    ]

    class Meta:
        verbose_name = _("issue")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``pieces``, the blocks with the pages they point at, and ``cta``, where its button leads."""
        from mindlab.newsletter.presenting import issue_context

        return {**super().get_context(request, *args, **kwargs), **issue_context(self)}

    @classmethod
    def next_number(cls) -> int:
        """Return the number after the highest one there is."""
        return int(cls.objects.aggregate(highest=models.Max("number"))["highest"] or 0) + 1

    def _take_address(self) -> None:
        """Give a new issue or a copy the next number, and make the number the slug."""
        if self.number is None:
            self.number = self.next_number()
        self.slug = str(self.number)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._take_address()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        self._take_address()
        return super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        self._take_address()
        return super().save_revision(*args, **kwargs)

    def blockers(self) -> list[Blocker]:
        """Return what keeps the issue from being published: its pages must be public, too."""
        from mindlab.newsletter.resolving import resolve

        own = resolve(self).blockers
        said = {blocker.path for blocker in own}
        return [*(blocker for blocker in super().blockers() if blocker.path not in said), *own]

    def call_to_action_errors(self) -> dict[str, str]:
        """Return what the call to action lacks, by field, as sentences for an editor."""
        return call_to_action_errors(self.cta_text, self.cta_label, self.cta_page_id, self.cta_url)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The page on the web, and the two forms of the mail."""
        return [("", _("On the web")), (EMAIL_HTML, _("E-mail")), (EMAIL_TEXT, _("E-mail as plain text"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the draft as a page, or as the mail with what keeps it from going out said on top."""
        from mindlab.newsletter.previews import preview

        if mode_name in {EMAIL_HTML, EMAIL_TEXT}:
            return preview(self, as_text=mode_name == EMAIL_TEXT)
        response: HttpResponse = super().serve_preview(request, mode_name)
        return response


class IssueSnapshot(models.Model):
    """What an issue said when it was exported: exporting again writes the same bytes from here.

    It outlives the issue, because the mail has gone out.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issue = models.ForeignKey(
        IssuePage, null=True, on_delete=models.SET_NULL, related_name="snapshots", verbose_name=_("issue")
    )
    number = models.PositiveIntegerField(_("snapshot"))
    """1 for the first export of an issue, one more for each changed text and each refresh."""
    revision_digest = models.CharField(max_length=64)
    """sha256 of the issue's content at the time, in hexadecimal."""
    content = models.JSONField()
    """The resolved texts and addresses, all that the renderer needs."""
    renderer_version = models.CharField(_("renderer"), max_length=100)
    html = models.TextField()
    text = models.TextField(_("plain text"))
    sha256 = models.CharField(_("SHA-256 of the HTML"), max_length=64)
    """In hexadecimal."""
    created_at = models.DateTimeField(_("exported"), auto_now_add=True)

    class Meta:
        verbose_name = _("exported issue")
        verbose_name_plural = _("exported issues")
        ordering = ["-number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["issue", "number"], name="one_snapshot_of_a_number")
        ]

    def __str__(self) -> str:
        return f"No. {self.content['number']}, snapshot {self.number}"

    @property
    def subject(self) -> str:
        """The subject line of the mail."""
        return str(self.content["subject"])
