"""Takes out of an image's file what it says about place, camera, time and people.

Pixels are not touched: the parts of the file that hold metadata are left out, or blanked where
leaving out would move others. What a picture needs to look the same stays: colour profile, gamma,
transparency, animation. Orientation is a matter of metadata, too, so a photograph that lies on its
side is stood up first; that is the one case in which it is encoded again.

Bytes in, bytes out: knows files of images, and neither Django nor Wagtail. What was stripped once
comes out the same, byte for byte.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image

MAX_PIXELS = 128_000_000
"""Pixels of an image that is turned: a larger one takes more memory than a server has to spare."""

Turn = Image.Transpose
TURNS = {
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_270,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_90,
}
"""What stands an image up, by the value of its EXIF orientation."""
ORIENTATION = 0x0112


class ImageFileError(ValueError):
    """The bytes are no whole image in a format whose metadata we can take out."""


def stripped(data: bytes) -> bytes:
    """Return the file of an image without its metadata, upright.

    JPEG, PNG, WebP and GIF lose the parts that hold it; in AVIF (and its relatives) they are blanked.

    Raises:
        ImageFileError: when the file is damaged or in another format.
    """
    try:
        kept, exif = _container(data)(data)
        return _upright(kept, TURNS[turn]) if (turn := _orientation(exif)) in TURNS else kept
    except (IndexError, struct.error) as error:
        raise ImageFileError("The image's file is damaged.") from error


def _container(data: bytes) -> Callable[[bytes], tuple[bytes, bytes]]:
    """Return the function that takes a file apart: it gives what is kept, and the EXIF data."""
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg
    if data.startswith(PNG_SIGNATURE):
        return _png
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return _gif
    if data[4:8] == b"ftyp":
        return _boxed
    raise ImageFileError("The file is no image of a kind that is taken.")


def _orientation(exif: bytes) -> int:
    """Return the orientation that EXIF data gives, 1 (upright) where it gives none (TIFF 6.0, EXIF 2.32)."""
    tiff = exif.removeprefix(b"Exif\x00\x00")
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for entry in range(count):
            tag, _kind, _number, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * entry)
            if tag == ORIENTATION:
                return int(value)
    except struct.error:
        return 1
    return 1


def _upright(data: bytes, turn: Turn) -> bytes:
    try:
        with Image.open(io.BytesIO(data)) as image:
            if getattr(image, "is_animated", False):
                return data
            if image.width * image.height > MAX_PIXELS:
                raise ImageFileError("The image has too many pixels to be turned upright.")
            lossless = image.format == "WEBP" and b"VP8L" in data[:64]
            options = {"lossless": True} if lossless else {"quality": 95, "subsampling": 0}
            turned = io.BytesIO()
            image.transpose(turn).save(
                turned, image.format, icc_profile=image.info.get("icc_profile"), **options
            )
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ImageFileError("The image's file is damaged.") from error
    plain = turned.getvalue()
    return _container(plain)(plain)[0]


# JPEG: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B

MARKER = re.compile(rb"\xff+([\x01-\xfe])")
END_OF_SCAN = re.compile(rb"\xff(?=\xff*[\x01-\xcf\xd8-\xfe])")
"""Within a scan 0xFF stands before zero, a restart marker, or the marker that ends it."""
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
SCAN, END, COMMENT = 0xDA, 0xD9, 0xFE
PROFILE, ADOBE = (0xE2, b"ICC_PROFILE\x00"), (0xEE, b"Adobe")


def _jpeg(data: bytes) -> tuple[bytes, bytes]:
    kept, exif, at = bytearray(data[:2]), b"", 2
    scanned = False
    while found := MARKER.search(data, at):
        marker, at = found[1][0], found.end()
        if marker == END:
            break
        if marker in WITHOUT_LENGTH:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        segment, at = data[at : at + length], at + length
        if length < 2 or at > len(data):
            raise ImageFileError("The image's file is damaged.")
        if marker == 0xE1 and segment[2:8] == b"Exif\x00\x00":
            exif = exif or segment[2:]
        kept += _jpeg_segment(marker, segment)
        if marker == SCAN:
            scanned = True
            end = END_OF_SCAN.search(data, at)
            stop = end.start() if end else len(data)
            kept, at = kept + data[at:stop].rstrip(b"\xff"), stop
    if not scanned:
        raise ImageFileError("The image's file is damaged.")
    # What follows the end (further pictures, a film) goes with the metadata that leads to it.
    return bytes(kept + bytes((0xFF, END))), exif


def _jpeg_segment(marker: int, segment: bytes) -> bytes:
    head = bytes((0xFF, marker))
    if marker == 0xE0:
        # The resolution, without a small picture.
        is_jfif = segment[2:7] == b"JFIF\x00" and len(segment) >= 16
        return head + b"\x00\x10" + segment[2:14] + b"\x00\x00" if is_jfif else b""
    is_application = 0xE0 < marker < 0xF0
    if is_application and not any(marker == m and segment[2:].startswith(n) for m, n in (PROFILE, ADOBE)):
        return b""
    return b"" if marker == COMMENT else head + segment


# PNG: https://www.w3.org/TR/png-3/

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP"),
    *(b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT"),
}


def _png(data: bytes) -> tuple[bytes, bytes]:
    kept, exif, at, kind = bytearray(PNG_SIGNATURE), b"", len(PNG_SIGNATURE), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk, at = data[at : at + 12 + length], at + 12 + length
        if at > len(data):
            raise ImageFileError("The image's file is damaged.")
        if kind == b"eXIf":
            exif = chunk[8:-4]
        if kind in PNG_KEPT:
            kept += chunk
    return bytes(kept), exif


# WebP: RFC 9649

WEBP_KEPT = {b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ICCP"}
HAS_EXIF_OR_XMP = 0x0C


def _webp(data: bytes) -> tuple[bytes, bytes]:
    (size,) = struct.unpack_from("<I", data, 4)
    kept, exif = bytearray(), b""
    for kind, chunk in _riff_chunks(data[12 : 8 + size]):
        if kind == b"EXIF":
            exif = chunk
        elif kind == b"VP8X":
            kept += _riff_chunk(kind, bytes((chunk[0] & ~HAS_EXIF_OR_XMP,)) + chunk[1:])
        elif kind == b"ANMF":
            frame = (_riff_chunk(*part) for part in _riff_chunks(chunk[16:]) if part[0] in WEBP_KEPT)
            kept += _riff_chunk(kind, chunk[:16] + b"".join(frame))
        elif kind in WEBP_KEPT:
            kept += _riff_chunk(kind, chunk)
    if not kept:
        raise ImageFileError("The image's file is damaged.")
    return b"RIFF" + struct.pack("<I", 4 + len(kept)) + b"WEBP" + bytes(kept), exif


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        if at + 8 + size > len(data):
            raise ImageFileError("The image's file is damaged.")
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _riff_chunk(kind: bytes, chunk: bytes) -> bytes:
    return kind + struct.pack("<I", len(chunk)) + chunk + b"\x00" * (len(chunk) % 2)


# GIF: https://www.w3.org/Graphics/GIF/spec-gif89a.txt

GIF_APPLICATIONS = {b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"}
"""Repetition, and the colour profile."""


def _gif(data: bytes) -> tuple[bytes, bytes]:
    at = 13 + _colour_table(data[10])
    if at >= len(data):
        raise ImageFileError("The image's file is damaged.")
    kept = bytearray(data[:at])
    while at < len(data) and data[at] != 0x3B:
        start = at
        if data[at] == 0:
            at += 1
        elif data[at] == 0x2C:
            at = _after_sub_blocks(data, at + 11 + _colour_table(data[at + 9]))
            kept += data[start:at]
        elif data[at] == 0x21:
            at = _after_sub_blocks(data, at + 2)
            if data[start + 1] == 0xF9 or data[start + 3 : start + 14] in GIF_APPLICATIONS:
                kept += data[start:at]
        else:
            raise ImageFileError("The image's file is damaged.")
    return bytes(kept) + b"\x3b", b""


def _colour_table(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_sub_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


# AVIF: ISO/IEC 14496-12 (boxes), 23008-12 (items)


@dataclass(frozen=True, slots=True)
class _Box:
    """A box of a file: its kind, where it begins, where its contents begin and end."""

    kind: bytes
    start: int
    body: int
    end: int


METADATA_BOXES = {b"uuid", b"udta"}
METADATA_ITEMS = {b"Exif", b"mime", b"uri "}
BLANK = b"free"
"""The kind of a box or item that readers pass over."""


def _boxed(data: bytes) -> tuple[bytes, bytes]:
    """Blank what is metadata where it stands, because the file is full of offsets.

    The orientation is a property of the picture here, which stays: nothing has to be turned.
    """
    file = bytearray(data)
    _blank_boxes(file, 0, len(file))
    return bytes(file), b""


def _blank_boxes(file: bytearray, start: int, end: int) -> None:
    for box in _boxes(file, start, end):
        if box.kind in METADATA_BOXES:
            file[box.start + 4 : box.start + 8] = BLANK
            _blank(file, box.body, box.end)
        elif box.kind in (b"moov", b"trak"):
            _blank_boxes(file, box.body, box.end)
        elif box.kind == b"meta":
            _blank_items(file, {inner.kind: inner for inner in _boxes(file, box.body + 4, box.end)})


def _boxes(file: bytearray, start: int, end: int) -> Iterator[_Box]:
    while start < end:
        size, kind = struct.unpack_from(">I4s", file, start)
        body = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", file, body)
            body += 8
        stop = start + size if size else end
        if not body <= stop <= end:
            raise ImageFileError("The image's file is damaged.")
        yield _Box(kind, start, body, stop)
        start = stop


def _blank(file: bytearray, start: int, end: int) -> None:
    if not 0 <= start <= end <= len(file):
        raise ImageFileError("The image's file is damaged.")
    file[start:end] = bytes(end - start)


def _blank_items(file: bytearray, boxes: dict[bytes, _Box]) -> None:
    if not {b"iinf", b"iloc"} <= boxes.keys():
        return
    items = _metadata_items(file, boxes[b"iinf"])
    own_data = boxes[b"idat"].body if b"idat" in boxes else 0
    for item, method, offset, length in _extents(file, boxes[b"iloc"]):
        if item in items:
            if method > 1 or not length:
                raise ImageFileError("The image's file keeps its metadata in a way that is not known here.")
            start = offset + (own_data if method else 0)
            _blank(file, start, start + length)


def _metadata_items(file: bytearray, box: _Box) -> set[int]:
    """Return the numbers of the items that are metadata, and make readers pass over them."""
    found = set()
    first = box.body + (8 if file[box.body] else 6)
    for entry in _boxes(file, first, box.end):
        version, at = file[entry.body], entry.body + 4
        if entry.kind != b"infe" or version not in (2, 3):
            raise ImageFileError("The image's file keeps its parts in a way that is not known here.")
        number, _protection, kind = struct.unpack_from(">HH4s" if version == 2 else ">IH4s", file, at)
        if kind in METADATA_ITEMS:
            found.add(number)
            place = at + (4 if version == 2 else 6)
            file[place : place + 4] = BLANK
    return found


def _extents(file: bytearray, box: _Box) -> Iterator[tuple[int, int, int, int]]:
    """Give item, method of construction (0: within the file, 1: within "idat"), offset and length."""
    reader = _Reader(file, box.body)
    version = reader.number(4) >> 24
    sizes = reader.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    for _ in range(reader.number(4 if version == 2 else 2)):
        item = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 15 if version else 0
        reader.number(2)
        base = reader.number(base_size)
        for _ in range(reader.number(2)):
            reader.number(index_size)
            offset, length = reader.number(offset_size), reader.number(length_size)
            yield item, method, base + offset, length


@dataclass(slots=True)
class _Reader:
    """Reads whole numbers of any size, one after the other."""

    file: bytearray
    at: int

    def number(self, size: int) -> int:
        """Return the next one, big end first; 0 for one of no size."""
        if self.at + size > len(self.file):
            raise IndexError(self.at)
        self.at += size
        return int.from_bytes(self.file[self.at - size : self.at], "big")
