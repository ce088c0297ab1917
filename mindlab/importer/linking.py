"""What links and terms name: an index of pages by place, file name, title and other name.

The index is read once per run and grows as documents become pages, so that documents may name one
another in any order: what finds nothing at first is looked up again when all are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from glossary.models import ConceptAlias
from glossary.terms import term_key
from mindlab.importer.draft import ConceptAnswer, ImageAnswer, Wanted
from mindlab.importer.images import ImageFinder
from mindlab.importer.kinds import KINDS
from mindlab.importer.models import SourceDocument
from mindlab.importer.parsers.document import Kind
from mindlab.importer.sources import Source, location_key

ENDINGS = ("", ".md", ".markdown", ".txt", ".html", ".htm", ".docx")
"""What may be missing at the end of a link to a document."""
INDEXES = ("index", "_index", "README")
"""The document that stands for its folder."""


@dataclass(slots=True)
class NameIndex:
    """Pages by everything that a document may call them."""

    concepts: dict[str, ConceptAnswer] = field(default_factory=dict)
    titles: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    """By the key of an absolute path."""
    files: dict[str, int] = field(default_factory=dict)
    """By file name without its ending."""

    @classmethod
    def of_site(cls) -> NameIndex:
        """The index of all pages there are, in six queries whatever their number."""
        index = cls()
        titles = dict(KINDS["concept"].page.objects.order_by("pk").values_list("pk", "draft_title"))
        for page, title in titles.items():
            index._add_concept(title, page, title)
        for page, name in ConceptAlias.objects.order_by("pk").values_list("concept_id", "name"):
            index._add_concept(name, page, titles[page])
        for kind in (KINDS["topic"], KINDS["article"]):
            for page, title in kind.page.objects.order_by("pk").values_list("pk", "draft_title"):
                index.titles.setdefault(term_key(title), page)
        known = SourceDocument.objects.filter(page__isnull=False).order_by("pk")
        for key, reference, page in known.values_list("location_key", "reference", "page_id"):
            index.places.setdefault(key, page)
            index.files.setdefault(_file_key(reference), page)
        return index

    def add(self, source: Source, kind: Kind, title: str, names: Iterable[str], page: int) -> None:
        """Add a document that became ``page`` (0 in a dry run) to the index."""
        self.places[source.location_key] = page
        self.files.setdefault(_file_key(source.reference), page)
        if kind == "concept":
            for name in (title, *names):
                self._add_concept(name, page, title)
        else:
            self.titles.setdefault(term_key(title), page)

    def _add_concept(self, name: str, page: int, title: str) -> None:
        if key := term_key(name):
            self.concepts.setdefault(key, ConceptAnswer(page, title))

    def concept(self, term: str) -> ConceptAnswer | None:
        """The concept with that title or other name."""
        return self.concepts.get(term_key(term))

    def page(self, reference: str, source: Source) -> int | None:
        """The page a link in ``source`` names: by path, then file name, then title or other name."""
        name = reference.split("#", maxsplit=1)[0].split("^", maxsplit=1)[0].split("?", maxsplit=1)[0].strip()
        if not name or "\x00" in name:
            return None
        for path in _places(name, source):
            if (page := self.places.get(location_key(path))) is not None:
                return page
        if (page := self.files.get(_file_key(name))) is not None:
            return page
        concept = self.concept(name)
        return concept.page if concept else self.titles.get(term_key(name))

    def found(self, wanted: Wanted, source: Source) -> bool:
        """Whether a name that found nothing before names something now."""
        if wanted.what == "concept":
            return self.concept(wanted.name) is not None
        return self.page(wanted.name, source) is not None


def _places(name: str, source: Source) -> Iterator[Path]:
    for folder in (source.path.parent, source.root):
        parts: list[str] = list(folder.parts)
        for part in PurePosixPath(name.lstrip("/")).parts:
            if part == "..":
                parts = parts[:-1] if len(parts) > 1 else parts
            else:
                parts.append(part)
        base = Path(*parts)
        for ending in ENDINGS:
            yield base.with_name(base.name + ending) if base.name else base
        for index in INDEXES:
            yield from (base / f"{index}{ending}" for ending in ENDINGS[1:])


def _file_key(reference: str) -> str:
    path = PurePosixPath(reference)
    known = path.suffix.lower() in ENDINGS
    return term_key(path.stem if known else path.name)


@dataclass(slots=True)
class SiteResolver:
    """Answers for one document: where its links lead, which concepts its relations name, its images."""

    index: NameIndex
    source: Source
    images: ImageFinder
    topic: int | None = None
    own_page: int | None = None

    def page(self, reference: str) -> int | None:
        """The page of the document that a link names."""
        return self.index.page(reference, self.source)

    def concept(self, term: str) -> ConceptAnswer | None:
        """The concept that a relation names; a concept has no relation to itself."""
        answer = self.index.concept(term)
        return None if answer is None or (answer.page and answer.page == self.own_page) else answer

    def image(self, source: str) -> ImageAnswer:
        """The image a document shows."""
        return self.images.answer(source, self.source)
