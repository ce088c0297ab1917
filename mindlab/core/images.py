"""The form of an image: what a published text shows was reviewed with it, and stays."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.images.forms import BaseImageForm
from wagtail.models import Page, ReferenceIndex, get_page_models

from mindlab.core.fields import without_metadata
from mindlab.core.image_metadata import ImageFileError
from mindlab.core.pages import ReviewedPage


def shows_on_reviewed_pages(image: Any) -> bool:
    """Return whether any published page of a reviewed type shows an image, in two queries."""
    reviewed = [model for model in get_page_models() if issubclass(model, ReviewedPage)]
    types = ContentType.objects.get_for_models(*reviewed).values()
    keys = ReferenceIndex.get_references_to(image).filter(content_type__in=types)
    return (
        Page.objects.live()
        .filter(pk__in=[int(key) for key in keys.values_list("object_id", flat=True)])
        .exists()
    )


class SiteImageForm(BaseImageForm):
    """Refuses another file under an image that readers see in a reviewed text, and one that is damaged."""

    def clean_file(self) -> Any:
        """Return the file without its metadata, unless it would change published pages past their review."""
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return file
        if self.instance.pk and shows_on_reviewed_pages(self.instance):
            raise ValidationError(
                _("Published pages show this image: upload the new file as another image and choose that.")
            )
        try:
            return without_metadata(file)
        except ImageFileError as error:
            raise ValidationError(
                _("This file is damaged: open it in a picture editor, save it anew, and upload that.")
            ) from error
