"""What the import remembers: its runs, the texts it read, and which lines became which block."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One call of the import, with its report."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        INTERRUPTED = "interrupted", _("Interrupted")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="import_runs"
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.RUNNING)
    options = models.JSONField(default=dict)
    """The paths and options of the call, as given."""
    process = models.CharField(max_length=100, blank=True)
    """Host and process id, "host:pid", so that a later run can tell when this one was killed."""

    class Meta:
        verbose_name = _("import run")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class SourceDocument(models.Model):
    """A source text, known by where it lies, by its reference and by the hash of its content."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=500, db_index=True)
    """The path relative to the folder that was imported, with "/" between its parts."""
    location_key = models.CharField(max_length=64, unique=True)
    """sha256 of the absolute path it was last read from, in hexadecimal: two folders may hold
    documents of one reference."""
    content_hash = models.CharField(max_length=64, db_index=True)
    """sha256 of the bytes as read, in hexadecimal."""
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=255)
    text = models.TextField()
    """The decoded text as it was read last, before repairs; line numbers refer to its lines."""
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="source_documents"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """The revision the import last wrote as the page's draft."""
    draft_digest = models.CharField(max_length=64, blank=True)
    """Digest of the content the import last wrote: a draft with another one was edited by a person."""
    proposal = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """The revision that waits beside an edited draft for an editor to compare and accept."""
    proposal_digest = models.CharField(max_length=64, blank=True)
    """Digest of the proposal: a draft that has it was taken over from there."""
    links_pending = models.BooleanField(default=False)
    """True from the first writing until the second pass has looked at the links."""
    wanted = models.JSONField(default=list)
    """Keys of links and terms that found nothing yet; a later document may be what they name."""
    first_imported_at = models.DateTimeField(auto_now_add=True)
    imported_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("source document")
        ordering = ["reference"]

    def __str__(self) -> str:
        return str(self.reference)

    @property
    def lost_its_proposal(self) -> bool:
        """Whether the proposal was deleted, as by a purge of revisions, before anyone decided on it."""
        return bool(self.proposal_digest) and self.proposal_id is None


class ImportOutcome(models.Model):
    """What one run made of one document: a line of its report."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")
        UNCHANGED = "unchanged", _("Unchanged")
        PROPOSED = "proposed", _("Proposed")
        CONFLICT = "conflict", _("Conflict")
        FAILED = "failed", _("Failed")
        IGNORED = "ignored", _("Ignored")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="outcomes")
    document = models.ForeignKey(
        SourceDocument, null=True, on_delete=models.SET_NULL, related_name="outcomes"
    )
    reference = models.CharField(max_length=500)
    kind = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=255, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    page = models.ForeignKey("wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+")
    message = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    """Questions, guesses, repairs, left out lines and warnings, as the report has them."""

    class Meta:
        verbose_name = _("import outcome")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.reference}: {self.get_outcome_display()}"


class Provenance(models.Model):
    """Which lines of a document became which block or field of its page."""

    document = models.ForeignKey(SourceDocument, on_delete=models.CASCADE, related_name="provenance")
    block_id = models.CharField(max_length=36, blank=True)
    """The id of a block or of a list child; "" when a field is meant."""
    field = models.CharField(max_length=100)
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("provenance")
        ordering = ["first_line", "pk"]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["document", "block_id"], name="lines_of_block")]

    def __str__(self) -> str:
        return f"{self.field} {self.block_id}: {self.first_line}–{self.last_line}"
