"""Who may work with images and documents."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from mindlab.core.models import SiteImage
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("open_gate")


def upload(colour="red"):
    data = BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "PNG")
    return SimpleUploadedFile(f"{colour}.png", data.getvalue(), "image/png")


@pytest.fixture
def writer(client):
    user = make_user(groups=("Writers",))
    client.force_login(user)
    return user


@pytest.fixture
def image(client, writer):
    client.post(reverse("wagtailimages:add"), {"title": "A red field", "file": upload()})
    return SiteImage.objects.get(title="A red field")


def replace(client, image):
    fields = {"title": image.title, "file": upload("blue"), "tags": ""}
    return client.post(reverse("wagtailimages:edit", args=[image.pk]), fields)


def test_writers_upload_images_and_change_their_own(client, image):
    replace(client, image)
    image.refresh_from_db()
    assert "blue" in image.file.name


@pytest.mark.parametrize("app", ["wagtailimages", "wagtaildocs"])
@pytest.mark.parametrize("role", ["Writers", "Editors"])
def test_writers_and_editors_add_and_choose_files(client, app, role):
    client.force_login(make_user(groups=(role,)))
    chooser = {"wagtailimages": "wagtailimages_chooser", "wagtaildocs": "wagtaildocs_chooser"}[app]
    assert client.get(reverse(f"{app}:add")).status_code == 200
    assert client.get(reverse(f"{chooser}:choose")).status_code == 200
