"""Who put which words and pictures where, who agreed to them, and what readers are shown.

The observer knows nothing of the project's digests, records and publications. Every edit brings in
marks: nonsense words, or pictures of one colour that stands for a word. It notes who put a mark
where, which marks a decision was taken about, and looks for marks in what an anonymous reader gets.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import PIL.Image
from django.conf import settings
from django.core import serializers
from django.core.files.storage import default_storage
from django.db import models
from django.test import Client
from wagtail.models import Page

from mindlab.newsletter.models import IssuePage

Place = tuple[str, int]
"""Where words stand: the name of a model in lower case and the key of a row; of any page, "page"."""

MARK = re.compile(r"zq[a-z]{4}x", re.IGNORECASE)
MEDIA = re.compile(re.escape(settings.MEDIA_URL) + r"[^\s\"'),?#<&]+")
DOCUMENT = re.compile(r"/documents/\d+/[^\s\"'),?#<&]+")

STEPS = {
    "articlepage": ("editorial", "scientific"),
    "topicpage": ("editorial", "scientific"),
    "conceptpage": ("editorial", "scientific"),
    "issuepage": ("editorial",),
    "contributorpage": ("editorial",),
}
"""The kinds of page whose words two people answer for, and who has to agree besides who wrote them."""

LISTS = ("/", "/articles/", "/topics/", "/glossary/", "/people/", "/brief/", "/feed/", "/sitemap.xml")
COLOURS = 16**3


@dataclass(frozen=True, slots=True)
class Leak:
    """A mark that readers of a page were shown and that no second person had approved."""

    address: str
    mark: str
    place: Place
    edit: int
    after: str

    def __str__(self) -> str:
        kind, key = self.place
        return f"{self.address}: “{self.mark}” of {kind} {key}, after edit {self.edit}, {self.after}"


class Observer:
    """Notes, looks and compares; ``leaks`` is what it found."""

    def __init__(self) -> None:
        self.reader = Client()
        self.clock = 0
        self.number = 0
        self.homes: dict[str, Place] = {}
        """By mark, where it was first put."""
        self.colours: dict[int, str] = {}
        self.put: dict[Place, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
        """By place and mark, who put it there, and when last."""
        self.agreed: dict[str, dict[Place, dict[int, set[str]]]] = defaultdict(dict)
        """By mark and place, the people who agreed to it there, and at which steps."""
        self.texts: dict[Place, set[str]] = {}
        self.public: dict[int, set[str]] = {}
        """By page, the marks of its own words that readers were shown last."""
        self.shown: dict[int, set[str]] = {}
        """By page, all the marks that readers were shown last."""
        self.saved_at: dict[int, int] = {}
        """By revision, when it was first seen."""
        self.kinds: dict[int, str] = {}
        """By page that was public, what kind of page it is; also of those that are gone."""
        self.files: dict[str, set[str]] = {}
        self.leaks: list[Leak] = []
        self.looked = 0

    # --- Marks. ---

    def mark(self) -> str:
        """Return a word that stands nowhere yet."""
        self.number += 1
        rest, letters = self.number, ""
        for _ in range(4):
            rest, letter = divmod(rest, 26)
            letters = chr(ord("a") + letter) + letters
        return f"zq{letters}x"

    def picture(self) -> tuple[str, bytes]:
        """Return a mark, and a picture in the colour that stands for it."""
        mark, number = self.mark(), len(self.colours) % COLOURS
        self.colours[number] = mark
        colour = (number // 256 * 16 + 8, number // 16 % 16 * 16 + 8, number % 16 * 16 + 8)
        file = BytesIO()
        PIL.Image.new("RGB", (24, 16), colour).save(file, "PNG")
        return mark, file.getvalue()

    def marks_of_file(self, data: bytes) -> set[str]:
        """Return the mark that the colour of a picture stands for, or those in a file of text."""
        try:
            with PIL.Image.open(BytesIO(data)) as image:
                pixel: Any = image.convert("RGB").resize((1, 1)).getpixel((0, 0))
        except PIL.UnidentifiedImageError:
            return marks_in(data.decode("utf-8", "replace"))
        number = pixel[0] // 16 * 256 + pixel[1] // 16 * 16 + pixel[2] // 16
        return {self.colours[number]} if number in self.colours else set()

    def marks_of_stored(self, name: str) -> set[str]:
        """Return the marks of a file in the storage; none where it is gone."""
        if not default_storage.exists(name):
            return set()
        key = f"{name} {default_storage.get_modified_time(name)} {default_storage.size(name)}"
        if key not in self.files:
            with default_storage.open(name) as file:
                self.files[key] = self.marks_of_file(file.read())
        return self.files[key]

    def marks_of_answer(self, response: Any) -> set[str]:
        """Return the marks in a page as served, in the pictures it shows and the documents it offers."""
        html = unquote(response.content.decode())
        found = marks_in(html)
        for address in set(MEDIA.findall(html)):
            found |= self.marks_of_stored(address.removeprefix(settings.MEDIA_URL))
        for address in set(DOCUMENT.findall(html)):
            document = self.reader.get(address)
            if document.status_code == 200:
                found |= self.marks_of_file(b"".join(document)) | marks_in(address)
        return found

    # --- Who put and who agreed. ---

    def text_of(self, place: Place) -> set[str]:
        """Return the marks of what is stored at a place: its row, its file, and of a page its newest text."""
        kind, key = place
        if kind in ("page", "furniture"):
            page = Page.objects.filter(pk=key).select_related("latest_revision").first()
            if page is None:
                return set()
            newest = page.latest_revision
            if newest is not None:
                self.saved_at.setdefault(newest.pk, self.clock)
            return own_words(page) | (marks_in(json.dumps(newest.content)) if newest else set())
        return set().union(*(self._row(row) for row in rows_of(place)))

    def _row(self, row: models.Model) -> set[str]:
        found = marks_in(serializers.serialize("json", [row]))
        file = getattr(row, "file", None)
        return found | (self.marks_of_stored(file.name) if file else set())

    def note(self, person: int, places: Iterable[Place]) -> None:
        """Note what an edit by a person has put at places where it did not stand before.

        Who agreed there to the words of another, and brings them back, makes them nobody else's.
        """
        for place in places:
            text = self.text_of(place)
            for mark in text - self.texts.get(place, set()):
                self.homes.setdefault(mark, place)
                if person not in self.agreed[mark].get(place, {}):
                    self.put[place][mark][person] = self.clock
            self.texts[place] = text

    def take_as_approved(self, place: Place) -> None:
        """Note that what stands at a place was there before anybody looked."""
        self.note(0, [place])
        for mark in self.texts[place]:
            self.agreed[mark][place] = {-1: {"editorial"}, -2: {"scientific"}}

    def agree(self, person: int, place: Place, steps: Iterable[str], marks: Iterable[str]) -> None:
        """Note that a person who may decide at these steps agreed to marks that they were shown."""
        for mark in marks:
            self.agreed[mark].setdefault(place, {}).setdefault(person, set()).update(steps)

    # --- What readers are shown. ---

    def look_at(self, keys: Iterable[int], after: str) -> None:
        """Read pages as an anonymous reader and compare what they show with what was agreed to."""
        live = {page.pk: page for page in Page.objects.filter(pk__in=set(keys), live=True)}
        reviewed = {key: page for key, page in live.items() if page.specific_class._meta.model_name in STEPS}
        for key in set(keys) - set(reviewed):
            self.shown.pop(key, None)
        # Known before any is read: one that has just become public may be listed by an older one.
        self.kinds |= {key: page.specific_class._meta.model_name for key, page in reviewed.items()}
        for key in sorted(reviewed):
            self._look(reviewed[key].specific, after)

    def _look(self, page: Any, after: str) -> None:
        response = self.reader.get(page.url)
        self.looked += 1
        if response.status_code != 200:
            self.shown.pop(page.pk, None)
            return
        source = page
        while source.alias_of_id:
            source = source.alias_of
        own = own_words(page)
        if source is page:
            self._turned_public(page, own)
        seen = self.shown[page.pk] = self.marks_of_answer(response)
        self.kinds[source.pk] = page._meta.model_name
        for mark in sorted(seen):
            if not (self._is_reviewed(source.pk, mark) if mark in own else self._is_agreed(mark)):
                self._report(page.url, mark, after)

    def _turned_public(self, page: Any, own: set[str]) -> None:
        """Forget what was agreed to and put before, of words that what is public now does not hold."""
        before, place = self.public.get(page.pk), ("page", page.pk)
        self.public[page.pk] = own
        if before == own:
            return
        saved = self.saved_at.get(page.live_revision_id or 0, self.clock)
        for mark, people in self.put[place].items():
            if mark not in own:
                self.agreed[mark].pop(place, None)
                for person in [person for person, when in people.items() if when <= saved]:
                    del people[person]

    def look_at_lists(self, after: str) -> None:
        """Read the pages that list others; their own words are no part of the review.

        Nor are those of the Brief's settings while no issue is public: issues alone are reviewed.
        """
        frame = {"furniture"} if IssuePage.objects.live().exists() else {"furniture", "briefsettings"}
        for address in LISTS:
            response = self.reader.get(address)
            for mark in sorted(marks_in(response.content.decode())):
                if self.homes.get(mark, ("", 0))[0] not in frame and not self._is_agreed(mark):
                    self._report(address, mark, after)

    def _report(self, address: str, mark: str, after: str) -> None:
        if not any(leak.mark == mark and leak.address == address for leak in self.leaks):
            home = self.homes.get(mark, ("nowhere", 0))
            self.leaks.append(Leak(address, mark, home, self.clock, after))

    def _is_reviewed(self, key: int, mark: str) -> bool:
        """Return whether each step of a page's review agreed to a mark there, each by another person."""
        place, steps = ("page", key), STEPS[self.kinds[key]]
        authors = self.put[place].get(mark, {})
        people = {
            person: steps
            for person, steps in self.agreed[mark].get(place, {}).items()
            if person not in authors
        }
        return _each_by_another(steps, people)

    def _is_agreed(self, mark: str) -> bool:
        """Return whether a mark that is no page's own word here was agreed to where it comes from.

        The words of another page need its review; a thing, one person who did not put it there.
        """
        home = self.homes.get(mark, ("nowhere", 0))
        if home[0] == "page" and len(STEPS.get(self.kinds.get(home[1], ""), ())) > 1:
            pages = [key for kind, key in self.agreed[mark] if kind == "page" and key in self.kinds]
            return any(self._is_reviewed(key, mark) for key in pages)
        for place, people in self.agreed[mark].items():
            authors = {*self.put[home].get(mark, {}), *self.put[place].get(mark, {})}
            if any(person not in authors for person in people):
                return True
        return False


def _each_by_another(steps: tuple[str, ...], people: dict[int, set[str]]) -> bool:
    if not steps:
        return True
    first, *rest = steps
    return any(
        first in taken
        and _each_by_another(tuple(rest), {key: each for key, each in people.items() if key != person})
        for person, taken in people.items()
    )


def marks_in(text: str) -> set[str]:
    """Return the marks in a text, as they were made."""
    return {mark.lower() for mark in MARK.findall(text)}


def own_words(page: Any) -> set[str]:
    """Return the marks of the words that stand in the rows of a page itself."""
    return marks_in(page.specific.to_json())


def rows_of(place: Place) -> list[models.Model]:
    """Return the row that a place names, in a list, or nothing where it is gone."""
    from django.apps import apps

    kind, key = place
    for model in apps.get_models():
        if model._meta.model_name == kind:
            return list(model._base_manager.filter(pk=key))
    return []
