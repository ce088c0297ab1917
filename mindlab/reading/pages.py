"""A page made ready to be read: links, notes, diagrams and images found before the first template.

Block templates run one after the other, each knowing its own value alone. What would take them a
query each (the target of a link, a stored drawing, the sizes of an image) is asked for here, once
for the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.blocks import StreamValue
from wagtail.rich_text import expand_db_html

from mindlab.core.models import Diagram
from mindlab.core.rich_text import plain
from mindlab.reading import drawings, live_values
from mindlab.reading.contents import Body, body_of, rich_texts, words_in
from mindlab.reading.references import PAGE_LINK, AtHand, Linking, References, Target, references_in
from mindlab.reading.rows import gather

WORDS_A_MINUTE = 230
"""Adults' silent reading of English non-fiction (Brysbaert 2019, doi:10.1016/j.jml.2019.104047: 238)."""

CLOSING = re.compile(r"(?:</(?:a|b|i|strong|em|sup|sub|s|code)>)*[.,;:!?”’)]*")
"""What a mark comes after: the ends of emphasis and links, and the punctuation of the words."""


@dataclass(slots=True)
class Note:
    """A note on words of the text; ``about`` is what the template of its kind shows."""

    words: str
    about: Any
    template: str
    number: int = 0
    is_placed: bool = False


@dataclass(slots=True)
class Reading:
    """What templates ask while a page is rendered; ``html`` places each note once, in reading order."""

    bodies: dict[str, Body] = field(default_factory=dict)
    notes: Sequence[Note] = ()
    targets: Mapping[int, Target] = field(default_factory=dict)
    diagrams: Mapping[str, Diagram] = field(default_factory=dict)
    counts: Mapping[int, int] = field(default_factory=dict)
    words: int = 0
    own_pk: int = 0
    _defined: set[int] = field(default_factory=set)

    @property
    def minutes(self) -> int:
        """The reading time in minutes, at least one."""
        return max(1, round(self.words / WORDS_A_MINUTE))

    def add_links(self, texts: Iterable[str], linking: Linking) -> None:
        """Find what further texts link to; one query, none where they link to no page."""
        unknown = references_in(texts).pages.difference(self.targets)
        if unknown:
            found = gather({"pages": linking.rows(unknown)})
            self.targets = {**self.targets, **linking.targets(found["pages"])}

    def html(self, source: str, *, with_notes: bool = True) -> SafeString:
        """Return rich text as it is shown, with its links resolved and its notes in place."""
        in_words = live_values.text_in_words(source, self.counts)
        linked = PAGE_LINK.sub(lambda match: self._link(match, with_notes), in_words)
        if with_notes:
            linked = self._with_marks(linked)
        return SafeString(expand_db_html(linked))

    def _link(self, match: re.Match[str], with_notes: bool) -> str:
        target = self.targets.get(int(match[1]))
        if target is None:
            return match[2] + match[3]
        link = f'<a href="{escape(target.url)}">{match[2]}</a>{match[3]}'
        pk = int(match[1])
        if not (with_notes and target.definition) or pk in self._defined or pk == self.own_pk:
            return link
        self._defined.add(pk)
        return link + _rendered("components/definition_note.html", {"target": target, "key": pk})

    def _with_marks(self, html: str) -> str:
        waiting = [note for note in self.notes if not note.is_placed and note.words]
        # Most texts hold the words of no note: what readers see is worked out once for all notes.
        shown = plain(html) if waiting else ""
        for note in waiting:
            end = _end_of(html, note.words) if note.words in shown else -1
            if end < 0:
                continue
            note.is_placed = True
            html = html[:end] + _rendered(note.template, {"note": note}) + html[end:]
        return html


def read(
    page: Any,
    streams: Mapping[str, tuple[StreamValue, int]],
    *,
    prose: Sequence[str] = (),
    notes: Sequence[Note] = (),
    at_hand: AtHand | None = None,
) -> Reading:
    """Prepare a page: ``streams`` by name with the level of their first headings, ``prose`` beside them.

    Takes no query: ``at_hand`` is what ``references_of`` these texts found. A diagram that was
    never drawn is drawn.
    """
    at_hand = at_hand or AtHand()
    bodies = {
        name: body_of(stream, top_level=level, at_hand=at_hand) for name, (stream, level) in streams.items()
    }
    pieces = [piece for body in bodies.values() for piece in body.pieces]
    texts = [*prose, *(text for piece in pieces for text in rich_texts(piece.block.value))]
    sources = [piece.block.value["source"] for piece in pieces if piece.block.block_type == "diagram"]
    return Reading(
        bodies=bodies,
        notes=_numbered(notes, texts),
        targets=at_hand.targets,
        diagrams=drawings.ensure(sources, stored=at_hand.drawings),
        counts=at_hand.counts,
        words=words_in(texts),
        own_pk=page.pk or 0,
    )


def references_of(streams: Mapping[str, tuple[StreamValue, int]], prose: Sequence[str] = ()) -> References:
    """Return what the texts of a page point at, from their stored form."""
    return references_in([*prose, *(list(stream.raw_data) for stream, _level in streams.values())])


def _rendered(template: str, context: dict[str, Any]) -> str:
    """Render a note without the white space around it, which would part a word from its comma."""
    return render_to_string(template, context).strip()


def _numbered(notes: Sequence[Note], texts: Sequence[str]) -> list[Note]:
    """Number notes by where their words first stand; those whose words were not found come last."""
    shown = [plain(text) for text in texts]

    def place(note: Note) -> tuple[int, int]:
        for position, text in enumerate(shown):
            found = text.find(note.words)
            if note.words and found >= 0:
                return position, found
        return len(shown), 0

    ordered = sorted(notes, key=place)
    for number, note in enumerate(ordered, start=1):
        note.number = number
    return ordered


def _end_of(html: str, words: str) -> int:
    """Return where ``words`` end in ``html``, also when tags stand between them, or -1."""
    if not words:
        return -1
    shown, ends = _characters(html)
    start = shown.find(words)
    if start < 0:
        return -1
    end = ends[start + len(words) - 1]
    opened, closed = html.rfind("<a", 0, end), html.rfind("</a>", 0, end)
    if opened > closed:
        # A mark is a link, and links do not nest.
        end = html.index("</a>", end)
    after = CLOSING.match(html, end)
    return after.end() if after else end


def _characters(html: str) -> tuple[str, list[int]]:
    """Return the characters a reader sees, and for each where it ends in the source."""
    shown: list[str] = []
    ends: list[int] = []
    for match in re.finditer(r"<[^>]*>|&[#\w]+;|.", html, re.DOTALL):
        if match[0].startswith("<"):
            continue
        character = unescape(match[0])
        for part in character:
            shown.append(part)
            ends.append(match.end())
    return "".join(shown), ends
