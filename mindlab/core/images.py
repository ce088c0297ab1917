"""The form of an image."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.images.forms import BaseImageForm

from mindlab.core.fields import without_metadata
from mindlab.core.image_metadata import ImageFileError


class SiteImageForm(BaseImageForm):
    """Refuses a damaged file."""

    def clean_file(self) -> Any:
        """Return the file without its metadata."""
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return file
        try:
            return without_metadata(file)
        except ImageFileError as error:
            raise ValidationError(
                _("This file is damaged: open it in a picture editor, save it anew, and upload that.")
            ) from error
