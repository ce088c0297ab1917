"""The form of an image."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.images.forms import BaseImageForm

from mindlab.core.fields import without_metadata
from mindlab.core.image_metadata import ImageFileError

DAMAGED = (ImageFileError, OSError, SyntaxError, ValueError, EOFError, struct.error)
"""What Pillow and we raise for files that break off or hold nonsense."""


class SiteImageForm(BaseImageForm):
    """Refuses a damaged file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            # Wagtail's check reads the whole picture, and lets through what Pillow raises.
            field.check_image_pixel_size = refuses_damaged(field.check_image_pixel_size)

    def clean_file(self) -> Any:
        """Return the file without its metadata."""
        file = self.cleaned_data["file"]
        return refuses_damaged(without_metadata)(file) if "file" in self.changed_data else file


def refuses_damaged(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let ``read``, which reads the file of an image, say in a sentence that it is damaged."""

    @wraps(read)
    def read_whole(file: Any) -> Any:
        try:
            return read(file)
        except DAMAGED as error:
            raise ValidationError(
                _("This file is damaged: open it in a picture editor, save it anew, and upload that.")
            ) from error

    return read_whole
