"""From the document tree to the fields of a page: titles, bodies, the sections of a concept."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from html import escape

from mindlab.importer import sanitise
from mindlab.importer.body import Writer
from mindlab.importer.draft import (
    Draft,
    DraftRelation,
    Findings,
    Passage,
    RawBlock,
    Resolver,
    Substitution,
    Wanted,
)
from mindlab.importer.parsers.document import (
    Block,
    Furniture,
    Heading,
    Item,
    Lines,
    ListBlock,
    Paragraph,
    ParsedDocument,
    Relation,
    inline,
)
from mindlab.importer.parsers.section_names import section_of

MAX_TITLE = 255
MAX_NAME = 200
MAX_TOPIC = 100
GENERIC_WORDS = 3
"""A heading of at most so many words that names a section says no more than the page's own label."""

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def build(document: ParsedDocument, document_uuid: uuid.UUID, name: str, resolver: Resolver) -> Draft:
    """Make the draft of a document; ``name`` is its file's, for a title where nothing else gives one."""
    findings = Findings()
    is_hub = document.kind == "topic"
    writer = Writer(document_uuid, resolver, findings, document.declared_count if is_hub else None)
    writer.demote_headings(document.blocks)
    title = _title(document, name, findings)
    passages = [Passage("title", "", document.title_lines)] if document.title_lines else []
    fields: dict[str, str | date] = {**_dates(document, findings)}
    if document.kind == "concept":
        section = ConceptWriter(writer, resolver)
        section.write(document)
        fields.update(section.fields)
        streams, relations = section.streams, tuple(section.relations)
        passages += section.passages
    else:
        streams, relations = _body(document, writer, fields, passages), ()
    _account_for_count(document, findings)
    names, topics = _names(document, title, findings)
    authors = tuple(name for author in document.authors if (name := sanitise.one_line(author)))
    return Draft(
        kind=document.kind,
        title=title,
        fields=fields,
        streams=streams,
        relations=relations,
        other_names=names,
        topics=topics,
        authors=authors,
        passages=(*passages, *writer.passages),
        findings=findings,
    )


def draft_title(document: ParsedDocument, name: str) -> str:
    """The title of the page that a document becomes; its file's name where it has none."""
    return _title(document, name, Findings())


def _title(document: ParsedDocument, name: str, findings: Findings) -> str:
    title = sanitise.one_line(document.title or "")
    if not title:
        stem = _ENDING.sub("", name.rpartition("/")[2]).replace("_", " ")
        title = sanitise.one_line(stem) or "Untitled"
        findings.ask("title", title, "The document has no title; the name of its file stands in for it.")
    return _cut(title, MAX_TITLE, "title", findings, document.title_lines)


def _cut(text: str, length: int, what: str, findings: Findings, lines: Lines | None = None) -> str:
    """``text`` in at most ``length`` characters, whole words where there are any; the rest reported."""
    if len(text) <= length:
        return text
    kept = text[: length - 1]
    kept = (kept.rpartition(" ")[0] or kept).rstrip() + "…"
    findings.leave_out(text, f"The {what} is longer than {length} characters; it was cut.", lines)
    findings.ask(what, kept, f"The {what} was cut after {length} characters: shorten it.", lines)
    return kept


def _dates(document: ParsedDocument, findings: Findings) -> dict[str, date]:
    found: dict[str, date] = {}
    for key, value in document.dates:
        field = {"date": "originally_published", "updated": "originally_updated"}.get(key)
        try:
            day = date.fromisoformat(value[:10])
        except ValueError:
            field, day = None, date.min
        if field is None:
            findings.leave_out(f"{key}: {value}", "A date of the original that the page has no field for.")
        else:
            found[field] = day
    return found


def _body(
    document: ParsedDocument, writer: Writer, fields: dict[str, str | date], passages: list[Passage]
) -> dict[str, list[RawBlock]]:
    """The deck and body of an article or a hub; a hub's first heading is the title of its essay."""
    deck = sanitise.plain(document.deck or "").strip()
    if deck:
        fields["deck"] = deck
        passages.extend([Passage("deck", "", document.deck_lines)] if document.deck_lines else [])
        _ask_about_count(writer, deck, "deck", document.deck_lines)
    blocks = _with_relations_as_lists(document.blocks)
    first = next((block for block in blocks if not isinstance(block, Furniture)), None)
    if document.kind == "topic" and isinstance(first, Heading) and len(first.text) <= MAX_TITLE:
        fields["essay_title"] = sanitise.one_line(first.text)
        passages.append(Passage("essay_title", "", first.lines))
        _ask_about_count(writer, first.text, "title of the essay", first.lines)
        blocks = [block for block in blocks if block is not first]
    stream: list[RawBlock] = []
    for block in blocks:
        writer.add(stream, "body", block)
    return {"body": stream}


def _ask_about_count(writer: Writer, text: str, where: str, lines: Lines | None) -> None:
    if writer.counts_in(text):
        writer.findings.ask("count", text, f"The {where} holds a count of the old site: reword it.", lines)


def _with_relations_as_lists(blocks: Iterable[Block]) -> list[Block]:
    """Blocks of a page that has no relations: ties in a row become one list of "term — gloss"."""
    result: list[Block] = []
    for block in blocks:
        if not isinstance(block, Relation):
            result.append(block)
            continue
        item = relation_item(block)
        last = result[-1] if result else None
        if isinstance(last, ListBlock) and last.section == "relations":
            span = Lines(last.lines.first, block.lines.last)
            result[-1] = replace(last, items=(*last.items, item), lines=span)
        else:
            result.append(ListBlock(block.lines, items=(item,), section="relations"))
    return result


def relation_item(block: Relation) -> Item:
    """A tie to another concept as the item of a list."""
    term = escape(block.target, quote=False)
    if not block.text:
        return Item(block.target, block.lines, html=term)
    return Item(f"{block.target} — {block.text}", block.lines, html=f"{term} — {inline(block)}")


def _account_for_count(document: ParsedDocument, findings: Findings) -> None:
    """The line with the count of the old site is never in a draft: say so, once."""
    count = document.declared_count
    if count is None or any(entry.lines == count.lines for entry in document.left_out):
        return
    reason = "A count of the old site; the page counts its published articles itself."
    findings.leave_out(f"{count.value} {count.noun}", reason, count.lines)


def _names(
    document: ParsedDocument, title: str, findings: Findings
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Other names (of a concept) and topics (of an article or concept), each once."""
    aliases = _distinct(document.aliases, MAX_NAME, "name", findings)
    tags = _distinct(document.tags, MAX_TOPIC, "topic", findings)
    if document.kind != "concept" and aliases:
        findings.leave_out(", ".join(aliases), "Only concepts have other names.")
        aliases = ()
    if document.kind == "topic" and tags:
        others = [tag for tag in tags if tag.casefold() != title.casefold()]
        findings.leave_out(", ".join(others), "A hub has no topics besides its own.")
        tags = ()
    return tuple(name for name in aliases if name.casefold() != title.casefold()), tags


def _distinct(names: Iterable[str], length: int, what: str, findings: Findings) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        line = sanitise.one_line(name)
        if line:
            found.setdefault(line.casefold(), _cut(line, length, what, findings))
    return tuple(found.values())


def _name_of_document(reference: str) -> str:
    """The name that a link to a document gives it: its file's, without folder, ending and place."""
    return _ENDING.sub("", reference.partition("#")[0].rpartition("/")[2])


class ConceptWriter:
    """Puts the blocks of a concept into its sections."""

    def __init__(self, writer: Writer, resolver: Resolver) -> None:
        self.streams: dict[str, list[RawBlock]] = {"mechanism": [], "practice": [], "key_facts": []}
        self.relations: list[DraftRelation] = []
        self.passages: list[Passage] = []
        self._prose: dict[str, list[str]] = {"definition": [], "plain_words": []}
        self._writer = writer
        self._resolver = resolver

    @property
    def fields(self) -> dict[str, str | date]:
        """The two rich text fields."""
        return {name: "".join(parts) for name, parts in self._prose.items() if parts}

    def write(self, document: ParsedDocument) -> None:
        """Write every block of the document, and its deck where a concept has room for one."""
        if document.deck:
            defined = any(block.section == "definition" for block in document.blocks)
            deck = Paragraph(document.deck_lines or Lines(1, 1), document.deck)
            self._add_prose("plain_words" if defined else "definition", deck)
        for block in document.blocks:
            self._add(block)

    def _add(self, block: Block) -> None:
        section = block.section or "mechanism"
        if isinstance(block, Furniture):
            self._writer.add([], section, block)
        elif isinstance(block, Relation):
            self._add_relation(block)
        elif isinstance(block, Heading) and self._only_names_section(block, section):
            name = section.replace("_", " ")
            reason = f"A heading that names the section “{name}”, which the page labels itself."
            self._writer.findings.leave_out(block.text, reason, block.lines)
        elif section in self._prose and isinstance(block, Paragraph):
            self._add_prose(section, block)
        elif section == "key_facts" and isinstance(block, (ListBlock, Paragraph)):
            self._add_facts(block)
        else:
            stream = "mechanism" if section in ("definition", "plain_words", "mechanism") else "practice"
            self._writer.add(self.streams[stream], stream, block)

    def _only_names_section(self, heading: Heading, section: str) -> bool:
        """Whether a heading says no more than the label that the page gives the section."""
        if heading.synthetic:
            return False
        return section_of(heading.text) == section and len(heading.text.split()) <= GENERIC_WORDS

    def _add_prose(self, section: str, block: Paragraph) -> None:
        make = self._writer.item if section == "definition" else self._writer.rich
        html = make(inline(block), block.lines)
        if html:
            self._prose[section].append(html)
            self.passages.append(Passage(section, "", block.lines))

    def _add_facts(self, block: ListBlock | Paragraph) -> None:
        items = (
            block.items if isinstance(block, ListBlock) else (Item(block.text, block.lines, html=block.html),)
        )
        for item in items:
            value = self._writer.item(inline(item), item.lines)
            if value:
                identifier = self._writer.block_id("key_facts", "fact", item.text)
                self.streams["key_facts"].append({"type": "fact", "value": value, "id": identifier})
                self.passages.append(Passage("key_facts", identifier, item.lines))

    def _add_relation(self, block: Relation) -> None:
        findings = self._writer.findings
        written = sanitise.one_line(block.target)
        term = _cut(written, MAX_NAME, "term", findings, block.lines)
        target = self._resolver.concept(term)
        if target is None and block.reference:
            target = self._resolver.concept(_name_of_document(block.reference))
        if target is None:
            named = _name_of_document(block.reference) or term
            findings.unresolved.append(Wanted("concept", named))
        elif target.title.casefold() != term.casefold():
            reason = "Another name of a concept of the site: the relation shows the concept's title."
            findings.substitutions.append(Substitution(term, target.title, reason, block.lines))
        gloss = sanitise.gloss(inline(block), self._writer.link)
        identifier = self._writer.block_id("relations", "relation", f"{block.target}\n{block.text}")
        self.relations.append(
            DraftRelation(uuid.UUID(identifier), term, target.page if target else None, gloss, block.lines)
        )
        self.passages.append(Passage("relations", identifier, block.lines))
