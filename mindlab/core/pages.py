"""The abstract pages that the other floors build on."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageManager

from mindlab.core import gate
from mindlab.core.querysets import SitePageQuerySet

SitePageManager = PageManager.from_queryset(SitePageQuerySet)


class SitePage(Page):
    """A page of this site: with named querysets and a public identifier."""

    objects = SitePageManager()

    class Meta:
        abstract = True

    @property
    def urn(self) -> str:
        """The stable public identifier, the same for the page's whole life (RFC 9562)."""
        return f"urn:uuid:{self.translation_key}"


class ReviewedPage(SitePage):
    """A page whose publication the review decides.

    ``save()`` refuses the step from not live to live, and any change of the live revision, unless
    the registered gate agrees with the very content being saved; on insert too, because copies,
    aliases and ``add_child`` make pages that are born live.
    """

    required_steps: ClassVar[tuple[str, ...]] = ("editorial", "scientific")
    """The steps of the review this type of page takes, in order."""

    originally_published = models.DateField(
        _("originally published"),
        null=True,
        blank=True,
        help_text=_("The date the source document gave. It is shown as history, never as our own date."),
    )
    originally_updated = models.DateField(_("originally updated"), null=True, blank=True)
    original_byline = models.CharField(
        _("original byline"),
        max_length=255,
        blank=True,
        help_text=_("Names the source document gave. Replace them by contributors before publishing."),
    )

    origin_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldPanel("originally_published"),
                FieldPanel("originally_updated"),
                FieldPanel("original_byline"),
            ],
            heading=_("The original"),
            classname="collapsed",
        )
    ]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save, unless that would make unreviewed content public.

        Raises:
            gate.PublicationRefused: when the gate does not agree.
        """
        if self._becomes_public():
            verdict = gate.verdict(self)
            if not verdict.agrees:
                raise gate.PublicationRefused(self, verdict.missing)
        return super().save(*args, **kwargs)

    def _becomes_public(self) -> bool:
        if not self.live:
            return False
        before = type(self)._base_manager.filter(pk=self.pk).values("live", "live_revision_id").first()
        if before is None or not before["live"]:
            return True
        return bool(before["live_revision_id"] != self.live_revision_id)

    @property
    def status_string(self) -> Any:
        """The step the page is in, as every listing of the admin shows it."""
        return gate.step(self) or super().status_string
