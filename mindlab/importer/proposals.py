"""What an editor does with a proposed text: takes it over into the draft, or keeps the draft as it is."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from mindlab.core.digests import page_digest
from mindlab.core.pages import ReviewedPage
from mindlab.importer.kinds import kind_of_page
from mindlab.importer.models import SourceDocument

ACCEPT = "importer.accept"
"""The log action of a draft that took a proposal over."""
DISMISS = "importer.dismiss"
"""The log action of a proposal that was put aside."""


class ProposalError(Exception):
    """The proposal cannot be decided on; the message is one plain sentence for the editor."""


@transaction.atomic
def accept(document_id: int, revision_id: int, user: Any) -> ReviewedPage:
    """Make a new draft by ``user`` of the page as it is now with the proposed text; returns the page.

    Only what an import writes is taken over: claims, measurements, the address and all else that
    people added stay, and the draft so far stays in the history.

    Raises ProposalError when another proposal waits by now, or when the page cannot be edited.
    """
    document, page = _waiting(document_id, revision_id)
    if (reason := why_not(page, user)) is not None:
        raise ProposalError(reason)
    latest, proposal = page.latest_revision, document.proposal
    if latest is None or proposal is None:
        raise ProposalError(_("The page has no draft to put the proposal into."))
    names = kind_of_page(type(page)).written
    proposed = {name: proposal.content[name] for name in names if name in proposal.content}
    draft: ReviewedPage = page.with_content_json({**latest.content, **proposed})
    if not draft.live:
        draft.save()
    document.revision = draft.save_revision(user=user, log_action=ACCEPT, clean=False)
    document.draft_digest = page_digest(draft)
    _close(document)
    return draft


@transaction.atomic
def dismiss(document_id: int, revision_id: int, user: Any) -> ReviewedPage:
    """Keep the draft: the proposal stays in the history, and the same text is not proposed again.

    Raises ProposalError when another proposal waits by now.
    """
    document, page = _waiting(document_id, revision_id)
    log(instance=page, action=DISMISS, user=user, revision=document.proposal)
    _close(document)
    return page


def _waiting(document_id: int, revision_id: int) -> tuple[SourceDocument, ReviewedPage]:
    documents = SourceDocument.objects.select_for_update(of=("self",)).select_related("page", "proposal")
    document = documents.filter(pk=document_id).first()
    if document is None or document.page is None or document.proposal_id is None:
        raise ProposalError(_("No proposal waits here any more."))
    if document.proposal_id != revision_id:
        raise ProposalError(_("A newer text was proposed meanwhile: compare it first."))
    page: ReviewedPage = document.page.specific
    return document, page


def _close(document: SourceDocument) -> None:
    document.proposal, document.proposal_digest = None, ""
    document.save(update_fields=["revision", "draft_digest", "proposal", "proposal_digest", "imported_at"])


def why_not(page: Page, user: Any) -> str | None:
    """Why the draft of a page cannot be replaced by this user now, None if it can."""
    if not page.permissions_for_user(user).can_edit():
        return str(_("You may not edit this page."))
    if page.current_workflow_state is not None:
        return str(_("The page is in review: end the review first, or ask for changes."))
    lock = page.get_lock()
    if lock is not None and lock.for_user(user):
        return str(_("The page is locked: unlock it first."))
    return None
