"""Images beside the documents: checked, imported once by the hash of their bytes, never fetched."""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, UnidentifiedImageError

from mindlab.core.models import SiteImage
from mindlab.importer import sanitise
from mindlab.importer.draft import ImageAnswer
from mindlab.importer.sources import Source, SourceError, read

if TYPE_CHECKING:
    from mindlab.users.models import User

MAX_PIXELS = 60_000_000
"""Pixels of an image that is taken: a larger one costs more memory to scale than a server has to spare."""
FORMATS = {"AVIF": "avif", "GIF": "gif", "JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
REMOTE = "A remote image: it is listed here and not fetched."


@dataclass(slots=True)
class ImageFinder:
    """Finds the images that documents show, and imports each once."""

    by_name: Mapping[str, Path]
    """Images of the folders by lower-case file name."""
    owner: User | None
    dry_run: bool = False
    _answers: dict[Path, ImageAnswer] = field(default_factory=dict)

    def answer(self, reference: str, source: Source) -> ImageAnswer:
        """The id of the image (0 for one that a dry run would import), or why it is not taken."""
        if reference.startswith("embedded:"):
            return ImageAnswer(None, "An image inside the Word file: put it in by hand.")
        if "://" in reference or reference.startswith("//"):
            return ImageAnswer(None, REMOTE)
        path = self._find(reference, source)
        if path is None:
            return ImageAnswer(None, "No such image lies beside the document.")
        if path not in self._answers:
            self._answers[path] = self._take(path)
        return self._answers[path]

    def forget(self) -> None:
        """Forget what was imported, after a document's transaction was rolled back."""
        self._answers.clear()

    def _find(self, reference: str, source: Source) -> Path | None:
        name = reference.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0].strip()
        if not name or "\x00" in name:
            return None
        for folder in (source.path.parent, source.root):
            path = Path(os.path.normpath(folder / name.lstrip("/")))
            if _lies_in(path, source.root):
                return path
        return self.by_name.get(Path(name).name.lower())

    def _take(self, path: Path) -> ImageAnswer:
        if path.suffix.lower() == ".svg":
            return ImageAnswer(None, "SVG images are not taken: they can hold scripts.")
        try:
            data = read(path, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
            ending = _checked(data)
        except SourceError as error:
            return ImageAnswer(None, f"The image is not taken. {error.message}")
        digest = hashlib.sha256(data).hexdigest()
        known = SiteImage.objects.filter(content_hash=digest).values_list("pk", flat=True).first()
        if known is not None or self.dry_run:
            return ImageAnswer(known or 0)
        return ImageAnswer(self._store(path, data, digest, ending))

    def _store(self, path: Path, data: bytes, digest: str, ending: str) -> int:
        title = sanitise.one_line(path.stem.replace("_", " ").replace("-", " "))[:255] or "Image"
        image = SiteImage(title=title, content_hash=digest, uploaded_by_user=self.owner)
        name = f"{digest[:32]}.{ending}"
        stored = image.get_upload_to(name)
        storage = image._meta.get_field("file").storage
        if storage.exists(stored):
            image.file.name = stored
        else:
            image.file = ContentFile(data, name=name)
        image.file_size = len(data)
        image.save()
        return int(image.pk)


def _lies_in(path: Path, root: Path) -> bool:
    """Whether an ordinary file lies in a folder, reached without a link on the way."""
    return path.is_relative_to(root) and path.is_file() and Path(os.path.realpath(path)) == path


def _checked(data: bytes) -> str:
    """The ending for an image's own format.

    Raises SourceError when the bytes are no image, are in a format that is not taken, or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(FORMATS)) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise SourceError("It has too many pixels.")
                image.verify()
                return FORMATS[image.format or ""]
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise SourceError("It is no image of a kind that is taken.") from error
    except (OSError, SyntaxError, ValueError, KeyError) as error:
        raise SourceError("It is damaged.") from error
