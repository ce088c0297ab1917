"""What a page's texts point at, found in their stored form and brought together with the page's own rows.

Blocks that choose an image or a page ask for it as they are made, a query for each kind of block in
each text. Here the choices are read beforehand, and handed to the blocks once they are made.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mindlab.core.models import Diagram, SiteImage, SiteRendition
from mindlab.figures import diagrams
from mindlab.reading import live_values
from mindlab.reading.rows import Rows

PAGE_LINK = re.compile(r'<a\b(?=[^>]*linktype="page")[^>]*\bid="(\d+)"[^>]*>(.*?)</a>([.,;:!?]*)', re.DOTALL)
DRAWN = ("svg", "width", "height", "description", "error")


@dataclass(frozen=True, slots=True)
class Target:
    """What a link to a page of this site leads to; ``definition`` is plain text, "" if it has none."""

    url: str
    title: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Linking:
    """How links find what they lead to: the rows of the public pages among some keys, and what they mean."""

    rows: Callable[[Iterable[int]], Rows]
    targets: Callable[[Iterable[Any]], dict[int, Target]]


@dataclass(frozen=True, slots=True)
class AtHand:
    """What texts point at: targets, images and counts by key, drawings by the hash of their source."""

    targets: Mapping[int, Target] = field(default_factory=dict)
    images: Mapping[int, Any] = field(default_factory=dict)
    drawings: Mapping[str, Diagram] = field(default_factory=dict)
    counts: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class References:
    """The keys that texts name, before anything is asked for; ``diagrams`` are sources by their hash."""

    pages: set[int] = field(default_factory=set)
    images: set[int] = field(default_factory=set)
    topics: set[int] = field(default_factory=set)
    diagrams: dict[str, str] = field(default_factory=dict)

    def lists(self, linking: Linking | None) -> dict[str, Any]:
        """Return the expressions that ``gather`` brings all of it with; none for what is not named."""
        lists: dict[str, Any] = {}
        if self.pages and linking:
            lists["linked_pages"] = linking.rows(self.pages)
        if self.images:
            lists["images"] = Rows(SiteImage.objects.filter(pk__in=self.images))
            lists["renditions"] = Rows(SiteRendition.objects.filter(image__in=self.images))
        if self.diagrams:
            lists["diagrams"] = Rows(Diagram.objects.filter(pk__in=self.diagrams), DRAWN)
        for topic in self.topics:
            lists[f"count_{topic}"] = live_values.count(topic)
        return lists

    def at_hand(self, found: Mapping[str, Any], linking: Linking | None) -> AtHand:
        """Sort what ``gather`` brought; images know their renditions."""
        images = {image.pk: image for image in found.get("images", ())}
        for image in images.values():
            give_renditions(image, found["renditions"])
        return AtHand(
            targets=linking.targets(found["linked_pages"]) if linking and "linked_pages" in found else {},
            images=images,
            drawings={drawing.key: drawing for drawing in found.get("diagrams", ())},
            counts={topic: found[f"count_{topic}"] for topic in self.topics},
        )


def give_renditions(image: Any, renditions: Iterable[Any]) -> None:
    """Let an image know its renditions, and each of them this very image, whose words it shows."""
    image.prefetched_renditions = []
    for rendition in renditions:
        if rendition.image_id == image.pk:
            own = copy.copy(rendition)
            own.image = image
            image.prefetched_renditions.append(own)


def references_in(texts: Iterable[Any]) -> References:
    """Find what rich texts and raw stream data name."""
    found = References()
    for text in texts:
        _collect(text, found)
    return found


def _collect(value: Any, found: References) -> None:
    if isinstance(value, str):
        if "linktype" in value:
            found.pages.update(int(match[1]) for match in PAGE_LINK.finditer(value))
        if live_values.FEATURE in value:
            found.topics.update(filter(None, map(live_values.topic_of, live_values.tokens(value))))
    elif isinstance(value, Mapping):
        _collect_choice(value.get("type"), value.get("value"), found)
        for part in value.values():
            _collect(part, found)
    elif isinstance(value, (list, tuple)):
        for part in value:
            _collect(part, found)


def _collect_choice(kind: Any, value: Any, found: References) -> None:
    if not isinstance(value, Mapping):
        return
    if kind == "diagram" and str(value.get("source") or "").strip():
        found.diagrams[diagrams.key(value["source"])] = value["source"]
    elif kind == "image" and (image := _image_key(value)):
        found.images.add(image)
    elif kind == "cta" and value.get("page"):
        found.pages.add(value["page"])


def _image_key(value: Mapping[str, Any]) -> int | None:
    chosen = value.get("image")
    return chosen.get("image") if isinstance(chosen, Mapping) else chosen


def without_choices(child: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a block's raw data with no image or page chosen, so that making the block asks for none."""
    value = child["value"]
    if child["type"] == "image":
        return {**child, "value": {**value, "image": None}}
    if child["type"] == "cta":
        return {**child, "value": {**value, "page": None}}
    return child


def give_choice(block: Any, raw: Mapping[str, Any], at_hand: AtHand) -> bool:
    """Put into a block what its raw data chooses; False when a button leads to nothing public."""
    if block.block_type == "image":
        block.value["image"] = _image(raw["value"], at_hand)
    elif block.block_type == "cta" and raw["value"].get("page"):
        block.value["page"] = at_hand.targets.get(raw["value"]["page"])
        return block.value["page"] is not None
    return True


def _image(value: Mapping[str, Any], at_hand: AtHand) -> Any:
    # Two blocks may show one image with different words, so each has an image object of its own.
    image = copy.copy(at_hand.images.get(_image_key(value) or 0))
    if image is not None:
        give_renditions(image, image.prefetched_renditions)
        chosen = value["image"]
        words = chosen if isinstance(chosen, Mapping) else {"alt_text": image.default_alt_text}
        image.decorative = bool(words.get("decorative"))
        image.contextual_alt_text = "" if image.decorative else words.get("alt_text")
    return image
