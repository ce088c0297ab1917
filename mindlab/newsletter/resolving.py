"""From an issue to what it says: every page, link and count in it resolved, every obstacle named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from mindlab.core.blockers import Blocker, Path, stream
from mindlab.core.models import BriefSettings
from mindlab.core.pages import SitePage
from mindlab.core.privacy import is_restricted
from mindlab.newsletter.content import (
    CallToAction,
    Entry,
    IssueContent,
    Pick,
    Prose,
    Section,
    Sender,
    Target,
    Words,
)
from mindlab.newsletter.prose import linked_pages, one_line, prose, unlinked_words


@dataclass(frozen=True, slots=True)
class Resolved:
    """What an issue says, and what keeps it from going out."""

    content: IssueContent
    blockers: tuple[Blocker, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """The blockers, a sentence each."""
        return tuple(str(blocker) for blocker in self.blockers)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an issue something stands: in words, and as a path from the page."""

    label: str
    path: Path
    anchor: str

    def __str__(self) -> str:
        return self.label

    def blocker(self, message: str) -> Blocker:
        """Return a blocker that stands here; its sentence says where, for the mail's preview shows it too."""
        return Blocker(self.path, message, anchor=self.anchor)


@dataclass(slots=True)
class Targets:
    """The pages an issue points at, those among them that anyone may read, and what is wrong."""

    pages: Mapping[int, Page]
    public: frozenset[int]
    own: str
    """The issue's own address on the web, absolute."""
    problems: list[Blocker] = field(default_factory=list)
    used: dict[int, Target] = field(default_factory=dict)

    def check(self, key: int, place: Place) -> Page | None:
        """Note the use of a page at ``place`` and return it, or None where it is gone."""
        page = self.pages.get(key)
        if page is None:
            text = _("%(place)s points at a page that was deleted: choose another page, or take it out.")
            self.problems.append(place.blocker(text % {"place": place}))
            return None
        if key not in self.public:
            self.problems.append(place.blocker(self._why_not(page, place)))
        self.used.setdefault(
            key, Target(str(page.translation_key), kind_of(page), page.title, address_of(page))
        )
        return page

    def _why_not(self, page: Page, place: Place) -> str:
        names = {"place": place, "title": page.title, "kind": kind_of(page).lower()}
        if page.live:
            text = _(
                "%(place)s points at “%(title)s” (%(kind)s), which only some readers may open:"
                " make it public, or take it out."
            )
        elif page.first_published_at:
            text = _(
                "%(place)s points at “%(title)s” (%(kind)s), which is no longer published:"
                " publish it again, or take it out."
            )
        else:
            text = _(
                "%(place)s points at “%(title)s” (%(kind)s), which is not published yet:"
                " have it reviewed and published, or take it out."
            )
        return text % names

    @property
    def addresses(self) -> dict[int, str]:
        """The absolute address of each page that still stands, by key."""
        return {key: address_of(page) for key, page in self.pages.items()}


def resolve(issue: Any) -> Resolved:
    """Resolve the text that ``issue`` holds, saved or not, in a number of queries that does not grow."""
    blocks = list(stream(issue, "contents"))
    keys = set(_keys(issue, blocks))
    found = {page.pk: page for page in Page.objects.filter(pk__in=keys).specific()}
    public = Page.objects.filter(pk__in=keys, live=True).exclude(is_restricted())
    targets = Targets(found, frozenset(public.values_list("pk", flat=True)), address_of(issue))
    introduction = _prose(issue.introduction, _at_field(_("The introduction"), "introduction"), targets)
    entries = tuple(_entries(blocks, targets))
    call_to_action = _call_to_action(issue, targets)
    content = IssueContent(
        number=issue.number or 0,
        date=_date(issue),
        language=settings.LANGUAGE_CODE,
        subject=one_line(issue.subject),
        preheader=one_line(issue.preheader),
        url=address_of(issue),
        introduction=introduction,
        entries=entries,
        call_to_action=call_to_action,
        sender=_sender(issue),
        targets=tuple(targets.used.values()),
    )
    return Resolved(content, tuple(targets.problems))


def address_of(page: Page) -> str:
    """Return a page's absolute address under ``SITE_URL``, "" for one outside every site."""
    parts = page.get_url_parts()
    return f"{settings.SITE_URL}{parts[2]}" if parts and parts[2] else ""


def kind_of(page: Page) -> str:
    """Return what kind of page it is, in the reader's words."""
    kind = page.kind if isinstance(page, SitePage) else None
    return str(kind.name) if kind else capfirst(str(page._meta.verbose_name))


def deck_of(page: Page) -> str:
    """Return the sentences under a page's title, as its kind declares them."""
    if not isinstance(page, SitePage) or page.kind is None:
        return ""
    words = getattr(page, page.kind.summary) or ""
    return one_line(unlinked_words(words) if page.has_rich_summary() else words)


def _keys(issue: Any, blocks: Iterable[Any]) -> Iterator[int]:
    yield from linked_pages(issue.introduction)
    for block in blocks:
        if block.block_type == "pick" and block.value["page"]:
            yield block.value["page"].pk
        elif block.block_type == "text":
            yield from linked_pages(block.value.source)
    if issue.cta_page_id:
        yield issue.cta_page_id


def _entries(blocks: Iterable[Any], targets: Targets) -> Iterator[Entry]:
    for position, block in enumerate(blocks, start=1):
        place = _at_block(position, block)
        if block.block_type == "section":
            yield Section(one_line(block.value["title"]))
        elif block.block_type == "text":
            yield Words(_prose(block.value.source, place, targets))
        elif pick := _pick(block.value, place, targets):
            yield pick


def _at_field(label: str, name: str) -> Place:
    return Place(label, (name,), f":w:contentpath={name}")


def _at_block(position: int, block: Any) -> Place:
    inside = ("page",) if block.block_type == "pick" else ()
    label = _("Block %(position)d of the contents") % {"position": position}
    names = ["contents", *([block.id] if block.id else []), *inside]
    return Place(label, ("contents", position - 1, *inside), f":w:contentpath={'.'.join(names)}")


def _pick(value: Mapping[str, Any], place: Place, targets: Targets) -> Pick | None:
    page = targets.check(value["page"].pk if value["page"] else 0, place)
    if page is None:
        return None
    return Pick(
        title=one_line(value["title"] or "") or page.title,
        deck=one_line(value["deck"] or "") or deck_of(page),
        url=address_of(page),
        label=kind_of(page),
        uuid=str(page.translation_key),
    )


def _prose(source: str, place: Place, targets: Targets) -> Prose:
    for key in linked_pages(source):
        targets.check(key, place)
    return prose(source, targets.addresses, targets.own)


def _call_to_action(issue: Any, targets: Targets) -> CallToAction | None:
    place = _at_field(_("The call to action"), "cta_page")
    if errors := issue.call_to_action_errors():
        for name, message in errors.items():
            targets.problems.append(Blocker((name,), message, place.label, f":w:contentpath={name}"))
        return None
    if not issue.cta_label:
        return None
    page = targets.check(issue.cta_page_id, place) if issue.cta_page_id else None
    url = address_of(page) if page else issue.cta_url
    return CallToAction(one_line(issue.cta_text), one_line(issue.cta_label), url) if url else None


def _sender(issue: Any) -> Sender:
    site = issue.get_site() or Site.objects.get(is_default_site=True)
    brief = BriefSettings.for_site(site)
    address = "\n".join(line.strip() for line in brief.sender_address.splitlines() if line.strip())
    return Sender(brief.name, one_line(brief.blurb), address, settings.SITE_URL)


def _date(issue: Any) -> str:
    published = issue.first_published_at
    return formats.date_format(timezone.localtime(published), "j F Y") if published else ""
