"""The record of the review, and the tasks that make its steps."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask

from mindlab.core.models import ContributorPage


class ReviewTask(AbstractGroupApprovalTask):
    """One step of the review, taken by the members of its groups."""

    step: ClassVar[str] = ""
    """The name of the step, one of ``ReviewRecord.Step``."""

    class Meta:
        abstract = True


class EditorialReviewTask(ReviewTask):
    """Editors check language, structure and whether the text says what it is."""

    step = "editorial"

    class Meta:
        verbose_name = _("editorial review")


class ScientificReviewTask(ReviewTask):
    """Scientific reviewers check that the text is right."""

    step = "scientific"

    class Meta:
        verbose_name = _("scientific review")


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
    reviewer_name = models.CharField(max_length=255)
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
