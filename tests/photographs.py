"""Photographs as cameras and programs write them: with place, camera, time and words in their files."""

import io

import PIL.Image
import PIL.ImageOps
from PIL import ImageCms, PngImagePlugin

SECRET = b"SECRET"
"""Stands in all the metadata, and in nothing that a picture needs."""
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>SECRET person</dc:creator></x:xmpmeta>'
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
FORMATS = {"avif": "AVIF", "gif": "GIF", "jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
UPRIGHT, ON_ITS_SIDE = 1, 6


def exif(orientation=UPRIGHT):
    data = PIL.Image.Exif()
    data[0x010F] = "SECRET camera"
    data[0x9003] = "SECRET time"
    data[0x8825] = {1: "N", 2: (52.0, 30.0, 59.0), 3: "E", 4: (13.0, 22.0, 31.0), 29: "SECRET place"}
    data[0x0112] = orientation
    return data.tobytes()


def picture():
    """64 by 40 pixels in smooth colours, another one in each corner."""
    down = PIL.Image.linear_gradient("L").resize((64, 40))
    across = PIL.Image.linear_gradient("L").rotate(90).resize((64, 40))
    return PIL.Image.merge("RGB", (across, down, PIL.ImageOps.invert(across)))


def photograph(ending="jpg", orientation=UPRIGHT, frames=1):
    """The bytes of a photograph in a format, with all the metadata that it can hold."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "SECRET person")
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    more = {"exif": exif(orientation), "icc_profile": PROFILE}
    options = {
        "avif": {**more, "xmp": XMP, "quality": 90},
        "gif": {"comment": SECRET},
        "jpg": {**more, "xmp": XMP, "comment": SECRET, "quality": 95, "subsampling": 0},
        "png": {**more, "pnginfo": words},
        "webp": {**more, "xmp": XMP, "quality": 95},
    }[ending]
    if frames > 1:
        others = [PIL.Image.new("RGB", (64, 40), (0, 0, 80 * n)) for n in range(1, frames)]
        options = {**options, "save_all": True, "append_images": others, "duration": 100}
    data = io.BytesIO()
    picture().save(data, FORMATS[ending], **options)
    return data.getvalue()


def phone_photograph():
    """A JPEG with place and maker's words, a small picture in front, others and a film behind its end."""
    plain = photograph("jpg", ON_ITS_SIDE)
    thumbnail = b"\xff\xe0\x00\x0fJFXX\x00\x10SECRET"
    iptc = b"\xff\xed\x00\x1ePhotoshop 3.0\x008BIMSECRET12"
    maker = b"\xff\xe4\x00\x0aSECRETxx"
    several = b"\xff\xe2\x00\x0eMPF\x00SECRET78"
    return plain[:2] + thumbnail + iptc + maker + several + plain[2:] + photograph("jpg") + b"ftypmp42 SECRET"


def pictures_in_one():
    """A JPEG with a second picture behind the first, as telephones make it."""
    data = io.BytesIO()
    picture().save(data, "MPO", save_all=True, append_images=[picture().rotate(180)], exif=exif())
    return data.getvalue()


def pixels(data):
    """Size and RGB values of the first frame, upright."""
    with PIL.Image.open(io.BytesIO(data)) as image:
        upright = PIL.ImageOps.exif_transpose(image).convert("RGB")
        return upright.size, upright.tobytes()


def difference(one, other):
    """The largest difference of any value between two pictures of one size."""
    (size, values), (other_size, other_values) = pixels(one), pixels(other)
    assert size == other_size
    return max(abs(a - b) for a, b in zip(values, other_values, strict=True))


def tells(data):
    """What a file says besides the picture: what Pillow finds, and the marks of metadata in the bytes."""
    with PIL.Image.open(io.BytesIO(data)) as image:
        image.load()
        tags = {tag for tag in image.getexif() if tag != 0x0112 or image.format != "AVIF"}
        found = {key for key in ("xmp", "comment", "photoshop", "Author", "mp") if image.info.get(key)}
    marks = {mark for mark in (SECRET, b"Photoshop", b"MPF", b"xmpmeta", b"JFXX") if mark in data}
    return tags | found | marks
