"""A diagram as data and as sentences, from Mermaid's own model of its source (`engine`)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

KINDS = {
    "flowchart": "Flow diagram",
    "flowchart-v2": "Flow diagram",
    "stateDiagram": "State diagram",
    "state": "State diagram",
    "sequence": "Sequence diagram",
    "pie": "Pie chart",
}
DECISIONS = frozenset({"diamond", "question", "diam", "decision"})
TERMINALS = {"stateStart": "Start", "stateEnd": "End"}

# The numbers are LINETYPE in Mermaid's sequenceDb.
_MESSAGES = frozenset({0, 1, 3, 4, 5, 6, 24, 25, 33, 34})
_FRAMES = {
    2: "Note: {}.",
    10: "Repeated, {}:",
    11: "The repetition ends.",
    12: "If {}:",
    13: "Otherwise, {}:",
    14: "The alternatives end.",
    15: "Optionally, {}:",
    16: "The option ends.",
    19: "At the same time, {}:",
    20: "and {}:",
    21: "What runs at the same time ends.",
    27: "Critical, {}:",
    28: "or {}:",
    29: "The critical part ends.",
    30: "Broken off, {}:",
    31: "The break ends.",
    32: "At the same time, {}:",
}
_NO_HEAD = frozenset({"", "none", "arrow_open"})


_FRONT_MATTER = re.compile(r"\A\s*---\n.*?\n---[^\S\n]*(?:\n|\Z)", re.DOTALL)


def is_empty(source: str) -> bool:
    """Return whether a Mermaid source says at most which kind of diagram it is; nothing is drawn."""
    lines = re.split(r"[\n;]", _FRONT_MATTER.sub("", source.replace("\r\n", "\n")))
    return sum(bool(line.strip()) and not line.lstrip().startswith("%%") for line in lines) < 2


@dataclass(frozen=True, slots=True)
class Node:
    """One box of a diagram: its id in the source, its words, and Mermaid's name of its shape."""

    id: str
    label: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """One connection by the ids of its ends; `arrow` is "to", "both", "cross", or "" for a plain line."""

    source: str
    target: str
    label: str = ""
    arrow: str = "to"


@dataclass(frozen=True, slots=True)
class Group:
    """A frame around nodes: its id, which edges may name, its title, and the labels it holds."""

    id: str
    title: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a diagram says; `lines` is the text equivalent of kinds that are no graph."""

    kind: str
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...] = ()
    description: str = ""
    lines: tuple[str, ...] = ()


def read_model(model: dict[str, Any]) -> Contents:
    """Turn the engine's model of a source into typed contents, its labels into plain words."""
    kind = model["kind"]
    nodes, edges = _sequence(model) if kind == "sequence" else _graph(model)
    groups = _groups(model)
    return Contents(
        kind=kind.removesuffix("-v2"),
        title=_title(model, nodes, edges),
        nodes=nodes,
        edges=edges,
        groups=groups,
        description=_words(model["accessibleDescription"]),
        lines=_lines(model),
    )


def sentences(contents: Contents) -> tuple[str, ...]:
    """Say all that a diagram shows: where it starts, every connection with its words, where it ends."""
    opening = (contents.description,) if contents.description else ()
    if contents.lines:
        return opening + contents.lines
    names = {node.id: node.label for node in contents.nodes}
    names |= {group.id: group.title for group in contents.groups}
    leaving: dict[str, list[Edge]] = {}
    for edge in contents.edges:
        leaving.setdefault(edge.source, []).append(edge)
    decisions = {node.id for node in contents.nodes if node.shape in DECISIONS}
    found = [f"{group.title} holds {_list(group.labels)}." for group in contents.groups if group.labels]
    starts, ends, alone = _extremes(contents, leaving)
    if starts:
        found.append(f"It starts at {_list(starts)}.")
    for origin in dict.fromkeys([*(node.id for node in contents.nodes), *leaving]):
        if origin in leaving:
            found += _connections(names, origin, leaving[origin], decisions)
    if ends:
        found.append(f"It ends at {_list(ends)}.")
    if alone:
        found.append(f"Without a connection: {_list(alone)}.")
    return opening + tuple(found)


def _extremes(contents: Contents, leaving: Mapping[str, object]) -> tuple[list[str], list[str], list[str]]:
    """Return the labels that nothing leads to, that lead nowhere, and that do neither.

    A state diagram draws its starts and ends as nodes, so that their own sentences say it.
    """
    entered = {edge.target for edge in contents.edges if edge.target != edge.source}
    directed = any(edge.arrow for edge in contents.edges)
    alone = [node.label for node in contents.nodes if node.id not in entered and node.id not in leaving]
    if not directed or any(node.shape in TERMINALS for node in contents.nodes):
        return [], [], alone
    starts = [node.label for node in contents.nodes if node.id in leaving and node.id not in entered]
    ends = [node.label for node in contents.nodes if node.id in entered and node.id not in leaving]
    return starts, ends, alone


def _connections(names: Mapping[str, str], origin: str, edges: list[Edge], decisions: set[str]) -> list[str]:
    name = names.get(origin, origin)
    if origin in decisions and all(edge.label and edge.arrow == "to" for edge in edges):
        answers = "; ".join(f"if {edge.label}, {names.get(edge.target, edge.target)}" for edge in edges)
        return [f"{name}: {answers}."]
    verbs = ((("to", "cross"), "leads to"), (("both",), "leads, both ways, to"), (("",), "is joined to"))
    found = []
    for arrows, verb in verbs:
        targets = [_target(names, edge) for edge in edges if edge.arrow in arrows]
        if targets:
            found.append(f"{name} {verb} {_list(targets)}.")
    return found


def _target(names: Mapping[str, str], edge: Edge) -> str:
    notes = ([edge.label] if edge.label else []) + (["crossed arrow"] if edge.arrow == "cross" else [])
    name = names.get(edge.target, edge.target)
    return f"{name} ({', '.join(notes)})" if notes else name


def _list(items: Iterable[str]) -> str:
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last


def _sequence(model: dict[str, Any]) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    nodes = tuple(Node(actor["id"], _words(actor["label"])) for actor in model["actors"])
    edges = tuple(
        Edge(message["source"], message["target"], _words(message["text"]))
        for message in model["messages"]
        if message["type"] in _MESSAGES
    )
    return nodes, edges


def _graph(model: dict[str, Any]) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    frames = {node["id"]: _label(node) for node in model["nodes"] if node["group"]}
    nodes = []
    for node in model["nodes"]:
        if node["group"]:
            continue
        label = _label(node)
        if node["shape"] in TERMINALS:
            within = frames.get(node["parent"])
            label = TERMINALS[node["shape"]] + (f" of {within}" if within else "")
        nodes.append(Node(node["id"], label, node["shape"]))
    edges = [Edge(edge["source"], edge["target"], _label(edge), _arrow(edge)) for edge in model["edges"]]
    return tuple(nodes), tuple(edges)


def _groups(model: dict[str, Any]) -> tuple[Group, ...]:
    inside: dict[str, list[str]] = {}
    for node in model["nodes"]:
        if node["parent"] and node["shape"] not in TERMINALS:
            inside.setdefault(node["parent"], []).append(_label(node))
    return tuple(
        Group(node["id"], _label(node), tuple(inside.get(node["id"], [])))
        for node in model["nodes"]
        if node["group"]
    )


def _arrow(edge: dict[str, Any]) -> str:
    if edge["head"] in _NO_HEAD:
        return ""
    if edge["tail"] not in _NO_HEAD:
        return "both"
    return "cross" if edge["head"] == "arrow_cross" else "to"


def _title(model: dict[str, Any], nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> str:
    given = _words(model["accessibleTitle"]) or _words(model["title"])
    if given:
        return given
    name = KINDS.get(model["kind"], "Diagram")
    if model["shares"]:
        return f"{name} of {_list(_words(str(share['label'])) for share in model['shares'])}"
    if model["kind"] == "sequence" and nodes:
        return f"{name} between {_list(node.label for node in nodes)}"
    return f"{name} with {_count(len(nodes), 'step')} and {_count(len(edges), 'connection')}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _lines(model: dict[str, Any]) -> tuple[str, ...]:
    """Return a pie's shares or a sequence's messages and frames, a sentence each."""
    total = sum(share["value"] for share in model["shares"]) or 1
    shares = [
        f"{_words(str(share['label']))}: {share['value']:g} ({_per_cent(share['value'], total)})."
        for share in model["shares"]
    ]
    names = {actor["id"]: _words(actor["label"]) for actor in model["actors"]}
    messages = []
    for message in model["messages"]:
        words = _words(message["text"])
        if message["type"] in _MESSAGES:
            between = f"{names[message['source']]} to {names[message['target']]}"
            messages.append(f"{between}: {words}." if words else f"{between}.")
        elif message["type"] in _FRAMES:
            sentence = _FRAMES[message["type"]].format(words)
            messages.append(sentence.replace(", :", ":").replace(" :", ":"))
    return (*shares, *messages)


def _per_cent(value: float, total: float) -> str:
    """Return a share as the drawing rounds it, halves up; below one in a hundred it draws no slice."""
    share = value / total * 100
    if 0 < share < 1:
        return "less than 1%"
    return f"{Decimal(share).quantize(Decimal(1), ROUND_HALF_UP)}%"


def _label(item: dict[str, Any]) -> str:
    words = _words(item["label"])
    if not item["markdown"]:
        return words
    return re.sub(r"(?<!\w)(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", words).replace("`", "")


def _words(label: str) -> str:
    """Return a label as plain words: Mermaid's stand-ins for entity codes resolved, line breaks spaces."""
    text = label.replace("ﬂ°°", "&#").replace("ﬂ°", "&").replace("¶ß", ";")
    text = re.sub(r"<br\s*/?>|\\n", " ", text, flags=re.IGNORECASE)
    return " ".join(html.unescape(text).split())
