"""Rebuild a drawing engine's SVG as one the site can trust: known elements and attributes, our own classes.

Nothing is copied that is not listed here, so script, links, style and references to elsewhere have no way in.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
PLACEHOLDER = "figure"

_DRAWN = frozenset({"g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
_TEXT = frozenset({"text", "tspan"})
_ELEMENTS = _DRAWN | _TEXT | {"svg", "defs", "marker"}
_GEOMETRY = (
    "x",
    "y",
    "dx",
    "dy",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "width",
    "height",
    "d",
)
_PLACING = ("points", "transform", "viewBox", "text-anchor", "dominant-baseline")
_MARKER = ("refX", "refY", "markerWidth", "markerHeight", "markerUnits", "orient")
_ATTRIBUTES = frozenset((*_GEOMETRY, *_PLACING, *_MARKER))
_REFERENCES = ("marker-start", "marker-end")
_LOCAL_URL = re.compile(r"url\([\"']?#([^\"')]+)[\"']?\)")
_VALUE = re.compile(r"[\w\s.,()%+-]*", re.ASCII)
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_PREFIX = re.compile(r"[A-Za-z][\w-]*", re.ASCII)

# The engine's class -> ours. What the engine says about look (theme, thickness in words) stays behind.
_CLASSES = {
    "node": "diagram-node",
    "label": "diagram-label",
    "cluster": "diagram-cluster",
    "statediagram-cluster": "diagram-cluster",
    "cluster-label": "diagram-cluster-label",
    "edgeLabel": "diagram-edge-label",
    "background": "diagram-ground",
    "flowchart-link": "diagram-edge",
    "transition": "diagram-edge",
    "edge-pattern-dotted": "diagram-dotted",
    "edge-pattern-dashed": "diagram-dotted",
    "edge-thickness-thick": "diagram-thick",
    "edge-thickness-invisible": "diagram-hidden",
    "marker": "diagram-arrow",
    "cross": "diagram-cross",
    "state-start": "diagram-start",
    "flowchartTitleText": "diagram-title",
    "statediagramTitleText": "diagram-title",
    "pieTitleText": "diagram-title",
    "titleText": "diagram-title",
    "pieCircle": "diagram-slice",
    "pieOuterCircle": "diagram-outline",
    "slice": "diagram-slice-label",
    "legend": "diagram-legend",
    "actor": "diagram-actor",
    "actor-man": "diagram-actor",
    "actor-line": "diagram-lifeline",
    "messageText": "diagram-message",
    "messageLine0": "diagram-edge",
    "messageLine1": "diagram-edge diagram-dotted",
    "note": "diagram-note",
    "noteText": "diagram-message",
    "statediagram-note": "diagram-note",
    "loopLine": "diagram-frame",
    "labelBox": "diagram-frame",
    "labelText": "diagram-frame-label",
    "loopText": "diagram-frame-label",
    "sectionTitle": "diagram-frame-label",
    "activation0": "diagram-activation",
    "activation1": "diagram-activation",
    "activation2": "diagram-activation",
}


@dataclass(frozen=True, slots=True)
class CleanSVG:
    """An SVG that passed the allow-list, with its natural size in CSS pixels."""

    markup: str
    width: float
    height: float


class UnsafeSVGError(ValueError):
    """Raised when the engine's output cannot be read as one SVG drawing."""


def clean_svg(raw: str, *, title: str, marks: Mapping[str, str]) -> CleanSVG:
    """Rebuild `raw` without style, script, links and foreign ids.

    `marks` gives further classes of ours for elements by the engine's id. Ids that something refers to are
    renamed to a placeholder (`with_prefix`); the others are left out. The result names itself by `title`.
    """
    source = _parse(raw)
    width, height, box = _size(source)
    builder = _Builder(source, marks)
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    root.set("viewBox", box)
    root.set("width", _number(width))
    root.set("height", _number(height))
    root.set("class", "diagram-drawing")
    root.set("role", "img")
    root.set("aria-labelledby", f"{PLACEHOLDER}-title")
    name = etree.SubElement(root, f"{{{SVG}}}title", {"id": f"{PLACEHOLDER}-title"})
    name.text = _plain(title)
    builder.children(source, root)
    _prune(root)
    return CleanSVG(etree.tostring(root, encoding="unicode"), width, height)


def with_prefix(svg: str, prefix: str) -> str:
    """Give the drawing's ids and the references to them a prefix, so that figures on one page never clash."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r} cannot begin an id: use a letter, then letters, digits, - or _.")
    root = _parse(svg)
    for element in root.iter():
        for name in ("id", "aria-labelledby"):
            value = element.get(name)
            if value is not None:
                element.set(name, prefix + value.removeprefix(PLACEHOLDER))
        for name in _REFERENCES:
            target = _LOCAL_URL.fullmatch(element.get(name, ""))
            if target:
                element.set(name, f"url(#{prefix}{target[1].removeprefix(PLACEHOLDER)})")
    return str(etree.tostring(root, encoding="unicode"))


class _Builder:
    """Carries what the rebuilding of one drawing must remember: the ids referred to, and slice numbers."""

    def __init__(self, source: etree._Element, marks: Mapping[str, str]) -> None:
        self._marks = marks
        self._slices = 0
        self._legends = 0
        wanted = {match[1] for element in _elements(source) for match in _references(element)}
        present = [identifier for element in _elements(source) if (identifier := element.get("id")) in wanted]
        self._ids = {old: f"{PLACEHOLDER}-{n}" for n, old in enumerate(dict.fromkeys(present), start=1)}

    def children(self, source: etree._Element, parent: etree._Element) -> None:
        """Append what is allowed of `source`'s children to `parent`, and its text where text may stand."""
        holds_text = _name(parent) in _TEXT
        if holds_text and source.text:
            _append_text(parent, _plain(source.text))
        for child in source:
            if isinstance(child.tag, str):
                self._child(child, parent)
            if holds_text and child.tail:
                _append_text(parent, _plain(child.tail))

    def _child(self, child: etree._Element, parent: etree._Element) -> None:
        name = _name(child)
        if name == "a":
            self.children(child, parent)
        elif name == "tspan" and "text-inner-tspan" in child.get("class", ""):
            self._run(child, parent)
        elif name in _ELEMENTS and name != "svg" and not self._unwanted(child):
            self._element(child, parent, name)

    def _unwanted(self, element: etree._Element) -> bool:
        if element.get("display") == "none" or _styles(element).get("display") == "none":
            return True
        if _name(element) == "marker":
            return element.get("id") not in self._ids
        return _name(element) == "rect" and element.get("width") is None

    def _run(self, run: etree._Element, parent: etree._Element) -> None:
        """Join plain words of a line into its text; keep an element only where the words are emphasised."""
        emphasis = [
            mark
            for mark, on in (
                ("diagram-strong", run.get("font-weight", "normal") != "normal"),
                ("diagram-em", run.get("font-style", "normal") != "normal"),
            )
            if on
        ]
        if not emphasis:
            self.children(run, parent)
            return
        kept = etree.SubElement(parent, f"{{{SVG}}}tspan", {"class": " ".join(emphasis)})
        self.children(run, kept)

    def _element(self, element: etree._Element, parent: etree._Element, name: str) -> None:
        built = etree.SubElement(parent, f"{{{SVG}}}{name}")
        identifier = element.get("id", "")
        if identifier in self._ids:
            built.set("id", self._ids[identifier])
        classes = self._classes(element, name, parent)
        if classes:
            built.set("class", " ".join(classes))
        for attribute, value in element.attrib.items():
            key = str(attribute)
            if key in _ATTRIBUTES and _VALUE.fullmatch(str(value)):
                built.set(key, _LONG_NUMBER.sub(lambda found: _number(float(found[0])), str(value)))
        anchor = _styles(element).get("text-anchor")
        if anchor in ("start", "middle", "end"):
            built.set("text-anchor", anchor)
        for reference in _REFERENCES:
            target = _LOCAL_URL.fullmatch(element.get(reference, ""))
            if target and target[1] in self._ids:
                built.set(reference, f"url(#{self._ids[target[1]]})")
        _centre(element, built)
        self.children(element, built)

    def _classes(self, element: etree._Element, name: str, parent: etree._Element) -> list[str]:
        engine = element.get("class", "").split()
        found = " ".join(_CLASSES[word] for word in engine if word in _CLASSES).split()
        found += self._marks.get(element.get("id", ""), "").split()
        if name == "marker" and "cross" in element.get("id", ""):
            found.append("diagram-cross")
        if "diagram-slice" in found:
            found.append(f"diagram-slice-{self._slices % 6 + 1}")
            self._slices += 1
        if name == "rect" and "diagram-legend" in parent.get("class", ""):
            found += ["diagram-slice", f"diagram-slice-{self._legends % 6 + 1}"]
            self._legends += 1
        return list(dict.fromkeys(found))


def _centre(element: etree._Element, built: etree._Element) -> None:
    """Centre a label on its box by anchor: the engine places its left edge by the width of its own font."""
    parent, classes = built.getparent(), built.get("class", "").split()
    if parent is None:
        return
    place = re.match(r"translate\((-?[\d.]+)[ ,]+(-?[\d.]+)\)", built.get("transform", ""))
    if "diagram-label" in classes and "diagram-node" in parent.get("class", "").split() and place:
        built.set("transform", f"translate(0, {place[2]})")
        built.set("text-anchor", "middle")
    elif "diagram-cluster-label" in classes and place:
        box = element.getparent()
        frame = box.find(f".//{{{SVG}}}rect[@width]") if box is not None else None
        if frame is not None:
            middle = float(frame.get("x", 0)) + float(frame.get("width", 0)) / 2
            built.set("transform", f"translate({_number(middle)}, {place[2]})")
            built.set("text-anchor", "middle")


def _parse(markup: str) -> etree._Element:
    """Parse without entities, DTD or network: a document type is refused before anything is expanded."""
    if "<!DOCTYPE" in markup or "<!ENTITY" in markup:
        raise UnsafeSVGError("A drawing carries no document type.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(markup.encode(), parser)
    except etree.XMLSyntaxError as fault:
        raise UnsafeSVGError("The drawing is not well-formed.") from fault
    if root.tag != f"{{{SVG}}}svg":
        raise UnsafeSVGError("The drawing is not an SVG.")
    return root


def _prune(root: etree._Element) -> None:
    """Take away groups, texts and lines that hold nothing, from the leaves up."""
    for element in reversed(list(root.iter())):
        parent = element.getparent()
        if parent is None or _name(element) not in ("g", "text", "tspan", "defs"):
            continue
        if len(element) or (element.text or "").strip():
            continue
        if element.tail:
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + element.tail
            else:
                parent.text = (parent.text or "") + element.tail
        parent.remove(element)


def _size(root: etree._Element) -> tuple[float, float, str]:
    parts = root.get("viewBox", "").split()
    try:
        x, y, width, height = (float(part) for part in parts)
    except ValueError as fault:
        raise UnsafeSVGError("The drawing has no view box.") from fault
    return width, height, " ".join(_number(value) for value in (x, y, width, height))


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _references(element: etree._Element) -> Iterator[re.Match[str]]:
    for name in _REFERENCES:
        match = _LOCAL_URL.fullmatch(element.get(name, ""))
        if match:
            yield match


def _styles(element: etree._Element) -> dict[str, str]:
    pairs = (part.partition(":") for part in element.get("style", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if str(element.tag).startswith(f"{{{SVG}}}") else ""


def _append_text(parent: etree._Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _plain(text: str) -> str:
    """Resolve the character references that the engine leaves as text; drop what XML cannot hold."""
    return "".join(letter for letter in html.unescape(text) if letter >= " " or letter in "\t\n")


def _number(value: float) -> str:
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
