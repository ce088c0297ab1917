"""What authors call the sections of a concept."""

from __future__ import annotations

import re

from .document import Section

_OUTRIGHT: dict[Section, str] = {
    "plain_words": r"""
        (in\ )?(plain|simple|everyday)\ (words|language|english|terms) | in\ other\ words | simply\ put
        | for\ everyone | what\ it\ means""",
    "mechanism": r"(the\ )?(core\ |neural\ |underlying\ |key\ )?mechanisms?(\ of\ action)? | how\ it\ works",
    "practice": r"""
        (in\ )?practice | why\ it\ matters | in\ the\ clinic | everyday\ life | what\ (to|you\ can)\ do
        | clinical\ (relevance|significance|applications?)""",
    "key_facts": r"""
        (key|core|essential)\ (facts?|points?|take\s*aways?|ideas|numbers) | (quick|fast)\ facts | facts
        | at\ a\ glance | in\ brief | take\s*aways""",
    "relations": r"""
        (related|connected|linked|associated|neighbou?ring)\ (concepts?|terms?|entries|ideas|topics)
        | related | see\ also | connections | relations(hips)?(\ to\ other\ concepts)? | connected\ to
        | links""",
    "definition": r"definitions?",
}
_WIDE: dict[Section, str] = {
    "mechanism": r"""
        (the\ )?(core\ |neural\ |underlying\ |key\ )?mechanisms?\ of\ .+ | how\ .+\ works?
        | neurobiology | biology | physiology | the\ (science|biology)\ behind\ .+""",
    "practice": r"""
        practical\ .+ | clinical(\ .+)? | applications?(\ .+)? | implications?(\ .+)? | therapeutic\ .+
        | treatments?(\ .+)?""",
    "definition": r"what\ (it\ is|is\ .+) | overview | summary | description",
}


def _compiled(names: dict[Section, str]) -> list[tuple[Section, re.Pattern[str]]]:
    return [(section, re.compile(pattern, re.VERBOSE)) for section, pattern in names.items()]


_OUTRIGHT_PATTERNS = _compiled(_OUTRIGHT)
_ALL_PATTERNS = [*_OUTRIGHT_PATTERNS, *_compiled(_WIDE)]


def section_of(heading: str) -> Section | None:
    """The section of a concept that a heading names, None when it is a heading of the text's own."""
    return _match(heading, _ALL_PATTERNS)


def section_named(heading: str) -> Section | None:
    """The section that a heading is the very name of: "Practice" and not "Clinical populations"."""
    return _match(heading, _OUTRIGHT_PATTERNS)


def _match(heading: str, patterns: list[tuple[Section, re.Pattern[str]]]) -> Section | None:
    words = re.sub(r"^[\d.\s]+", "", heading.strip().rstrip(":").casefold()).strip()
    if len(words) > 80:
        return None
    return next((section for section, pattern in patterns if pattern.fullmatch(words)), None)
