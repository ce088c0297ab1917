"""What strangers can read of images and documents: what a public page shows or links to, and nothing else."""

import importlib.machinery
import importlib.util
import io
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import clear_url_caches, get_resolver
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, ReferenceIndex

import mindlab.urls
from mindlab.core import media
from mindlab.core.models import SiteDocument, SiteImage, SiteRendition
from tests.architecture.layers import ROOT
from tests.factories import make_article, make_image, make_issue, make_user
from tests.photographs import ON_ITS_SIDE, photograph, tells

pytestmark = pytest.mark.usefixtures("open_gate")


@pytest.fixture(autouse=True)
def no_sizes_of_other_tests():
    """Another test may have cached a size of an image with the same key, whose file is gone."""
    caches["renditions"].clear()


@pytest.fixture
def document(db):
    return SiteDocument.objects.create(title="Data", file=ContentFile(b"a,b\n", name="data.csv"))


def status(client, address):
    response = client.get(address)
    response.getvalue()
    return response.status_code


def linked(address):
    return [{"type": "text", "value": f'<p>See <a href="{address}">the data</a>.</p>'}]


def by_key(document):
    return [{"type": "text", "value": f'<p>See <a linktype="document" id="{document.pk}">the data</a>.</p>'}]


def button(address):
    value = {"text": "The data.", "label": "Open", "page": None, "url": address}
    return [{"type": "cta", "value": value}]


WAYS_TO_LINK = {
    "by key": by_key,
    "by path": lambda document: linked(document.url),
    "by address": lambda document: linked(f"{settings.SITE_URL}{document.url}"),
    "by a button": lambda document: button(f"{settings.SITE_URL}{document.url}"),
}


@pytest.mark.parametrize("way", WAYS_TO_LINK)
def test_strangers_read_a_document_that_a_public_page_links_to(client, document, way):
    assert status(client, document.url) == 404
    draft = make_article(body=WAYS_TO_LINK[way](document))
    assert status(client, document.url) == 404
    draft.delete()

    page = make_article(body=WAYS_TO_LINK[way](document), live=True)
    response = client.get(document.url)
    assert response.getvalue() == b"a,b\n"
    assert {"private", "no-cache"} <= set(response["Cache-Control"].split(", "))

    page.unpublish()
    assert status(client, document.url) == 404


def test_an_issue_links_to_a_document_by_its_button(client, document):
    address = f"{settings.SITE_URL}{document.url}"
    make_issue(5, cta_text="The data.", cta_label="Open", cta_url=address, live=True)
    assert status(client, document.url) == 200


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example{}",
        "//elsewhere.example{}",
        "/articles{}",
        "http://[{}",
        "mailto:a@b.example",
    ],
)
def test_other_addresses_open_no_document(client, document, address):
    make_article(body=linked(address.format(document.url)), live=True)
    assert status(client, document.url) == 404


def test_typed_addresses_reach_readers_unchanged(client):
    addresses = ["/feed/", "https://example.org/a?b=1&amp;c=2", "mailto:a@b.example", "#part"]
    page = make_article(body=[block for address in addresses for block in linked(address)], live=True)
    html = client.get(page.url).content.decode()
    for address in addresses:
        assert f'<a href="{address}">the data</a>' in html


def test_a_row_with_the_key_of_a_page_that_links_to_a_document_opens_nothing(client, document):
    page = make_article(live=True)
    kind = ContentType.objects.get_for_model(SiteImage)
    ReferenceIndex.objects.create(
        base_content_type=kind,
        content_type=kind,
        object_id=str(page.pk),
        to_content_type=ContentType.objects.get_for_model(SiteDocument),
        to_object_id=str(document.pk),
        model_path="x",
        content_path="x",
        content_path_hash="00000000-0000-0000-0000-000000000000",
    )
    assert status(client, document.url) == 404


@pytest.mark.parametrize("groups", [("Writers",), ("Editors",), ("Scientific reviewers",)])
def test_those_who_work_here_read_all_documents(client, document, groups):
    client.force_login(make_user(groups=groups))
    assert status(client, document.url) == 200


def test_a_document_of_a_private_page_is_for_the_readers_of_that_page(client, document):
    page = make_article(body=by_key(document), live=True, private=True)
    assert status(client, document.url) == 404
    client.force_login(make_user())
    assert status(client, document.url) == 200
    PageViewRestriction.objects.filter(page=page).update(restriction_type="groups")
    assert status(client, document.url) == 404


def test_the_privacy_of_a_collection_holds_as_well(client, document):
    make_article(body=by_key(document), live=True)
    collection = Collection.get_first_root_node()
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    assert status(client, document.url) == 302


@pytest.fixture
def debugging(settings):
    """The addresses of a developer's own machine, where Django itself serves public media."""
    settings.DEBUG = True
    importlib.reload(mindlab.urls)
    clear_url_caches()
    yield
    settings.DEBUG = False
    importlib.reload(mindlab.urls)
    clear_url_caches()


def test_media_are_served_by_no_address_of_the_site(client, document):
    image = make_image()
    rendition = image.get_rendition("width-10")
    for file in (image.file, rendition.file, document.file):
        assert status(client, file.url) == 404


def test_sizes_of_images_alone_are_served_on_a_developers_machine(debugging, document):
    image = make_image()
    client = Client()
    assert status(client, image.get_rendition("width-10").file.url) == 200
    for file in (image.file, document.file):
        assert status(client, file.url) == 404
    assert status(client, f"/media/images/../{image.file.name}") == 400
    assert get_resolver().resolve("/admin/")


def mounts(words):
    at = [number for number, word in enumerate(words) if word == "--static-path-mount"]
    return [Path(words[number + 1]) for number in at]


def test_nothing_but_sizes_of_images_is_mounted(monkeypatch, tmp_path):
    service = (ROOT / "deploy" / "mindlab.service").read_text(encoding="utf-8")
    assert mounts(service.split()) == [Path("/var/lib/mindlab/media/images")]
    program = importlib.machinery.SourceFileLoader("run", str(ROOT / "deploy" / "run.py"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", program))
    program.exec_module(module)
    started = []
    monkeypatch.setattr(module.os, "execv", lambda path, words: started.extend(words))
    monkeypatch.setenv("MEDIA_ROOT", str(tmp_path))
    module.serve("8000")
    assert mounts(started) == [tmp_path / "images"]


def test_the_name_of_a_size_cannot_be_guessed():
    first, second = make_image("One"), make_image("Two")
    renditions = [image.get_rendition(spec) for image in (first, second) for spec in ("original", "width-9")]
    secrets = {rendition.file.name.split(".")[-2] for rendition in renditions}
    assert len(secrets) == 4
    assert all(len(secret) == 20 for secret in secrets)
    assert all(rendition.has_secret_name for rendition in renditions)
    name = renditions[0].file.name
    first.renditions.all().delete()
    assert len(name) < 100
    again = SiteImage.objects.get(pk=first.pk).get_rendition("original")
    assert again.file.name.split(".")[-2].startswith(name.split(".")[-2])


SETTINGS = """
import json
from mindlab.settings import production
from django.core.files.storage import storages
import django
django.setup()
print(json.dumps([
    storages["default"].url("original_images/a.png"),
    storages["renditions"].url("images/a.png"),
    production.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"],
]))
"""


@pytest.mark.parametrize(
    ("more", "public"),
    [
        ({"S3_ENDPOINT_URL": "https://store.example"}, "https://store.example/pictures/images/a.png"),
        (
            {"S3_ENDPOINT_URL": "https://store.example", "S3_CUSTOM_DOMAIN": "cdn.example"},
            "https://cdn.example/images/a.png",
        ),
    ],
)
def test_in_an_object_store_addresses_of_originals_are_signed_and_those_of_sizes_are_plain(more, public):
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "mindlab.settings.production",
        "DATABASE_URL": "sqlite://:memory:",
        "SECRET_KEY": "a secret of the test",
        "ALLOWED_HOSTS": "site.example",
        "SITE_URL": "https://site.example",
        "S3_BUCKET": "pictures",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-central-1",
        **more,
    }
    result = subprocess.run(
        [sys.executable, "-c", SETTINGS],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    private, shown, allowed = json.loads(result.stdout)
    assert private.startswith("https://store.example/")
    assert "Signature=" in private
    assert "Expires" in private
    assert shown == public
    assert public.split("/")[2] in allowed


@pytest.fixture
def web(settings):
    """A server that shows whatever lies in the folder for media, as one does that was set up carelessly."""

    class Careless(BaseHTTPRequestHandler):
        shows = True

        def do_GET(self):
            path = Path(settings.MEDIA_ROOT) / self.path.removeprefix("/media/")
            self.send_response(200 if Careless.shows and path.is_file() else 404)
            self.end_headers()

        def log_message(self, *arguments):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"
    yield Careless
    server.shutdown()
    server.server_close()


def old_image(title="Old", ending="jpg"):
    """An image with a size, stored as they were before there was a rule."""
    # Keys come again from test to test.
    caches["renditions"].clear()
    image = SiteImage.objects.create(title=title, file=ContentFile(photograph(ending), name=f"old.{ending}"))
    name = default_storage.save("original_images/old.jpg", ContentFile(photograph("jpg", ON_ITS_SIDE)))
    default_storage.delete(image.file.name)
    SiteImage.objects.filter(pk=image.pk).update(file=name, file_digest="")
    image = SiteImage.objects.get(pk=image.pk)
    digest = image.file_sha256
    rendition = image.get_rendition("width-20")
    store = storages["renditions"]
    store.delete(rendition.file.name)
    old = store.save(f"images/old-{image.pk}.width-20.jpg", ContentFile(photograph("jpg")))
    SiteRendition.objects.filter(pk=rendition.pk).update(file=old)
    return image, digest, name, old


def protect():
    out = io.StringIO()
    call_command("protect_media", stdout=out)
    return out.getvalue()


def bytes_in(storage, name):
    with storage.open(name) as file:
        return file.read()


def test_media_stored_before_are_brought_under_the_rules_once(web, document):
    web.shows = False
    image, digest, name, size = old_image()
    page = make_article(cover=image, live=True)
    said = protect()
    assert "taken out: 1" in said
    assert "new name: 1" in said
    assert said.count("Private: http://127.0.0.1") == 2

    image.refresh_from_db()
    rendition = SiteRendition.objects.get(image=image, filter_spec="width-20")
    assert not default_storage.exists(name)
    assert not storages["renditions"].exists(size)
    assert tells(bytes_in(default_storage, image.file.name)) == set()
    assert tells(bytes_in(storages["renditions"], rendition.file.name)) == set()
    assert rendition.has_secret_name
    assert image.get_rendition("width-20").file.name == rendition.file.name
    assert (image.width, image.height) == (40, 64)
    assert image.file_size == image.file.size
    # It is the same picture: what was approved with it stays approved.
    assert image.file_digest == digest == image.digest_of_file()
    assert status(Client(), page.url) == 200

    said = protect()
    assert "taken out: 0" in said
    assert "new name: 0" in said


def test_a_command_that_was_broken_off_goes_on_where_it_was(web, monkeypatch):
    web.shows = False
    images = [old_image(f"Old {number}")[0] for number in range(3)]
    strip, done = media.strip_original, []

    def break_off(image):
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(image.pk)
        return strip(image)

    with monkeypatch.context() as patch:
        patch.setattr(media, "strip_original", break_off)
        with pytest.raises(KeyboardInterrupt):
            protect()
    assert "taken out: 2" in protect()
    for image in images:
        image.refresh_from_db()
        assert tells(bytes_in(default_storage, image.file.name)) == set()


def test_damaged_and_lost_files_are_named_and_the_others_done(web):
    web.shows = False
    lost, damaged, sound = (old_image(title)[0] for title in ("Lost", "Damaged", "Sound"))
    default_storage.delete(lost.file.name)
    Path(default_storage.path(damaged.file.name)).write_bytes(b"no image")
    size = SiteRendition.objects.get(image=sound)
    storages["renditions"].delete(size.file.name)
    with pytest.raises(CommandError, match=r"(?s)Lost.*Damaged") as error:
        protect()
    assert "Sound" not in str(error.value)
    sound.refresh_from_db()
    assert tells(bytes_in(default_storage, sound.file.name)) == set()
    assert not SiteRendition.objects.filter(pk=size.pk).exists()


def test_what_strangers_can_read_is_said(web, document):
    make_image()
    with pytest.raises(
        CommandError, match=r"(?s)Anyone can read .*original_images.*Anyone can read .*documents"
    ):
        protect()


def test_a_site_that_cannot_be_asked_is_no_fault(settings, document):
    settings.SITE_URL = "http://127.0.0.1:9"
    assert "Could not be asked" in protect()


def test_documents_that_were_linked_by_address_before_are_found(web, document, client):
    web.shows = False
    make_article(body=linked(document.url), live=True)
    ReferenceIndex.objects.all().delete()
    assert status(client, document.url) == 404
    protect()
    assert status(client, document.url) == 200
