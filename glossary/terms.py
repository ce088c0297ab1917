"""When two spellings are one term: case and number do not matter."""

from __future__ import annotations

IRREGULAR = {
    "axes": "axis",
    "cortices": "cortex",
    "hippocampi": "hippocampus",
    "nuclei": "nucleus",
    "gyri": "gyrus",
}


def singular(word: str) -> str:
    """Return the singular of an English or Latin noun as far as the ending shows it."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith(("ss", "us", "is")) or len(word) < 4:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word.removesuffix("s")


def normal(term: str) -> str:
    """Return the form under which a term is compared: lower case, one space, last word singular."""
    words = term.casefold().split()
    return " ".join([*words[:-1], singular(words[-1])]) if words else ""


def spellings(term: str) -> set[str]:
    """Return the lower-case spellings under which a term may stand in the database."""
    base = normal(term)
    if not base:
        return set()
    *first, last = base.split()
    plurals = {f"{last}s"} | {many for many, one in IRREGULAR.items() if one == last}
    if last.endswith("y"):
        plurals.add(f"{last[:-1]}ies")
    return {base, " ".join(term.casefold().split()), *(" ".join([*first, plural]) for plural in plurals)}
