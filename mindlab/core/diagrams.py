"""Draw Mermaid sources as SVG in the site's own colours, with a text equivalent.

`draw` is pure: the same source gives the same bytes. It takes a second or two, so callers store what it
returns under `key(source)` and draw again only when that key changes.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from mindlab.core.diagram_engine import Engine, EngineError, EngineTimeout
from mindlab.core.svg import clean_svg, texts, with_prefix

__all__ = [
    "ENGINE_VERSION",
    "THEME",
    "DiagramError",
    "Drawing",
    "Edge",
    "Node",
    "describe",
    "draw",
    "key",
    "with_prefix",
]

ENGINE_VERSION = version("mermaidx")
# Raise it with every change to the drawing's classes, sizes or text equivalent: stored drawings are then redone.
THEME = "1"

MAX_CHARACTERS = 20_000
MAX_NODES = 100
MAX_EDGES = 200
# The width of a column of prose: a flowchart that runs from side to side and is wider is turned.
MAX_SIDEWAYS_WIDTH = 680

FONT_SIZE = 15
_CONFIG: dict[str, object] = {
    "theme": "base",
    "securityLevel": "strict",
    "htmlLabels": False,
    "deterministicIds": True,
    "fontFamily": "sans-serif",
    "fontSize": FONT_SIZE,
    "themeVariables": {"fontSize": f"{FONT_SIZE}px"},
    "maxTextSize": MAX_CHARACTERS,
    "maxEdges": MAX_EDGES,
    "flowchart": {
        "htmlLabels": False,
        "wrappingWidth": 130,
        "padding": 12,
        "nodeSpacing": 28,
        "rankSpacing": 36,
        "diagramPadding": 4,
    },
    "state": {"nodeSpacing": 32, "rankSpacing": 36},
    "sequence": {
        "actorFontSize": FONT_SIZE,
        "messageFontSize": FONT_SIZE,
        "noteFontSize": FONT_SIZE,
        "height": 44,
        "width": 120,
        "diagramMarginX": 8,
        "mirrorActors": False,
    },
}

_KINDS = {
    "flowchart": "Flow diagram",
    "flowchart-v2": "Flow diagram",
    "stateDiagram": "State diagram",
    "state": "State diagram",
    "sequence": "Sequence diagram",
    "pie": "Pie chart",
}
_DECISIONS = frozenset({"diamond", "question", "diam", "decision"})
_TERMINALS = {"stateStart": "Start", "stateEnd": "End"}

_HTML = re.compile(
    r"(?<!<)</?(?!br\s*/?>)(?:a|abbr|audio|b|base|big|body|button|center|code|div|em|embed|font|form|h[1-6]|head|hr|"
    r"html|i|iframe|img|input|li|link|meta|object|ol|p|pre|s|script|small|span|strong|style|sub|sup|svg|table|td|"
    r"textarea|tr|u|ul|video)\b[^<>]*>?",
    re.IGNORECASE,
)
_INTERACTION = re.compile(
    r"(?:click\s+[\w.-]+\s+\S|(?:link|links)\s+[\w.-]+\s*:|callback\s+[\w.-]+\s+\")", re.I
)
_PICTURE = re.compile(r"@\{[^}]*\b(?:img|icon)\s*:", re.IGNORECASE)
_SIDEWAYS = re.compile(r"^(\s*(?:graph|flowchart)\s+)(?:LR|RL)\b", re.MULTILINE | re.IGNORECASE)
_COLOUR = re.compile(r"\s*(?:style|classDef|linkStyle)\s", re.IGNORECASE)

_engine = Engine()


class DiagramError(ValueError):
    """Tells an editor, in a sentence, what is wrong with a source, on which line, and what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    """One box of a diagram: its id in the source and its words."""

    id: str
    label: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """One connection between two nodes by their ids; `arrow` is "to", "both", "cross" or "" for a plain line."""

    source: str
    target: str
    label: str = ""
    arrow: str = "to"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A diagram drawn: markup with placeholder ids (see `with_prefix`), natural size in CSS pixels, contents.

    `lines` is the text equivalent of kinds that are no graph; `groups` are the frames of a flowchart as pairs
    of title and labels; `notices` tell the editor what was left out or changed.
    """

    svg: str
    width: float
    height: float
    kind: str
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    description: str = ""
    lines: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def key(source: str) -> str:
    """Return the sha256 (hex) of the source, the engine's version and the theme: what a drawing is stored by."""
    parts = (_normalised(source), ENGINE_VERSION, THEME)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def draw(source: str) -> Drawing:
    """Draw a Mermaid source, or raise `DiagramError` with a sentence for the editor."""
    text = _normalised(source)
    _check(text)
    model = _read(text)
    _check_model(model, text)
    notices = _notices(text)
    marks = _marks(model)
    title = _title(model)
    drawn = clean_svg(_render(text), title=title, marks=marks)
    if drawn.width > MAX_SIDEWAYS_WIDTH and _SIDEWAYS.search(text):
        turned = clean_svg(_render(_SIDEWAYS.sub(r"\1TD", text, count=1)), title=title, marks=marks)
        if turned.width < drawn.width:
            notices += (
                f"It is drawn from top to bottom: from side to side it would be {drawn.width:.0f} wide.",
            )
            drawn = turned
    nodes, edges = _contents(model)
    return Drawing(
        svg=drawn.markup,
        width=drawn.width,
        height=drawn.height,
        kind=model["kind"].removesuffix("-v2"),
        title=title,
        nodes=nodes,
        edges=edges,
        groups=_groups(model),
        description=_words(model["accessibleDescription"]),
        lines=_lines(model, drawn.markup),
        notices=notices,
    )


def describe(drawing: Drawing) -> tuple[str, ...]:
    """Say in sentences all that a drawing shows: where it starts, every connection with its words, where it ends."""
    opening = (drawing.description,) if drawing.description else ()
    if drawing.lines:
        return opening + drawing.lines
    names = {node.id: node.label for node in drawing.nodes} | {title: title for title, _ in drawing.groups}
    leaving: dict[str, list[Edge]] = {}
    for edge in drawing.edges:
        leaving.setdefault(edge.source, []).append(edge)
    entered = {edge.target for edge in drawing.edges if edge.target != edge.source}
    starts = [node.label for node in drawing.nodes if node.id in leaving and node.id not in entered]
    ends = [node.label for node in drawing.nodes if node.id in entered and node.id not in leaving]
    alone = [node.label for node in drawing.nodes if node.id not in entered and node.id not in leaving]
    decisions = {node.id for node in drawing.nodes if node.shape in _DECISIONS}
    sentences = [f"{title} holds {_list(labels)}." for title, labels in drawing.groups if labels]
    if starts and not _named(starts, ["Start"]):
        sentences.append(f"It starts at {_list(starts)}.")
    for origin in dict.fromkeys([*(node.id for node in drawing.nodes), *leaving]):
        if origin in leaving:
            sentences += _connections(names, origin, leaving[origin], decisions)
    if ends and not _named(ends, ["End"]):
        sentences.append(f"It ends at {_list(ends)}.")
    if alone:
        sentences.append(f"Without a connection: {_list(alone)}.")
    return opening + tuple(sentences)


def _named(labels: list[str], only: list[str]) -> bool:
    return labels == only


def _connections(names: Mapping[str, str], origin: str, edges: list[Edge], decisions: set[str]) -> list[str]:
    name = names.get(origin, origin)
    if origin in decisions and all(edge.label and edge.arrow == "to" for edge in edges):
        answers = "; ".join(f"if {edge.label}, {names.get(edge.target, edge.target)}" for edge in edges)
        return [f"{name}: {answers}."]
    sentences = []
    plain = [edge for edge in edges if edge.arrow in ("to", "cross")]
    if plain:
        sentences.append(f"{name} leads to {_list([_target(names, edge) for edge in plain])}.")
    both = [edge for edge in edges if edge.arrow == "both"]
    if both:
        sentences.append(f"{name} leads, both ways, to {_list([_target(names, edge) for edge in both])}.")
    joined = [edge for edge in edges if edge.arrow == ""]
    if joined:
        sentences.append(f"{name} is joined to {_list([_target(names, edge) for edge in joined])}.")
    return sentences


def _target(names: Mapping[str, str], edge: Edge) -> str:
    notes = ([edge.label] if edge.label else []) + (["crossed arrow"] if edge.arrow == "cross" else [])
    name = names.get(edge.target, edge.target)
    return f"{name} ({', '.join(notes)})" if notes else name


def _list(items: Iterable[str]) -> str:
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last


def _normalised(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip() + "\n"


def _check(text: str) -> None:
    """Refuse what the site does not draw, before the engine sees it, naming the line."""
    if not text.strip():
        raise DiagramError(
            "The diagram is empty: write a Mermaid source, for example “graph TD”, then “A --> B”."
        )
    if len(text) > MAX_CHARACTERS:
        raise DiagramError(
            f"The source has {len(text):,} characters and may have {MAX_CHARACTERS:,}: divide the diagram in two."
        )
    lines = text.split("\n")
    header = _header(lines)
    for number, line in enumerate(lines, start=1):
        if number <= header or (line.lstrip().startswith("%%") and not line.lstrip().startswith("%%{")):
            continue
        _check_line(number, line)


def _header(lines: list[str]) -> int:
    """Return the number of lines of a leading “---” block, in which only a title may stand."""
    if lines[0].strip() != "---":
        return 0
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == "---":
            return number
        if line.strip() and not line.startswith("title:"):
            raise DiagramError(
                f"Line {number}: the site sets the look of its diagrams. Only “title:” may stand between the "
                "“---” lines; remove the rest."
            )
    raise DiagramError("Line 1: the “---” block is not closed. Close it with a line “---” or remove it.")


def _check_line(number: int, line: str) -> None:
    if "%%{" in line:
        raise DiagramError(
            f"Line {number}: the site sets the look of its diagrams. Remove the “%%{{…}}%%” directive."
        )
    if _INTERACTION.match(line.strip()):
        raise DiagramError(
            f"Line {number}: a diagram carries no links or actions. Remove this line and put the link in the text."
        )
    if _PICTURE.search(line):
        raise DiagramError(
            f"Line {number}: a diagram carries no pictures or icons. Use a label of words instead."
        )
    if "javascript:" in line.lower():
        raise DiagramError(f"Line {number}: a diagram carries no script. Remove “javascript:”.")
    tag = _HTML.search(line)
    if tag:
        raise DiagramError(
            f"Line {number}: HTML ({tag[0][:40]}) does not work in a label. Use plain words; <br> breaks a line."
        )


def _read(text: str) -> dict[str, Any]:
    answer = _ask({"source": text, "config": _CONFIG, "model": True}, text)
    model: dict[str, Any] = answer["model"]
    return model


def _render(text: str) -> str:
    return str(_ask({"source": text, "config": _CONFIG}, text)["svg"])


def _ask(request: dict[str, object], text: str) -> dict[str, Any]:
    try:
        return _engine.ask(request)
    except EngineTimeout as late:
        raise DiagramError(
            "The diagram takes too long to draw: make it smaller, or divide it in two."
        ) from late
    except EngineError as fault:
        raise DiagramError(_explain(str(fault), text)) from fault


def _explain(message: str, text: str) -> str:
    """Turn Mermaid's complaint into a sentence that names the line and the usual cause."""
    if "No diagram type detected" in message or "UnknownDiagram" in message:
        return "Line 1: this is no Mermaid diagram. Begin with its kind, for example “graph TD” or “sequenceDiagram”."
    lines = text.rstrip("\n").split("\n")
    found = re.search(r"(?:[Pp]arse|[Ll]exical) error on line (\d+)", message) or re.search(
        r"line:? (\d+)", message
    )
    if found is None:
        return f"Mermaid cannot read the diagram: {message.splitlines()[0][:200] if message else 'no reason given'}."
    number = max(1, min(int(found[1]), len(lines)))
    return (
        f"Mermaid cannot read the diagram at or just before line {number}, “{lines[number - 1].strip()[:80]}”. "
        "Look for a bracket or quotation mark that is not closed, and put a label that holds brackets in "
        'quotation marks: A["Insula (anterior)"].'
    )


def _check_model(model: dict[str, Any], text: str) -> None:
    if model["kind"] not in _KINDS:
        raise DiagramError(
            f"The site does not draw Mermaid's “{text.split(maxsplit=1)[0]}”. It draws flowcharts, state diagrams, "
            "sequence diagrams and pie charts; or use a table or an image."
        )
    if model["links"]:
        raise DiagramError(
            "A diagram carries no links or actions. Remove the “click” lines and link in the text."
        )
    if model["pictures"]:
        raise DiagramError("A diagram carries no pictures or icons. Use a label of words instead.")
    nodes, edges = _contents(model)
    if len(nodes) > MAX_NODES or len(edges) > MAX_EDGES:
        raise DiagramError(
            f"The diagram has {len(nodes)} boxes and {len(edges)} connections and may have {MAX_NODES} and "
            f"{MAX_EDGES}: nobody reads a larger one. Divide it in two."
        )


def _notices(text: str) -> tuple[str, ...]:
    found = [str(number) for number, line in enumerate(text.split("\n"), start=1) if _COLOUR.match(line)]
    if not found:
        return ()
    return (
        f"Colours of the source (line {', '.join(found)}) are left out: the site colours its diagrams itself.",
    )


def _marks(model: dict[str, Any]) -> dict[str, str]:
    marks = {}
    for node in model["nodes"]:
        if node["shape"] in _DECISIONS:
            marks[f"my-svg-{node['domId']}"] = "diagram-decision"
        elif node["shape"] in _TERMINALS:
            marks[f"my-svg-{node['domId']}"] = "diagram-terminal"
    return marks


def _contents(model: dict[str, Any]) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    if model["kind"] == "sequence":
        nodes = tuple(Node(actor["id"], _words(actor["label"])) for actor in model["actors"])
        edges = tuple(
            Edge(message["source"], message["target"], _words(message["text"]))
            for message in model["messages"]
            if message["type"] in _MESSAGES
        )
        return nodes, edges
    nodes = tuple(
        Node(node["id"], _TERMINALS.get(node["shape"], _words(node["label"])), node["shape"])
        for node in model["nodes"]
        if not node["group"]
    )
    titles = {node["id"]: _words(node["label"]) for node in model["nodes"] if node["group"]}
    edges = tuple(
        Edge(
            titles.get(edge["source"], edge["source"]),
            titles.get(edge["target"], edge["target"]),
            _words(edge["label"]),
            _arrow(edge),
        )
        for edge in model["edges"]
    )
    return nodes, edges


def _arrow(edge: dict[str, Any]) -> str:
    none = ("", "none", "arrow_open")
    if edge["head"] in none:
        return ""
    if edge["tail"] not in none:
        return "both"
    return "cross" if edge["head"] == "arrow_cross" else "to"


def _groups(model: dict[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    inside: dict[str, list[str]] = {}
    for node in model["nodes"]:
        if node["parent"] and node["shape"] not in _TERMINALS:
            inside.setdefault(node["parent"], []).append(_words(node["label"]))
    return tuple(
        (_words(node["label"]), tuple(inside.get(node["id"], []))) for node in model["nodes"] if node["group"]
    )


def _title(model: dict[str, Any]) -> str:
    given = _words(model["accessibleTitle"]) or _words(model["title"])
    if given:
        return given
    nodes, edges = _contents(model)
    name = _KINDS[model["kind"]]
    if model["kind"] == "pie":
        return f"{name} of {_list([str(share['label']) for share in model['shares']])}"
    if model["kind"] == "sequence":
        return f"{name} between {_list([node.label for node in nodes])}"
    return f"{name} with {len(nodes)} steps and {len(edges)} connections"


# The numbers are Mermaid's own LINETYPE of sequence diagrams (sequenceDb).
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
}


def _lines(model: dict[str, Any], svg: str) -> tuple[str, ...]:
    """Return the text equivalent of a kind that is no graph: its messages, its shares, or else its labels."""
    if model["kind"] == "pie":
        total = sum(share["value"] for share in model["shares"]) or 1
        return tuple(
            f"{_words(str(share['label']))}: {share['value']:g} ({share['value'] / total:.0%})."
            for share in model["shares"]
        )
    if model["kind"] == "sequence":
        names = {actor["id"]: _words(actor["label"]) for actor in model["actors"]}
        found = []
        for message in model["messages"]:
            words = _words(message["text"])
            if message["type"] in _MESSAGES:
                between = f"{names[message['source']]} to {names[message['target']]}"
                found.append(f"{between}: {words}." if words else f"{between}.")
            elif message["type"] in _FRAMES:
                found.append(_FRAMES[message["type"]].format(words).replace(", :", ":").replace(" :", ":"))
        return tuple(found)
    return () if model["edges"] or model["nodes"] else tuple(texts(svg))


def _words(label: str) -> str:
    """Return a label as plain words: Mermaid's hidden entity codes resolved, line breaks and emphasis dropped."""
    text = label.replace("ﬂ°°", "&#").replace("ﬂ°", "&").replace("¶ß", ";")
    text = re.sub(r"<br\s*/?>|\\n", " ", text, flags=re.IGNORECASE)
    text = re.sub(r"(\*\*|__)(.+?)\1", r"\2", html.unescape(text))
    return " ".join(text.replace("`", "").split())
