"""The field of an image's file: whichever way a file comes, it is stored without its metadata."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

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
    """Wagtail's field of an image's file, with ``ImageFieldFile``."""

    attr_class = ImageFieldFile

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Stay Wagtail's own field in migrations, which name no code of ours; the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", args, kwargs
