"""Fields of our own. In migrations they are the fields they are made from: the columns are the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

from mindlab.core.documents import Reference, references_in_address
from mindlab.core.image_metadata import stripped


def without_metadata(file: Any) -> Any:
    """Return the file of an image, or a new one of the same name where metadata had to go.

    Raises:
        ImageFileError: when it is damaged or no image of a kind that is taken.
    """
    file.seek(0)
    data = file.read()
    file.seek(0)
    plain = stripped(data)
    return file if plain == data else ContentFile(plain, name=file.name)


class ImageFieldFile(WagtailImageFieldFile):
    """A file that loses what it says about place, camera and people before it is written."""

    file: Any

    def strip(self) -> None:
        """Take the metadata out before the file is stored: size and digest are then those of what will be."""
        if self and not self._committed:
            self.file = without_metadata(self.file)
            self.__dict__.pop("_dimensions_cache", None)
            self.field.update_dimension_fields(self.instance, force=True)

    def save(self, name: str, content: Any, save: bool = True) -> None:
        super().save(name, without_metadata(content), save)

    save.alters_data = True  # type: ignore[attr-defined]


class ImageFileField(WagtailImageField):
    """The field of an image's file: whichever way a file comes, it is stored without its metadata."""

    attr_class = ImageFieldFile

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Stay Wagtail's own field in migrations."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", args, kwargs


class AddressField(models.URLField[str, str]):
    """An address that counts as a link where it leads to a document of this site."""

    def extract_references(self, value: str) -> Iterator[Reference]:
        """Give the document for Wagtail's reference index."""
        return references_in_address(value)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Stay Django's own field in migrations."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
