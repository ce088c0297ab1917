"""Draw Mermaid sources as SVG in the site's own colours, with a text equivalent.

`draw` is pure: the same source gives the same bytes. It takes a second or two, so callers store what it
returns under `key(source)` and draw again only when that key changes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from mindlab.figures.engine import Engine, EngineError, EngineStoppedError, EngineTimeoutError
from mindlab.figures.svg import CleanSVG, UnsafeSVGError, clean_svg, with_prefix
from mindlab.figures.text import (
    DECISIONS,
    KINDS,
    TERMINALS,
    Contents,
    Edge,
    Group,
    Node,
    read_model,
    sentences,
)

__all__ = [
    "ENGINE_VERSION",
    "THEME",
    "Contents",
    "DiagramError",
    "DiagramLateError",
    "Drawing",
    "Edge",
    "Group",
    "Node",
    "describe",
    "draw",
    "key",
    "with_prefix",
]

ENGINE_VERSION = version("mermaidx")
# Raised with every change to classes, sizes or text equivalents, so that stored drawings are made anew.
THEME = "2"

MAX_CHARACTERS = 20_000
MAX_NODES = 100
MAX_EDGES = 200
# The width of a column of prose: a flowchart that runs from side to side and is wider is turned.
MAX_SIDEWAYS_WIDTH = 680

_FONT_SIZE = 15
_CONFIG: dict[str, object] = {
    "theme": "base",
    "securityLevel": "strict",
    "htmlLabels": False,
    "deterministicIds": True,
    "fontFamily": "sans-serif",
    "fontSize": _FONT_SIZE,
    "themeVariables": {"fontSize": f"{_FONT_SIZE}px"},
    "maxTextSize": 2 * MAX_CHARACTERS,
    "maxEdges": 10 * MAX_EDGES,
    "flowchart": {
        "htmlLabels": False,
        "wrappingWidth": 126,
        "padding": 9,
        "nodeSpacing": 18,
        "rankSpacing": 36,
        "diagramPadding": 2,
        "subGraphTitleMargin": {"top": 4, "bottom": 10},
    },
    "state": {"nodeSpacing": 32, "rankSpacing": 36},
    "sequence": {
        "actorFontSize": _FONT_SIZE,
        "messageFontSize": _FONT_SIZE,
        "noteFontSize": _FONT_SIZE,
        "height": 44,
        "width": 120,
        "diagramMarginX": 8,
        "mirrorActors": False,
    },
}

_HTML = re.compile(
    r"</?(?:a|abbr|audio|b|base|big|body|button|center|code|div|em|embed|font|form|h[1-6]|head|hr|html|i|"
    r"iframe|img|input|li|link|meta|object|ol|p|pre|s|script|small|span|strong|style|sub|sup|svg|table|td|"
    r"textarea|tr|u|ul|video|foreignObject)\b[^<>]*>?",
    re.IGNORECASE,
)
_INTERACTION = re.compile(
    r"(?:click\s+[\w.-]+\s+\S|links?\s+[\w.-]+\s*:|callback\s+[\w.-]+\s+\")", re.IGNORECASE
)
_MARKDOWN_LINK = re.compile(r"\]\([^)\s]*[./:][^)]*\)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PICTURE = re.compile(r"@\{[^}]*\b(?:img|icon)\s*:", re.IGNORECASE)
_SIDEWAYS = re.compile(r"^(\s*(?:graph|flowchart)\s+)(?:LR|RL)\b", re.MULTILINE | re.IGNORECASE)
_COLOUR = re.compile(r"\s*(?:style|classDef|linkStyle)\s", re.IGNORECASE)

# As Mermaid takes them out before it reads a source, with the empty lines before them.
_COMMENTS = re.compile(r"^\s*%%(?!\{)[^\n]+\n?", re.MULTILINE)
_OWN_WORDS = frozenset({"class", "click", "end", "flowchart", "graph", "style", "subgraph"})

_engine = Engine()


class DiagramError(ValueError):
    """Tells an editor, in a sentence, what is wrong with a source, on which line, and what to do."""


class DiagramLateError(DiagramError):
    """The engine had no time for a source, or stopped: another try may succeed."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A diagram drawn: markup with placeholder ids (see `with_prefix`) and its natural size in CSS pixels.

    `contents` is what it says; `notices` tell the editor what was left out or changed.
    """

    svg: str
    width: float
    height: float
    contents: Contents
    notices: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name a screen reader gives the figure."""
        return self.contents.title

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The boxes, in the order of the source."""
        return self.contents.nodes

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The connections, in the order of the source."""
        return self.contents.edges


def key(source: str) -> str:
    """Return the sha256 (hex) of source, engine and theme: what a drawing is stored by."""
    parts = (_normalised(source), ENGINE_VERSION, THEME)
    return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()


def draw(source: str) -> Drawing:
    """Draw a Mermaid source, or raise `DiagramError` with a sentence for the editor."""
    text = _normalised(source)
    _check(text)
    model: dict[str, Any] = _ask({"source": text, "config": _CONFIG, "model": True}, text)["model"]
    contents = read_model(model)
    _check_model(model, contents, text)
    marks, notices = _marks(model), _notices(text)
    drawn = _render(text, contents.title, marks)
    if drawn.width > MAX_SIDEWAYS_WIDTH and _SIDEWAYS.search(text):
        turned = _render(_SIDEWAYS.sub(r"\1TD", text, count=1), contents.title, marks)
        if turned.width < drawn.width:
            notices += (
                f"Drawn from top to bottom: from side to side it would be {drawn.width:.0f} pixels wide.",
            )
            drawn = turned
    return Drawing(drawn.markup, drawn.width, drawn.height, contents, notices)


def describe(drawing: Drawing) -> tuple[str, ...]:
    """Return the text equivalent, one sentence to an item: starts, every connection, ends."""
    return sentences(drawing.contents)


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
            f"The source has {len(text):,} characters and may have {MAX_CHARACTERS:,}: "
            "divide the diagram in two."
        )
    lines = text.split("\n")
    header = _header(lines)
    for number, line in enumerate(lines[header:], start=header + 1):
        is_comment = line.lstrip().startswith("%%") and "%%{" not in line
        if not is_comment:
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
    html = _HTML.search(line)
    tag = html[0][:40] if html else ""
    faults = (
        ("%%{" in line, "the site sets the look of its diagrams. Remove the “%%{…}%%” directive."),
        (
            _INTERACTION.match(line.strip()) or _MARKDOWN_LINK.search(line),
            "a diagram carries no links or actions. Remove it and put the link in the text.",
        ),
        (_CONTROL.search(line), "it holds a hidden control character. Type the line again."),
        (_PICTURE.search(line), "a diagram carries no pictures or icons. Use a label of words instead."),
        ("javascript:" in line.lower(), "a diagram carries no script. Remove “javascript:”."),
        (html, f"HTML ({tag}) does not work in a label. Use plain words; <br> breaks a line."),
    )
    for found, sentence in faults:
        if found:
            raise DiagramError(f"Line {number}: {sentence}")


def _check_model(model: dict[str, Any], contents: Contents, text: str) -> None:
    if model["kind"] not in KINDS:
        raise DiagramError(
            f"The site does not draw Mermaid's kind “{model['kind']}”. It draws flowcharts, states, "
            "sequence diagrams and pie charts; use one of them, a table or an image."
        )
    if model["links"]:
        raise DiagramError(
            "A diagram carries no links or actions. Remove the “click” lines and put the link in the text."
        )
    nodes, edges = len(contents.nodes), len(contents.edges)
    if nodes > MAX_NODES or edges > MAX_EDGES:
        raise DiagramError(
            f"The diagram has {nodes} boxes and {edges} connections and may have {MAX_NODES} and "
            f"{MAX_EDGES}: divide it in two."
        )
    if not nodes and not contents.lines:
        raise DiagramError("The diagram shows nothing yet: add a line such as “A[Cause] --> B[Effect]”.")


def _render(text: str, title: str, marks: dict[str, str]) -> CleanSVG:
    raw = _ask({"source": text, "config": _CONFIG}, text)["svg"]
    try:
        return clean_svg(str(raw), title=title, marks=marks)
    except UnsafeSVGError as fault:
        raise DiagramError("The drawing of this source cannot be shown: use plainer labels.") from fault


def _ask(request: dict[str, object], text: str) -> dict[str, Any]:
    try:
        return _engine.ask(request)
    except EngineTimeoutError as late:
        raise DiagramLateError(
            "The diagram takes too long to draw: make it smaller, or divide it in two."
        ) from late
    except EngineStoppedError as stopped:
        raise DiagramLateError("The drawing engine stopped: save again in a minute.") from stopped
    except EngineError as fault:
        raise DiagramError(_explain(str(fault), text)) from fault


def _explain(message: str, text: str) -> str:
    """Turn Mermaid's complaint into a sentence that names the line and the usual cause."""
    if "No diagram type detected" in message or "UnknownDiagram" in message:
        return (
            "Line 1: this is no Mermaid diagram. "
            "Begin with its kind, for example “graph TD” or “sequenceDiagram”."
        )
    found = re.search(r"(?:parse|lexical|lexer) error on line (\d+)", message, re.IGNORECASE)
    if found is None:
        reason = (message.splitlines() or ["it gives no reason"])[0][:200]
        return f"Mermaid cannot draw this: {reason}. Simplify the source line by line to find the cause."
    number = _line_of_source(text, int(found[1]))
    line = text.split("\n")[number - 1].strip()[:80]
    return (
        f"Mermaid cannot read the diagram at or just before line {number}, “{line}”. {_cause(message, line)}"
    )


def _line_of_source(text: str, number: int) -> int:
    """Return which line of a source Mermaid means: it counts without the title block and comments."""
    start = sum(len(line) + 1 for line in text.split("\n")[: _header(text.split("\n"))])
    read: list[int] = []
    for comment in _COMMENTS.finditer(text, start):
        read += range(start, comment.start())
        start = comment.end()
    read += range(start, len(text))
    first = next((place for place, at in enumerate(read) if not text[at].isspace()), 0)
    begins = [
        read[place] for place in range(first, len(read)) if place == first or text[read[place - 1]] == "\n"
    ]
    return text.count("\n", 0, begins[min(number, len(begins)) - 1]) + 1 if begins else 1


def _cause(message: str, line: str) -> str:
    """Return what to look for: a word of Mermaid's own that names a box, else what is not closed."""
    token = re.search(r"got '(\w+)'", message)
    word = token[1].lower() if token else ""
    if word == "end" and line == "end":
        return "This “end” closes nothing: remove it, or look for a frame that was not opened."
    if word in _OWN_WORDS and re.search(rf"(?<!\w){word}(?!\w)", line):
        return (
            f"“{word}” is a word of Mermaid's own and names no box: write “{word.capitalize()}”, or name the"
            f' box otherwise and put the word in its label: x["{word}"].'
        )
    return (
        "Look for a bracket or quotation mark that is not closed, and put a label that holds brackets in "
        'quotation marks: A["Insula (anterior)"].'
    )


def _notices(text: str) -> tuple[str, ...]:
    found = [str(number) for number, line in enumerate(text.split("\n"), start=1) if _COLOUR.match(line)]
    if not found:
        return ()
    return (f"Colours of the source (line {', '.join(found)}) are left out: the site has its own.",)


def _marks(model: dict[str, Any]) -> dict[str, str]:
    """Map the engine's ids to classes that only the model can tell."""
    marks = {}
    for node in model["nodes"]:
        if node["shape"] in DECISIONS:
            marks[f"my-svg-{node['domId']}"] = "diagram-decision"
        elif node["shape"] in TERMINALS:
            marks[f"my-svg-{node['domId']}"] = "diagram-terminal"
    return marks
