"""The record of the review, and the tasks that make its steps."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mindlab.core.models import ContributorPage
from mindlab.editorial.tasks import EditorialReviewTask, ReviewTask, ScientificReviewTask

__all__ = ["EditorialReviewTask", "ReviewRecord", "ReviewTask", "ScientificReviewTask"]


class ReviewRecord(models.Model):
    """Who decided what about which words, and when; written as a task ends, never edited.

    It outlives revisions, tasks, accounts and the page itself: names are copied next to keys.
    """

    class Step(models.TextChoices):
        EDITORIAL = "editorial", _("Editorial review")
        SCIENTIFIC = "scientific", _("Scientific review")

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGES_REQUESTED = "changes", _("Changes requested")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        on_delete=models.SET_NULL,
        related_name="review_records",
    )
    page_uuid = models.UUIDField(db_index=True)
    """The page's translation key, which outlives the page."""
    page_title = models.CharField(max_length=255)
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    digest = models.CharField(max_length=64, db_index=True)
    """sha256 of the content that was judged, in hexadecimal."""
    step = models.CharField(max_length=20, choices=Step.choices)
    task = models.ForeignKey("wagtailcore.Task", null=True, on_delete=models.SET_NULL, related_name="+")
    contributor = models.ForeignKey(
        ContributorPage, null=True, on_delete=models.SET_NULL, related_name="reviews_given"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="review_records"
    )
    reviewer_name = models.CharField(max_length=255, blank=True)
    """As readers see it: "" for an account without a contributor page and without a name."""
    account_name = models.CharField(max_length=150)
    """What the person signed in with; for the admin alone."""
    decision = models.CharField(max_length=20, choices=Decision.choices)
    comment = models.TextField(blank=True)
    decided_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("review record")
        verbose_name_plural = _("review records")
        ordering = ["-decided_at", "-pk"]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["page", "digest", "step"], name="review_of_content"),
        ]

    def __str__(self) -> str:
        return f"{self.page_title}: {self.get_step_display()}, {self.get_decision_display()}"

    @property
    def is_approval(self) -> bool:
        """True when the step approved the text, False when it asked for changes."""
        return bool(self.decision == self.Decision.APPROVED)
