"""Addresses from names: the one way for pages, topics and tags, typed or imported."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Collection
from typing import Any

from anyascii import anyascii
from django.utils.text import slugify

MAX_SLUG = 100
RESERVED = frozenset(
    {"admin", "api", "atom", "feed", "feeds", "index", "media", "new", "page", "rss", "search", "static"}
)
"""First parts of addresses that routes of the site use, or will be taken for them."""
_GREEK = "[\u0370-\u03ff]"
GREEK_LETTERS = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "ο": "omicron",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}
"""Letters by their names: α-synuclein is read as alpha-synuclein."""


def base_slug(title: str, fallback: str = "document") -> str:
    """An ASCII slug of at most 100 characters; ``fallback`` when the title has no letters to keep."""
    text = unicodedata.normalize("NFKC", title[:400]).replace("ς", "σ")
    slug = slugify(anyascii(_GREEK_SYMBOL.sub(_spelled, text)))[:MAX_SLUG].strip("-_")
    if len(slug) == MAX_SLUG and "-" in slug:
        slug = slug.rpartition("-")[0]
    if not slug:
        return fallback
    return f"{slug}-{fallback}" if slug in RESERVED else slug


def untaken(wanted: str, taken: Collection[str]) -> str:
    """``wanted``, or with -2, -3, … where it is taken."""
    if wanted not in taken:
        return wanted
    return next(slug for number in itertools.count(2) if (slug := f"{wanted}-{number}") not in taken)


def free_slug(rows: Any, wanted: str, given: Collection[str] = ()) -> str:
    """``wanted``, or with -2, -3, … where a row of this queryset has it already or it is in ``given``."""
    if wanted not in given and not rows.filter(slug=wanted).exists():
        return wanted
    stored = rows.filter(slug__startswith=wanted).values_list("slug", flat=True)
    return untaken(wanted, {*stored, *given})


def formatters() -> list[tuple[re.Pattern[str], str]]:
    """Return what the admin's script is to write for letters that it knows by other rules than ours."""
    either = {f"[{letter}{letter.upper()}]": letter for letter in GREEK_LETTERS}
    symbols = [(_symbol(letters), GREEK_LETTERS[letter]) for letters, letter in either.items()]
    return [*symbols, *((re.compile(letters), anyascii(letter)) for letters, letter in either.items())]


def _symbol(letters: str) -> re.Pattern[str]:
    """Find a letter that stands alone or beside one other, and so is no part of a word in Greek."""
    before = rf"(?<!{_GREEK}{{2}})(?<!{_GREEK}(?=.{_GREEK}))"
    return re.compile(rf"{before}{letters}(?!{_GREEK}{{2}})")


_GREEK_SYMBOL = _symbol(f"[{''.join(GREEK_LETTERS)}{''.join(GREEK_LETTERS).upper()}]")


def _spelled(symbol: re.Match[str]) -> str:
    return GREEK_LETTERS[symbol[0].lower()]


def address_tag(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Give a new tag of images and documents the address that any name is given, unless one was chosen."""
    if not raw and instance._state.adding and instance.slug == instance.slugify(instance.name):
        instance.slug = free_slug(sender._base_manager.all(), base_slug(instance.name, "tag"))
