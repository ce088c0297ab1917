"""The site that is edited: its people, its first pages and things, and what the editor's form posts."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from articles.models import ArticlePage, TopicPage
from bench.editing.observer import Observer, Place
from glossary.models import ConceptPage
from mindlab.core.models import BriefSettings, ContributorPage, SiteDocument, SiteImage
from mindlab.evidence.models import Citation, Claim, Measurement, Source
from mindlab.newsletter.models import IssuePage
from tests import factories

PEOPLE: dict[str, tuple[str, ...]] = {
    "writer": ("Writers",),
    "second-writer": ("Writers",),
    "editor": ("Editors",),
    "second-editor": ("Editors",),
    "reviewer": ("Scientific reviewers",),
    "second-reviewer": ("Scientific reviewers",),
    "writing-editor": ("Writers", "Editors"),
    "both": ("Editors", "Scientific reviewers"),
    "administrator": (),
}
STEP_OF = {"Editors": "editorial", "Scientific reviewers": "scientific"}
PAGES = (ArticlePage, ConceptPage, TopicPage, IssuePage, ContributorPage)
MANY = {"articles": 5, "concepts": 6, "hubs": 3, "issues": 3, "people": 4, "things": 6}
FEW = dict.fromkeys(MANY, 1)
"""How many of each there are at first."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account, signed in."""

    user: Any
    client: Client
    steps: frozenset[str]
    """The steps that this person may take of other people's texts."""

    @property
    def key(self) -> int:
        """The key of the account."""
        return int(self.user.pk)


class Site:
    """All that an edit needs: chance, people, marks, and rows to choose from."""

    def __init__(self, seed: int, first: dict[str, int] = MANY) -> None:
        self.first = first
        self.chance = random.Random(seed)  # noqa: S311 -- chooses edits, keeps no secret
        self.observer = Observer()
        self.people = [self._person(name, groups) for name, groups in PEOPLE.items()]
        self.proposers: dict[int, int] = {}
        """By change that waits, the account of who proposed it."""
        self.number = 0

    def take_note_of_new(self, known: dict[Any, int], person: int) -> list[Place]:
        """Return the places of the rows that came after those with these keys; changes get a proposer."""
        places = []
        for model, key in known.items():
            for row in model._base_manager.filter(pk__gt=key):
                if hasattr(row, "proposed_by"):
                    self.proposers[row.pk] = person
                else:
                    places.append(place_of(row))
        return places

    def _person(self, name: str, groups: tuple[str, ...]) -> Person:
        user = get_user_model().objects.create_user(
            username=f"bench-{name}",
            first_name=name,
            email=f"{name}@example.org",
            is_superuser=not groups,
        )
        user.groups.set(Group.objects.filter(name__in=groups))
        client = Client(raise_request_exception=True)
        client.force_login(user)
        steps = {STEP_OF[group] for group in groups if group in STEP_OF}
        return Person(user, client, frozenset(steps or (() if groups else STEP_OF.values())))

    def named(self, name: str) -> Person:
        """Return one of the people."""
        return self.people[list(PEOPLE).index(name)]

    def mark(self) -> str:
        """Return a new mark."""
        return self.observer.mark()

    def pick(self, model: Any, **filters: Any) -> Any:
        """Return a row by chance, or None where there is none."""
        keys = list(model._base_manager.filter(**filters).order_by("pk").values_list("pk", flat=True))
        return model._base_manager.get(pk=self.chance.choice(keys)) if keys else None

    def page(self, *models: Any) -> Any:
        """Return a page of a reviewed kind by chance."""
        return self.pick(self.chance.choice(models or PAGES))

    def next_slug(self) -> str:
        """Return a slug that no page has."""
        self.number += 1
        return f"edited-{self.number}"

    # --- The first pages and things. ---

    def set_up(self) -> None:
        """Make the first things and publish the first pages through their review."""
        images = [self.new_image() for _ in range(self.first["things"])]
        sources = [self.new_source() for _ in range(self.first["things"])]
        documents = [self.new_document() for _ in range(3)]
        topics = [factories.make_topic(f"Topic {self.mark()}") for _ in range(self.first["hubs"])]
        people = [self._contributor() for _ in range(self.first["people"])]
        settings = BriefSettings.for_site(factories_site())
        settings.blurb = f"Words {self.mark()}."
        settings.save()
        for place in (*map(place_of, (*images, *sources, *documents, *topics)), place_of(settings)):
            self.observer.take_as_approved(place)
        for person in people:
            self._publish(person)
        self._pages(images, sources, documents, topics, people)

    def _contributor(self) -> Any:
        return factories.make_contributor(f"Person {self.mark()}", live=False, credentials=self.mark())

    def _pages(self, images: Any, sources: Any, documents: Any, topics: Any, people: Any) -> None:
        owner = self.named("writer").user
        concepts: list[Any] = []
        for number in range(self.first["concepts"]):
            relations = ((concepts[-1], f"Because {self.mark()}."),) if concepts else ()
            page = factories.make_concept(
                f"Concept {self.mark()}",
                owner=owner,
                relations=relations,
                topics=(topics[number % len(topics)].name,),
                definition=f"<p>It is {self.mark()}.</p>",
            )
            self._with_evidence(page, sources[number % len(sources)])
            concepts.append(self._publish(page))
        for number in range(self.first["articles"]):
            page = factories.make_article(
                f"Article {self.mark()}",
                owner=owner,
                cover=images[number % len(images)],
                contributors=(people[number % len(people)],),
                topics=(topics[number % len(topics)].name,),
                deck=f"Deck {self.mark()}.",
                body=self.body(images[-1 - number % len(images)], documents[number % len(documents)]),
            )
            self._with_evidence(page, sources[number % len(sources)])
            self._publish(page)
        for topic in topics:
            page = factories.make_hub(
                f"Hub {self.mark()}", topic=topic, owner=owner, concept=concepts[0], deck=self.mark()
            )
            self._publish(page)
        for _ in range(self.first["issues"]):
            self._publish(factories.make_issue(subject=f"Brief {self.mark()}", owner=owner))

    def body(self, image: Any, document: Any) -> list[dict[str, Any]]:
        """Return a text with a paragraph, a link to a document and an image."""
        link = f'<a linktype="document" id="{document.pk}">here</a>'
        figure = {"image": image.pk, "decorative": False, "alt_text": f"Shows {self.mark()}"}
        return [
            {"type": "text", "value": f"<p>Words {self.mark()}, {link}.</p>"},
            {"type": "image", "value": {"image": figure, "caption": f"Caption {self.mark()}"}},
        ]

    def _with_evidence(self, page: Any, source: Source) -> None:
        draft = page.get_latest_revision_as_object()
        claim = Claim(text=f"Claim {self.mark()}", standing="supported")
        claim.citations = [Citation(source=source, locator=f"p. {self.mark()}")]
        draft.claims = [claim]
        draft.measurements = [Measurement(quantity=f"Rate {self.mark()}", value=4, unit="Hz")]
        draft.save_revision(user=self.named("writer").user, clean=False)

    def _publish(self, page: Any) -> Any:
        page = page.specific_class.objects.get(pk=page.pk)
        if page.get_workflow() is None:
            page.get_latest_revision().publish()
        else:
            page.get_workflow().start(page, self.named("writer").user)
            for name in ("editor", "reviewer"):
                page = page.specific_class.objects.get(pk=page.pk)
                if task := page.current_workflow_task:
                    task.on_action(page.current_workflow_task_state, self.named(name).user, "approve")
        page = page.specific_class.objects.get(pk=page.pk)
        if not page.live:
            raise RuntimeError(f"{page} could not be published.")
        self.observer.take_as_approved(place_of(page))
        return page

    # --- New things. ---

    def new_image(self) -> SiteImage:
        """Make an image with a mark in its file and in each of its words."""
        mark, data = self.observer.picture()
        return SiteImage.objects.create(
            title=f"Image {self.mark()}",
            file=ImageFile(ContentFile(data), name=f"{mark}.png"),
            description=f"Shows {self.mark()}",
            credit=f"By {self.mark()}",
            licence=self.mark(),
            source_url=f"https://example.org/{self.mark()}",
        )

    def new_source(self) -> Source:
        """Make a source with marks in its words."""
        return Source.objects.create(
            title=f"Source {self.mark()}",
            authors=[{"family": self.mark(), "given": "A."}],
            container_title=self.mark(),
            year=2020,
        )

    def new_document(self) -> SiteDocument:
        """Make a document with marks in its name and in its text."""
        file = ContentFile(self.mark().encode(), name=f"{self.next_slug()}.txt")
        return SiteDocument.objects.create(title=f"Document {self.mark()}", file=file)

    # --- The editor's form. ---

    def form(self, page: Any, draft: Any, **changed: Any) -> dict[str, Any]:
        """Return what the browser would post of a draft with some fields changed."""
        fields = FORMS[page.specific_class](draft)
        state = page.current_workflow_task_state
        fields["workflow-task-state"] = str(state.pk) if state else ""
        return nested_form_data({**fields, **changed})

    def edit(self, person: Person, page: Any, draft: Any = None, **changed: Any) -> Any:
        """Post the editor's form as a person: the newest text, or another, with some fields changed."""
        if draft is None:
            draft = page.get_latest_revision_as_object()
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        autosave = changed.pop("autosave", False)
        headers = {"accept": "application/json"} if autosave else {}
        return person.client.post(url, self.form(page, draft, **changed), headers=headers)


def factories_site() -> Any:
    """Return the one site there is."""
    from wagtail.models import Site as WagtailSite

    return WagtailSite.objects.get()


def place_of(row: Any) -> Place:
    """Return the place that a row is."""
    if isinstance(row, Page):
        return ("page" if issubclass(row.specific_class, PAGES) else "furniture", row.pk)
    return (str(row._meta.model_name), row.pk)


# --- What the form of each kind of page holds. ---

EMPTY = inline_formset([])


def _blocks(stream: Any) -> dict[str, Any]:
    """Return the form data of a text; the bench writes paragraphs and images alone."""
    return streamfield([(block["type"], _block(block)) for block in stream.raw_data])


def _block(block: Any) -> Any:
    value = block["value"]
    if block["type"] != "image":
        return rich_text(value, features=["bold", "link", "document-link"])
    image = value["image"]
    figure = {"image": str(image["image"] or ""), "alt_text": image["alt_text"] or ""}
    return {"image": figure, "caption": rich_text(value["caption"])}


def _rows(rows: Any, *names: str, **nested: Any) -> dict[str, Any]:
    known = [row for row in rows if row.pk]
    new = [row for row in rows if not row.pk]
    forms = [
        {
            "id": str(row.pk or ""),
            **{name: str(getattr(row, name) or "") for name in names},
            **{name: make(row) for name, make in nested.items()},
        }
        for row in (*known, *new)
    ]
    return inline_formset(forms, initial=len(known))


def _evidence(draft: Any) -> dict[str, Any]:
    claims = _rows(
        draft.claims.all(),
        "text",
        "kind",
        "standing",
        note=lambda row: rich_text(row.note),
        citations=lambda row: _rows(row.citations.all(), "source_id", "bearing", "locator", "species"),
    )
    for number in range(int(claims["TOTAL_FORMS"])):
        citations = claims[str(number)]["citations"]
        for other in range(int(citations["TOTAL_FORMS"])):
            citations[str(other)]["source"] = citations[str(other)].pop("source_id")
    measurements = _rows(
        draft.measurements.all(), "quantity", "comparator", "value", "low", "high", "unit", "context"
    )
    return {"claims": claims, "measurements": measurements}


def _credits(draft: Any) -> dict[str, Any]:
    credits = _rows(draft.credits.all(), "contributor_id", "role")
    for number in range(int(credits["TOTAL_FORMS"])):
        credits[str(number)]["contributor"] = credits[str(number)].pop("contributor_id")
    return {"credits": credits}


def _common(draft: Any, *names: str) -> dict[str, Any]:
    return {name: str(getattr(draft, name) or "") for name in ("title", "slug", *names)} | {"comments": EMPTY}


def _topics(draft: Any) -> dict[str, Any]:
    return {"topics": ", ".join(f'"{topic.name}"' for topic in draft.topics.all())}


def _article(draft: Any) -> dict[str, Any]:
    words = {**_common(draft, "deck"), **_topics(draft), **_credits(draft), **_evidence(draft)}
    return {**words, "cover": str(draft.cover_id or ""), "body": _blocks(draft.body)}


def _hub(draft: Any) -> dict[str, Any]:
    words = {**_common(draft, "deck", "essay_title"), **_credits(draft), **_evidence(draft)}
    keys = {"topic": str(draft.topic_id or ""), "concept": str(draft.concept_id or "")}
    return {**words, **keys, "body": _blocks(draft.body)}


def _concept(draft: Any) -> dict[str, Any]:
    relations = _rows(
        draft.relations.all(),
        "target_id",
        "term",
        "kind",
        "direction",
        gloss=lambda row: rich_text(row.gloss),
    )
    for number in range(int(relations["TOTAL_FORMS"])):
        relations[str(number)]["target"] = relations[str(number)].pop("target_id")
    prose = {name: rich_text(getattr(draft, name)) for name in ("definition", "plain_words")}
    streams = {name: _blocks(getattr(draft, name)) for name in ("mechanism", "practice", "key_facts")}
    rows = {"other_names": _rows(draft.other_names.all(), "name"), "relations": relations}
    words = {**_common(draft), **_topics(draft), **_credits(draft), **_evidence(draft)}
    return {**words, **prose, **streams, **rows}


def _issue(draft: Any) -> dict[str, Any]:
    words = _common(draft, "number", "subject", "preheader", "cta_text", "cta_label", "cta_url")
    contents = streamfield([("text", rich_text(block["value"])) for block in draft.contents.raw_data])
    key = str(draft.cta_page_id or "")
    return {**words, "introduction": rich_text(draft.introduction), "contents": contents, "cta_page": key}


def _contributor(draft: Any) -> dict[str, Any]:
    words = _common(draft, "credentials", "role", "orcid", "web_page")
    keys = {"portrait": str(draft.portrait_id or ""), "user": str(draft.user_id or "")}
    return {**words, **keys, "biography": rich_text(draft.biography)}


FORMS: dict[Any, Any] = {
    ArticlePage: _article,
    TopicPage: _hub,
    ConceptPage: _concept,
    IssuePage: _issue,
    ContributorPage: _contributor,
}
