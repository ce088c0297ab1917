"""Two public concepts do not bear one name: readers, terms and addresses would not know which is meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from glossary.terms import term_key
from mindlab.core.blockers import Blocker, Finding, Linked, at_field

Name = tuple[int, str, str]
"""The key of a concept, its title, and the name it bears: the title or another."""


def title_is_free(page: Any) -> Iterator[Blocker]:
    """Yield a blocker where another public concept is called what this one would be."""
    if not hasattr(page, "other_names"):
        return
    others = page.other_names.model.objects.filter(concept__live=True).exclude(concept=page.pk or 0)
    names = others.order_by("concept").values_list("concept", "concept__title", "name")
    bearer = _first(_titles(page), page.title) or _first(names, page.title)
    if bearer:
        sentence = _(
            "This is the name of another public concept, {page}: choose another, or add to that one."
        )
        yield at_field(page, "title", _linked(sentence, bearer))


def name_is_free(name: Any) -> Iterator[Finding]:
    """Yield what is wrong where another name of a concept is the title of another public one.

    An abbreviation may stand for two things: two concepts may both have it as another name.
    """
    if bearer := _first(_titles(name.concept), name.name):
        sentence = _("This is the title of another public concept, {page}: take it out, or add to that one.")
        yield ("name",), _linked(sentence, bearer)


def _titles(concept: Any) -> Iterable[Name]:
    titles: Iterable[Name] = (
        type(concept)
        .objects.live()
        .exclude(pk=concept.pk or 0)
        .order_by("pk")
        .values_list("pk", "title", "title")
    )
    return titles


def _first(names: Iterable[Name], wanted: str) -> Name | None:
    key = term_key(wanted)
    return next((bearer for bearer in names if key and term_key(bearer[2]) == key), None)


def _linked(sentence: str, bearer: Name) -> Linked:
    pk, title, _name = bearer
    return Linked(sentence, title, reverse("wagtailadmin_pages:edit", args=[pk]))
