"""The images inside a Word file, in the order in which the parser numbers them."""

from __future__ import annotations

import io
import zlib
from typing import Any
from zipfile import BadZipFile

import mammoth

UNREADABLE = (OSError, ValueError, LookupError, RuntimeError, EOFError, BadZipFile, zlib.error)
"""What mammoth and zipfile raise for links out of the file and for broken parts."""


def embedded_images(data: bytes, limit: int) -> list[bytes | None]:
    """The bytes of each image, at most ``limit`` long; None for one that cannot be read or is linked.

    ``data`` is a Word file that the parser has checked and read. Image N of the parser's
    ``embedded:N`` stands at N - 1.
    """
    found: list[bytes | None] = []

    def keep(image: Any) -> dict[str, str]:
        try:
            with image.open() as stream:
                content = stream.read(limit + 1)
        except UNREADABLE:
            content = b""
        found.append(content if 0 < len(content) <= limit else None)
        return {}

    mammoth.convert_to_html(
        io.BytesIO(data), convert_image=mammoth.images.img_element(keep), external_file_access=False
    )
    return found
