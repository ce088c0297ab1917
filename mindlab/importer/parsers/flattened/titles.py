"""A title for a text that has none: the subject of its first sentence, or the name of its file."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

_STRONG = re.compile(
    r"\b(?:is|are|was|were|refers?|can|may|has|have|had|does|do|describes?|denotes?|consists?|comprises?|involves?"
    r"|means|will|must|encompass(?:es)?|constitutes?)\b",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\b(?:plays?|forms?|serves?|acts?|allows?|enables?|represents?|occurs?|arises?|provides?|produces?|regulates?"
    r"|receives?|connects?|carr(?:y|ies)|transmits?|includes?|contains?|helps?|lies|sits|works?|links?|integrates?"
    r"|coordinates?|governs?|mediates?|underlies?|underlie|emerges?|begins?|defines?|determines?|controls?|releases?"
    r"|supports?|explains?|makes?|uses?|takes?|binds?|modulates?|links?|shapes?|holds?|keeps?|pairs|eliminates?"
    r"|weakens?|strengthens?|proposes?|suggests?|posits?|transforms?|converts?|stores|enhances?|inhibits?|reduces?"
    r"|increases?|affects?|influences?|drives?|detects?|encodes?|spans?|surrounds?|covers?|extends?|separates?|combines?"
    r"|relays|responds?|guides?|triggers?|causes?|belongs?|consumes?|depends?|relies|rely|follows?|reflects?|captures?"
    r"|predicts?|argues?|opens?)\b",
)
_BRACKETS = re.compile(r"\s*\([^()]{0,200}\)|\s*\[[^\[\]]{0,200}\]")
_LEAD_IN = re.compile(
    r"^(?:In|Within|At|From|Among|For|As|During|Of|On|By|Deep|High|Near|Behind|Beneath|Below|Above|Inside|Between|Across"
    r"|Throughout|Along|Under|With|To|Over|Since|Unlike|Like|Also|Often|Sometimes|Once|Known|Called|Named|Found|Located"
    r"|First|Simply|Put|(?!Speed|Need|Seed|Feed|Breed)[A-Z][a-z]{2,}ed|(?!Supply|Family|Anomaly)[A-Z][a-z]+ly)\b[^,.:;]{0,80},\s+(?=\S)"
)
_ARTICLE = re.compile(
    r"^(?:(?:the|a|an)\s+)?(?:(?:term|concept|word|phrase|notion|idea)\s+(?:of\s+)?|(?:process|phenomenon)\s+of\s+)?"
    r"(?:the\s+|an?\s+)?(?:(?:human\s+)?brain[’']s\s+|human\s+(?=\S+\s+\S))?",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\s*(?:,|;|\s[—–-]\s|—).*$|\s+(?:also|or)\s+.*$|\s+(?:which|that|who|when|where)\s.*$", re.DOTALL
)
_QUESTION = re.compile(r"^[^.?]{1,120}\?\s+(?=[A-Z])")
_DEFINED = re.compile(r"^([^.:—–]{2,60}?)\s*(?::|\s[—–]|—)\s*(?=\S)")
_KIND = re.compile(r"(?i)^(?:concept|article|topic|essay|hub|glossary|term|entry|note)\s+(?=\S)")
_EMPTY = re.compile(
    r"(?:"
    r"this|that|these|those|it|its|they|there|we|you|i|he|she|one|some|many|most|both|each|such"
    r"|here|what|when|while|how|why|if|although|imagine|think|consider|your|our|my"
    r")",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"^(?:\d+|[a-z]{1,2}\d+|[0-9a-f]{7,}|v\d+|final|draft|copy|new|old|txt|md|doc)$", re.IGNORECASE
)


_SUBJECT = "The text has no title; this is the subject of its first sentence."


@dataclass(frozen=True, slots=True)
class InferredTitle:
    """A title nobody wrote down, how sure it is, and the sentence that tells an editor why."""

    text: str
    confidence: float
    reason: str


def title_of_name(name: str) -> str | None:
    """The words of a file name as a title, without numbers, codes and the kind; None when nothing is left."""
    stem = PurePosixPath(name.replace("\\", "/")).name.split(".")[0]
    words = [word for word in re.split(r"[\s_\-+]+", stem) if word and not _CODE.match(word)]
    words = [word for word in words if any(c.isalpha() for c in word)]
    if not words:
        return None
    title = _KIND.sub("", " ".join(words))
    return title[:1].upper() + title[1:]


def infer_title(sentence: str, name: str) -> InferredTitle | None:
    """A title for a concept from its first sentence, confirmed or completed by the file's name."""
    subject, certain = _subject(sentence[:600])
    named = title_of_name(name)
    opening = _opening(sentence[:600], named) if named is not None else None
    if opening is not None:
        reason = "The text has no title; its first sentence opens with these words. The file's name agrees."
        return InferredTitle(opening, 0.97, reason)
    if subject is None:
        if named is None:
            return None
        return InferredTitle(named, 0.5, "The text has no title; this is the name of the file.")
    title = subject[:1].upper() + subject[1:]
    if named is not None:
        return _weighed(title, named)
    words = len(title.split())
    confidence = (0.9 if words <= 4 else 0.75) if certain else 0.65
    return InferredTitle(title, confidence, _SUBJECT)


def _weighed(title: str, named: str) -> InferredTitle:
    """The subject of the first sentence against the name of the file, which says nearly the same or not."""
    mine, theirs = _stems(title), _stems(named)
    if mine == theirs:
        return InferredTitle(title, 0.97, f"{_SUBJECT} The file's name agrees.")
    if theirs < mine or (mine & theirs and len(theirs) > 1):
        reason = f"The text has no title; this is the name of the file. Its first sentence says: {title}."
        return InferredTitle(named, 0.7, reason)
    return InferredTitle(title, 0.6, f"{_SUBJECT} The file's name says otherwise: {named}.")


def _stems(text: str) -> set[str]:
    return {w.rstrip("s") for w in re.findall(r"\w+", text.lower()) if w not in {"the", "a", "an", "of"}}


def _opening(sentence: str, named: str) -> str | None:
    """The first words of a sentence, when they are those of the file's name, as the sentence writes them."""
    plain = _ARTICLE.sub("", _LEAD_IN.sub("", _BRACKETS.sub("", sentence).lstrip('*_#"“ ')), count=1)
    names = re.findall(r"\w+", named.lower())
    words = list(itertools.islice(re.finditer(r"\w+", plain), len(names)))
    if [word[0].lower().rstrip("s") for word in words] != [name.rstrip("s") for name in names]:
        return None
    opening = plain[: words[-1].end()]
    return opening[:1].upper() + opening[1:]


def _subject(sentence: str) -> tuple[str | None, bool]:
    """The noun phrase a definition opens with, and whether the verb after it is beyond doubt."""
    said = _QUESTION.sub("", _BRACKETS.sub("", sentence).strip())
    plain = _LEAD_IN.sub("", said.lstrip('*_#"“ '))
    strong = _STRONG.search(plain)
    if strong is not None:
        subject = _clean(plain[: strong.start()])
        if subject is not None and not _WEAK.search(subject.lower().partition(" ")[2]):
            return subject, True
        if subject is not None and len(subject.split()) <= 3:
            return subject, True
    defined = _DEFINED.match(plain)
    if defined is not None:
        subject = _clean(defined[1])
        if subject is not None:
            return subject, False
    weak = _WEAK.search(plain, len(plain.split(" ", 1)[0]) if plain else 0)
    if weak is not None:
        subject = _clean(plain[: weak.start()])
        if subject is not None:
            return subject, False
    return None, False


def _clean(phrase: str) -> str | None:
    """The phrase without article and asides, or None when it names nothing."""
    bare = _ASIDE.sub("", phrase.strip()).strip(" ,;:*_\"“”'’")
    bare = _ARTICLE.sub("", bare, count=1).strip(" ,;:*_\"“”'’")
    words = bare.split()
    if not words or len(words) > 7 or _EMPTY.fullmatch(words[0]) or "." in bare.rstrip("."):
        return None
    return " ".join(words)
