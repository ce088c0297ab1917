"""The abstract pages that the other floors build on, and what each declares of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager, Revision, get_page_models

from mindlab.core import addresses, gate, indexing
from mindlab.core.blockers import Blocker, blockers
from mindlab.core.digests import BOOKKEEPING, page_digest
from mindlab.core.forms import ReviewedPageCopyForm, ReviewedPageForm
from mindlab.core.locking import hold, whole
from mindlab.core.own_rows import rows_at_hand, rows_in_memory, take_own_rows
from mindlab.core.permissions import ReviewedPagePermissionTester, SitePagePermissionTester
from mindlab.core.querysets import SitePageQuerySet
from mindlab.core.rich_text import plain
from mindlab.core.search_words import MissedWords
from mindlab.core.stored_text import without_dangling

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

SitePageManager = PageManager.from_queryset(SitePageQuerySet)


@dataclass(frozen=True, slots=True)
class Kind:
    """What readers look for a page as: search, lists, the Brief and the home page know a kind from this."""

    slug: str
    """Its name in addresses."""
    name: _StrOrPromise
    """Its name as readers see it."""
    summary: str
    """The field that says in a sentence or two what the page is about."""
    order: int
    """Its place among the kinds, in lists of them."""
    may_be_picked: bool = False
    """Whether an issue of the Brief may point readers at it, and the home page put it forward."""


class SitePage(Page):
    """A page of this site: with named querysets and a public identifier."""

    objects = SitePageManager()

    kind: ClassVar[Kind | None] = None
    """What readers look for it as; None for a page that only leads to others."""
    always_shows: ClassVar[tuple[str, ...]] = ()
    """The kinds of things that all pages of the type show without pointing at them."""
    permission_tester: ClassVar[type[SitePagePermissionTester]] = SitePagePermissionTester
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, MissedWords("title", boost=2)]

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> SitePagePermissionTester:
        """Return what ``user`` may do here, worked out once for each user and page object."""
        testers: dict[Any, SitePagePermissionTester] = self.__dict__.setdefault("_permission_testers", {})
        tester = testers.get(user.pk)
        if tester is None or tester.user is not user:
            tester = testers[user.pk] = self.permission_tester(user, self)
        return tester

    def clean(self) -> None:
        """Keep the address that public pages below this one go by."""
        super().clean()
        if addresses.changes_public_addresses(self):
            raise ValidationError({"slug": addresses.kept(self)})

    @property
    def status_string(self) -> Any:
        """The step the page is in, as every listing of the admin shows it."""
        return gate.step(self) or super().status_string

    @property
    def summary(self) -> str:
        """What the page is about, as plain words on one line."""
        words = str(getattr(self, self.kind.summary) or "") if self.kind else ""
        return plain(words) if self.has_rich_summary() else " ".join(words.split())

    @classmethod
    def has_rich_summary(cls) -> bool:
        """Whether the summary is stored as rich text."""
        return cls.kind is not None and isinstance(cls._meta.get_field(cls.kind.summary), RichTextField)

    @classmethod
    def card_fields(cls) -> tuple[str, ...]:
        """Return the fields that a list needs of a page of this kind."""
        summary = (cls.kind.summary,) if cls.kind else ()
        return ("title", "slug", "url_path", *summary, "first_published_at")

    @property
    def urn(self) -> str:
        """The stable public identifier, the same for the page's whole life (RFC 9562)."""
        return f"urn:uuid:{self.translation_key}"


KEPT_BY_WAGTAIL = (
    "alias_of",
    "content_type",
    "latest_revision",
    "live_revision",
    "locale",
    "locked_by",
    "owner",
    "path",
    "translation_key",
)
"""Columns of a page that no form writes."""


def public_models() -> list[type[SitePage]]:
    """Return the models of page that declare a kind, in the order of their kinds."""
    found = {model: model.kind for model in get_page_models() if issubclass(model, SitePage)}
    kinds = [(kind.order, kind.slug, model) for model, kind in found.items() if kind is not None]
    return [model for *_, model in sorted(kinds, key=lambda each: each[:2])]


def kind_of(model: type[SitePage]) -> Kind:
    """Return the kind that one of the ``public_models`` declares."""
    if model.kind is None:
        raise LookupError(f"{model.__name__} declares no kind of page.")
    return model.kind


def pickable_models() -> list[type[SitePage]]:
    """Return the models of page that an issue and the home page may point at."""
    return [model for model in public_models() if kind_of(model).may_be_picked]


class ReviewedPage(SitePage):
    """A page whose publication the review decides.

    ``save()`` refuses the step from not live to live, any change of the live revision, and any
    other text under a live page, unless the registered gate agrees with the very content being
    saved; on insert too, because copies, aliases and ``add_child`` make pages that are born live.
    """

    required_steps: ClassVar[tuple[str, ...]] = ("editorial", "scientific")
    """The steps of the review this type of page takes, in order."""

    required_for_review: ClassVar[tuple[str, ...]] = ()
    """Fields that may be empty in a draft and not when it is submitted or published."""

    search_auto_update: ClassVar[bool] = False
    """``save()`` brings the index of search up to date itself, and only when the words may have changed."""

    permission_tester: ClassVar[type[SitePagePermissionTester]] = ReviewedPagePermissionTester
    base_form_class = ReviewedPageForm
    copy_form_class = ReviewedPageCopyForm

    class Meta:
        abstract = True

    @classmethod
    def from_serializable_data(cls, data: Any, check_fks: bool = True, strict_fks: bool = False) -> Any:
        """Make a page of what a revision stores, in a number of queries that does not grow with its rows."""
        if check_fks and not strict_fks:
            data, check_fks = without_dangling(cls, data), False
        return super().from_serializable_data(data, check_fks=check_fks, strict_fks=strict_fks)

    def with_content_json(self, content: Any) -> Any:
        """Return the text that ``content`` stores; it stands in the tree where its page stands."""
        text = super().with_content_json(content)
        # Where treebeard keeps what ``get_parent`` has found.
        text._cached_parent_obj = self.get_parent()
        return text

    def full_clean(
        self,
        exclude: Iterable[str] | None = None,
        validate_unique: bool = True,
        validate_constraints: bool = True,
    ) -> None:
        """Check what people may write; the database checks what Wagtail keeps of a page that stands."""
        kept = () if self._state.adding else KEPT_BY_WAGTAIL
        super().full_clean({*(exclude or ()), *kept}, validate_unique, validate_constraints)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save, unless that would make unreviewed content public; what becomes public is written down.

        Raises:
            gate.PublicationRefused: when the gate does not agree.
        """
        says_the_same = not self._touches_what_is_public(kwargs.get("update_fields"))
        with whole(), saved_whole(self):
            if kwargs.get("update_fields") is None:
                take_own_rows(self)
            verdict = self.require_review(kwargs.get("update_fields"))
            is_whole = kwargs.get("update_fields") is None
            rows = rows_in_memory(self) if is_whole else {}
            with indexing.held_back():
                result = super().save(*args, **kwargs)
            if not says_the_same:
                with rows_at_hand(self, rows):
                    follow_publication(self, verdict)
                    indexing.bring_up_to_date(self if is_whole else type(self)._base_manager.get(pk=self.pk))
        return result

    def require_review(self, update_fields: Iterable[str] | None = None) -> gate.Verdict | None:
        """Return the verdict if saving these fields, or all, changes what is public, and None if it does not.

        Text that is public under this page already is let through, so that bookkeeping goes on.

        Raises:
            gate.PublicationRefused: when the gate does not agree.
        """
        if self.live and self._touches_what_is_public(update_fields) and self._changes_what_is_public():
            return gate.require(self)
        return None

    def _touches_what_is_public(self, update_fields: Iterable[str] | None) -> bool:
        if update_fields is None:
            return True
        return not set(update_fields) <= BOOKKEEPING - {"live", "live_revision", "alias_of"}

    def _changes_what_is_public(self) -> bool:
        stored = type(self)._base_manager.filter(pk=self.pk).first()
        if stored is None or not stored.live or stored.live_revision_id != self.live_revision_id:
            return True
        leaves_source = bool(stored.alias_of_id and not self.alias_of_id)
        return leaves_source or page_digest(stored) != page_digest(self)

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> None:
        """Publish or schedule a revision, whole or not at all.

        Raises:
            gate.PublicationRefused: when the gate does not agree, for a later date as for now.
        """
        with whole():
            hold(self.pk)
            if "as_object" not in revision.__dict__:
                # Read again: the page in it would write back what somebody else has changed meanwhile.
                # What was judged while the page is held gives that very text, and was read then.
                revision.refresh_from_db()
            if revision.content.get("go_live_at"):
                # For a later date nothing is saved that would ask the gate.
                gate.require(revision.as_object())
            super().publish(revision, *args, **kwargs)

    @whole()
    def save_revision(self, *args: Any, overwrite_revision: Any = None, **kwargs: Any) -> Any:
        """Save a revision; one that is public, scheduled or under review is never rewritten."""
        hold(self.pk)
        user = kwargs.get("user", args[0] if args else None)
        self._refuse_where_locked(user)
        if overwrite_revision is not None and self._must_keep(overwrite_revision):
            overwrite_revision = None
        revision = super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)
        gate.text_saved.send(sender=type(self), instance=self, revision=revision, user=user)
        # What a view has fetched of the review before may hold no longer.
        self.__dict__.pop("_current_workflow_states", None)
        return revision

    def _refuse_where_locked(self, user: Any) -> None:
        """Hold the locks of the editor where Wagtail's actions and interfaces look for rights alone."""
        lock = self.get_lock() if user is not None else None
        if lock is not None and lock.for_user(user):
            raise PermissionDenied(strip_tags(str(lock.get_message(user) or _("This page is locked."))))

    def _must_keep(self, revision: Any) -> bool:
        public = Page.objects.filter(pk=self.pk, live_revision=OuterRef("pk"))
        counts = Q(approved_go_live_at__isnull=False) | Q(task_states__isnull=False) | Exists(public)
        return Revision.objects.filter(counts, pk=revision.pk).exists()

    def blockers(self) -> list[Blocker]:
        """Return what keeps this text from being published, whoever approves it; nothing is saved."""
        return blockers(self)


class FromDocument(models.Model):
    """What a page keeps of the document it was made from."""

    originally_published = models.DateField(
        _("originally published"),
        null=True,
        blank=True,
        help_text=_("The date the source document gave. It is shown as history, never as our own date."),
    )
    originally_updated = models.DateField(_("originally updated"), null=True, blank=True)
    original_byline = models.CharField(
        _("original byline"),
        max_length=255,
        blank=True,
        help_text=_("Names the source document gave. Replace them by contributors before publishing."),
    )

    origin_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldPanel("originally_published"),
                FieldPanel("originally_updated"),
                FieldPanel("original_byline"),
            ],
            heading=_("The original"),
            classname="collapsed",
        )
    ]

    class Meta:
        abstract = True


_saved_whole: ContextVar[tuple[ReviewedPage, ...]] = ContextVar("saved_whole", default=())


@contextmanager
def saved_whole(page: ReviewedPage) -> Iterator[None]:
    """Say, for the length of a block, that ``page`` is being saved together with its rows."""
    token = _saved_whole.set((*_saved_whole.get(), page))
    try:
        yield
    finally:
        _saved_whole.reset(token)


def is_saved_whole(page_id: int | None) -> bool:
    """Return whether the page with this key is being saved together with its rows."""
    return any(page.pk == page_id for page in _saved_whole.get())


def follow_publication(page: Any, verdict: gate.Verdict | None) -> None:
    """Have it written down that a page has become public, or has ceased to be."""
    if verdict is not None:
        gate.made_public(page, verdict)
    elif not page.live and page.first_published_at is not None:
        gate.withdrawn(page)


def guard_row(sender: type[ReviewedPage], instance: ReviewedPage, raw: bool = False, **kwargs: Any) -> None:
    """Refuse to make a page public by its row alone: what the gate judges is the page with its rows.

    Raises:
        gate.PublicationRefused: when the row would change what is public.
    """
    if raw or any(page is instance for page in _saved_whole.get()):
        return
    if instance.require_review(kwargs.get("update_fields")) is not None:
        raise gate.PublicationRefused(instance, ["only save() saves it together with its rows"])


def guard_base_page(sender: type[Page], instance: Page, raw: bool = False, **kwargs: Any) -> None:
    """Hold a reviewed page that is saved as a plain ``Page``, past its own ``save()``, to the same rule.

    Raises:
        gate.PublicationRefused: when the gate does not agree.
    """
    if raw or instance.pk is None or not instance.live:
        return
    model = instance.specific_class
    if type(instance) is model or model is None or not issubclass(model, ReviewedPage):
        return
    page = model._base_manager.filter(pk=instance.pk).first()
    if page is not None:
        for field in Page._meta.concrete_fields:
            setattr(page, field.attname, getattr(instance, field.attname))
        instance.__dict__["_judged"] = page, page.require_review(kwargs.get("update_fields"))


def follow_base_page(sender: type[Page], instance: Page, raw: bool = False, **kwargs: Any) -> None:
    """Have written down what a reviewed page that was saved as a plain ``Page`` made public or withdrew."""
    page, verdict = instance.__dict__.pop("_judged", (instance, None))
    model = None if raw else instance.specific_class
    if model is not None and issubclass(model, ReviewedPage) and type(instance) is not model:
        follow_publication(page, verdict)
