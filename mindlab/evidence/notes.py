"""What a page's claims rest on, ready to be shown: numbered notes, sources, and how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mindlab.evidence.identifiers import bare_doi
from mindlab.evidence.models import Citation, Claim, Measurement, Source
from mindlab.reading.pages import Note
from mindlab.reading.rows import Rows

STANDINGS = (
    Claim.Standing.SUPPORTED,
    Claim.Standing.CONTESTED,
    Claim.Standing.OBSERVATION,
    Claim.Standing.UNCHECKED,
)
NOTE_TEMPLATE = "components/claim_note.html"


@dataclass(frozen=True, slots=True)
class Reference:
    """A source as a citation shows it."""

    citation: Citation

    @property
    def source(self) -> Source:
        """The publication."""
        return self.citation.source

    @property
    def authors(self) -> str:
        """The names for a note: one, "A and B", or "A et al."."""
        names = self.source.family_names
        if len(names) > 2:
            return _("%(first)s et al.") % {"first": names[0]}
        return _(" and ").join(names)

    @property
    def all_authors(self) -> str:
        """The names for the list of sources, at most six of them."""
        names = self.source.family_names
        return ", ".join(names[:6]) + (" …" if len(names) > 6 else "")

    @property
    def address(self) -> str:
        """Where the publication is found: its DOI first, then PubMed, then its own address."""
        if self.source.doi:
            # Older rows hold what was typed.
            return f"https://doi.org/{bare_doi(self.source.doi)}"
        if self.source.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.source.pmid}/"
        return self.source.url


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim with its references."""

    claim: Claim
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the bar that shows how the claims stand; ``start`` and ``width`` in per cent."""

    standing: str
    label: str
    number: int
    start: float
    width: float


def statements_of(page: Any) -> list[Statement]:
    """Return a page's claims with their references, from what the page holds in memory."""
    return [
        Statement(claim, tuple(Reference(citation) for citation in claim.citations.all()))
        for claim in page.claims.all()
    ]


def notes_on(statements: Iterable[Statement]) -> list[Note]:
    """Return a note on the words of each claim."""
    return [Note(" ".join(item.claim.text.split()), item, NOTE_TEMPLATE) for item in statements]


def standing_of(statements: Iterable[Statement]) -> list[Share]:
    """Return how many claims stand in which way, as parts of a bar."""
    counted = Counter(item.claim.standing for item in statements)
    total = sum(counted.values())
    shares, start = [], 0.0
    for standing in STANDINGS:
        number = counted[standing]
        if number:
            width = 100 * number / total
            shares.append(
                Share(standing.value, str(standing.label), number, round(start, 2), round(width, 2))
            )
            start += width
    return shares


def sources_among(statements: Iterable[Statement]) -> int:
    """Count the different sources that are cited."""
    return len({reference.source.pk for item in statements for reference in item.references})


def rows_for(pk: int) -> dict[str, Rows]:
    """Return the lists of a page's claims, their citations with sources, and its measurements."""
    claims: QuerySet[Any] = Claim.objects.filter(stated_on=pk).order_by("sort_order", "pk")
    citations = Citation.objects.filter(claim__stated_on=pk).order_by("claim", "sort_order", "pk")
    return {
        "claims": Rows(claims),
        "citations": Rows(citations, joined={"source": ()}),
        "measurements": Rows(Measurement.objects.filter(stated_on=pk).order_by("sort_order", "pk")),
    }


def give_citations(claims: Iterable[Any], citations: Iterable[Any]) -> None:
    """Hand each claim its citations, so that asking for them takes no query."""
    from mindlab.reading.rows import remember

    by_claim: dict[int, list[Any]] = {}
    for citation in citations:
        by_claim.setdefault(citation.claim_id, []).append(citation)
    for claim in claims:
        remember(claim, {"citations": by_claim.get(claim.pk, [])})
