"""Images beside the documents and in them: checked, imported once by the hash of their bytes.

Remote ones are listed, and fetched only when the call asks for it.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, UnidentifiedImageError

from mindlab.core.image_metadata import ImageFileError, stripped
from mindlab.core.models import SiteImage
from mindlab.importer import sanitise
from mindlab.importer.draft import ImageAnswer
from mindlab.importer.embedded import embedded_images
from mindlab.importer.parsers.document import Image as ImageBlock
from mindlab.importer.parsers.document import ParsedDocument
from mindlab.importer.remote import fetch
from mindlab.importer.sources import Picture, Source, SourceError, name_of_file, read

if TYPE_CHECKING:
    from mindlab.users.models import User

logger = logging.getLogger(__name__)

MAX_PIXELS = 60_000_000
"""Pixels of an image that is taken: a larger one costs more memory to scale than a server has to spare."""
MAX_FETCHED = 64 * 1024 * 1024
"""Bytes that are fetched for one document."""
FORMATS = {"AVIF": "avif", "GIF": "gif", "JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
SEVERAL_IN_ONE = "MPO"
"""What a JPEG is called when its camera put further pictures behind the first; they are left out."""
REMOTE = (
    "A remote image: it is listed here and not fetched. Fetch it with --fetch-media, or put it in by hand."
)
EMBEDDED = "embedded:"
LONGEST_URL = 200
"""Characters of an address that an image's record keeps."""


def is_remote(reference: str) -> bool:
    """Whether an image lies at an address, not beside or in its document."""
    return "://" in reference or reference.startswith("//")


@dataclass(slots=True)
class ImageFinder:
    """Finds the images that documents show, and imports each once."""

    by_name: Mapping[str, Path]
    """Images of the folders by ``name_of_file``."""
    owner: User | None
    dry_run: bool = False
    may_fetch: bool = False
    _answers: dict[tuple[Path | None, str], ImageAnswer] = field(default_factory=dict)
    _fetched: dict[str, bytes | str] = field(default_factory=dict)
    """Bytes by address of the document at hand, or why there are none."""
    _tried: set[str] = field(default_factory=set)
    """Addresses that were asked in this run."""

    def fetch_for(self, document: ParsedDocument) -> None:
        """Fetch the remote images of a document, before a transaction holds the database for it."""
        self._fetched.clear()
        if not self.may_fetch:
            return
        left = MAX_FETCHED
        urls = [block.source for block in document.blocks if isinstance(block, ImageBlock)]
        for url in dict.fromkeys(filter(is_remote, urls)):
            if (None, url) in self._answers or _at_address(url) is not None:
                continue
            self._tried.add(url)
            try:
                data = fetch(_absolute(url), min(left, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE))
            except SourceError as error:
                self._fetched[url] = f"A remote image. {error.message}"
                continue
            self._fetched[url] = data
            left -= len(data)

    def answer(self, reference: str, source: Source) -> ImageAnswer:
        """The id of the image (0 for one that a dry run would import), or why it is not taken."""
        if is_remote(reference):
            return self._remote(reference)
        if reference.startswith(EMBEDDED):
            key: tuple[Path | None, str] = (source.path, reference)
            if key not in self._answers:
                self._take_embedded(source)
            return self._answers.get(key, ImageAnswer(None, "The Word file holds no such image."))
        path = self._find(reference, source)
        if path is None:
            return ImageAnswer(None, "No such image lies beside the document.", may_come=True)
        key = (path, "")
        if key not in self._answers:
            self._answers[key] = self._take_file(path)
        return self._answers[key]

    def has_come(self, reference: str, source: Source) -> bool:
        """Whether an image that was missing when its document was written can be had now."""
        if is_remote(reference):
            return _at_address(reference) is not None or (self.may_fetch and reference not in self._tried)
        return self._find(reference, source) is not None

    def unused(self, pictures: Iterable[Picture]) -> list[Picture]:
        """The pictures that no document of this run asked for, and none before it had imported."""
        left = {picture.path: picture for picture in pictures if (picture.path, "") not in self._answers}
        digests: dict[str, list[Path]] = {}
        for path in left:
            try:
                data = read(path, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
            except SourceError:
                continue
            digests.setdefault(hashlib.sha256(data).hexdigest(), []).append(path)
        hashes = sorted(digests)
        for start in range(0, len(hashes), 500):
            known = SiteImage.objects.filter(content_hash__in=hashes[start : start + 500])
            for digest in known.values_list("content_hash", flat=True).distinct():
                for path in digests[digest]:
                    left.pop(path, None)
        return list(left.values())

    def forget(self) -> None:
        """Forget what was imported, after a document's transaction was rolled back."""
        self._answers.clear()

    def _find(self, reference: str, source: Source) -> Path | None:
        cut = reference.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0].strip()
        for name in dict.fromkeys((reference.strip(), cut)):
            if name and "\x00" not in name and (path := self._file(name, source)) is not None:
                return path
        return None

    def _file(self, name: str, source: Source) -> Path | None:
        for folder in (source.path.parent, source.root):
            path = Path(os.path.normpath(folder / name.lstrip("/")))
            if _lies_in(path, source.root):
                return path
        return self.by_name.get(name_of_file(Path(name).name))

    def _remote(self, url: str) -> ImageAnswer:
        key = (None, url)
        if key in self._answers:
            return self._answers[key]
        if (known := _at_address(url)) is not None:
            return ImageAnswer(known)
        fetched = self._fetched.get(url, REMOTE)
        if isinstance(fetched, str):
            return ImageAnswer(None, fetched, may_come=True)
        name = urlsplit(_absolute(url)).path.rpartition("/")[2]
        self._answers[key] = self._take(fetched, unquote(Path(name).stem), _absolute(url))
        return self._answers[key]

    def _take_embedded(self, source: Source) -> None:
        try:
            data = read(source.path)
            if hashlib.sha256(data).hexdigest() != source.content_hash:
                return
            images = embedded_images(data, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
        except Exception as error:
            # mammoth raises what the XML and zip modules raise; the document goes on without its images.
            logger.debug("%s: its images could not be read", source.reference, exc_info=error)
            return
        for number, image in enumerate(images, 1):
            if image is None:
                answer = ImageAnswer(None, "An image of the Word file that is linked, damaged or too large.")
            else:
                answer = self._take(image, f"{source.path.stem} {number}")
            self._answers[source.path, f"{EMBEDDED}{number}"] = answer

    def _take_file(self, path: Path) -> ImageAnswer:
        if path.suffix.lower() == ".svg":
            return ImageAnswer(None, "SVG images are not taken: they can hold scripts.")
        try:
            data = read(path, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
        except SourceError as error:
            return ImageAnswer(None, f"The image is not taken. {error.message}")
        return self._take(data, path.stem)

    def _take(self, data: bytes, name: str, url: str = "") -> ImageAnswer:
        try:
            ending, plain = _checked(data), _without_metadata(data)
        except SourceError as error:
            return ImageAnswer(None, f"The image is not taken. {error.message}")
        digest = hashlib.sha256(data).hexdigest()
        known = SiteImage.objects.filter(content_hash=digest).values_list("pk", flat=True).first()
        if known is not None or self.dry_run:
            return ImageAnswer(known or 0)
        title = sanitise.one_line(name.replace("_", " ").replace("-", " "))[:255] or "Image"
        image = SiteImage(title=title, content_hash=digest, uploaded_by_user=self.owner)
        image.source_url = url if len(url) <= LONGEST_URL else ""
        return ImageAnswer(_store(image, plain, f"{digest[:32]}.{ending}"))


def _absolute(url: str) -> str:
    return f"https:{url}" if url.startswith("//") else url


def _at_address(url: str) -> int | None:
    """The image that was taken from there before."""
    known = SiteImage.objects.filter(source_url=_absolute(url)[:LONGEST_URL]).exclude(content_hash="")
    return known.order_by("pk").values_list("pk", flat=True).first()


def _store(image: SiteImage, data: bytes, name: str) -> int:
    """Save an image with its file; a file that a run left behind is used again if it is whole."""
    stored = image.get_upload_to(name)
    storage = image._meta.get_field("file").storage
    if storage.exists(stored):
        with storage.open(stored) as file:
            is_whole = file.read(len(data) + 1) == data
        if not is_whole:
            storage.delete(stored)
    if storage.exists(stored):
        image.file = stored
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
                return FORMATS["JPEG" if image.format == SEVERAL_IN_ONE else image.format or ""]
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise SourceError("It is no image of a kind that is taken.") from error
    except (OSError, SyntaxError, ValueError, KeyError) as error:
        raise SourceError("It is damaged.") from error


def _without_metadata(data: bytes) -> bytes:
    try:
        return stripped(data)
    except ImageFileError as error:
        raise SourceError("It is damaged.") from error
