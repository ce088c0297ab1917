"""Files of images say nothing of place, camera and people, whichever way they come; pictures stay."""

import io

import PIL.Image
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from mindlab.core.image_metadata import ImageFileError, stripped
from mindlab.core.models import SiteImage
from tests.factories import make_user
from tests.photographs import (
    FORMATS,
    ON_ITS_SIDE,
    PROFILE,
    SECRET,
    difference,
    phone_photograph,
    photograph,
    pixels,
    tells,
)

ENDINGS = sorted(FORMATS)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_loses_its_metadata_and_no_pixel(ending):
    data = photograph(ending)
    assert tells(data)
    plain = stripped(data)
    assert tells(plain) == set()
    assert pixels(plain) == pixels(data)
    with PIL.Image.open(io.BytesIO(plain)) as image:
        assert image.format == FORMATS[ending]
        assert image.info.get("icc_profile") == (None if ending == "gif" else PROFILE)


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("ending", ["avif", "jpg", "png", "webp"])
def test_a_photograph_stands_upright(ending, orientation):
    data = photograph(ending, orientation)
    plain = stripped(data)
    assert tells(plain) == set()
    assert difference(plain, data) <= (0 if ending in ("avif", "png") else 12)
    with PIL.Image.open(io.BytesIO(plain)) as image:
        # In AVIF the orientation is no metadata but a property of the picture.
        assert image.getexif().get(0x0112, 1) == (orientation if ending == "avif" else 1)
        assert image.info["icc_profile"] == PROFILE


@pytest.mark.parametrize("ending", ["avif", "gif", "png", "webp"])
def test_an_animation_keeps_its_frames(ending):
    data = photograph(ending, frames=3)
    assert SECRET in data
    plain = stripped(data)
    assert tells(plain) == set()
    with PIL.Image.open(io.BytesIO(data)) as before, PIL.Image.open(io.BytesIO(plain)) as after:
        assert after.n_frames == before.n_frames == 3
        for frame in range(3):
            before.seek(frame)
            after.seek(frame)
            assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()
            assert after.info.get("duration") == before.info.get("duration")


def test_nothing_is_left_of_what_a_phone_adds():
    data = phone_photograph()
    plain = stripped(data)
    assert tells(plain) == set()
    assert difference(plain, photograph("jpg", ON_ITS_SIDE)) <= 12
    assert plain.endswith(b"\xff\xd9")


def test_a_progressive_picture_in_four_colours_keeps_its_scans():
    data = io.BytesIO()
    image = PIL.Image.radial_gradient("L").resize((300, 200))
    PIL.Image.merge("CMYK", [image] * 4).save(data, "JPEG", progressive=True, comment=SECRET)
    plain = stripped(data.getvalue())
    assert SECRET not in plain
    assert pixels(plain) == pixels(data.getvalue())


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("orientation", [1, ON_ITS_SIDE])
def test_what_is_stripped_comes_out_the_same_again(ending, orientation):
    plain = stripped(photograph(ending, orientation))
    assert stripped(plain) == plain


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"\xff\xd8\xff", b"<svg/>", b"RIFF\x04\x00\x00\x00WEBP", b"II*\x00"]
)
def test_other_files_are_refused(data):
    with pytest.raises(ImageFileError):
        stripped(data)


SEEDS = [photograph(ending, ON_ITS_SIDE) for ending in ENDINGS] + [photograph("gif", frames=3)]


@settings(deadline=None)
@given(st.sampled_from(SEEDS), st.randoms(use_true_random=False))
def test_a_damaged_file_is_refused_or_comes_out_the_same_again(data, chance):
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        damaged[chance.randrange(len(damaged))] = chance.choice([0, 1, 127, 128, 255])
    damaged = bytes(damaged[: chance.randint(1, len(damaged))] if chance.random() < 0.3 else damaged)
    try:
        plain = stripped(damaged)
    except ImageFileError:
        return
    assert stripped(plain) == plain


@pytest.fixture
def editor(client, db):
    user = make_user(groups=("Editors",))
    client.force_login(user)
    return user


def upload(ending="jpg", kind=SimpleUploadedFile):
    data = photograph(ending, ON_ITS_SIDE)
    if kind is SimpleUploadedFile:
        return SimpleUploadedFile(f"photograph.{ending}", data, "image/*")
    file = TemporaryUploadedFile(f"photograph.{ending}", "image/*", len(data), None)
    file.write(data)
    file.seek(0)
    return file


def stored(image):
    image.refresh_from_db()
    with default_storage.open(image.file.name) as file:
        data = file.read()
    assert image.file_size == len(data)
    with PIL.Image.open(io.BytesIO(data)) as picture:
        assert (image.width, image.height) == picture.size
    return data


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", [SimpleUploadedFile, TemporaryUploadedFile])
def test_an_upload_is_stored_without_metadata(client, editor, ending, kind):
    client.post(reverse("wagtailimages:add"), {"title": "A photograph", "file": upload(ending, kind)})
    image = SiteImage.objects.get()
    assert tells(stored(image)) == set()
    assert (image.width, image.height) == ((64, 40) if ending in ("avif", "gif") else (40, 64))
    assert image.file_digest == image.digest_of_file()


def test_a_replaced_file_is_stored_without_metadata(client, editor):
    client.post(reverse("wagtailimages:add"), {"title": "A photograph", "file": upload("png")})
    image = SiteImage.objects.get()
    fields = {"title": image.title, "file": upload("jpg"), "tags": ""}
    client.post(reverse("wagtailimages:edit", args=[image.pk]), fields)
    image.refresh_from_db()
    assert image.file.name.endswith(".jpg")
    assert tells(stored(image)) == set()


def test_an_upload_from_the_chooser_is_stored_without_metadata(client, editor):
    address = reverse("wagtailimages_chooser:create")
    fields = {
        "image-chooser-upload-title": "A photograph",
        "image-chooser-upload-file": upload(),
        "image-chooser-upload-collection": 1,
    }
    client.post(address, fields)
    assert tells(stored(SiteImage.objects.get())) == set()


def test_several_uploads_are_stored_without_metadata(client, editor):
    answer = client.post(reverse("wagtailimages:add_multiple"), {"title": "One", "files[]": upload()})
    assert answer.json()["success"]
    assert tells(stored(SiteImage.objects.get())) == set()


def test_an_upload_whose_title_comes_later_is_stored_without_metadata(client, editor):
    answer = client.post(reverse("wagtailimages:add_multiple"), {"title": "", "files[]": upload()}).json()
    key = answer["uploaded_file_id"]
    prefix = f"uploaded-image-{key}"
    fields = {f"{prefix}-title": "A photograph", f"{prefix}-tags": "", f"{prefix}-collection": 1}
    client.post(reverse("wagtailimages:create_multiple_from_uploaded_image", args=[key]), fields)
    assert tells(stored(SiteImage.objects.get())) == set()


def test_a_damaged_upload_gets_a_sentence(client, editor):
    file = SimpleUploadedFile("photograph.png", photograph("png")[:-20], "image/png")
    answer = client.post(reverse("wagtailimages:add"), {"title": "A photograph", "file": file})
    assert "This file is damaged" in answer.content.decode()
    assert not SiteImage.objects.exists()


@pytest.mark.parametrize("ending", ENDINGS)
def test_renditions_carry_no_metadata(db, ending):
    image = SiteImage.objects.create(
        title="A photograph", file=ContentFile(photograph(ending), name=f"photograph.{ending}")
    )
    # As it was stored before metadata was taken out.
    name = default_storage.save(f"original_images/old.{ending}", ContentFile(photograph(ending, ON_ITS_SIDE)))
    SiteImage.objects.update(file=name)
    image.refresh_from_db()
    specs = ["original", "width-20", "fill-10x10|format-webp", "width-20|format-jpeg", "width-20|format-avif"]
    for rendition in [*image.get_renditions(*specs).values(), image.get_rendition("max-30x30")]:
        with rendition.file.open() as file:
            assert tells(file.read()) == set(), rendition.filter_spec


def test_the_digest_of_a_picture_is_the_same_with_and_without_its_metadata(db):
    image = SiteImage.objects.create(title="A", file=ContentFile(photograph("jpg"), name="a.jpg"))
    before = image.file_digest
    name = default_storage.save("original_images/old.jpg", ContentFile(photograph("jpg")))
    SiteImage.objects.update(file=name, file_digest="")
    image = SiteImage.objects.get()
    assert image.file_sha256 == before


@pytest.mark.parametrize("ending", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_upload_that_broke_off_gets_a_sentence(client, editor, ending):
    data = io.BytesIO()
    PIL.Image.effect_noise((90, 60), 80).convert("RGB").save(data, ending)
    name = f"a.{ending.lower()}"
    client.force_login(editor)
    for share in (0.9, 0.5):
        file = ContentFile(data.getvalue()[: int(len(data.getvalue()) * share)], name=name)
        answer = client.post(reverse("wagtailimages:add"), {"title": "Kept", "collection": 1, "file": file})
        said = answer.content.decode()
        assert answer.status_code == 200
        assert "This file is damaged" in said or "valid image" in said
        assert "Kept" in said
