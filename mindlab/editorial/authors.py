"""Who wrote a page's text, and so may not approve it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wagtail.models import Page, Revision

from mindlab.core.digests import data_digest
from mindlab.core.models import ContributorPage, Credit
from mindlab.editorial.rows import Publication


def author_ids(page: Page) -> set[int]:
    """Return the keys of the users whose own work ``page`` is.

    These are its owner, who submitted it, who changed it, and who is named as its author.

    A person changed it who saved a revision with other words than the one before, since what is
    published last changed, or ever when nothing was.
    """
    state = page.current_workflow_state
    submitter = state.requested_by_id if state is not None else None
    ids = {page.owner_id, submitter, *_writer_ids(page), *credited_ids(page)}
    return {key for key in ids if key is not None}


def is_author(user: Any, page: Page) -> bool:
    """Return whether ``page`` is this user's own work."""
    return user.pk == page.owner_id or user.pk in author_ids(page)


def _writer_ids(page: Page) -> set[int]:
    """Return who brought in words since the published words last changed, whatever became of them.

    Publishing the same words again, or going back to them, ends nobody's authorship.
    """
    model = page.specific_class
    revisions = Revision.page_revisions.filter(object_id=str(page.pk)).order_by("created_at", "pk")
    before, since = _what_was_published(page)
    if since is not None:
        revisions = revisions.filter(created_at__gt=since)
    writers = set()
    for user_id, content in revisions.values_list("user_id", "content"):
        digest = data_digest(model, content)
        if digest != before:
            writers.add(user_id)
        before = digest
    return writers


def _what_was_published(page: Page) -> tuple[str, datetime | None]:
    """Return the digest of what was public last, and when the revision was saved that first made it so."""
    rows = Publication.objects.filter(page_id=page.pk).order_by("-since", "-pk")
    digest, first = "", None
    for row in rows.values_list("digest", "revision__created_at", "since"):
        if digest and row[0] != digest:
            break
        digest, first = row[0], row[1] or row[2]
    return digest, first


def credited_ids(page: Page) -> set[int]:
    """Return the accounts of those whom the latest text names as its authors."""
    revision = page.get_latest_revision()
    credits = revision.content.get("credits", ()) if revision is not None else ()
    authors = [row["contributor"] for row in credits if row["role"] == Credit.Role.AUTHOR]
    people = ContributorPage.objects.filter(pk__in=authors, user__isnull=False)
    return set(people.values_list("user_id", flat=True))
