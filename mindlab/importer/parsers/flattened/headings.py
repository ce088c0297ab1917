"""Which lines of a flattened text are headings: they lost their marks and kept their form.

A heading stands alone, is short, does not end as a sentence does and is followed by what it heads.
A line that ends in a colon is a label ("Molecular Signaling:") when its words are capitalised as in
a title, and a sentence that introduces what follows ("The system evaluates:") when they are not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from mindlab.importer.parsers.document import Guess
from mindlab.importer.parsers.flattened.frame_words import ends_in_date
from mindlab.importer.parsers.flattened.lines import holds_sentences, word_count
from mindlab.importer.parsers.section_names import section_named

_WORD = re.compile(r"[^\W_][\w'’.-]*")
_SMALL = re.compile(
    r"(?:"
    r"a|an|and|as|at|but|by|for|from|in|into|is|it|nor|of|off|on|onto|or|over|per|so|than|that"
    r"|the|to|up|upon|via|vs|vs\.|versus|with|within|without|between|among|its|our|your|their|not"
    r")",
    re.IGNORECASE,
)
_OPENERS = re.compile(
    r"(?:"
    r"the|this|that|these|those|it|its|they|there|we|you|i|he|she|his|her|their|our|your|if|when"
    r"|while|because|since|although|as|such|each|some|many|most|all|both|for|in|on|at|by|to|with"
    r"|from|during|after|before|under|through|given|where|or|and|then|here|here[’']s|there[’']s|let[’']s|like"
    r")",
    re.IGNORECASE,
)
_VERBS = re.compile(
    r"(?:"
    r"is|are|was|were|be|been|being|has|have|had|does|do|did|can|may|might|must|should|will|would"
    r"|could|include|includes|including|involves|involve|consists|contains|requires|shows|show"
    r"|evaluates|follows|follow|becomes|become|means|occurs|occur|produces|depends|provides"
    r"|supports|influences|determines|receives|plays|helps|allows|let|lets|leads|suggests"
    r"|indicates|predicts"
    r")",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"(?:"
    r"of|the|a|an|and|or|to|for|with|in|on|by|from|at|as|is|are|that|which"
    r")",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:components?|propert(?:y|ies)|examples?|features?|types?|steps?|advantages|benefits|notes?|details|options"
    r"|parameters?|formulas?|equations?|results?|questions?|points?|variants?|cases?)",
    re.IGNORECASE,
)
"""Words that name a kind of list as readily as a part of the text."""
_ASKS = re.compile(r"(?:what|where|who|whom|how|why|when|which)", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*|[IVXL]{1,6})[.)]\s+")
_YEAR = re.compile(r"^(?:1[5-9]|20)\d\d$")
_OUTLINE = re.compile(r"^(\d{1,2}(?:\.\d{1,2})+(?=[.)]?\s)|\d{1,2}(?=[.)]\s))[.)]?\s+\S")
_ASIDE = re.compile(
    r"^(?:by\s+[A-Z]|(?:written|reviewed|edited)\s+by\b|(?:last\s+)?(?:updated|published|posted)\b(?:\s+on)?\s*:?\s*\w+\s+\d"
    r"|(?:figure|fig\.?|table|box|plate)\s*\d|(?:photo|image|picture|credit|photograph|source|illustration)s?\s*(?:by|:|credit))",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"[.!?…][\"”’»]\s+(?:[—–-]|\()|[.!?…]\s+(?:—|–|--)\s*[A-Z][\w.’-]+(?:\s+[A-Z][\w.’-]*){0,3}$"
)
_NO_WORDS = re.compile(r"^\S*[/@=]\S*$|^10\.\d{4,}|https?://|\s=\s|[^\W\d],[^\W\d]|[←-⇿⟵-⟿]|\*\s*\*")
_BOX = re.compile(
    r"(?:(?:everyday|career|global|evolution|visual|art|clinical|cultural|historical|scientific(?:\s+method)?)"
    r"\s+connections?|homeostatic\s+imbalances?|(?:disorders|diseases|aging)\s+(?:of|and)\s+the\s*(?:…|\.{3})?"
    r"|(?:interactive\s+)?links?(?:\s+to\s+learning)?|(?:chapter|learning|section)\s+(?:objectives|outcomes|goals)"
    r"|dig\s+deeper|what\s+do\s+you\s+think\?*|connect\s+the\s+concepts|try\s+(?:it|this)(?:\s+yourself)?"
    r"|(?:did|do)\s+you\s+know\?*|(?:in\s+)?focus(?:\s+on)?|spotlight|box|sidebar|closer\s+look|a\s+closer\s+look"
    r"|think\s+about\s+it|check\s+your\s+understanding|note(?:\s+well)?|tip|warning|example|or|and|then|where)"
    r"(?:\s+features?)?\s*[!:]*",
    re.IGNORECASE,
)
_LONGEST = 140
STANDING = "A short line of its own that does not end like a sentence, before its text."
"""The reason given for a heading that has no mark but its place."""
BOX = "The stock label of a textbook's box: it stays a line of its own; a callout may hold it and its text."
"""The reason given for a line that heads a box and no part of the text."""


def title_case(text: str) -> float:
    """The share of weighty words that begin with a capital or a digit; 1.0 for "Body Language"."""
    words = [word for word in _WORD.findall(text[:400]) if not _SMALL.fullmatch(word)]
    if not words:
        return 0.0
    return sum(any(c.isupper() or c.isdigit() for c in word[:4]) for word in words) / len(words)


def _is_titled(text: str) -> bool:
    return title_case(text) >= 0.75


def has_verb(text: str) -> bool:
    """Whether one of the commonest finite verbs stands in the text."""
    return any(_VERBS.fullmatch(word) is not None for word in _WORD.findall(text[:400]))


def is_titled_label(text: str) -> bool:
    """Whether a line that ends in a colon is written as a title, in two words or more."""
    body = text[:-1].strip()
    return word_count(body) >= 2 and word_count(body) <= 14 and _is_titled(body)


def is_plain_label(text: str) -> bool:
    """Whether a line that ends in a colon is a short phrase in sentence case, without a verb."""
    body = text[:-1].strip()
    words = body.split()
    return (
        2 <= len(words) <= 6
        and not _is_titled(body)
        and _OPENERS.fullmatch(words[0]) is None
        and not _breaks_off(words)
        and not has_verb(body)
    )


def _breaks_off(words: Sequence[str]) -> bool:
    """Whether the last word asks for another, as in "Links to"."""
    return words[-1].islower() and _DANGLING.fullmatch(words[-1]) is not None


def label_confidence(text: str, plain_labels: int, titled_labels: int) -> float:
    """How sure it is that a line ending in ":" is a heading; below 0.5 it is a sentence.

    ``plain_labels`` and ``titled_labels`` count such lines in the document: where an author writes
    labels in title case, a phrase in sentence case introduces what follows.
    """
    body = _NUMBER.sub("", text.rstrip(":").strip())
    words = body.split()
    if not words or len(text) > _LONGEST or holds_sentences(body) or _breaks_off(words):
        return 0.1
    opens_a_sentence = _OPENERS.fullmatch(words[0]) is not None
    if len(words) == 1:
        confidence = _single_word_confidence(words[0], opens_a_sentence)
    elif section_named(body) is not None:
        confidence = 0.95
    elif opens_a_sentence and len(words) <= 2:
        confidence = 0.3
    elif _is_titled(body):
        doubtful = (opens_a_sentence and len(words) <= 3) or len(words) > 10 or has_verb(body)
        confidence = 0.7 if doubtful else 0.95
    elif opens_a_sentence or has_verb(body) or len(words) > 8:
        confidence = 0.1
    else:
        confidence = 0.65 if is_plain_label(text) and plain_labels >= max(2, titled_labels + 1) else 0.35
    return confidence


def is_loud(text: str) -> bool:
    """Whether a heading is in capitals throughout, and is more than an abbreviation."""
    return text.isupper() and (word_count(text) > 1 or len(text) > 6)


def outline_depth(text: str) -> int:
    """How deep the number of a heading stands in an outline: 1 for "2. Methods", 2 for "2.1 Mice", else 0."""
    match = _OUTLINE.match(text)
    return match[1].count(".") + 1 if match else 0


def _single_word_confidence(word: str, opens_a_sentence: bool) -> float:
    if not word[:1].isupper() or opens_a_sentence or word.endswith("ly"):
        return 0.4
    return 0.75 if _GENERIC.fullmatch(word) else 0.85


def corroborated(guesses: Sequence[Guess]) -> list[Guess]:
    """The guesses, those of headings weighed by one another: an author keeps to one style.

    Where headings are in title case, a line in sentence case may well be a caption; where three and
    more are in sentence case and hardly one is not, they bear each other out. Beside headings in
    capitals, a line that is not may be a heading below them as well as the title of a box. A line that
    comes twice is more likely the label of a box than a heading. Three that are numbered are an outline.
    """
    standing = [guess for guess in guesses if guess.what == "heading" and guess.reason == STANDING]
    times = Counter(guess.value for guess in standing)
    outlined = sum(outline_depth(guess.value) > 0 for guess in standing)
    loud = any(is_loud(guess.value) for guess in standing)
    titled = sum(_is_titled(guess.value) for guess in standing)
    plain = len(standing) - titled
    shift = 0.0
    if plain >= 3 and titled <= plain / 3:
        shift = 0.06
    elif titled >= 3 and plain <= titled / 2:
        shift = -0.1

    def weighed(guess: Guess) -> Guess:
        if guess.reason != STANDING:
            return guess
        confidence = guess.confidence if _is_titled(guess.value) else guess.confidence + shift
        if times[guess.value] > 1 or (loud and not guess.value.isupper()):
            confidence = min(confidence, 0.75)
        elif outlined >= 3 and outline_depth(guess.value):
            confidence = max(confidence, 0.9)
        return replace(guess, confidence=round(confidence, 2))

    return [weighed(guess) for guess in guesses]


def is_box_label(text: str) -> bool:
    """Whether a line is the stock label of a textbook's box, which heads nothing of the text itself."""
    return len(text) <= 60 and _BOX.fullmatch(text) is not None


def is_aside(text: str) -> bool:
    """Whether a line is a caption, a credit, a date or somebody's words with a name."""
    return bool(_ASIDE.search(text) or _SAID.search(text)) or ends_in_date(text)


def may_stand_alone(text: str) -> bool:
    """Whether the form of a line allows it to be a heading, whatever stands around it."""
    if _YEAR.match(text):
        return True
    if not text or len(text) > _LONGEST or word_count(text) > 20 or not any(c.isalpha() for c in text):
        return False
    last = text.rstrip("\"'”’»)")[-1:] or text[-1]
    calls = last in "!…" and _is_titled(text)
    if text[-1] in ".,;:-–—" or last == "." or (last in "!…" and not calls):
        return False
    if is_aside(text) or _NO_WORDS.search(text):
        return False
    words = _NUMBER.sub("", text).split() or text.split()
    first = words[0].lstrip("\"'“‘([«…")
    opens_well = any(
        c.isupper() or c.isdigit() or (c.isalpha() and c > "Ͱ") for c in text.split(maxsplit=1)[0] + first
    )
    asks = _ASKS.fullmatch(first) is not None
    breaks_off = _DANGLING.fullmatch(words[-1]) and not asks and not _is_titled(text)
    runs_on = holds_sentences(_NUMBER.sub("", text)) and title_case(text) < 0.9
    return opens_well and not breaks_off and not runs_on


def standalone_confidence(text: str, *, parted: float, before_prose: bool) -> float:
    """How sure it is that a line which may be a heading is one.

    ``parted``: 1 with blank lines before and after it, 0 without, between where the text has none at
    all; ``before_prose``: a paragraph longer than it, a list or a diagram follows.
    """
    confidence = 0.3 + 0.25 * parted + (0.23 if before_prose else 0.0)
    titled = _is_titled(text)
    if titled:
        confidence += 0.17
    elif has_verb(text) and not text.endswith("?"):
        confidence -= 0.1
    if word_count(text) > 14:
        confidence -= 0.1
    if text.count(",") >= 2 and not titled:
        confidence -= 0.1
    if text[-1] in "!…":
        confidence -= 0.2
    return max(0.05, min(0.97, confidence))
