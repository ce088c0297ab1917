"""Media that were stored before today's rules, brought under them; and a look at them as a stranger has it.

Each step can be broken off and run again: what was done is known by its outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page, ReferenceIndex

from mindlab.core.image_metadata import ImageFileError, stripped
from mindlab.core.models import SiteDocument, SiteImage, SiteRendition

SECONDS = 60
"""How long a public address may take to answer."""


def strip_original(image: SiteImage) -> bool:
    """Take the metadata out of a stored image, and return whether there were any.

    Raises:
        ImageFileError, SourceImageIOError: when the file is damaged or gone.
    """
    with image.open_file() as file:
        data = file.read()
    plain = stripped(data)
    if plain == data:
        return False
    before = image.file.name
    with transaction.atomic():
        image.file = ContentFile(plain, name=PurePosixPath(before).name)
        image._set_image_file_metadata()
        image.save()
    image.file.storage.delete(before)
    return True


def hide_rendition(rendition: SiteRendition) -> bool:
    """Give a size of an image a name that nobody guesses, and return whether it had another.

    One whose file is damaged or gone is deleted: it is made again when a page shows it.
    """
    if rendition.has_secret_name:
        return False
    before = rendition.file.name
    try:
        with rendition.open_file() as file:
            data = file.read()
        rendition.file = ContentFile(data, name=PurePosixPath(before).name)
        rendition.save()
    except (ImageFileError, SourceImageIOError):
        rendition.delete()
        return True
    rendition.purge_from_cache()
    rendition.file.storage.delete(before)
    return True


def index_documents() -> None:
    """Let the reference index know which published pages link to documents, by typed addresses, too."""
    if not SiteDocument.objects.exists():
        return
    for key in list(Page.objects.live().order_by("pk").values_list("pk", flat=True)):
        page = Page.objects.filter(pk=key).specific().first()
        if page is not None:
            with transaction.atomic():
                ReferenceIndex.create_or_update_for_object(page)


def private_addresses() -> Iterator[str]:
    """Give the public address that one original and one document would have, were they public."""
    for model in (SiteImage, SiteDocument):
        row: Any = model.objects.order_by("pk").first()
        if row is not None:
            address = urljoin(f"{settings.SITE_URL}/", row.file.storage.url(row.file.name))
            yield urlsplit(address)._replace(query="").geturl()


def stranger_reads(address: str) -> bool | None:
    """Return whether anyone can read what lies at an address; None where it cannot be asked."""
    try:
        with urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - an address of our own settings
            return bool(answer.status == 200)
    except HTTPError as error:
        error.close()
        return False
    except (URLError, OSError, ValueError):
        return None
