"""Mermaid diagrams that lost their fence: where one begins, and how far it reaches."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mindlab.importer.parsers.lines import Line, bullet

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
_STATEMENT = re.compile(
    r"^(?:participant|actor|activate|deactivate|loop|alt|else|opt|par|and|critical|break|rect|end|autonumber|note"
    r"|Note|title|section|dateFormat|axisFormat|excludes|todayMarker|class|state|direction|commit|branch|checkout"
    r"|merge|x-axis|y-axis|quadrant-[1-4]|bar|line|root|%%|\[\*\]|box|links?|create|destroy)\b"
)
_COLON_FACT = re.compile(r"^[^:]{1,80}\s*:\s*\S")


def is_start(text: str) -> bool:
    """Whether a line opens a diagram, such as ``graph TD``."""
    return bool(_FLOW.match(text) or _OTHER.match(text))


def end_of(lines: Sequence[Line], start: int) -> int:
    """The index after the last line of the diagram that begins at ``start``.

    Blank lines belong to it when it goes on after them.
    """
    belongs = _in_flow if _FLOW.match(lines[start].text) else _in_other
    end = index = start + 1
    while index < len(lines):
        line = lines[index]
        if line.is_blank:
            if index - end > 3:
                break
        elif belongs(line, lines[start]):
            end = index + 1
        else:
            break
        index += 1
    return end


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
    if len(text) > 300 or text.endswith(":") or bullet(text) is not None:
        return False
    return bool(
        _STATEMENT.match(text)
        or re.search(r"-?->>?|--?[>x)]|<\|--|\*--|o--|\.\.>|\|[|o{]|[}{]", text)
        or (_COLON_FACT.match(text) and len(text.split()) <= 14)
    )
