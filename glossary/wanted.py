"""Terms that relations name and no concept covers yet: the glossary's list of what to write next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies.pages import PagePermissionPolicy

from glossary.models import ConceptAlias, ConceptPage, PublicTitle, Relation
from glossary.terms import term_key
from mindlab.core.pages import SitePage

EDITORS_POLICY = PagePermissionPolicy()
"""The report is for those who may publish a page somewhere: editors and administrators."""
NAMED_BY = 5
"""Concepts that are listed beside a term."""


@dataclass(slots=True)
class Wanted:
    """A term in its most common spelling, and how many relations name it."""

    term: str
    number: int
    spellings: tuple[str, ...]
    """All its spellings, as relations have them."""
    concepts: tuple[SitePage, ...] = ()
    """The first concepts that name it, in the order of their titles."""


def wanted_concepts() -> list[Wanted]:
    """The wanted terms, the most named first; one query for terms and three for names, whatever their number.

    A concept covers a term that is its title, another name of it or a former title, drafts included.
    """
    unanswered = Relation.objects.filter(target=None).exclude(term="")
    counted = unanswered.order_by().values_list("term").annotate(number=Count("pk"))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for term, number in counted:
        found[term_key(term)][term] = number
    titles = ConceptPage.objects.values_list("draft_title", flat=True)
    others = ConceptAlias.objects.values_list("name", flat=True)
    former = PublicTitle.objects.values_list("title", flat=True)
    covered = {term_key(name) for name in (*titles, *others, *former)}
    wanted = [
        Wanted(max(names, key=lambda name: (names[name], name)), sum(names.values()), tuple(names))
        for key, names in found.items()
        if key and key not in covered
    ]
    return sorted(wanted, key=lambda entry: (-entry.number, entry.term))


def with_concepts(wanted: Sequence[Wanted]) -> list[Wanted]:
    """The same terms with the concepts that name them; one query."""
    names = [name for entry in wanted for name in entry.spellings]
    relations = (
        Relation.objects.filter(target=None, term__in=names)
        .select_related("concept")
        .order_by("concept__title", "pk")
    )
    by_name: dict[str, dict[int, SitePage]] = defaultdict(dict)
    for relation in relations:
        by_name[relation.term].setdefault(relation.concept_id, relation.concept)
    for entry in wanted:
        concepts = {pk: page for name in entry.spellings for pk, page in by_name[name].items()}
        entry.concepts = tuple(sorted(concepts.values(), key=lambda page: page.title)[:NAMED_BY])
    return list(wanted)


class ConceptsColumn(Column):
    """Links to the concepts that name a term."""

    def get_value(self, instance: Any) -> Any:
        """Return the links, one after the other."""
        links = format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            ((reverse("wagtailadmin_pages:edit", args=[page.pk]), page.title) for page in instance.concepts),
        )
        more = " …" if instance.number > len(instance.concepts) == NAMED_BY else ""
        return format_html("{}{}", links, more)


class WantedConceptsView(ReportView):
    """The report of wanted concepts; to read and to export."""

    model = Relation
    index_url_name = "wanted_concepts"
    index_results_url_name = "wanted_concepts_results"
    header_icon = "help"
    page_title = _("Wanted concepts")
    permission_policy = EDITORS_POLICY
    any_permission_required: ClassVar[list[str]] = ["publish"]
    columns: ClassVar[list[Any]] = [
        Column("term", label=_("Term")),
        Column("number", label=_("Relations")),
        ConceptsColumn("concepts", label=_("Named by")),
    ]
    list_export: ClassVar[list[str]] = ["term", "number"]
    export_headings: ClassVar[dict[str, Any]] = {"term": _("Term"), "number": _("Relations")}

    def get_queryset(self) -> list[Wanted]:
        """Return all terms, for the paginator to cut."""
        return wanted_concepts()

    def decorate_paginated_queryset(self, object_list: Sequence[Wanted]) -> Sequence[Wanted]:
        """Add the concepts to the terms of one page only."""
        return with_concepts(object_list)
