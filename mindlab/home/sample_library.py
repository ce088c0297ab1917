"""The sample library: imported like anyone's documents, then published through the review.

``samples/manifest.toml`` says what flattened documents cannot: topics, bylines, sources, claims
and measurements. Every step looks at what is there first, so that a run that was interrupted is
finished by the next one, and a second run changes nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.html import escape
from wagtail.models import Page, Site

from articles.models import ArticlePage, TopicPage
from glossary.models import ConceptAlias, ConceptPage
from mindlab.core.models import BriefSettings, ContributorIndexPage, ContributorPage
from mindlab.core.shown import said
from mindlab.editorial import publications
from mindlab.evidence.models import Citation, Claim, Measurement, Source
from mindlab.home.models import FeaturedPage, HomePage
from mindlab.importer.models import SourceDocument
from mindlab.importer.options import ImportOptions
from mindlab.importer.runs import import_documents
from mindlab.newsletter.models import BriefIndexPage, IssuePage
from mindlab.users.models import User

SAMPLES = Path(__file__).parent / "samples"
FEATURED = 5

Say = Callable[[str], None]


class SampleLibraryError(Exception):
    """The library cannot be loaded; the message says why."""


def load(say: Say) -> None:
    """Load what is missing of the sample library, telling ``say`` each step."""
    manifest = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))
    people = {
        user.username: user for user in User.objects.filter(username__in=("writer", "editor", "reviewer"))
    }
    if len(people) != 3:
        raise SampleLibraryError("The demo users are missing: run ensure_demo_users first.")
    ensure_brief(manifest["brief"])
    contributors = ensure_contributors(manifest["contributors"], people)
    sources = ensure_sources(manifest["sources"])
    import_missing(manifest["documents"], people["writer"], say)
    pages = pages_of(manifest["documents"])
    for number, entry in enumerate(in_order_of_publication(manifest["documents"]), start=1):
        page = pages.get(entry["path"])
        if page is None or was_handled(page):
            continue
        say(f"[{number}/{len(manifest['documents'])}] reviewing and publishing “{page.title}”")
        complete(page, entry, manifest, contributors, sources, pages, people["writer"])
        take_through_review(page, people["writer"], (people["editor"], people["reviewer"]))
    ensure_issue(manifest["issue"], pages, people, say)
    ensure_front_page(manifest, pages, people["editor"])


def ensure_contributors(
    entries: Iterable[dict[str, Any]], people: dict[str, User]
) -> dict[str, ContributorPage]:
    """Return the contributors by name, made and taken through their review where they are missing."""
    accounts = {"author": "writer", "editor": "editor", "reviewer": "reviewer"}
    roles = {"author": "Writer", "editor": "Editor", "reviewer": "Scientific reviewer"}
    found = {}
    for entry in entries:
        page = ContributorPage.objects.filter(title=entry["name"]).first()
        if page is None:
            page = ContributorPage(
                title=entry["name"],
                credentials=entry["credentials"],
                biography=f"<p>{escape(entry['bio'])}</p>",
                role=roles[entry["role"]],
                is_fictitious=entry["fictitious"],
                user=User.objects.filter(username=accounts[entry["role"]], contributor=None).first(),
                owner=people["writer"],
                live=False,
                has_unpublished_changes=True,
            )
            ContributorIndexPage.objects.get().add_child(instance=page)
            page.save_revision(user=people["writer"], log_action=True)
        if not was_handled(page):
            take_through_review(page, people["writer"], (people["editor"],))
        found[entry["name"]] = page
    return found


def ensure_brief(words: dict[str, str]) -> None:
    """Fill the Brief's settings, unless somebody has or a public page shows them."""
    settings = BriefSettings.for_site(Site.objects.get(is_default_site=True))
    is_untouched = said(settings) == said(BriefSettings())
    if is_untouched and not publications.showing(settings.shown_as, settings.pk).exists():
        settings.name, settings.blurb = words["name"], words["blurb"]
        settings.save()


def ensure_sources(entries: Iterable[dict[str, Any]]) -> dict[str, Source]:
    """Return the sources by their id in the manifest, made where they are missing."""
    names = {field.name for field in Source._meta.fields}
    found = {}
    for entry in entries:
        fields = {name: value for name, value in entry.items() if name in names - {"id", "uuid"}}
        key = {"doi": fields["doi"]} if fields.get("doi") else {"title": fields["title"]}
        found[entry["id"]] = Source.objects.get_or_create(**key, defaults=fields)[0]
    return found


def import_missing(entries: Iterable[dict[str, Any]], writer: User, say: Say) -> None:
    """Import the documents that were never imported; a page that somebody deleted stays away."""
    known = set(SourceDocument.objects.values_list("reference", flat=True))
    paths = [SAMPLES / entry["path"] for entry in entries if entry["path"] not in known]
    if not paths:
        return
    say(f"importing {len(paths)} documents of the sample library")
    report = import_documents(paths, ImportOptions(owner=writer))
    failed = [line.reference for line in report.documents if line.outcome == "failed"]
    if failed:
        raise SampleLibraryError(f"These documents could not be imported: {', '.join(failed)}.")


def pages_of(entries: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the pages by the path of their document."""
    documents = SourceDocument.objects.filter(
        reference__in=[entry["path"] for entry in entries], page__isnull=False
    )
    keys = dict(documents.values_list("reference", "page_id"))
    pages = {page.pk: page for page in Page.objects.filter(pk__in=keys.values()).specific()}
    return {reference: pages[pk].get_latest_revision_as_object() for reference, pk in keys.items()}


def in_order_of_publication(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return concepts first, then articles, then hubs, so that each finds what it points at."""
    order = {"concept": 0, "article": 1, "topic": 2}
    return sorted(entries, key=lambda entry: order[entry["kind"]])


def was_handled(page: Any) -> bool:
    """Tell whether the page has been published or taken on by somebody already."""
    return page.first_published_at is not None or page.workflow_states.exists()


@transaction.atomic
def complete(
    page: Any,
    entry: dict[str, Any],
    manifest: dict[str, Any],
    contributors: dict[str, ContributorPage],
    sources: dict[str, Source],
    pages: dict[str, Any],
    writer: User,
) -> None:
    """Add to a draft what its document cannot say, as a revision of the writer's."""
    credit = page._meta.get_field("credits").related_model
    page.credits = [credit(contributor=contributors[name]) for name in entry["authors"]]
    page.claims = [claim_of(row, sources) for row in rows_of(manifest["claims"], entry)]
    page.measurements = [measurement_of(row, sources) for row in rows_of(manifest["measurements"], entry)]
    if isinstance(page, TopicPage):
        concept = pages.get(entry.get("concept", ""))
        page.concept = concept and ConceptPage.objects.get(pk=concept.pk)
    else:
        page.topics.set(entry["topics"])
    if isinstance(page, ConceptPage):
        page.other_names.set([ConceptAlias(name=name) for name in entry.get("aliases", ())])
    page.search_description = ""
    page.save_revision(user=writer, log_action=True)


def rows_of(rows: Iterable[dict[str, Any]], entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of the manifest that belong to one document."""
    return [row for row in rows if row["file"] == entry["path"]]


def claim_of(row: dict[str, Any], sources: dict[str, Source]) -> Claim:
    """Return a claim with its citations, not saved yet."""
    note = row.get("note", "")
    claim = Claim(
        text=row["text"],
        kind=row["kind"],
        standing=row["standing"],
        note=f"<p>{escape(note)}</p>" if note else "",
    )
    claim.citations = [
        Citation(**{**citation, "source": sources[citation["source"]]})
        for citation in row.get("citations", ())
    ]
    return claim


def measurement_of(row: dict[str, Any], sources: dict[str, Source]) -> Measurement:
    """Return a measurement, not saved yet, with its source named in the context."""
    fields = {name: value for name, value in row.items() if name not in ("file", "source")}
    if row.get("source"):
        source = sources[row["source"]]
        author = source.authors[0]["family"] if source.authors else source.title
        fields["context"] = f"{row.get('context', '')} ({author} {source.year})".strip()
    return Measurement(**fields)


def take_through_review(page: Any, writer: User, reviewers: tuple[User, ...]) -> None:
    """Submit a draft as its writer and approve each step as the person whose step it is.

    Raises:
        SampleLibraryError: when a step is not theirs to take.
    """
    fresh = type(page).objects.get(pk=page.pk)
    state = fresh.get_workflow().start(fresh, writer)
    for reviewer in reviewers:
        task_state = state.current_task_state.specific
        task = task_state.task.specific
        if "approve" not in {action for action, *_ in task.get_actions(fresh, reviewer)}:
            raise SampleLibraryError(f"{reviewer} may not take “{task}” of “{page.title}”.")
        task.on_action(task_state, reviewer, "approve")
        state.refresh_from_db()


def ensure_issue(entry: dict[str, Any], pages: dict[str, Any], people: dict[str, User], say: Say) -> None:
    """Compose and publish the first issue of the Brief, unless that number exists."""
    number = int(entry.get("number", 1))
    if IssuePage.objects.filter(number=number).exists():
        return
    say(f"composing issue {number} of the Brief")
    target = pages.get(entry["call_to_action"]["target"])
    issue = IssuePage(
        title=entry["subject"],
        slug=str(number),
        number=number,
        subject=entry["subject"],
        preheader=entry["preheader"],
        introduction=f"<p>{escape(entry['introduction'])}</p>",
        contents=[("pick", pick_of(pick, pages)) for pick in entry["picks"] if pick["path"] in pages],
        cta_text=entry["call_to_action"].get("text", ""),
        cta_label=entry["call_to_action"]["label"],
        cta_page=target and Page.objects.get(pk=target.pk),
        owner=people["writer"],
        live=False,
        has_unpublished_changes=True,
    )
    BriefIndexPage.objects.get().add_child(instance=issue)
    issue.save_revision(user=people["writer"], log_action=True)
    take_through_review(issue, people["writer"], (people["editor"],))


def pick_of(pick: dict[str, Any], pages: dict[str, Any]) -> dict[str, Any]:
    """Return the value of a pick block."""
    page = Page.objects.get(pk=pages[pick["path"]].pk)
    return {"page": page, "title": pick.get("title", ""), "deck": pick.get("deck", "")}


def ensure_front_page(manifest: dict[str, Any], pages: dict[str, Any], editor: User) -> None:
    """Fill the home page, unless somebody has."""
    home = HomePage.objects.first()
    if home is None or home.deck or home.headline:
        return
    words = manifest["home"]
    home.headline = words["headline"]
    home.deck = words["deck"]
    home.introduction = f"<p>{escape(words['introduction'])}</p>"
    featured = [page for page in pages.values() if isinstance(page, (ArticlePage, TopicPage))]
    home.featured = [
        FeaturedPage(page_id=page.pk, sort_order=n) for n, page in enumerate(featured[:FEATURED])
    ]
    home.save_revision(user=editor, log_action=True).publish(user=editor)
