"""What to do with each document: create, update, leave, propose, or say why not. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID, uuid4

from wagtail.models import Page

from mindlab.core.digests import data_digest
from mindlab.core.models import Topic
from mindlab.core.names import name_key
from mindlab.core.slugs import base_slug, free_slug
from mindlab.importer import sanitise
from mindlab.importer.draft import Draft
from mindlab.importer.kinds import KINDS
from mindlab.importer.matching import moved_and_edited
from mindlab.importer.models import SourceDocument
from mindlab.importer.options import ImportOptions, UsageError
from mindlab.importer.parsers.decoding import decode
from mindlab.importer.parsers.document import Kind, ParsedDocument
from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.parse import parse
from mindlab.importer.sources import Source, SourceError, read

Action = Literal["create", "update", "unchanged", "propose", "conflict", "fail"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with one source, and why when that is not plain."""

    source: Source
    action: Action
    document: ParsedDocument | None = None
    known: SourceDocument | None = None
    message: str = ""
    warnings: tuple[str, ...] = ()
    text: str = ""
    """The source text as it was read, before repairs; its lines are those of the document."""
    content_hash: str = ""
    """sha256 of the bytes that were parsed: the file may have changed since it was listed."""
    new_uuid: UUID = field(default_factory=uuid4)

    @property
    def uuid(self) -> UUID:
        """The uuid of the document: block ids are made from it, so that the same words keep theirs."""
        return self.known.uuid if self.known is not None else self.new_uuid

    @property
    def makes_a_draft(self) -> bool:
        """Whether carrying it out writes a page or a revision."""
        return self.action in ("create", "update", "propose")


@dataclass(slots=True)
class Planner:
    """Plans documents one after the other; keeps what all of them need."""

    options: ImportOptions
    need_trees: bool = False
    """Whether unchanged documents are parsed too."""
    seen: set[int] = field(default_factory=set)
    """Documents that a source of this run is already known to be."""
    _parents: dict[Kind, Page] = field(default_factory=dict)
    _slugs: dict[int, set[str]] = field(default_factory=dict)
    """Addresses this run has given, which a dry run must know too."""
    _topics: set[str] = field(default_factory=set)
    """Keys of the names of topics whose hubs this run has made."""

    def plan(self, source: Source, known: SourceDocument | None, copy_of: str = "") -> Plan:
        """Plan one source; ``known`` is the document it was matched with."""
        if known is not None and known.content_hash == source.content_hash and not self._must_parse(known):
            return _unchanged(source, known, None)
        try:
            read_text = parse_source(source, self.options)
        except (DocumentError, SourceError) as error:
            return Plan(source, "fail", known=known, message=error.message)
        document = read_text.document
        if known is None:
            known = moved_and_edited(source, document.text, self.seen)
            if known is not None:
                self.seen.add(known.pk)
        plan = self._decide(source, known, document)
        if copy_of and plan.action == "create":
            plan = replace(
                plan, warnings=(f"It has the same text as {copy_of}: keep one of the two drafts.",)
            )
        return replace(plan, text=read_text.text, content_hash=read_text.content_hash)

    def _must_parse(self, known: SourceDocument) -> bool:
        """Whether a document that did not change is parsed all the same."""
        return self.need_trees or known.links_pending or known.page_id is None or known.lost_its_proposal

    def _decide(self, source: Source, known: SourceDocument | None, document: ParsedDocument) -> Plan:
        is_again = known is not None and (
            (source.is_named and known.page_id is None) or known.lost_its_proposal
        )
        if known is not None and known.content_hash == source.content_hash and not is_again:
            return _unchanged(source, known, document)
        if known is not None and known.page_id is not None and known.kind != document.kind:
            now, before = KINDS[document.kind].noun, KINDS[known.kind].noun
            message = (
                f"The text reads as {now} now, and its page is {before}: "
                f"nothing was changed. Import it with --kind {known.kind}, or delete the page first."
            )
            return Plan(source, "conflict", document, known, message)
        if (problem := self._misplaced(document.kind)) is not None:
            return Plan(source, "fail", document, known, problem)
        if known is None or known.page_id is None:
            return Plan(source, "create", document, known)
        if (reason := why_only_propose(known)) is not None:
            return Plan(source, "propose", document, known, reason)
        return Plan(source, "update", document, known)

    def _misplaced(self, kind: Kind) -> str | None:
        under = self.options.under
        if under is None or issubclass(under.specific_class or Page, KINDS[kind].parent):
            return None
        return f"{KINDS[kind].noun.capitalize()} cannot stand under “{under.title}”."

    def parent(self, kind: Kind) -> Page:
        """The page that drafts of that kind go under.

        Raises UsageError when the site has none.
        """
        if kind not in self._parents:
            parent = self.options.under or KINDS[kind].parent.objects.order_by("path").first()
            if parent is None:
                raise UsageError("The site has no index pages yet: run migrate first.")
            self._parents[kind] = parent
        return self._parents[kind]

    def takes_topic(self, title: str) -> bool:
        """Whether the topic of a hub of that title has a hub already; the first that asks takes it."""
        _topic, taken = topic_for(title)
        key = name_key(title)
        if not taken and key not in self._topics:
            self._topics.add(key)
            return False
        return True

    def slug(self, parent: Page, draft: Draft, topic: Topic | None = None) -> str:
        """A free address for a new page, a hub's like its topic's; warns when the first choice is taken."""
        wanted = topic.slug if topic is not None else base_slug(draft.title)
        given = self._slugs.setdefault(parent.pk, set())
        slug = free_slug(Page.objects.child_of(parent), wanted, given)
        if slug != wanted:
            warning = f"Another page has the address “{wanted}” already; this one got “{slug}”."
            draft.findings.warnings.append(warning)
        given.add(slug)
        return slug


@dataclass(frozen=True, slots=True)
class ReadText:
    """A parsed source, its text before repairs, and the sha256 of its bytes in hexadecimal."""

    document: ParsedDocument
    text: str
    content_hash: str


def parse_source(source: Source, options: ImportOptions) -> ReadText:
    """Read and parse a source.

    Raises SourceError or DocumentError; an error nobody foresaw becomes a DocumentError as well, so
    that one document never stops the others.
    """
    data = read(source.path)
    try:
        document = parse(data, source.reference, options.kind)
        text = _as_read(data, document)
    except DocumentError:
        raise
    except (MemoryError, RecursionError) as error:
        raise DocumentError("The document is too large or too deeply nested to be read.") from error
    except Exception as error:
        raise DocumentError(f"The document could not be read: an internal {type(error).__name__}.") from error
    return ReadText(document, sanitise.plain(text), hashlib.sha256(data).hexdigest())


def _as_read(data: bytes, document: ParsedDocument) -> str:
    """The text before repairs where it has the lines of the document; a Word file has none of its own."""
    try:
        text = decode(data).text
    except DocumentError:
        return document.text
    return text if text.count("\n") == document.text.count("\n") else document.text


def _unchanged(source: Source, known: SourceDocument, document: ParsedDocument | None) -> Plan:
    if known.page_id is None:
        message = (
            "Its page was deleted since, and the text is the same: nothing was made. "
            "Name the file itself to import it again."
        )
        return Plan(source, "conflict", document, known, message)
    return Plan(source, "unchanged", document, known)


def why_only_propose(known: SourceDocument) -> str | None:
    """Why a new text may not become the page's draft but only a proposal beside it, None if it may."""
    page = known.page
    if page is None:
        return None
    if page.locked:
        return "The page is locked: the new text waits as a proposed revision."
    if page.latest_revision_id and page.latest_revision.approved_go_live_at is not None:
        return "The page is scheduled: the new text waits as a proposed revision."
    if page.current_workflow_state is not None:
        return "The page is in review: the new text waits as a proposed revision."
    if edited_since(known, page):
        return "The draft was edited since: the new text waits as a proposed revision, to compare and accept."
    return None


def edited_since(known: SourceDocument, page: Page) -> bool:
    """Whether the page's draft says something else than what the import wrote last."""
    latest = page.latest_revision
    if latest is None:
        return True
    model = page.specific_class
    if model is None:
        return True
    return data_digest(model, latest.content) not in {known.draft_digest, known.proposal_digest}


def topic_for(title: str) -> tuple[Topic | None, bool]:
    """The topic a hub of that title belongs to, if there is one, and whether another hub has it."""
    topic = Topic.objects.called(title)
    taken = topic is not None and KINDS["topic"].page.objects.filter(topic=topic).exists()
    return topic, taken


def load_known(ids: Sequence[int]) -> dict[int, SourceDocument]:
    """The documents of those ids with their pages and drafts, without their texts, in one query."""
    documents = SourceDocument.objects.select_related("page__latest_revision").filter(pk__in=ids)
    documents = documents.defer("text")
    return {document.pk: document for document in documents}
