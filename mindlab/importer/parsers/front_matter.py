"""Front matter of Markdown files: YAML, TOML or JSON, read safely, and what it may set.

It may set title, deck, tags, aliases, dates of the original, authors by name and the kind. Any
other key is left out with a reason, so that an editor sees it and no file can set an address, an
owner or the state of a page.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from .document import Kind, LeftOut, Lines

MAX_CHARACTERS = 100_000
MAX_DEPTH = 20

_YAML = re.compile(
    r"\ufeff?((?:#[^\n]*\n|[ \t]*\n){0,20})(---[ \t]*\n)(.*?\n|)((?:---|\.\.\.)[ \t]*(?:\n|\Z))", re.DOTALL
)
_TOML = re.compile(r"\ufeff?(\s{0,20})(\+\+\+[ \t]*\n)(.*?\n|)(\+\+\+[ \t]*(?:\n|\Z))", re.DOTALL)
_KEY = re.compile(r"([A-Za-z_][\w .-]{0,60}?)[ \t]*:(?:[ \t]+(.*))?$")

_TITLE = ("title",)
_DECK = ("deck", "subtitle", "standfirst", "summary", "description", "excerpt", "dek", "lead")
_TAGS = ("tags", "tag", "keywords", "topics", "topic", "categories", "category")
_ALIASES = ("aliases", "alias", "also_known_as", "synonyms")
_AUTHORS = ("authors", "author", "by", "byline", "written_by")
_LISTED = {"tags": _TAGS, "aliases": _ALIASES, "authors": _AUTHORS}
_NAME_PARTS = (("given", "first"), ("particle", "middle"), ("family", "last"))
_KIND = ("kind", "type", "layout", "content_type")
_DATES = {
    "date": "date",
    "created": "date",
    "published": "date",
    "publishdate": "date",
    "pubdate": "date",
    "date_published": "date",
    "updated": "updated",
    "modified": "updated",
    "lastmod": "updated",
    "last_modified": "updated",
    "date_modified": "updated",
    "reviewed": "reviewed",
    "last_reviewed": "reviewed",
}
_KINDS: dict[str, Kind] = {
    "concept": "concept",
    "term": "concept",
    "glossary": "concept",
    "glossary entry": "concept",
    "definition": "concept",
    "topic": "topic",
    "hub": "topic",
    "topic hub": "topic",
    "article": "article",
    "post": "article",
    "essay": "article",
    "blog": "article",
}
_FORBIDDEN = re.compile(
    r"^(slug|url|permalink|path|url_path|owner|live|status|draft|published_at|go_live_at|expire_at|locked"
    r"|id|pk|parent|depth|numchild|content_type|has_unpublished_changes|first_published_at|translation_key)$"
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What front matter sets, and ``body``: the text with it blanked, so that line numbers stay."""

    body: str
    lines: Lines | None = None
    fields: tuple[tuple[str, Any], ...] = ()
    title: str | None = None
    deck: str | None = None
    kind: Kind | None = None
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()


_REPEATED = "Keys of the front matter come more than once, and the last of each counts; put aside:"


class _NoAliasLoader(yaml.SafeLoader):
    """PyYAML's safe loader without anchors and deep nesting, the two ways small YAML grows large."""

    _deep = 0

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.repeated: list[tuple[str, Any]] = []
        """Keys that come again in one mapping, with the value that the later one put aside."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=True)
        seen: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                self.repeated.append((name, self.construct_object(seen[name], deep=True)))
            seen[name] = value
        return mapping

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        if self._deep > MAX_DEPTH:
            raise yaml.YAMLError("nested too deeply")
        self._deep += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._deep -= 1


def read_front_matter(text: str) -> FrontMatter:
    """Front matter at the head of a text (or right under its first heading), and the text without it."""
    head = text[: MAX_CHARACTERS + 200]
    for pattern, load in ((_YAML, _load_yaml), (_TOML, _load_toml)):
        match = pattern.match(head)
        if match and len(match.group(3)) <= MAX_CHARACTERS:
            values, warning = load(match.group(3))
            if values is None:
                continue
            if not values and (match.group(1) + match.group(3)).strip():
                continue
            first = match.start(2)
            return _judge(text, first, match.end(), values, match.group(3), warning)
    if head.lstrip("\ufeff \n").startswith("{"):
        return _json_front_matter(text, head)
    return FrontMatter(body=text)


def _json_front_matter(text: str, head: str) -> FrontMatter:
    first = head.index("{")
    try:
        values, end = json.JSONDecoder().raw_decode(head, first)
    except (ValueError, RecursionError):
        return FrontMatter(body=text)
    rest = text[end : end + 1]
    if not isinstance(values, dict) or not values or rest not in ("", "\n", "\r"):
        return FrontMatter(body=text)
    return _judge(text, first, end, values, text[first:end], "")


def _load_yaml(source: str) -> tuple[dict[str, Any] | None, str]:
    try:
        loader = _NoAliasLoader(source)
        try:
            values = loader.get_single_data()
            if isinstance(values, dict) and loader.repeated:
                repeated = "; ".join(f"{key}: {_words(_jsonable(value))}" for key, value in loader.repeated)
                return values, f"{_REPEATED} {repeated}"
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, RecursionError, AttributeError, TypeError, KeyError, OverflowError):
        values = _plain_pairs(source)
        if not values:
            return None, ""
        return values, "The front matter is not valid YAML; it was read line by line."
    if values is None:
        return {}, ""
    return (values, "") if isinstance(values, dict) else (None, "")


def _load_toml(source: str) -> tuple[dict[str, Any] | None, str]:
    try:
        return tomllib.loads(source), ""
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        values = _plain_pairs(re.sub(r"(?m)^([\w-]+)\s*=\s*", r"\1: ", source))
        return (
            (values, "The front matter is not valid TOML; it was read line by line.")
            if values
            else (None, "")
        )


def _plain_pairs(source: str) -> dict[str, Any]:
    """``key: value`` lines of damaged YAML, lists in brackets or on dashed lines; {} when there is prose."""
    values: dict[str, Any] = {}
    key = ""
    for line in source.split("\n"):
        match = _KEY.match(line)
        if match:
            key, value = match.group(1), (match.group(2) or "").strip()
            if value.startswith("[") and value.endswith("]") and "[[" not in value:
                values[key] = [part.strip().strip("'\"") for part in value[1:-1].split(",")]
            else:
                values[key] = _unquoted(value) if value else []
        elif line.strip() and key and (line[0] in " \t" or line.lstrip().startswith(("- ", "#"))):
            item = line.strip().removeprefix("- ").strip()
            values[key] = [*_as_list(values[key]), _unquoted(item)]
        elif line.strip() and not line.startswith("#"):
            return {}
    return values


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _judge(text: str, first: int, end: int, values: dict[Any, Any], source: str, warning: str) -> FrontMatter:
    first_line = text.count("\n", 0, first) + 1
    span = Lines(first_line, max(first_line, text.count("\n", 0, end) + (text[end - 1] != "\n")))
    body = text[:first] + "\n" * text.count("\n", first, end) + text[end:]
    fields = tuple((str(key)[:200], _jsonable(value)) for key, value in values.items())
    found: dict[str, Any] = {"title": None, "deck": None, "kind": None}
    many: dict[str, list[str]] = {"tags": [], "aliases": [], "authors": []}
    dates: dict[str, str] = {}
    left: list[LeftOut] = []
    starts = _key_lines(source, span)
    for key, value in fields:
        name = key.strip().lower().replace("-", "_").replace(" ", "_")
        reason = _take(name, value, found, many, dates)
        if reason and _words(value):
            left.append(LeftOut(f"{key}: {_words(value)}", reason, starts.get(key, span)))
    return FrontMatter(
        body=body,
        lines=span,
        fields=fields,
        title=found["title"],
        deck=found["deck"],
        kind=found["kind"],
        tags=tuple(dict.fromkeys(many["tags"])),
        aliases=tuple(dict.fromkeys(many["aliases"])),
        authors=tuple(dict.fromkeys(many["authors"])),
        dates=tuple(dates.items()),
        left_out=tuple(left),
        warnings=(warning,) if warning else (),
    )


def _take(
    name: str, value: Any, found: dict[str, Any], many: dict[str, list[str]], dates: dict[str, str]
) -> str:
    """Put one field where it belongs; the reason when it is left out, else ``""``."""
    kind = _KINDS.get(value.strip().lower().replace("_", " ")) if isinstance(value, str) else None
    listed = next((slot for slot, names in _LISTED.items() if name in names), None)
    reason = ""
    if name in _TITLE or name in _DECK:
        slot = "title" if name in _TITLE else "deck"
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)  # a title such as 1984, which YAML takes for a number
        if found[slot] is None and isinstance(value, str) and value.strip():
            found[slot] = " ".join(value.split())
        else:
            reason = f"front matter gave a {slot} already, or this is not text"
    elif name in _KIND and kind:
        found["kind"] = found["kind"] or kind
    elif listed:
        many[listed].extend(_names(value, split=listed != "aliases"))
        if unused := "; ".join(_unused(value)):
            reason = f"the site has no field for this; only the names were taken of: {unused}"
    elif name in _DATES and isinstance(value, str) and (date := iso_date(value)):
        dates.setdefault(_DATES[name], date)
    elif _FORBIDDEN.match(name):
        reason = "front matter may not set this; the site decides it"
    else:
        reason = "the site has no field for this key"
    return reason


def _names(value: Any, *, split: bool) -> Iterator[str]:
    if isinstance(value, dict):
        value = _name_of(value) or [entry for entry in value.values() if not isinstance(entry, dict)]
    if isinstance(value, list):
        for entry in value:
            yield from _names(entry, split=False)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        for part in re.split(r"[,;]", str(value)) if split else [str(value)]:
            name = re.sub(r"^\[\[|\]\]$", "", part.strip()).lstrip("#").strip()
            if name:
                yield name[:200]


def _name_of(person: dict[str, Any]) -> str:
    """The name in a mapping: whole, or of its given and family parts; "" when it has none."""
    whole = person.get("name") or person.get("title")
    if isinstance(whole, dict):
        return _name_of(whole)
    parts = [person.get(one) or person.get(other) for one, other in _NAME_PARTS]
    return str(whole) if whole else " ".join(str(part) for part in parts if part)


def _unused(value: Any) -> Iterator[str]:
    """What mappings among names say besides the name."""
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, dict) and _name_of(entry):
            known = {"name", "title", *(key for pair in _NAME_PARTS for key in pair)}
            yield from (
                f"{key}: {_words(told)}" for key, told in entry.items() if key not in known and _words(told)
            )


def iso_date(value: str) -> str | None:
    """ISO 8601 text of a date, None when it is none; a year or a month alone stay as they are."""
    text = value.strip()
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        return text
    try:
        return (
            dt.datetime.fromisoformat(text).isoformat()
            if len(text) > 10
            else dt.date.fromisoformat(text).isoformat()
        )
    except ValueError:
        pass
    for form in ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%d/%m/%Y", "%Y/%m/%d", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date().isoformat()
        except ValueError:
            continue
    return None


def _jsonable(value: Any, depth: int = 0) -> Any:
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dict) and depth < MAX_DEPTH:
        return {str(key): _jsonable(entry, depth + 1) for key, entry in value.items()}
    if isinstance(value, (list, tuple, set)) and depth < MAX_DEPTH:
        return [_jsonable(entry, depth + 1) for entry in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_words(entry)}" for key, entry in value.items())
    if isinstance(value, list):
        return ", ".join(_words(entry) for entry in value)
    return "" if value is None else str(value)


def _key_lines(source: str, span: Lines) -> dict[str, Lines]:
    """The lines each top-level key takes up."""
    starts: list[tuple[str, int]] = []
    offset = 0 if source.startswith("{") else 1
    for number, line in enumerate(source.split("\n")):
        match = re.match(r"[\"'{ ]{0,4}([A-Za-z_][\w .-]{0,60}?)[\"']?[ \t]*[:=]", line)
        if match and (not line.startswith((" ", "\t")) or source.startswith("{")):
            starts.append((match.group(1), span.first + offset + number))
    if not starts:
        return {}
    ends = [start - 1 for _, start in starts[1:]] + [span.last - 1]
    return {key: Lines(start, max(start, end)) for (key, start), end in zip(starts, ends, strict=True)}
