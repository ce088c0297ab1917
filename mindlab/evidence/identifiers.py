"""Identifiers of publications as they are stored, whatever way they are written."""

from __future__ import annotations

import re
from urllib.parse import unquote

_DOI_PREFIX = re.compile(r"\s*(?:https?://)?(?:(?:dx|www)\.)?(?:doi\.org/|doi\s*:\s*)\s*", re.IGNORECASE)
_AS_ADDRESS = re.compile(r"\s*(?:https?://)?(?:(?:dx|www)\.)?doi\.org/", re.IGNORECASE)


def bare_doi(text: str) -> str:
    """Return a DOI without the address or word it is written behind (DOI Handbook, section 2.6).

    What is no DOI comes back as it is, without white space around it.
    """
    bare = text
    while prefix := _DOI_PREFIX.match(bare):
        bare = bare[prefix.end() :]
    return (unquote(bare) if _AS_ADDRESS.match(text) else bare).strip()
