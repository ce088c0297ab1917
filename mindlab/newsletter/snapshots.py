"""Snapshots: what an issue said when it was exported, so that it says the same ever after."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mindlab.core.digests import page_digest
from mindlab.newsletter.content import ExportRefusedError
from mindlab.newsletter.models import IssuePage, IssueSnapshot
from mindlab.newsletter.rendering import RENDERER_VERSION, html_of, size_problems, text_of
from mindlab.newsletter.resolving import resolve


@transaction.atomic
def export(issue: IssuePage, *, refresh: bool = False) -> IssueSnapshot:
    """Return the snapshot of the text that ``issue`` has published, made if there is none yet.

    A text that was exported before gives the same snapshot, whatever became of the pages it shows;
    ``refresh`` makes a new one, with the next number, from what those pages say now.

    Raises:
        ExportRefusedError: when the issue is not public, points at a page that is not, or is too large.
    """
    # Held until the end, so that two first exports at once do not make two snapshots.
    published = IssuePage.objects.select_for_update(of=("self",)).get(pk=issue.pk)
    if not IssuePage.objects.published().filter(pk=issue.pk).exists():
        raise ExportRefusedError([_why_not(published)])
    digest = page_digest(published)
    snapshot = published.snapshots.filter(revision_digest=digest).order_by("-number").first()
    return snapshot if snapshot and not refresh else _take(published, digest)


def _why_not(issue: IssuePage) -> str:
    if issue.live:
        text = _("“%(title)s” may be opened by some readers only: make it public before it is exported.")
    else:
        text = _("“%(title)s” is not published: have it reviewed and published before it is exported.")
    return text % {"title": issue.title}


def _take(issue: IssuePage, digest: str) -> IssueSnapshot:
    resolved = resolve(issue)
    html = html_of(resolved.content)
    if problems := (*resolved.problems, *size_problems(html)):
        raise ExportRefusedError(problems)
    last = issue.snapshots.aggregate(last=Max("number"))["last"] or 0
    return IssueSnapshot.objects.create(
        issue=issue,
        number=last + 1,
        revision_digest=digest,
        content=resolved.content.as_json(),
        renderer_version=RENDERER_VERSION,
        html=html,
        text=text_of(resolved.content),
        sha256=hashlib.sha256(html.encode()).hexdigest(),
    )
