"""Live values in prose: a topic's article count, in the words the editor wrote for it.

A token is stored in rich text as ``<embed embedtype="live-count" topic="7" none="" one="one
article" many="{count} articles"/>``. ``{count}`` in a form stands for the number. Where no
article is published and the token has no form for none, a paragraph shows nothing in its place,
and a heading stays away together with its section.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from django.db.models import Value
from wagtail.blocks import StreamValue
from wagtail.rich_text import EmbedHandler
from wagtail.rich_text.rewriters import extract_attrs

from mindlab.core.models import Topic
from mindlab.reading.rows import gather

FEATURE = "live-count"
TOKEN = re.compile(r'<embed(\b[^>]*\bembedtype="live-count"[^>]*)/>')

Counter = Callable[[int], Any]
"""Given the id of a topic, returns the number of its published articles as an expression."""

_counters: list[Counter] = []


def register_counter(counter: Counter) -> None:
    """Name the function that counts articles; the floor that has articles calls this when ready."""
    _counters[:] = [counter]


def count(topic: int) -> Any:
    """Return the number of a topic's published articles as an expression for ``gather``."""
    return _counters[0](topic) if _counters else Value(0)


def counts(topics: Iterable[int]) -> dict[int, int]:
    """Return the number of published articles for each id, 0 where there are none; one query."""
    wanted = sorted(set(topics))
    found = gather({str(topic): count(topic) for topic in wanted}) if wanted else {}
    return {topic: found[str(topic)] for topic in wanted}


def token_html(topic: int, *, none: str = "", one: str = "", many: str = "") -> str:
    """Return the token as it is stored in rich text."""
    forms = {"topic": str(topic), "none": none, "one": one, "many": many}
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in forms.items())
    return f'<embed embedtype="{FEATURE}" {attributes}/>'


def words(attributes: Mapping[str, str], count: int) -> str:
    """Return the form that fits ``count``, with the number in it, as plain text."""
    form = {0: "none", 1: "one"}.get(count, "many")
    return attributes.get(form, "").replace("{count}", str(count))


def topic_of(attributes: Mapping[str, str]) -> int:
    """Return the id a token names, or 0 where it names none."""
    value = attributes.get("topic", "")
    return int(value) if value.isdigit() else 0


def tokens(html: str) -> list[dict[str, str]]:
    """Return the attributes of each token in a piece of rich text."""
    return [extract_attrs(match.group(1)) for match in TOKEN.finditer(html)]


class LiveCountEmbedHandler(EmbedHandler):
    """Puts the words in place of tokens wherever rich text is shown."""

    identifier = FEATURE

    @staticmethod
    def get_model() -> type[Topic]:
        return Topic

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, str]) -> str:
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        found = counts(topic_of(attrs) for attrs in attrs_list)
        return [escape(words(attrs, found[topic_of(attrs)])) for attrs in attrs_list]

    @classmethod
    def extract_references(cls, attrs: dict[str, str]) -> Iterable[tuple[Any, str, str, str]]:
        if topic := topic_of(attrs):
            yield Topic, str(topic), "", ""


def resolve(stream: StreamValue) -> StreamValue:
    """Return ``stream`` with every token in words and without the sections that stay away.

    Takes as many queries as ``counts`` when the stream holds a token, none otherwise.
    """
    raw = list(stream.raw_data)
    found = counts(topic_of(token) for token in _tokens_in(raw))
    if not found:
        return stream
    return StreamValue(stream.stream_block, shown(raw, found), is_lazy=True)


def shown(raw: list[Any], found: Mapping[int, int]) -> list[Any]:
    """Return raw stream data with every token in words, without the sections that stay away."""
    if not found:
        return raw
    return [_in_words(child, found) for child in _without_empty_sections(raw, found)]


def text_in_words(html: str, found: Mapping[int, int]) -> str:
    """Return rich text with the tokens in words whose counts are known, others as they are."""
    if FEATURE not in html:
        return html
    return TOKEN.sub(
        lambda match: (
            _escaped_words(match, found) if topic_of(extract_attrs(match.group(1))) in found else match[0]
        ),
        html,
    )


def _tokens_in(value: Any) -> Iterable[dict[str, str]]:
    if isinstance(value, str):
        if FEATURE in value:
            yield from tokens(value)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _tokens_in(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _tokens_in(part)


def _in_words(value: Any, found: Mapping[int, int]) -> Any:
    if isinstance(value, str):
        return TOKEN.sub(lambda match: _escaped_words(match, found), value) if FEATURE in value else value
    if isinstance(value, Mapping):
        return {key: _in_words(part, found) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_in_words(part, found) for part in value]
    return value


def _escaped_words(match: re.Match[str], found: Mapping[int, int]) -> str:
    attributes = extract_attrs(match.group(1))
    return escape(words(attributes, found.get(topic_of(attributes), 0)))


def _without_empty_sections(raw: list[Any], found: Mapping[int, int]) -> list[Any]:
    kept: list[Any] = []
    hidden_level: int | None = None
    for child in raw:
        if child["type"] == "heading":
            level = int(child["value"].get("level") or 2)
            if hidden_level is not None and level > hidden_level:
                continue
            hidden_level = level if _stays_away(child["value"].get("text", ""), found) else None
        if hidden_level is None:
            kept.append(child)
    return kept


def _stays_away(html: str, found: Mapping[int, int]) -> bool:
    return any(not words(token, found.get(topic_of(token), 0)) for token in tokens(html))
