"""Which lines of a flattened text are headings: they lost their marks and kept their form.

A heading stands alone, is short, does not end as a sentence does and is followed by what it heads.
A line that ends in a colon is a label ("Molecular Signaling:") when its words are capitalised as in
a title, and a sentence that introduces what follows ("The system evaluates:") when they are not.
"""

from __future__ import annotations

import re

from mindlab.importer.parsers.lines import ends_sentence, holds_sentences, word_count

_WORD = re.compile(r"[^\W_][\w'’.-]*")
_SMALL = frozenset(
    "a an and as at but by for from in into is it nor of off on onto or over per so than that the to "
    "up upon via vs vs. versus with within without between among its our your their not".split()
)
_OPENERS = frozenset(
    "the this that these those it its they there we you i he she his her their our your if when "
    "while because since although as such each some many most all both for in on at by to with "
    "from during after before under through given".split()
)
_VERBS = frozenset(
    "is are was were be been being has have had does do did can may might must should will would "
    "could include includes including involves involve consists contains requires shows show "
    "evaluates follows follow becomes become means occurs occur produces depends provides supports "
    "influences determines receives plays helps allows let lets leads suggests indicates predicts".split()
)
_DANGLING = frozenset("of the a an and or to for with in on by from at as is are that which".split())
_LONGEST = 140


def title_case(text: str) -> float:
    """The share of weighty words that begin with a capital or a digit; 1.0 for "Body Language"."""
    words = [word for word in _WORD.findall(text[:400]) if word.lower() not in _SMALL]
    if not words:
        return 0.0
    return sum(any(c.isupper() or c.isdigit() for c in word[:4]) for word in words) / len(words)


def _is_titled(text: str) -> bool:
    return title_case(text) >= 0.75


def has_verb(text: str) -> bool:
    """Whether one of the commonest finite verbs stands in the text."""
    return any(word.lower() in _VERBS for word in _WORD.findall(text[:400]))


def is_titled_label(text: str) -> bool:
    """Whether a line that ends in a colon is written as a title, in two words or more."""
    body = text[:-1].strip()
    return word_count(body) >= 2 and word_count(body) <= 14 and _is_titled(body)


def is_plain_label(text: str) -> bool:
    """Whether a line that ends in a colon is a short phrase in sentence case, without a verb."""
    body = text[:-1].strip()
    words = body.split()
    return 2 <= len(words) <= 6 and words[0].lower() not in _OPENERS and not has_verb(body)


def label_confidence(text: str, plain_labels: int, titled_labels: int) -> float:
    """How sure it is that a line ending in ":" is a heading; below 0.5 it is a sentence.

    ``plain_labels`` and ``titled_labels`` count such lines in the document: where an author writes
    labels in title case, a phrase in sentence case introduces what follows.
    """
    body = text.rstrip(":").strip()
    words = body.split()
    if not words or len(text) > _LONGEST or holds_sentences(body):
        return 0.1
    if len(words) == 1:
        return 0.85 if words[0][:1].isupper() else 0.4
    if _is_titled(body):
        opener = words[0].lower() in _OPENERS and len(words) <= 3
        return 0.7 if opener or len(words) > 10 or has_verb(body) else 0.95
    if words[0].lower() in _OPENERS or has_verb(body) or len(words) > 8:
        return 0.1
    if is_plain_label(text) and plain_labels >= 2 and plain_labels > titled_labels:
        return 0.65
    return 0.35


def may_stand_alone(text: str) -> bool:
    """Whether the form of a line allows it to be a heading, whatever stands around it."""
    if len(text) > _LONGEST or word_count(text) > 20 or not text:
        return False
    question = text.endswith("?")
    if text[-1] in ".,;:!…-–—" or (ends_sentence(text) and not question):
        return False
    words = text.split()
    first = words[0].lstrip("\"'“‘([«")
    if not first or not any(c.isupper() or c.isdigit() for c in first):
        return False
    if words[-1].lower() in _DANGLING and not _is_titled(text):
        return False
    if holds_sentences(re.sub(r"^\d+(?:\.\d+)*[.)]\s+", "", text)) and title_case(text) < 0.9:
        return False
    return any(c.isalpha() for c in text)


def standalone_confidence(text: str, *, parted: bool, before_prose: bool) -> float:
    """How sure it is that a line which may be a heading is one.

    ``parted``: blank lines before and after it; ``before_prose``: a paragraph longer than it, a
    list or a diagram follows.
    """
    confidence = 0.3 + (0.25 if parted else 0.0) + (0.25 if before_prose else 0.0)
    titled = _is_titled(text)
    if titled:
        confidence += 0.17
    elif has_verb(text) and not text.endswith("?"):
        confidence -= 0.1
    if word_count(text) > 14:
        confidence -= 0.1
    return max(0.05, min(0.97, confidence))
