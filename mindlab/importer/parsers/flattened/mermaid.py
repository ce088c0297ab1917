"""Mermaid diagrams that lost their fence: where one begins, and how far it reaches."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mindlab.importer.parsers.flattened.lines import Line, bullet

_FLOW = re.compile(r"^(?:graph|flowchart)(?:-elk)?\s+(?:TD|TB|BT|RL|LR)\s*;?$")
_OTHER = re.compile(
    r"^(?:sequenceDiagram|classDiagram(?:-v2)?|stateDiagram(?:-v2)?|erDiagram|gantt|journey|mindmap|timeline"
    r"|gitGraph:?|quadrantChart|pie(?:\s+showData)?(?:\s+title\s.*)?|requirementDiagram|sankey-beta"
    r"|xychart-beta|block-beta|C4Context)\s*$"
)
_ARROW = re.compile(r"(?:<|[ox])?(?:--|==|-\.)[->ox=.]|~~~|-->|\.->|==>")
_NODE = re.compile(r"^[\w.-]+(?:@\{|\[|\(|\{|>)[^\n]*[\])}](?::::\w+)?\s*;?$")
_WORDS = re.compile(
    r"^(?:subgraph\b.*|end;?|style\s+\S+\s+\S.*|classDef\s+\S+\s+\S.*|class\s+\S+\s+\S+;?|linkStyle\s+\S.*"
    r"|click\s+\S+\s+\S.*|direction\s+(?:TD|TB|BT|RL|LR)|%%.*|accTitle\s*:.*|accDescr\s*:.*"
    r"|\w{1,2};?|[\w-]+(?:\s*&\s*[\w-]+)+;?)$"
)
_CERTAIN = re.compile(
    r"^(?:subgraph\s.*|end;?|style\s+\S+\s+\S+:\S.*|classDef\s.*|linkStyle\s.*|click\s+\S+\s+\S.*|%%.*|participant\s.*"
    r"|section\s\S.*|title\s\S.*)$|^[\w.-]+(?:\[|\(\(|\{)[^\n]*[\])}];?$"
)
_STATEMENT = re.compile(
    r"^(?:participant|actor|activate|deactivate|loop|alt|else|opt|par|and|critical|break|rect|end|autonumber|note"
    r"|Note|title|section|dateFormat|axisFormat|excludes|todayMarker|class|state|direction|commit|branch|checkout"
    r"|merge|x-axis|y-axis|quadrant-[1-4]|bar|line|root|box|links?|create|destroy|accTitle|accDescr)\b|^(?:%%|\[\*\]|[}{]$)"
)
_EDGE = re.compile(r"-?->>?|--?[>x)]|<\|--|\*--|o--|\.\.>|\|[|o{]|[}{]|<<\w+>>")
_FACTS = {
    "pie": re.compile(r'^"[^"\n]*"\s*:\s*[\d.]+$'),
    "gantt": re.compile(r"^[^:]{1,80}:\s*(?:done|active|crit|milestone|after\b|\w+\s*,|\d)"),
    "journey": re.compile(r"^[^:]{1,80}:\s*\d\s*(?::|$)"),
    "timeline": re.compile(r"^[^:]{0,60}\s:\s+\S"),
    "stateDiagram": re.compile(r"^\w+\s*:\s*\S"),
    "classDiagram": re.compile(r"^(?:\w+\s*:\s*\S|[+#~-]\s?\w)"),
    "erDiagram": re.compile(r"^\w+\s+\w+(?:\s+[PF]K)?$"),
    "quadrantChart": re.compile(r"^[^:]{1,60}:\s*\["),
    "sankey-beta": re.compile(r"^[^,]+,[^,]+,\s*[\d.]+$"),
}
"""What the lines of a kind of diagram look like, beyond keywords and edges."""


def is_start(text: str) -> bool:
    """Whether a line opens a diagram, such as ``graph TD``."""
    return bool(_FLOW.match(text) or _OTHER.match(text))


def end_of(lines: Sequence[Line], start: int) -> int:
    """The index after the last line of the diagram that begins at ``start``.

    Blank lines belong to it when it goes on after them; after a gap a mere word or two is no part of it.
    """
    belongs = _in_flow if _FLOW.match(lines[start].text) else _in_other
    end = index = start + 1
    while index < len(lines):
        line = lines[index]
        if line.is_blank:
            if index - end > 3:
                break
        elif belongs(line, lines[start]) and (index == end or _is_certain(line.text)):
            end = index + 1
        else:
            break
        index += 1
    return end


def _is_certain(text: str) -> bool:
    """Whether a line can be nothing but part of a diagram, wherever it stands."""
    return bool(_ARROW.search(text) or _EDGE.search(text) or _CERTAIN.match(text))


def _in_flow(line: Line, start: Line) -> bool:
    text = line.text
    if len(text) > 2000 or (text.endswith(":") and not _ARROW.search(text)):
        return False
    if bullet(text) is not None and not _ARROW.search(text):
        return False
    return bool(_ARROW.search(text) or _NODE.match(text) or _WORDS.match(text))


def _in_other(line: Line, start: Line) -> bool:
    text = line.text
    if line.indent > start.indent:
        return True
    kind = start.text.split()[0].split("-v")[0]
    fact = _FACTS.get(kind)
    if fact is not None and fact.match(text):
        return True
    if len(text) > 300 or text.endswith(":") or (bullet(text) is not None and not _EDGE.search(text)):
        return False
    return bool(_statement(text) or _EDGE.search(text))


def _statement(text: str) -> bool:
    """A line that opens with a keyword and is no sentence."""
    return bool(_STATEMENT.match(text)) and not (text.endswith(".") and len(text) > 60)
