"""Images that documents show: beside them, inside Word files, and at addresses."""

import io
import ipaddress
import os
import socket
import threading
import time
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from mindlab.core.models import SiteImage
from mindlab.importer import remote
from mindlab.importer.sources import SourceError
from tests.importer.helpers import line_of, media_files, outcomes, page_of, revisions, rows, run, write
from tests.importer.test_command import PNG, command
from tests.photographs import FORMATS, ON_ITS_SIDE, photograph, pictures_in_one, tells


def picture(colour):
    data = io.BytesIO()
    Image.new("RGB", (3, 2), colour).save(data, "PNG")
    return data.getvalue()


class Handler(BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):
        self.asked.append(self.path)
        kind, body, status, location = self.answer()
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", kind)
        if "endless" not in self.path:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
            while "endless" in self.path:
                self.wfile.write(b"x" * 65536)
            if "slow" in self.path:
                time.sleep(3)
        except OSError:
            return

    def answer(self):
        name = self.path.partition("?")[0].rpartition("/")[2]
        answers = {
            "red.png": ("image/png", picture("red"), 200, ""),
            "again.png": ("image/png", picture("red"), 200, ""),
            "moved.png": ("text/plain", b"", 302, "/img/red.png"),
            "inside.png": ("text/plain", b"", 302, "http://169.254.169.254/latest/meta-data/"),
            "oracle.png": ("text/plain", b"", 302, "http://192.0.0.192/opc/v2/instance/"),
            "azure.png": ("text/plain", b"", 302, "http://168.63.129.16/machine"),
            "mapped.png": ("text/plain", b"", 302, "http://[::ffff:169.254.169.254]/"),
            "octal.png": ("text/plain", b"", 302, "http://0251.0376.0251.0376/"),
            "file.png": ("text/plain", b"", 302, "file:///etc/passwd"),
            "loop.png": ("text/plain", b"", 302, "/loop.png"),
            "page.png": ("text/html", b"<html></html>", 200, ""),
            "drawing.svg": ("image/svg+xml", b"<svg onload='alert(1)'/>", 200, ""),
            "photograph.jpg": ("image/jpeg", photograph("jpg", ON_ITS_SIDE), 200, ""),
            "fake.png": ("image/png", b"<svg onload='alert(1)'/>", 200, ""),
            "large.png": ("image/png", b"x" * 300_000, 200, ""),
            "endless.png": ("image/png", b"", 200, ""),
        }
        return answers.get(name, ("text/plain", b"", 404, ""))

    def log_message(self, *arguments):
        """Say nothing."""


@contextmanager
def serving(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def web(monkeypatch):
    """A server on this machine, which no import may ask unless a test says that it may."""
    public = remote.is_public
    monkeypatch.setattr(remote, "is_public", lambda address: address.is_loopback or public(address))
    Handler.asked = []
    with serving(Handler) as address:
        yield address


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.8",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "240.0.0.1",
        "239.1.1.1",
        "fec0::1",
        "fd00:ec2::254",
        "fe80::1%eth0",
        "::ffff:8.8.8.8",
        "::8.8.8.8",
        "64:ff9b::808:808",
        "64:ff9b:1::808:808",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:808:808::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
    ],
)
def test_addresses_that_are_not_public(address):
    assert not remote.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "8.8.8.8", "168.63.129.17", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450::1"],
)
def test_addresses_that_are_public(address):
    assert remote.is_public(ipaddress.ip_address(address))


def test_nothing_behind_the_server_is_asked():
    Handler.asked = []
    with serving(Handler) as web:
        for url in (f"{web}/red.png", web.replace("127.0.0.1", "localhost") + "/red.png"):
            with pytest.raises(SourceError, match="not on the public internet"):
                remote.fetch(url, 1000)
    assert Handler.asked == []


@pytest.fixture
def names(monkeypatch):
    """A name server of our own: each name has the answers that a test gives it, one for each look-up."""
    answers = {}

    def look_up(host, port, **kwargs):
        found = answers[host]
        return [(0, 0, 0, "", (address, port)) for address in (found.pop(0) if len(found) > 1 else found[0])]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return answers


@pytest.mark.parametrize("addresses", [["192.168.1.1"], ["93.184.215.14", "fec0::1"], []])
def test_a_name_with_an_address_that_is_not_public_is_refused(names, addresses):
    names["pictures.example"] = [addresses]
    with pytest.raises(SourceError, match="not on the public internet"):
        remote.fetch("http://pictures.example/red.png", 1000)


def test_the_address_that_was_checked_is_the_one_that_is_asked(names, monkeypatch):
    asked = []

    def connect(address, timeout):
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    names["pictures.example"] = [["93.184.215.14"], ["127.0.0.1"]]
    with pytest.raises(SourceError, match="ConnectionRefusedError"):
        remote.fetch("http://pictures.example/red.png", 1000)
    assert asked == [("93.184.215.14", 80)]
    assert names["pictures.example"] == [["127.0.0.1"]]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("inside.png", "not on the public internet"),
        ("oracle.png", "not on the public internet"),
        ("azure.png", "not on the public internet"),
        ("mapped.png", "not on the public internet"),
        ("octal.png", "not on the public internet"),
        ("file.png", "only plain http and https"),
        ("loop.png", "too many redirects"),
        ("page.png", "no image"),
        ("drawing.svg", "no image"),
        ("none.png", "answered 404"),
        ("large.png", "too large"),
        ("endless.png", "too large"),
    ],
)
def test_what_is_not_fetched_has_a_reason(web, name, reason):
    with pytest.raises(SourceError, match=reason):
        remote.fetch(f"{web}/{name}", 200_000)


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "http://user:pw@127.0.0.1/x", "http:///x", "http://[/x"]
)
def test_other_addresses_are_not_fetched(web, url):
    with pytest.raises(SourceError):
        remote.fetch(url, 1000)


def test_a_server_that_is_too_slow_is_left(web, monkeypatch):
    class Slow(Handler):
        def do_GET(self):
            try:
                for _ in range(100):
                    self.wfile.write(b"H")
                    time.sleep(0.05)
            except OSError:
                return

    monkeypatch.setattr(remote, "SECONDS", 0.3)
    began = time.monotonic()
    with serving(Slow) as address, pytest.raises(SourceError):
        remote.fetch(f"{address}/red.png", 1000)
    assert time.monotonic() - began < 2


@pytest.mark.django_db
def test_remote_images_are_asked_about_and_fetched_when_told_to(web, tmp_path):
    text = f"# One\n\n![Red]({web}/img/red.png)\n\n![]({web}/moved.png)\n\n![Fake]({web}/fake.png)\n"
    write(tmp_path, a_md=text, b_md=f"# Two\n\n![Other]({web}/again.png)\n")
    report = run(tmp_path)
    asked = [question.value for question in line_of(report, "a.md").questions if question.what == "image"]
    assert asked == [f"{web}/img/red.png", f"{web}/moved.png", f"{web}/fake.png"]
    assert not Handler.asked
    assert not SiteImage.objects.exists()

    before, files = rows(), media_files()
    dry = run(tmp_path, fetch_media=True, dry_run=True)
    assert (rows(), media_files()) == (before, files)
    report = run(tmp_path, fetch_media=True)
    assert outcomes(report) == {"a.md": "updated", "b.md": "updated"}
    assert dry.exit_code == report.exit_code == 0
    image = SiteImage.objects.get()
    assert image.source_url == f"{web}/img/red.png"
    blocks = [block["value"]["image"] for block in page_of("a.md").body.raw_data if block["type"] == "image"]
    assert [block["image"] for block in blocks] == [image.pk, image.pk]
    assert revisions(page_of("a.md")) == 1
    count = len(Handler.asked)
    assert set(outcomes(run(tmp_path)).values()) == {"unchanged"}
    assert len(Handler.asked) == count
    write(tmp_path, b_md=f"# Two\n\nMore.\n\n![Other]({web}/img/red.png)\n")
    assert outcomes(run(tmp_path))["b.md"] == "updated"
    assert [block["type"] for block in page_of("b.md").body.raw_data] == ["text", "image"]
    assert len(Handler.asked) == count


@pytest.mark.django_db
def test_the_command_fetches_on_request_only(web, tmp_path):
    write(tmp_path, a_md=f"# One\n\n![Red]({web}/img/red.png)\n")
    assert "image (line 3)" in command(tmp_path, "--dry-run")[1]
    assert not Handler.asked
    assert command(tmp_path, "--fetch-media")[0] == 0
    assert SiteImage.objects.count() == 1


def bytes_of(image):
    with default_storage.open(image.file.name) as file:
        return file.read()


@pytest.mark.django_db
def test_photographs_are_stored_without_metadata_and_known_again(web, tmp_path):
    names = [f"p.{ending}" for ending in sorted(FORMATS)]
    shown = "".join(f"![x]({name})\n\n" for name in [*names, "several.jpg", f"{web}/photograph.jpg"])
    folder = write(tmp_path, a_md=f"# One\n\n{shown}", several_jpg=pictures_in_one())
    for name in names:
        (folder / name).write_bytes(photograph(name[2:], ON_ITS_SIDE))
    report = run(folder, fetch_media=True)
    assert [question.what for question in line_of(report, "a.md").questions] == []
    # What lies beside the document and at the address is one photograph.
    images = list(SiteImage.objects.order_by("pk"))
    assert len(images) == len(names) + 1
    for image in images:
        data = bytes_of(image)
        assert tells(data) == set(), image.file.name
        assert image.file_size == len(data)
    assert images[names.index("p.jpg")].height == 64
    (folder / "a.md").write_text(f"# One\n\nMore.\n\n{shown}", encoding="utf-8")
    assert outcomes(run(folder, fetch_media=True)) == {"a.md": "updated"}
    assert list(SiteImage.objects.order_by("pk")) == images


@pytest.mark.django_db
def test_an_image_that_comes_later_is_put_in(tmp_path):
    write(tmp_path, a_md="# One\n\n![Two dots](dots.png)\n")
    assert "beside" in line_of(run(tmp_path), "a.md").questions[-1].reason
    write(tmp_path, dots_png=PNG)
    assert outcomes(run(tmp_path)) == {"a.md": "updated"}
    assert [block["type"] for block in page_of("a.md").body.raw_data] == ["image"]
    assert outcomes(run(tmp_path)) == {"a.md": "unchanged"}


@pytest.mark.django_db
def test_a_file_left_half_written_is_written_again(tmp_path):
    data = picture("navy")
    write(tmp_path, a_md="# One\n\n![Navy](navy.png)\n", navy_png=data)
    run(tmp_path)
    image = SiteImage.objects.get()
    name = image.file.name
    SiteImage.objects.all().delete()
    Path(default_storage.path(name)).write_bytes(data[:20])
    write(tmp_path, a_md="# One\n\nMore.\n\n![Navy](navy.png)\n")
    run(tmp_path)
    image = SiteImage.objects.get()
    assert image.file.name == name
    with image.file.open() as file:
        assert file.read() == data


@pytest.mark.django_db
def test_nothing_outside_the_folder_is_taken_for_an_image(tmp_path):
    write(tmp_path, secret_png=PNG)
    folder = tmp_path / "in"
    names = ["../secret.png", "/etc/passwd", "../../../../../../etc/passwd", str(tmp_path / "secret.png")]
    names += [
        "link.png",
        "linked/secret.png",
        "pipe.png",
        "file:///etc/passwd",
        "%2e%2e/secret.png",
        "/dev/zero",
    ]
    write(folder, a_md="# One\n\n" + "\n\n".join(f"![x]({name})" for name in names) + "\n")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.png")
    report = run(folder)
    assert report.exit_code == 0
    assert not SiteImage.objects.exists()
    left = line_of(report, "a.md").left_out
    assert sum("image" in entry.reason for entry in left) == len(names)


BLIP = (
    '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{alt}"/><a:graphic><a:graphicData>'
    '<pic:pic><pic:blipFill><a:blip r:{how}="{rel}"/></pic:blipFill></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
IMAGE_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="png" ContentType="image/png"/>'
    '<Default Extension="emf" ContentType="image/x-emf"/></Types>'
)


def word_file_with_images():
    paragraphs = ["<w:r><w:t>A title of ours</w:t></w:r>", "<w:r><w:t>Words before the image.</w:t></w:r>"]
    paragraphs.append(BLIP.format(alt="Green", how="embed", rel="r1"))
    paragraphs.append(BLIP.format(alt="", how="embed", rel="r2"))
    paragraphs.append(BLIP.format(alt="Out", how="link", rel="r3"))
    paragraphs.append(BLIP.format(alt="Old", how="embed", rel="r4"))
    body = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    relations = "".join(
        f'<Relationship Id="{key}" Type="{IMAGE_TYPE}" Target="{target}"{more}/>'
        for key, target, more in (
            ("r1", "media/a.png", ""),
            ("r2", "media/b.png", ""),
            ("r3", "file:///etc/passwd", ' TargetMode="External"'),
            ("r4", "media/c.emf", ""),
        )
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr(
            "word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
        )
        archive.writestr("word/media/a.png", picture("green"))
        archive.writestr("word/media/b.png", picture("blue"))
        archive.writestr("word/media/c.emf", b"\x01\x00\x00\x00")
    return data.getvalue()


@pytest.mark.django_db
def test_images_inside_word_files_are_imported(tmp_path):
    write(tmp_path, a_docx=word_file_with_images())
    report = run(tmp_path)
    assert report.exit_code == 0
    line = line_of(report, "a.docx")
    blocks = [
        block["value"]["image"] for block in page_of("a.docx").body.raw_data if block["type"] == "image"
    ]
    assert [block["alt_text"] for block in blocks] == ["Green", ""]
    files = [SiteImage.objects.get(pk=block["image"]).file.path for block in blocks]
    assert [Path(path).read_bytes() for path in files] == [picture("green"), picture("blue")]
    reasons = {entry.text.split()[0]: entry.reason for entry in line.left_out if "embedded" in entry.text}
    assert "no image of a kind" in reasons.pop("embedded:4")
    assert all("linked" in reason for reason in reasons.values())
    assert SiteImage.objects.count() == 2
    assert outcomes(run(tmp_path)) == {"a.docx": "unchanged"}


@pytest.mark.django_db
def test_a_file_that_a_killed_run_left_whole_is_used(tmp_path):
    write(tmp_path, a_md="# One\n\n![Olive](olive.png)\n", olive_png=picture("olive"))
    run(tmp_path)
    name = SiteImage.objects.get().file.name
    SiteImage.objects.all().delete()
    Path(default_storage.path(name)).write_bytes(picture("olive"))
    files = media_files()
    run(write(tmp_path, a_md="# One\n\nMore.\n\n![Olive](olive.png)\n"))
    image = SiteImage.objects.get()
    assert (image.file.name, image.width, image.height) == (name, 3, 2)
    assert media_files() == files


@pytest.mark.django_db
def test_names_are_found_however_their_accents_are_composed_and_with_a_question_mark(tmp_path):
    text = "# A\n\n![One](\u00fc.png)\n\n![Two](q%3F.png)\n"
    folder = write(tmp_path, a_md=text)
    (folder / "img").mkdir()
    (folder / "img" / "u\u0308.png").write_bytes(picture("red"))
    (folder / "q?.png").write_bytes(picture("blue"))
    line = line_of(run(folder), "a.md")
    assert [question.value for question in line.questions if question.what == "image"] == []
    assert SiteImage.objects.count() == 2


@pytest.mark.django_db
def test_an_image_that_no_document_shows_has_a_line_in_every_run(tmp_path):
    folder = write(
        tmp_path, a_md="# A\n\n![One](shown.png)\n", shown_png=picture("red"), img__spare_png=picture("blue")
    )
    for dry_run, outcome in ((True, "created"), (False, "created"), (False, "unchanged")):
        assert outcomes(run(folder, dry_run=dry_run)) == {"a.md": outcome, "img/spare.png": "ignored"}
