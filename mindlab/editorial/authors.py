"""Who wrote a page's text, and so may not approve it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from wagtail.models import Page, Revision, WorkflowState

from mindlab.core.digests import data_digest
from mindlab.core.models import ContributorPage, Credit


def author_ids(page: Page) -> set[int]:
    """Return the keys of the users whose own work ``page`` is.

    These are its owner, who submitted it, who changed it, and who is named as its author.

    A person changed it who saved a revision with other words than the one before, since the last
    publication, or ever when there was none.
    """
    submitter = (
        WorkflowState.objects.for_instance(page).active().values_list("requested_by_id", flat=True).first()
    )
    ids = {page.owner_id, submitter, *_writer_ids(page), *_credited_ids(page)}
    return {key for key in ids if key is not None}


def is_author(user: Any, page: Page) -> bool:
    """Return whether ``page`` is this user's own work."""
    return user.pk == page.owner_id or user.pk in author_ids(page)


def _writer_ids(page: Page) -> set[int]:
    model = page.specific_class
    revisions = Revision.page_revisions.filter(object_id=str(page.pk)).order_by("created_at", "pk")
    published = _last_publication(page)
    before = ""
    if published:
        last = revisions.filter(~published).values_list("content", flat=True).last()
        before = data_digest(model, last) if last else ""
        revisions = revisions.filter(published)
    writers = set()
    for user_id, content in revisions.values_list("user_id", "content"):
        digest = data_digest(model, content)
        if digest != before:
            writers.add(user_id)
        before = digest
    return writers


def _credited_ids(page: Page) -> set[int]:
    """Return the accounts of those whom the latest text names as its authors."""
    content = Revision.objects.filter(pk=page.latest_revision_id).values_list("content", flat=True).first()
    credits = (content or {}).get("credits", ())
    authors = [row["contributor"] for row in credits if row["role"] == Credit.Role.AUTHOR]
    people = ContributorPage.objects.filter(pk__in=authors, user__isnull=False)
    return set(people.values_list("user_id", flat=True))


def _last_publication(page: Page) -> Q | None:
    """Return the condition for revisions newer than what was last public, or None if nothing was."""
    if page.live_revision_id:
        live = Revision.objects.filter(pk=page.live_revision_id).values_list("created_at", flat=True).first()
        if live is not None:
            return Q(created_at__gt=live)
    if page.last_published_at is not None:
        return Q(created_at__gt=page.last_published_at)
    return None
