"""How names were compared, addresses made and topics judged when topics got their keys, frozen."""

import hashlib
import json
import re
import unicodedata

from django.utils.text import slugify

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛ʼ′´", "'"))
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l"})
_MARKS = re.compile(r"[\u0300-\u036f]")
_INSIDE = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'")
_BREAKS = str.maketrans(dict.fromkeys("-‐‑‒–—―−_/", " "))
_AROUND = " \"'`“”„«»‹›.,;:!?…*"
_GREEK = {
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
    "ς": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}


def name_key(name: str) -> str:
    """Return the form in which names of topics are compared."""
    return _folded(name)[:255] or " ".join(unicodedata.normalize("NFKC", name).split())[:255]


def slug_of(name: str, key: int) -> str:
    """Return an address for a topic that was left without one."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name)).casefold()
    return slugify("".join(_GREEK.get(letter, letter) for letter in letters))[:80] or f"topic-{key}"


def digest_of(name: str, slug: str) -> str:
    """Return the digest of what readers see of a topic, as publications and records have it."""
    said = {"name": name.replace("\r\n", "\n"), "slug": slug}
    text = json.dumps(["topic", said], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _folded(name: str) -> str:
    text = name.casefold() if name.isascii() else _without_accents(name)
    return " ".join(_INSIDE.sub("", text).translate(_BREAKS).split()).strip(_AROUND)


def _without_accents(name: str) -> str:
    text = "".join(char for char in name if unicodedata.category(char) != "Cf")
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)))
    return unicodedata.normalize("NFKC", text.casefold().translate(_LETTERS))
