"""The record of the review, and the tasks that make its steps."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask

from mindlab.core.gate import PublicationRefused
from mindlab.core.models import ContributorPage
from mindlab.editorial import review
from mindlab.editorial.authors import is_author
from mindlab.editorial.locks import ReviewLock


class ReviewTask(AbstractGroupApprovalTask):
    """One step of the review, taken by the members of its groups or an administrator.

    Nobody approves their own work, whatever their rights. Every way of the admin to end a task
    comes through ``on_action``; a task that code ends past it leaves no record, and without a
    record the gate publishes nothing.
    """

    step: ClassVar[str] = ""
    """The name of the step, one of ``ReviewRecord.Step``."""

    lock_class = ReviewLock

    class Meta:
        abstract = True

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        """Start this step, or pass over it when it has approved exactly this text already."""
        task_state = None
        if review.has_approved(self.step, workflow_state.content_object):
            task_state = review.passed_over(self, workflow_state)
        return task_state or super().start(workflow_state, user=user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Return what ``user`` may do: not approve, where the work is their own."""
        actions: list[tuple[str, Any, bool]] = super().get_actions(obj, user)
        if actions and is_author(user, obj):
            actions = [action for action in actions if action[0] != "approve"]
        return actions

    @transaction.atomic
    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Approve or request changes, and write the record of it.

        Raises:
            PermissionDenied: when the step is not this one, not under way, or not this person's
                to take, and when the text may not be published after all.
        """
        review.check(self, task_state, user, action_name)
        review.record(self, task_state, user, action_name, kwargs.get("comment", ""))
        try:
            return super().on_action(task_state, user, action_name, **kwargs)
        except ValidationError as error:
            page = task_state.revision.content_object
            raise PublicationRefused(page, error.messages) from error

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups take this step, and nobody for their own work.")


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
