"""Bring stored images and documents under the rules of today."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from wagtail.images.models import SourceImageIOError

from mindlab.core import media
from mindlab.core.image_metadata import ImageFileError
from mindlab.core.models import SiteImage, SiteRendition


class Command(BaseCommand):
    """Strip originals, hide renditions, index links to documents, and ask for files as a stranger would."""

    help = (
        "Takes place, camera and people out of stored images, gives their sizes names that nobody guesses, "
        "and says whether strangers can read originals or documents. Can be broken off and run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do each step; end with status 1 when something is left for a person to do."""
        problems = self.originals()
        self.sizes()
        media.index_documents()
        problems += self.strangers()
        if problems:
            raise CommandError("\n".join(problems))

    def originals(self) -> list[str]:
        """Strip the originals, and return a sentence for each that could not be."""
        changed, problems = 0, []
        for image in SiteImage.objects.order_by("pk").iterator(chunk_size=100):
            try:
                changed += media.strip_original(image)
            except (ImageFileError, SourceImageIOError) as error:
                problems.append(f"Image {image.pk}, “{image.title}”, was left as it is: {error}")
        self.stdout.write(f"Images whose metadata were taken out: {changed}")
        return problems

    def sizes(self) -> None:
        """Hide the renditions."""
        renditions = SiteRendition.objects.select_related("image").order_by("pk")
        changed = sum(map(media.hide_rendition, renditions.iterator(chunk_size=100)))
        self.stdout.write(f"Sizes of images with a new name: {changed}")

    def strangers(self) -> list[str]:
        """Return a sentence for each address that strangers can read and must not."""
        problems = []
        for address in media.private_addresses():
            readable = media.stranger_reads(address)
            if readable:
                problems.append(
                    f"Anyone can read {address}: let the server or the object store show images/ alone."
                )
            else:
                self.stdout.write(f"{'Could not be asked' if readable is None else 'Private'}: {address}")
        return problems
