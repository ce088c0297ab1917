"""What the site's statements rest on: claims, the sources they cite, and measurements as data."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.search import index

from mindlab.core.blockers import Finding
from mindlab.core.rich_text import GLOSS
from mindlab.core.shown import ShownRow
from mindlab.evidence.identifiers import bare_doi

PAGE_MODEL = "wagtailcore.Page"


class Source(ShownRow, index.Indexed, models.Model):
    """A publication that claims rest on; the fields follow CSL 1.0.2, shared by all pages."""

    class Type(models.TextChoices):
        ARTICLE = "article-journal", _("Journal article")
        BOOK = "book", _("Book")
        CHAPTER = "chapter", _("Chapter")
        PREPRINT = "article", _("Preprint")
        REPORT = "report", _("Report")
        THESIS = "thesis", _("Thesis")
        DATASET = "dataset", _("Data set")
        WEBPAGE = "webpage", _("Web page")

    shown_as: ClassVar[str] = "source"
    readers_see: ClassVar[tuple[str, ...]] = (
        "type",
        "title",
        "authors",
        "container_title",
        "publisher",
        "year",
        "volume",
        "issue",
        "page",
        "doi",
        "pmid",
        "url",
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(_("type"), max_length=20, choices=Type.choices, default=Type.ARTICLE)
    title = models.TextField(_("title"))
    authors = models.JSONField(
        _("authors"), default=list, blank=True, help_text=_('A list of {"family": …, "given": …}, as in CSL.')
    )
    container_title = models.CharField(_("journal or book"), max_length=255, blank=True)
    publisher = models.CharField(_("publisher"), max_length=255, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    volume = models.CharField(_("volume"), max_length=20, blank=True)
    issue = models.CharField(_("issue"), max_length=20, blank=True)
    page = models.CharField(_("pages"), max_length=40, blank=True)
    doi = models.CharField(_("DOI"), max_length=255, null=True, blank=True, unique=True)
    pmid = models.CharField(_("PMID"), max_length=20, null=True, blank=True, unique=True)
    url = models.URLField(_("address"), max_length=500, blank=True)

    panels: ClassVar[list[Any]] = [
        FieldPanel("type"),
        FieldPanel("title"),
        FieldPanel("authors"),
        FieldPanel("container_title"),
        FieldPanel("publisher"),
        FieldRowPanel([FieldPanel("year"), FieldPanel("volume"), FieldPanel("issue"), FieldPanel("page")]),
        MultiFieldPanel([FieldPanel("doi"), FieldPanel("pmid"), FieldPanel("url")], heading=_("Identifiers")),
    ]
    search_fields: ClassVar[list[Any]] = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("container_title"),
        index.FilterField("doi"),
    ]

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title"]

    def __str__(self) -> str:
        first = next(iter(self.family_names), "")
        return " ".join(str(part) for part in (first, self.year, self.title) if part)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save identifiers bare, and empty ones as null, because only null may stand twice."""
        self.doi = bare_doi(self.doi or "") or None
        self.pmid = self.pmid or None
        super().save(*args, **kwargs)

    @property
    def family_names(self) -> list[str]:
        """The authors' family names, or what a name without parts says; what is no name is passed over."""
        authors = self.authors if isinstance(self.authors, list) else []
        names = [_family_name(author) for author in authors if isinstance(author, Mapping)]
        return [name for name in names if name]

    def clean(self) -> None:
        """Refuse authors that no page could name, and what is no DOI; take one written as an address."""
        super().clean()
        self._clean_doi()
        if not isinstance(self.authors, list) or len(self.family_names) < len(self.authors):
            example = '[{"family": "Vask", "given": "O."}, {"literal": "The Sleep Consortium"}]'
            text = _("Give a list with a name for each author, such as %(example)s.")
            raise ValidationError({"authors": text % {"example": example}})

    def _clean_doi(self) -> None:
        # Before uniqueness is checked: however it is written, it is the same publication.
        self.doi = bare_doi(self.doi or "") or None
        if self.doi and not self.doi.startswith("10."):
            text = _("A DOI begins with “10.”, for example 10.1016/j.jml.2019.104047.")
            raise ValidationError({"doi": text})


class Claim(ClusterableModel, Orderable):
    """Words in a text that could be wrong; versioned with the page that states them."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("Number")
        THRESHOLD = "threshold", _("Threshold")
        STUDY = "study", _("Study")
        CAUSE = "cause", _("Cause")

    class Standing(models.TextChoices):
        UNCHECKED = "unchecked", _("Not checked yet")
        SUPPORTED = "supported", _("Supported")
        CONTESTED = "contested", _("Contested")
        OBSERVATION = "observation", _("The author's observation")

    is_evidence: ClassVar[bool] = True

    stated_on = ParentalKey(PAGE_MODEL, on_delete=models.CASCADE, related_name="claims")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    text = models.TextField(_("claim"), help_text=_("The words of the text, as they stand."))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.STUDY)
    standing = models.CharField(
        _("standing"), max_length=20, choices=Standing.choices, default=Standing.UNCHECKED
    )
    note = RichTextField(_("note"), blank=True, features=GLOSS, help_text=_("What a reader should know."))

    panels: ClassVar[list[Any]] = [
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("standing")]),
        FieldPanel("note"),
        InlinePanel("citations", heading=_("Sources"), label=_("Source")),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("claim")

    def __str__(self) -> str:
        return self.text[:80]

    def blockers(self) -> Iterator[Finding]:
        """Say that nothing supports what is called supported."""
        if self.standing == self.Standing.SUPPORTED:
            bearings = {citation.bearing for citation in self.citations.all()}
            if Citation.Bearing.SUPPORTS not in bearings:
                yield ("standing",), _("Cite a source that supports it, or choose another standing.")


class Citation(Orderable):
    """A claim's tie to a source: for it or against it, and where in the source."""

    class Bearing(models.TextChoices):
        SUPPORTS = "supports", _("Supports")
        CONTRADICTS = "contradicts", _("Contradicts")
        CONTEXT = "context", _("Gives context")

    claim = ParentalKey(Claim, on_delete=models.CASCADE, related_name="citations")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    bearing = models.CharField(_("bearing"), max_length=20, choices=Bearing.choices, default=Bearing.SUPPORTS)
    locator = models.CharField(_("where"), max_length=60, blank=True, help_text=_("For example p. 661."))
    species = models.CharField(_("species"), max_length=60, blank=True, help_text=_("For example human."))

    panels: ClassVar[list[Any]] = [
        FieldPanel("source"),
        FieldRowPanel([FieldPanel("bearing"), FieldPanel("locator"), FieldPanel("species")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("citation")


class Measurement(Orderable):
    """A value with comparator, range, unit and context, stored as data.

    Either ``value`` is set, or ``low`` and ``high``; ``unit`` is a UCUM-like symbol such as
    "Hz", "ms", "%" or "μg/dL", empty for a pure number.
    """

    class Comparator(models.TextChoices):
        EQUAL = "=", _("equals")
        ABOUT = "≈", _("about")
        LESS = "<", _("less than")
        AT_MOST = "≤", _("at most")
        MORE = ">", _("more than")
        AT_LEAST = "≥", _("at least")

    is_evidence: ClassVar[bool] = True

    stated_on = ParentalKey(PAGE_MODEL, on_delete=models.CASCADE, related_name="measurements")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    quantity = models.CharField(_("quantity"), max_length=200, help_text=_("What was measured."))
    comparator = models.CharField(
        _("comparator"), max_length=1, choices=Comparator.choices, default=Comparator.EQUAL
    )
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True, blank=True)
    low = models.DecimalField(_("from"), max_digits=20, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(_("to"), max_digits=20, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    context = models.CharField(
        _("context"), max_length=255, blank=True, help_text=_("In whom, where, under which condition.")
    )
    claim_uuid = models.UUIDField(_("claim"), null=True, blank=True, help_text=_("The claim it comes from."))

    panels: ClassVar[list[Any]] = [
        FieldPanel("quantity"),
        FieldRowPanel([FieldPanel("comparator"), FieldPanel("value"), FieldPanel("low"), FieldPanel("high")]),
        FieldRowPanel([FieldPanel("unit"), FieldPanel("context")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("measurement")

    def __str__(self) -> str:
        return f"{self.quantity}: {self.display}"

    def blockers(self) -> Iterator[Finding]:
        """Say that there is no value, or half a range, or one that runs backwards."""
        if self.low is None and self.high is None:
            if self.value is None:
                yield ("value",), _("Give a value, or a range.")
        elif self.low is None or self.high is None:
            yield ("low" if self.low is None else "high",), _("Give both ends of the range.")
        elif self.low > self.high:
            yield ("low",), _("Give the lower end of the range first.")

    @property
    def display(self) -> str:
        """The value as a reader sees it: "8–13 Hz", "> 20 μg/dL", "60–70 %"."""
        if self.low is not None and self.high is not None:
            number = f"{_plain(self.low)}–{_plain(self.high)}"
        elif self.value is not None:
            number = _plain(self.value)
        else:
            number = ""
        sign = "" if self.comparator == self.Comparator.EQUAL else f"{self.comparator} "
        return f"{sign}{number} {self.unit}".strip()


def _family_name(author: Mapping[str, Any]) -> str:
    """Return what a name in CSL is called by, or "" where there is nothing to call it by."""
    names = (author.get(part) for part in ("family", "literal", "name"))
    return next((name for name in names if name and isinstance(name, str)), "")


def _plain(number: Any) -> str:
    """Return a decimal without trailing zeros and without an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
