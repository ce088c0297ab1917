"""One import from the list of files to the report: plans each document, carries it out, then links."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from mindlab.importer.applying import Applier, contributor_index, outcome_row, topic_of
from mindlab.importer.content import build, draft_title
from mindlab.importer.draft import Draft, Wanted
from mindlab.importer.images import ImageFinder
from mindlab.importer.linking import NameIndex, SiteResolver
from mindlab.importer.matching import Match, chunks, free_places, match
from mindlab.importer.models import ImportOutcome, ImportRun, SourceDocument
from mindlab.importer.options import ImportOptions
from mindlab.importer.planning import Plan, Planner, load_known, parse_source, topic_for
from mindlab.importer.questions import ask_about_authors, ask_about_topic
from mindlab.importer.report_lines import describe
from mindlab.importer.reporting import DocumentReport, Report, headline, wanted_names
from mindlab.importer.sources import Found, PassedOver, Source
from mindlab.importer.trees import TreeWriter
from mindlab.users.models import User

logger = logging.getLogger(__name__)

STORED = (ImportOutcome.Outcome.CREATED, ImportOutcome.Outcome.UPDATED, ImportOutcome.Outcome.PROPOSED)
"""Outcomes whose lines are stored in the transaction of their draft."""
CHUNK = 100
"""Documents whose records are loaded together."""


@dataclass(slots=True)
class Unlinked:
    """A document with names that found nothing when it was written."""

    source: Source
    place: int
    """Its place among the documents of the report."""
    document: int | None
    wanted: list[Wanted]


@dataclass(slots=True)
class Session:
    """One run; writes nothing but trees until ``write_to`` was called."""

    options: ImportOptions
    found: Found
    report: Report = field(default_factory=Report)
    index: NameIndex = field(default_factory=NameIndex.of_site)
    contributors: dict[str, int] = field(default_factory=contributor_index)
    unlinked: list[Unlinked] = field(default_factory=list)
    applier: Applier | None = None
    planner: Planner = field(init=False)
    images: ImageFinder = field(init=False)
    trees: TreeWriter = field(init=False)

    def __post_init__(self) -> None:
        self.report.dry_run = self.options.dry_run
        self.planner = Planner(self.options, need_trees=self.options.tree_dir is not None)
        self.trees = TreeWriter(self.options.tree_dir)
        self.images = ImageFinder(self.found.images, None, dry_run=True, may_fetch=self.options.fetch_media)

    def write_to(self, run: ImportRun, owner: User) -> None:
        """Write drafts, for ``owner``, from now on, and lines of the report to ``run``."""
        self.report.run = run.pk
        self.images = ImageFinder(self.found.images, owner, may_fetch=self.options.fetch_media)
        self.applier = Applier(run, owner, self.planner, self.contributors)

    def carry_out(self) -> None:
        """Import every document that was found, and link them to one another."""
        passed = [_passed_over(entry) for entry in self.found.passed_over]
        for line in passed:
            self._record(line)
        self._store_lines(passed)
        matches = match(self.found.sources)
        self.planner.seen.update(entry.document_id for entry in matches if entry.document_id is not None)
        if self.applier is not None:
            free_places(entry.displaced for entry in matches if entry.displaced is not None)
        for chunk in chunks(list(zip(self.found.sources, matches, strict=True)), CHUNK):
            ids = [entry.document_id for _source, entry in chunk if entry.document_id is not None]
            known = load_known(ids)
            told = [self._document(source, entry, known) for source, entry in chunk]
            self._store_lines([line for line in told if line is not None])
        for unlinked in self.unlinked:
            self._link(unlinked)
        self._account_for_pictures()

    def _account_for_pictures(self) -> None:
        """A line for each image file that no document shows, as for any file that is passed over."""
        reason = "No document that was read in this run shows this image."
        unused = self.images.unused(self.found.pictures)
        lines = [_passed_over(PassedOver(picture.reference, reason, failed=False)) for picture in unused]
        self.report.documents += lines
        self._store_lines(lines)

    def _document(
        self, source: Source, entry: Match, known: dict[int, SourceDocument]
    ) -> DocumentReport | None:
        """Plan and carry out one document; returns its line where none is stored with a draft."""
        document = known.get(entry.document_id) if entry.document_id is not None else None
        plan = self.planner.plan(source, document, entry.copy_of)
        plan = replace(plan, warnings=(*plan.warnings, *self.trees.write(plan)))
        if not plan.makes_a_draft:
            self._note_wanted_again(plan)
            self._follow(plan)
            return self._record(_untouched(plan))
        if plan.document is not None:
            self.images.fetch_for(plan.document)
        line = self._dry(plan) if self.applier is None else self._apply(self.applier, plan)
        self._record(line)
        return None if line.outcome in STORED else line

    def _apply(self, applier: Applier, plan: Plan) -> DocumentReport:
        drafts: list[Draft] = []

        def make(topic: int | None) -> Draft:
            drafts.append(self._build(plan, topic))
            return drafts[-1]

        try:
            line = applier.apply(plan, make)
        except (IntegrityError, ValidationError) as error:
            return self._after_another_run(applier, plan, error)
        except Exception as error:
            # Whatever went wrong, its transaction is rolled back and the other documents go on.
            logger.debug("%s could not be written", plan.source.reference, exc_info=True)
            return self._failed(plan, error)
        self._note_written(plan, drafts[-1], line)
        return line

    def _failed(self, plan: Plan, error: Exception) -> DocumentReport:
        self.images.forget()
        why = " ".join(error.messages) if isinstance(error, ValidationError) else type(error).__name__
        message = f"The draft could not be written ({why}): nothing of it was kept. Import it again."
        return _untouched(replace(plan, action="fail", message=message))

    def _after_another_run(self, applier: Applier, plan: Plan, error: Exception) -> DocumentReport:
        """What is left to do when another run, at work in the same folder, wrote the document meanwhile."""
        written = SourceDocument.objects.filter(location_key=plan.source.location_key).first()
        if plan.known is not None or written is None:
            return self._failed(plan, error)
        again = self.planner.plan(plan.source, load_known([written.pk]).get(written.pk))
        return self._apply(applier, again) if again.makes_a_draft else _untouched(again)

    def _dry(self, plan: Plan) -> DocumentReport:
        """The line that carrying the plan out would give."""
        topic, taken, topic_id = None, False, None
        if plan.document is not None and plan.document.kind == "topic":
            if plan.known is not None and plan.known.page is not None:
                topic_id = topic_of(plan.known.page.specific) or 0
            else:
                topic, taken = topic_for(draft_title(plan.document, plan.source.reference))
                topic_id = topic.pk if topic else 0
        draft = self._build(plan, topic_id)
        if plan.action == "create":
            self.planner.slug(self.planner.parent(draft.kind), draft, None if taken else topic)
        line = describe(plan, draft, None, None)
        self._note_written(plan, draft, line)
        return line

    def _build(self, plan: Plan, topic: int | None) -> Draft:
        if plan.document is None:
            raise ValueError("a plan without a document makes no draft")
        own = plan.known.page_id if plan.known else None
        resolver = SiteResolver(self.index, plan.source, self.images, topic, own)
        draft = build(plan.document, plan.uuid, plan.source.reference, resolver)
        ask_about_authors(draft, self.contributors)
        if plan.action == "create" and draft.kind == "topic" and self.planner.takes_topic(draft.title):
            ask_about_topic(draft)
        return draft

    def _note_written(self, plan: Plan, draft: Draft, line: DocumentReport) -> None:
        self.index.add(plan.source, draft.kind, draft.title, draft.other_names, line.page or 0)
        if draft.findings.unresolved:
            place = len(self.report.documents)
            self.unlinked.append(Unlinked(plan.source, place, line.document, draft.findings.unresolved))

    def _note_wanted_again(self, plan: Plan) -> None:
        """A document that did not change may name one that this run brings."""
        if plan.action == "unchanged" and plan.known is not None and plan.known.wanted:
            wanted = [Wanted(*entry) for entry in plan.known.wanted]
            self.unlinked.append(Unlinked(plan.source, len(self.report.documents), plan.known.pk, wanted))

    def _follow(self, plan: Plan) -> None:
        """Remember where a document lies now that moved and did not change."""
        known, source = plan.known, plan.source
        moved = known is not None and plan.action == "unchanged" and known.location_key != source.location_key
        if self.applier is not None and known is not None and moved:
            known.location_key, known.reference = source.location_key, source.reference
            # Another run may have written the place meanwhile: then it keeps it.
            with contextlib.suppress(IntegrityError), transaction.atomic():
                known.save(update_fields=["location_key", "reference", "imported_at"])

    def _record(self, line: DocumentReport) -> DocumentReport:
        self.report.documents.append(line)
        if self.options.progress is not None:
            total = len(self.found.sources) + len(self.found.passed_over)
            self.options.progress(len(self.report.documents), total, headline(line))
        return line

    def _store_lines(self, lines: Sequence[DocumentReport]) -> None:
        if self.applier is not None:
            run = self.applier.run
            ImportOutcome.objects.bulk_create([outcome_row(run, line) for line in lines], batch_size=CHUNK)

    def _link(self, entry: Unlinked) -> None:
        """The second pass over a document: write it again when a name finds something now."""
        still = [name for name in entry.wanted if not self._is_found(name, entry.source)]
        line = self.report.documents[entry.place]
        self.report.documents[entry.place] = replace(line, wanted=wanted_names(still))
        if self.applier is None or entry.document is None:
            return
        if len(still) < len(entry.wanted):
            self._write_links(self.applier, entry, entry.document)
            line = self.report.documents[entry.place]
            rows = ImportOutcome.objects.filter(run=self.applier.run, document=entry.document)
            rows.update(outcome=line.outcome, message=line.message, details=line.details())
        else:
            documents = SourceDocument.objects.filter(pk=entry.document, links_pending=True)
            documents.update(links_pending=False)

    def _is_found(self, name: Wanted, source: Source) -> bool:
        if name.what == "image":
            return self.images.has_come(name.name, source)
        return self.index.found(name, source)

    def _write_links(self, applier: Applier, entry: Unlinked, pk: int) -> None:
        documents = SourceDocument.objects.select_related("page__latest_revision", "proposal").defer("text")
        document = documents.filter(pk=pk, page__isnull=False).first()
        if document is None or document.page is None:
            return
        line = self.report.documents[entry.place]
        try:
            parsed = parse_source(entry.source, self.options).document
            if parsed.kind != document.kind:
                return
            self.images.fetch_for(parsed)
            topic = topic_of(document.page.specific)
            resolver = SiteResolver(self.index, entry.source, self.images, topic, document.page_id)
            draft = build(parsed, document.uuid, entry.source.reference, resolver)
            written = applier.relink(document, draft)
            if written:
                line = replace(line, substituted=tuple(draft.findings.substitutions))
                self.report.documents[entry.place] = line
            if not written and line.outcome == ImportOutcome.Outcome.UNCHANGED:
                names = ", ".join(wanted_names(entry.wanted))
                warning = f"There are pages now for {names}: the draft was edited, so link them by hand."
                self.report.documents[entry.place] = replace(line, warnings=(*line.warnings, warning))
            if written and line.outcome == ImportOutcome.Outcome.UNCHANGED:
                message = "The text is the same; pages or images that it names have come since."
                line = replace(line, outcome=ImportOutcome.Outcome.UPDATED, message=message)
                self.report.documents[entry.place] = line
        except Exception as error:
            # The draft stands as it was written; the line says that its links are still words.
            logger.debug("%s could not be linked", entry.source.reference, exc_info=True)
            warning = f"Its links could not be written ({type(error).__name__}): they stay as words."
            self.report.documents[entry.place] = replace(line, warnings=(*line.warnings, warning))


def _untouched(plan: Plan) -> DocumentReport:
    known = plan.known
    page, document = (known.page_id, known.pk) if known is not None else (None, None)
    return describe(plan, None, page, document)


def _passed_over(entry: PassedOver) -> DocumentReport:
    outcome = ImportOutcome.Outcome.FAILED if entry.failed else ImportOutcome.Outcome.IGNORED
    return DocumentReport(entry.reference, outcome, message=entry.reason)
