"""What the whole site shares: images, documents, topics, contributors, the Brief's settings."""

from __future__ import annotations

import hashlib
import re
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.documents.models import AbstractDocument, Document
from wagtail.fields import RichTextField
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Image,
    SourceImageIOError,
    get_rendition_storage,
    get_rendition_upload_to,
    get_upload_to,
)
from wagtail.models import Orderable, Page, Site
from wagtail.query import PageQuerySet

from mindlab.core import gate
from mindlab.core.fields import ImageFileField
from mindlab.core.image_metadata import ImageFileError, stripped
from mindlab.core.listed import ListedPage, ListLength, PagesInOrder, all_of, length, naming, newest  # noqa: F401 - models
from mindlab.core.names import LONGEST, name_key
from mindlab.core.pages import Kind, ReviewedPage, SitePage
from mindlab.core.paging import paged
from mindlab.core.privacy import is_restricted
from mindlab.core.rich_text import INLINE
from mindlab.core.search_words import Searched
from mindlab.core.shown import ShownRow
from mindlab.core.slugs import base_slug, free_slug
from mindlab.core.topics import TopicManager

SECRET_LENGTH = 20
"""Hexadecimal digits in the name of a rendition: 80 bits."""


class StoredFile(ShownRow):
    """A file whose bytes are known by their digest, so that an approval can be for them."""

    file: Any
    pk: Any
    file_digest: str
    """sha256 of the file as stored, in hexadecimal; "" where nobody has asked for it yet."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the digest of the file as it is now, whatever name it goes by."""
        names = kwargs.get("update_fields")
        if names is None or "file" in names:
            self.file_digest = self.digest_of_file()
            if names is not None:
                kwargs["update_fields"] = {*names, "file_digest"}
        super().save(*args, **kwargs)

    @property
    def file_sha256(self) -> str:
        """The digest of the file's bytes, worked out and kept when first asked for."""
        if not self.file_digest:
            self.file_digest = self.digest_of_file()
            rows = type(self)._base_manager  # type: ignore[attr-defined]
            rows.filter(pk=self.pk).update(file_digest=self.file_digest)
        return self.file_digest

    def digest_of_file(self) -> str:
        """Work out the digest from the bytes as they are now."""
        return sha256_of(self.file)


def sha256_of(file: Any) -> str:
    """Return the sha256 of a stored or uploaded file, in hexadecimal; "" where there is none."""
    if not file:
        return ""
    was_closed, digest = file.closed, hashlib.sha256()
    try:
        file.open("rb")
    except FileNotFoundError:
        return ""
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    if was_closed:
        file.close()
    return digest.hexdigest()


class SiteImage(StoredFile, AbstractImage):
    """An image with what an honest caption needs: who made it, under which licence, from where."""

    shown_as: ClassVar[str] = "image"
    readers_see: ClassVar[tuple[str, ...]] = (
        "file_sha256",
        "title",
        "description",
        "credit",
        "licence",
        "source_url",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    file: Any = ImageFileField(_("file"), upload_to=get_upload_to, width_field="width", height_field="height")
    file_digest = models.CharField(max_length=64, blank=True, editable=False)
    credit = models.CharField(_("credit"), max_length=255, blank=True, help_text=_("Who made it."))
    licence = models.CharField(
        _("licence"), max_length=100, blank=True, help_text=_("For example CC BY 4.0, or a permission.")
    )
    source_url = models.URLField(_("source"), blank=True, help_text=_("The page it was taken from."))
    content_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    """sha256 of the file as imported, in hexadecimal, so that one image is imported once."""

    admin_form_fields = (*Image.admin_form_fields, "credit", "licence", "source_url")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions: ClassVar[list[tuple[str, str]]] = [("choose_image", "Can choose image")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the file without its metadata, and with the digest of that."""
        self.file.strip()
        super().save(*args, **kwargs)
        # Wagtail leaves a file open whose title came after it.
        self.file.close()

    def digest_of_file(self) -> str:
        """Work out the digest of the file without metadata, which does not change when they are taken out."""
        if not self.file:
            return ""
        try:
            with self.open_file() as file:
                return hashlib.sha256(stripped(file.read())).hexdigest()
        except SourceImageIOError:
            return ""
        except ImageFileError:
            return sha256_of(self.file)


class SiteRendition(AbstractRendition):
    """A size of an image, made on demand."""

    file: Any = ImageFileField(
        upload_to=get_rendition_upload_to,
        storage=get_rendition_storage,
        width_field="width",
        height_field="height",
    )
    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        """Return a name that nobody guesses: of an image on no public page, that is all there is to find."""
        made_of = f"{self.image_id}/{self.image.file.name}/{self.filter_spec}/{self.focal_point_key}"
        secret = salted_hmac("mindlab.rendition", made_of).hexdigest()[:SECRET_LENGTH]
        stem, _dot, ending = super().get_upload_to(filename).rpartition(".")
        return f"{stem}.{secret}.{ending}"

    @property
    def has_secret_name(self) -> bool:
        """Whether the name was given by this rule, not by Wagtail's, which can be guessed."""
        return re.search(rf"\.[0-9a-f]{{{SECRET_LENGTH}}}(_\w+)?\.\w+$", self.file.name) is not None


class SiteDocument(StoredFile, AbstractDocument):
    """A file to download."""

    shown_as: ClassVar[str] = "document"
    readers_see: ClassVar[tuple[str, ...]] = ("file_sha256", "title")
    address_has_name: ClassVar[bool] = True
    """The same bytes under another name are another address, and another name on the reader's disk."""

    file_digest = models.CharField(max_length=64, blank=True, editable=False)

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions: ClassVar[list[tuple[str, str]]] = [("choose_document", "Can choose document")]


class Topic(ShownRow, TagBase):
    """A tag of articles and concepts; it has an address before an editor writes its hub."""

    shown_as: ClassVar[str] = "topic"
    readers_see: ClassVar[tuple[str, ...]] = ("name", "slug")

    free_tagging = True

    slug: Any
    key = models.CharField(max_length=LONGEST, unique=True, null=True, blank=True, editable=False)
    """The name as names are compared; null where an older site gave one name to several topics."""

    objects = TopicManager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the key of the name, and with an address whatever the name is made of."""
        if self._state.adding or self._is_renamed():
            self.key = name_key(self.name)
        if not self.slug:
            others = Topic.objects.exclude(pk=self.pk)
            self.slug = free_slug(others, base_slug(self.name, "topic"))
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "key", "slug"}
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse the name of another topic, however it is spelled."""
        super().clean()
        other = Topic.objects.filter(key=name_key(self.name)).exclude(pk=self.pk).first()
        if other is not None and (self._state.adding or self._is_renamed()):
            text = _("There is a topic of that name: “%(name)s”, at %(slug)s.")
            raise ValidationError({"name": text % {"name": other, "slug": other.slug}})

    def _is_renamed(self) -> bool:
        stored = Topic.objects.filter(pk=self.pk).values_list("name", flat=True).first()
        return stored is None or name_key(stored) != name_key(self.name)


class ContributorIndexPage(SitePage):
    """The list of people, at ``/people/``."""

    max_count = 1
    described_as: ClassVar[Any] = _("Who writes and reviews what is published here.")
    subpage_types: ClassVar[list[str]] = ["core.ContributorPage"]
    template = "people/contributor_index_page.html"

    class Meta:
        verbose_name = _("people index")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``contributors``, one page of them, by name."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["contributors"] = paged(ContributorPage.objects.listed_by_title(all_of("person")), request)
        return context


class ContributorPage(ReviewedPage):
    """A person who writes or reviews; the title is the name."""

    shown_as: ClassVar[str] = "contributor"
    readers_see: ClassVar[tuple[str, ...]] = ("title", "credentials", "is_fictitious")
    required_steps: ClassVar[tuple[str, ...]] = ("editorial",)

    credentials = models.CharField(
        _("credentials"), max_length=255, blank=True, help_text=_("For example PhD, or MD, FRCP.")
    )
    role = models.CharField(
        _("role"), max_length=255, blank=True, help_text=_("What the person does, in one line.")
    )
    biography = RichTextField(_("biography"), blank=True, features=INLINE)
    is_fictitious = models.BooleanField(
        _("fictitious"),
        default=False,
        help_text=_("An invented person of the sample library. Said on the page and in every byline."),
    )
    portrait = models.ForeignKey(
        SiteImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("portrait"),
    )
    orcid = models.CharField(_("ORCID"), max_length=19, blank=True)
    web_page = models.URLField(_("web page"), blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contributor",
        verbose_name=_("account"),
        help_text=_("The account this person signs in with: it makes their reviews show under their name."),
    )

    kind: ClassVar[Kind | None] = Kind("person", _("Contributor"), summary="role", order=4)
    parent_page_types: ClassVar[list[str]] = ["core.ContributorIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "people/contributor_page.html"

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("credentials"),
        FieldPanel("role"),
        FieldPanel("biography"),
        FieldPanel("is_fictitious"),
        FieldPanel("portrait"),
        MultiFieldPanel(
            [
                FieldPanel("orcid"),
                FieldPanel("web_page"),
                # Who may say under which name an account's reviews show, may sign in another's name.
                FieldPanel("user", permission="users.change_user"),
            ],
            heading=_("Identity"),
        ),
    ]
    search_fields: ClassVar[list[Any]] = [
        *SitePage.search_fields,
        Searched("credentials"),
        Searched("role"),
        Searched("biography"),
    ]

    class Meta:
        verbose_name = _("contributor")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what names this person, newest first: ``works``, one page of them, and ``reviewed``."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["works"] = paged(works_of(self), request)
        context["reviewed"] = gate.reviewed_by(self)
        context["description"] = self.search_description or self.role or self.name_and_credentials
        return context

    @property
    def name_and_credentials(self) -> str:
        """The name as bylines print it: "Ada Example, PhD"."""
        return f"{self.title}, {self.credentials}" if self.credentials else str(self.title)


class Credit(Orderable):
    """A byline: who made a page, and in which part. Each app adds the parental key."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("Author")
        EDITOR = "editor", _("Editor")
        ILLUSTRATOR = "illustrator", _("Illustrator")

    contributor = models.ForeignKey(
        ContributorPage, on_delete=models.PROTECT, related_name="%(class)s_set", verbose_name=_("contributor")
    )
    role = models.CharField(_("part"), max_length=20, choices=Role.choices, default=Role.AUTHOR)

    panels: ClassVar[list[Any]] = [
        PageChooserPanel("contributor", "core.ContributorPage"),
        FieldPanel("role"),
    ]

    class Meta(Orderable.Meta):
        abstract = True


class Diagram(models.Model):
    """A drawn diagram, found by the hash of its source, engine and theme."""

    key = models.CharField(max_length=64, primary_key=True)
    """sha256 in hexadecimal, as ``mindlab.figures.diagrams.key`` gives it."""
    source = models.TextField()
    svg = models.TextField()
    width = models.FloatField()
    height = models.FloatField()
    description = models.JSONField()
    """The text equivalent: a list of sentences."""
    error = models.TextField(blank=True)
    drawn_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key[:12]


def works_of(contributor: ContributorPage) -> PagesInOrder:
    """Return the published pages whose bylines name a person, newest first, to be read a part at a time."""
    listing = naming(contributor.pk)
    public = Page.objects.live().exclude(is_restricted())
    return PagesInOrder(newest(listing), public, length(listing))


def pages_naming(contributor: ContributorPage) -> PageQuerySet:
    """Return the pages whose bylines name a person, whichever app they belong to."""
    bylines = [
        relation.related_model.objects.filter(contributor=contributor.pk).values("page")
        for relation in ContributorPage._meta.related_objects
        if isinstance(relation.related_model, type) and issubclass(relation.related_model, Credit)
    ]
    pages: PageQuerySet = Page.objects.filter(
        reduce(or_, (Q(pk__in=pages) for pages in bylines), Q(pk__in=[]))
    )
    return pages


@register_setting(icon="mail")
class BriefSettings(ShownRow, BaseSiteSetting):
    """What the site says about The Intelligence Brief wherever it shows it."""

    shown_as: ClassVar[str] = "brief"
    readers_see: ClassVar[tuple[str, ...]] = ("name", "blurb", "sender_address")

    name = models.CharField(_("name"), max_length=100, default="The Intelligence Brief")
    blurb = models.TextField(
        _("blurb"),
        blank=True,
        default="What we published, what we corrected, and the pieces worth your week.",
        help_text=_("One or two sentences, shown on hubs and on the home page."),
    )
    sender_address = models.TextField(
        _("postal address"), blank=True, help_text=_("Printed at the foot of every issue, as the law asks.")
    )

    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("blurb"),
        FieldPanel("sender_address"),
    ]

    class Meta:
        verbose_name = _("The Intelligence Brief")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def shown_on(cls, request: Any) -> BriefSettings:
        """Return what is set for the site a request is for, else the defaults; one query.

        Unlike ``for_request`` it never writes, because reading a public page must not.
        """
        site = Site.find_for_request(request) if request else None
        found = cls.objects.filter(site=site).first() if site else cls.objects.first()
        return found or cls(site=site)
