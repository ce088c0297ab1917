"""Carries a plan out: a page with its revision, its log and its provenance, or nothing at all.

Each document is one transaction. Killed between two of them, a run leaves whole pages only, and
the next run finds by hash what is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import LogContext, log
from wagtail.models import Page, Revision

from articles.models import TopicPage
from mindlab.core.digests import page_digest
from mindlab.core.models import ContributorPage, Topic
from mindlab.core.pages import ReviewedPage
from mindlab.importer import pages
from mindlab.importer.content import draft_title
from mindlab.importer.draft import Draft
from mindlab.importer.kinds import KINDS
from mindlab.importer.models import ImportOutcome, ImportRun, Provenance, SourceDocument
from mindlab.importer.planning import Plan, Planner, edited_since, topic_for
from mindlab.importer.report_lines import describe
from mindlab.importer.reporting import DocumentReport
from mindlab.users.models import User

Build = Callable[[int | None], Draft]
"""Makes the draft, given the id of the topic whose articles a hub counts."""
Written = tuple[Draft, ReviewedPage, Revision]

PROPOSE = "importer.propose"
"""The log action of a proposed revision."""


@dataclass(slots=True)
class Applier:
    """Writes drafts for one run."""

    run: ImportRun
    owner: User
    planner: Planner
    contributors: dict[str, int] = field(default_factory=dict)
    """Ids of contributor pages by folded name."""

    def apply(self, plan: Plan, build: Build) -> DocumentReport:
        """Write what the plan says, all of it or nothing, with its line of the report."""
        with transaction.atomic(), LogContext(user=self.owner):
            if plan.action == "create":
                draft, page, revision = self._create(plan, build)
            elif plan.action == "update":
                draft, page, revision = self._update(plan, build)
            else:
                draft, page, revision = self._propose(plan, build)
            document = self._remember(plan, draft, page, revision)
            report = describe(plan, draft, page.pk, document.pk)
            save_outcome(self.run, report)
        return report

    def _create(self, plan: Plan, build: Build) -> Written:
        topic, taken = self._topic(plan)
        draft = build(topic.pk if topic else None)
        parent = Page.objects.get(pk=self.planner.parent(draft.kind).pk)
        page = KINDS[draft.kind].page(
            title=draft.title,
            slug=self.planner.slug(parent, draft, topic if topic and not taken else None),
            live=False,
            has_unpublished_changes=True,
            owner=self.owner,
        )
        if isinstance(page, TopicPage) and not taken:
            page.topic = topic
        pages.write(page, draft, self.contributors)
        parent.add_child(instance=page)
        revision = page.save_revision(user=self.owner, log_action=True, clean=False)
        return draft, page, revision

    def _topic(self, plan: Plan) -> tuple[Topic | None, bool]:
        """The topic of a hub, made where there is none, and whether another hub has it already."""
        if plan.document is None or plan.document.kind != "topic":
            return None, False
        title = draft_title(plan.document, plan.source.reference)
        topic, taken = topic_for(title)
        return topic or Topic.objects.named(title), taken

    def _update(self, plan: Plan, build: Build) -> Written:
        page = latest_of(plan)
        draft = build(topic_of(page))
        pages.write(page, draft, self.contributors)
        if not page.live:
            page.save()
        revision = page.save_revision(user=self.owner, log_action=True, clean=False)
        return draft, page, revision

    def _propose(self, plan: Plan, build: Build) -> Written:
        """Add a revision that is not the latest: the draft stays, history shows it to compare and accept."""
        page = latest_of(plan)
        latest = page.latest_revision
        draft = build(topic_of(page))
        pages.write(page, draft, self.contributors)
        now = timezone.now()
        just_before = latest.created_at - timedelta(microseconds=1) if latest else now
        revision = Revision.objects.create(
            content_object=page,
            base_content_type=page.get_base_content_type(),
            user=self.owner,
            # Wagtail takes the newest revision for the draft in some places, and the draft is the person's.
            created_at=min(now, just_before),
            content=page.serializable_data(),
            object_str=str(page),
        )
        log(instance=page, action=PROPOSE, user=self.owner, revision=revision, content_changed=True)
        return draft, page, revision

    def _remember(self, plan: Plan, draft: Draft, page: ReviewedPage, revision: Revision) -> SourceDocument:
        document = plan.known or SourceDocument(uuid=plan.uuid)
        document.reference = plan.source.reference
        document.location_key = plan.source.location_key
        document.content_hash = plan.content_hash
        document.kind, document.title = draft.kind, draft.title
        document.text = plan.text
        document.page_id = page.pk
        document.wanted = [list(entry) for entry in dict.fromkeys(draft.findings.unresolved)]
        document.links_pending = bool(document.wanted)
        if plan.action == "propose":
            document.proposal, document.proposal_digest = revision, page_digest(page)
        else:
            document.revision, document.draft_digest = revision, page_digest(page)
            document.proposal, document.proposal_digest = None, ""
        document.save()
        write_provenance(document, draft)
        return document

    def relink(self, document: SourceDocument, draft: Draft) -> bool:
        """Write a draft again whose links have been found since; False when a person's edit forbids it."""
        with transaction.atomic(), LogContext(user=self.owner):
            document.wanted = [list(entry) for entry in dict.fromkeys(draft.findings.unresolved)]
            document.links_pending = False
            written = (
                self._rewrite_proposal(document, draft)
                if document.proposal
                else self._rewrite(document, draft)
            )
            document.save()
            if written:
                write_provenance(document, draft)
        return written

    def _rewrite(self, document: SourceDocument, draft: Draft) -> bool:
        stored = document.page
        if stored is None or edited_since(document, stored) or stored.current_workflow_state is not None:
            return False
        page: ReviewedPage = stored.specific.get_latest_revision_as_object()
        pages.write(page, draft, self.contributors)
        if page_digest(page) == document.draft_digest:
            return False
        if not page.live:
            page.save()
        latest = page.latest_revision
        document.revision = page.save_revision(user=latest.user, overwrite_revision=latest, clean=False)
        document.draft_digest = page_digest(page)
        return True

    def _rewrite_proposal(self, document: SourceDocument, draft: Draft) -> bool:
        proposal = document.proposal
        if proposal is None or (document.page and document.page.latest_revision_id == proposal.pk):
            return False
        page: ReviewedPage = proposal.as_object()
        pages.write(page, draft, self.contributors)
        proposal.content = page.serializable_data()
        proposal.save(update_fields=["content"])
        document.proposal_digest = page_digest(page)
        return True


def latest_of(plan: Plan) -> ReviewedPage:
    """The page of a known document as its draft has it now."""
    if plan.known is None or plan.known.page is None:
        raise LookupError("the document has no page")
    page: ReviewedPage = plan.known.page.specific.get_latest_revision_as_object()
    return page


def topic_of(page: ReviewedPage) -> int | None:
    """The topic whose articles a hub counts: its own, or the one its title names."""
    if not isinstance(page, TopicPage):
        return None
    if page.topic_id:
        return int(page.topic_id)
    topic, _taken = topic_for(page.title)
    return topic.pk if topic else None


def write_provenance(document: SourceDocument, draft: Draft) -> None:
    """Replace the record of which lines became what."""
    document.provenance.all().delete()
    Provenance.objects.bulk_create(
        (
            Provenance(
                document=document,
                field=passage.field,
                block_id=passage.block_id,
                first_line=passage.lines.first,
                last_line=passage.lines.last,
            )
            for passage in draft.passages
        ),
        batch_size=500,
    )


def save_outcome(run: ImportRun, report: DocumentReport) -> ImportOutcome:
    """Store a line of the report with its run."""
    outcome = outcome_row(run, report)
    outcome.save()
    return outcome


def outcome_row(run: ImportRun, report: DocumentReport) -> ImportOutcome:
    """A line of the report as a row, not saved yet."""
    return ImportOutcome(
        run=run,
        document_id=report.document,
        reference=report.reference,
        kind=report.kind,
        title=report.title,
        outcome=report.outcome,
        page_id=report.page,
        message=report.message,
        details=report.details(),
    )


def contributor_index() -> dict[str, int]:
    """Ids of the contributor pages by folded name, in one query; the first of each name."""
    index: dict[str, int] = {}
    for page, title in ContributorPage.objects.order_by("pk").values_list("pk", "title"):
        index.setdefault(str(title).casefold(), page)
    return index
