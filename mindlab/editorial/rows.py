"""The rows of the review: who decided what, what was public when, what that showed, and what waits."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from mindlab.core.models import ContributorPage
from mindlab.core.shown import Shown, material


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
    shown = models.JSONField(null=True)
    """The page's material as it stood, a list of [kind, key, digest]; null where nobody wrote it down."""
    step = models.CharField(max_length=20, choices=Step.choices)
    task = models.ForeignKey("wagtailcore.Task", null=True, on_delete=models.SET_NULL, related_name="+")
    contributor = models.ForeignKey(
        ContributorPage, null=True, on_delete=models.SET_NULL, related_name="reviews_given"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="review_records"
    )
    reviewer_name = models.CharField(max_length=255, blank=True)
    """As readers see it; "" only for who asked for changes with an account that had no name."""
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

    def covers(self, thing: Shown) -> bool:
        """Return whether the reviewer saw this very thing, as it stands."""
        return [thing.kind, thing.key, thing.digest] in (self.shown or [])


class Publication(models.Model):
    """What was public under an address, from when to when, and the approvals it rested on.

    Written each time something of a reviewed type becomes public or what it shows changes with the
    approval of a second person; never edited but for its end. It outlives the page.
    """

    class Basis(models.TextChoices):
        REVIEW = "review", _("The approvals of this text")
        MATERIAL = "material", _("A change to what the page shows that two people agreed on")
        REBUILT = "rebuilt", _("Rebuilt from the review records when publications began to be written")
        UNKNOWN = "unknown", _("Nothing on record says who approved it")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="publications"
    )
    page_uuid = models.UUIDField(db_index=True)
    """The page's translation key, which outlives the page."""
    page_title = models.CharField(max_length=255)
    url_path = models.TextField()
    first_published_at = models.DateTimeField(null=True)
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    digest = models.CharField(max_length=64, db_index=True)
    """sha256 of all the page said, in hexadecimal; of its words and of their evidence below."""
    words = models.CharField(max_length=64)
    evidence = models.CharField(max_length=64)
    steps = models.JSONField()
    """The steps that were required that day, in order."""
    one_person = models.BooleanField(default=False)
    """True where one person was allowed to take two steps, and did."""
    basis = models.CharField(max_length=20, choices=Basis.choices)
    approvals = models.ManyToManyField(ReviewRecord, related_name="publications")
    approved_by = models.JSONField(default=list)
    """Of each approval: step, name, account, and the time in ISO 8601; copied, to outlive the records."""
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    """When it was replaced or withdrawn; null while it is public."""

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-since", "-pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["page"], condition=models.Q(until=None), name="one_publication_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_title}, {self.since:%Y-%m-%d}"

    @property
    def address(self) -> str:
        """The address readers go by on the site that the page stands in, and where it stands in no other."""
        roots = [root for root in Site.get_site_root_paths() if self.url_path.startswith(root.root_path)]
        longest = max((root.root_path for root in roots), key=len, default="/")
        return self.url_path[len(longest) - 1 :]

    @property
    def approvers(self) -> str:
        """Who approved it, with the step each took, for the admin."""
        return "; ".join(f"{row['name'] or row['account']} ({row['step']})" for row in self.approved_by)


class ShownThing(models.Model):
    """One thing that a publication showed, as it stood: what to look up when a thing changes."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="shown")
    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    """sha256 of what readers saw of it, in hexadecimal; of a page, the digest of its publication."""
    label = models.CharField(max_length=255, blank=True)
    file_name = models.CharField(max_length=255, blank=True, db_default="")
    """Of a document, the name under which readers fetched it; "" where that was not written down."""

    class Meta:
        verbose_name = _("shown thing")
        indexes: ClassVar[list[Any]] = [models.Index(fields=["kind", "key"], name="what_shows_this")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class MaterialChange(models.Model):
    """A change by one person to a thing that public pages show; it waits until a second one agrees."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()
    label = models.CharField(max_length=255, blank=True)
    values = models.JSONField(default=dict)
    """The fields it changes, with their new values as a serialiser writes them; the file stands below."""
    values_before = models.JSONField(default=dict)
    """The same fields as they stood when it was proposed."""
    file = models.FileField(null=True, blank=True, upload_to="waiting/")
    """The file that would take the place of the thing's; no stranger reads it."""
    digest_before = models.CharField(max_length=64)
    digest_after = models.CharField(max_length=64)
    """sha256 of what readers would see of the thing, in hexadecimal."""
    shown_on = models.PositiveIntegerField(default=0)
    """How many public pages showed it when the change was proposed."""
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_by_name = models.CharField(max_length=150)
    proposed_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True)
    applied_at = models.DateTimeField(null=True)
    """When an accepted change was carried out: it allows one save, and no second."""

    class Meta:
        verbose_name = _("change that waits")
        verbose_name_plural = _("changes that wait")
        ordering = ["-proposed_at", "-pk"]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["kind", "key", "status"], name="changes_of_thing")
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.get_status_display()}"

    @property
    def kind_label(self) -> str:
        """What editors call things of this kind."""
        model = material().get(self.kind)
        return str(model._meta.verbose_name) if model else self.kind
