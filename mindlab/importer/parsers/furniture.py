"""Furniture of the old site at the head and the end of a page: labels, teasers, sign-up boxes.

A tail is furniture when it opens with a label of its own, holds nothing but short lines, and says so
by its words or by the gap before it. A label alone proves nothing: "Latest Articles" with an essay
below it is a heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mindlab.importer.parsers.headings import may_stand_alone, title_case
from mindlab.importer.parsers.lines import Line, bullet, ends_sentence, numbered, word_count

_LABEL = re.compile(
    r"^(?:"
    r"(?:(?:the|our|see|view|read|browse|explore|more|all|from)\s+)*"
    r"(?:latest|recent|related|recommended|popular|featured|trending|newest|further|next|previous|more|similar"
    r"|most\s+read|top)\s+"
    r"(?:\w+\s+){0,2}(?:articles?|posts?|stories|reading|reads|essays?|topics?|news|content|entries|pieces|insights"
    r"|guides|updates|from\b.*|in\b.*|on\b.*|like\b.*)"
    r"|(?:more|latest|new)\s+(?:from|in|on|about)\b.*"
    r"|(?:you\s+(?:may|might|could|will)\s+(?:also\s+)?(?:like|enjoy|be\s+interested).*)"
    r"|(?:read|up|coming)\s+(?:next|more|on)|keep\s+(?:reading|exploring|learning|going)|continue\s+(?:reading|exploring)|view\s+all.*|see\s+all.*"
    r"|load\s+more.*|show\s+more.*|back\s+to\s+(?:top|all|the).*|browse\s+(?:all|by|more|the).*"
    r"|explore\s+(?:more|all|other|by|our).*"
    r"|share(?:\s+(?:this|on|the|via|it)\b.*)?|follow(?:\s+(?:us|me|along|on)\b.*)?|connect\s+with\s+(?:us|me).*"
    r"|subscribe.*|sign\s+up.*|stay\s+(?:informed|connected|updated|in\s+touch|in\s+the\s+loop|up\s+to\s+date|sharp).*"
    r"|join\s+(?:us|our|the|over|more|thousands|\d).*|get\s+(?:the|our|new|it|weekly|more|updates).*(?:brief|letter"
    r"|newsletter|inbox|updates|articles|e-?mail|week).*"
    r"|(?:our|the|a|weekly|free|monthly|daily)?\s*newsletter.*|.*\b(?:in|to)\s+your\s+inbox.*|never\s+miss.*"
    r"|don[’']t\s+miss.*"
    r"|(?:leave\s+a\s+)?(?:comments?|reply)(?:\s*\(\d+\))?|\d+\s+comments?|tags|tagged|categories|filed\s+under.*"
    r"|topics"
    r"|about\s+(?:the\s+)?(?:author|us|this\s+site).*|(?:written|posted|published)\s+(?:by|on|in)\b.*"
    r"|(?:©|\(c\)|copyright)\s*.*|all\s+rights\s+reserved.*|privacy(?:\s+policy)?.*|terms(?:\s+(?:of|and|&).*)?"
    r"|(?:tags?|tagged|topics|categories|category|filed\s+under|posted\s+in)\s*:.*"
    r"|(?:we|this\s+(?:web)?site)\s+uses?\s+cookies.*|by\s+using\s+this\s+(?:web)?site.*|accept(?:\s+(?:all|cookies).*)?"
    r"|manage\s+(?:preferences|cookies|consent|settings).*|powered\s+by\b.*|was\s+this\s+(?:page|article|post)\b.*"
    r"|thanks?\s+(?:you\s+)?for\s+reading.*|if\s+you\s+(?:enjoyed|liked)\s+this\b.*|(?:older|newer)\s+(?:posts?|entries)"
    r"|(?:previous|prev|next|up\s+next|read\s+next)\s*:\s*\S.*"
    r"|(?:previous|next)(?:\s+(?:post|article|story|page|up))?|watch\s+next|listen\s+(?:on|to)\b.*|become\s+a\s+member.*"
    r"|(?:support|donate)(?:\s+(?:us|to|our|the)\b.*)?|join\s+(?:the\s+)?(?:conversation|discussion|community).*"
    r"|(?:fresh|new|just\s+in)\s+from\b.*|(?:recently|just)\s+(?:published|added|posted)|(?:popular|trending)(?:\s+(?:this|now|on)\b.*)?"
    r"|(?:editors?[’']?s?|staff|our)\s+(?:picks?|choice|favou?rites)|in\s+this\s+(?:section|series|issue|topic|category)"
    r"|what\s+to\s+read\s+next.*|keep\s+in\s+touch|stay\s+curious|enjoy(?:ed|ing)?\s+(?:this|what)\b.*|want\s+more\b.*"
    r"|discover\s+(?:more|our|other)\b.*|discover|all\s+(?:articles|topics|posts|essays|stories)|archives?|glossary|sitemap"
    r"|(?:our|the)\s+latest(?:\s+\w+){0,2}|(?:[«←‹<]+\s*)(?:older|previous|back|newer|next|prev|all)\b.*|recommended.*"
    r"|cookies?(?:\s+.*)?|contact(?:\s+us)?|home|menu|search|log\s*in|advertisement|sponsored|print(?:\s+this.*)?"
    r")\s*[:.…»›→!]*$",
    re.IGNORECASE,
)
_BLURB = re.compile(
    r"\b(?:newsletter|subscri|inbox|unsubscribe|sign\s+up|weekly|fortnightly|monthly|every\s+(?:week|month|morning|day"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|each\s+(?:week|month|morning|issue"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|no\s+spam|join\s+[\d,.]+|delivered|direct\s+from|straight\s+to"
    r"|our\s+editors|our\s+readers|our\s+team|letter|digest|brief(?:ing)?|bulletin|dispatch|e-?mail"
    r"|privacy\s+policy|all\s+rights\s+reserved|©|cookies?|read\s+more|min(?:ute)?s?\s+read|free\s+of\s+charge"
    r"|one\s+short|in\s+five\s+minutes|follow\s+us)",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"^(?:references?|sources?\b.*|bibliography|literature(?:\s+cited)?|notes?|footnotes|works\s+cited|glossary"
    r"|conclusions?\b.*|summary\b.*|key\s+(?:take\s*aways?|points|facts|terms)\b.*|acknowledge?ments?"
    r"|further\s+reading|faqs?\b.*|frequently\s+asked.*|appendix\b.*|review\s+questions?.*|exercises?)\s*:?$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"^(?:home(?:\s*[>›»/|].*)?|[^.]{1,60}(?:\s+[>›»]\s+[^.]{1,60})+|\d+\s*-?\s*min(?:ute)?s?\.?(?:\s+read)?"
    r"|share(?:\s+this.*)?|skip\s+to\s+(?:main\s+)?content|menu|topics?|tags?|back\s+to\s+.*|all\s+topics|search)$",
    re.IGNORECASE,
)
_TAIL_LINES = 30
_TAIL_CHARS = 1500
_LONG_LINE = 420


@dataclass(frozen=True, slots=True)
class Tail:
    """Where furniture begins (an index into the lines), how sure that is, and why."""

    start: int
    confidence: float
    reason: str


def is_head_furniture(text: str) -> bool:
    """Whether a line above or beside a title belongs to the site's frame, such as a breadcrumb."""
    return len(text) <= 120 and bool(_HEAD.match(text))


def find_tail(lines: Sequence[Line]) -> Tail | None:
    """The furniture at the end of a page, or None.

    Looks at the last lines only, so it takes the same time for any length of text.
    """
    filled = [i for i in range(max(0, len(lines) - 400), len(lines)) if not lines[i].is_blank]
    best: Tail | None = None
    chars = long_lines = 0
    for back, index in enumerate(reversed(filled)):
        line = lines[index]
        chars += len(line.text)
        long_lines += len(line.text) > 200
        if back >= _TAIL_LINES or chars > _TAIL_CHARS or long_lines > 2 or len(line.text) > _LONG_LINE:
            break
        if _CONTENT.match(line.text) or _is_content_item(line.text):
            break
        best = _judge(lines, index, filled) or best
    return best


def _is_content_item(text: str) -> bool:
    """Whether a list item says something, such as a tie to another concept; teasers are titles."""
    words = bullet(text)
    return words is not None and (" — " in words or ends_sentence(words) or word_count(words) > 14)


def _judge(lines: Sequence[Line], index: int, filled: Sequence[int]) -> Tail | None:
    """Whether the text from ``index`` to the end is furniture that opens with a label there."""
    label = lines[index].text
    if index == filled[0] or bullet(label) is not None or len(label) > 120:
        return None
    rest = [lines[i] for i in filled if i > index]
    named = bool(_LABEL.match(label)) and word_count(label) <= 12
    gap = _gap(lines, index)
    blurb = any(_BLURB.search(line.text) for line in rest)
    prose = sum(len(line.text) for line in rest if ends_sentence(line.text) and not _BLURB.search(line.text))
    if named and prose <= 450 and (gap >= 3 or blurb or prose <= 250):
        confidence = 0.95 if gap >= 3 or (blurb and rest) else 0.8
        return Tail(index, confidence, "The page ends in a label of the old site and short lines after it.")
    if not may_stand_alone(label):
        return None
    follows_prose = ends_sentence(lines[filled[filled.index(index) - 1]].text)
    titles = _without_blurb([label, *(line.text for line in rest)])
    if gap >= 1 and follows_prose and _are_teasers(titles):
        return Tail(index, 0.7, "The page ends in several titles with no text below them.")
    return _unnamed(index, label, rest, gap, prose)


def _unnamed(index: int, label: str, rest: Sequence[Line], gap: int, prose: int) -> Tail | None:
    """Furniture under a label of its own making, such as the name of a newsletter."""
    blurb = any(_BLURB.search(line.text) for line in rest)
    if gap >= 3 and rest and len(rest) <= 6 and (blurb or prose <= 300):
        confidence = 0.9 if blurb else 0.6
        return Tail(index, confidence, "Short lines after a gap at the end, set apart from the text.")
    if gap >= 1 and 1 <= len(rest) <= 3 and len(_BLURB.findall(rest[0].text + " " + label)) >= 2:
        return Tail(index, 0.75, "The page ends in a name and a blurb that asks readers to subscribe.")
    return None


def _without_blurb(texts: list[str]) -> list[str]:
    """The lines of a tail without the name and the blurb of a newsletter that close it."""
    if len(texts) > 3 and _BLURB.search(texts[-1]) and not may_stand_alone(texts[-1]):
        return texts[:-2]
    return texts


def _are_teasers(texts: Sequence[str]) -> bool:
    """Whether three to eight lines are titles of other pages: short, unmarked, most in title case."""
    return (
        3 <= len(texts) <= 8
        and all(len(t) <= 90 and may_stand_alone(t) and not bullet(t) and not numbered(t) for t in texts)
        and 2 * sum(title_case(text) >= 0.75 for text in texts) >= len(texts)
    )


def _gap(lines: Sequence[Line], index: int) -> int:
    blank = 0
    while blank < index and lines[index - 1 - blank].is_blank:
        blank += 1
    return blank
