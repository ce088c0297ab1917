"""The cache is a help and never a need: with its server away, silent or refusing, every page is there."""

import runpy
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager

import pytest
from django.core.cache import caches
from django.urls import reverse

from mindlab.core import caching
from mindlab.settings import base
from tests.factories import make_article, make_concept, make_hub, make_image, make_issue, make_user
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


@contextmanager
def nobody():
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    yield port


@contextmanager
def answering(reply):
    """A server that takes connections and answers everything alike, or nothing at all."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server, reply), daemon=True).start()
        yield server.getsockname()[1]


def serve(server, reply):
    kept = []
    while True:
        try:
            connection, _address = server.accept()
        except OSError:
            return
        kept.append(connection)
        if reply:
            threading.Thread(target=answer, args=(connection, reply), daemon=True).start()


def answer(connection, reply):
    try:
        while connection.recv(65536):
            connection.sendall(reply)
    except OSError:
        return


@pytest.fixture(
    params=[
        pytest.param(nobody, id="away"),
        pytest.param(lambda: answering(b""), id="silent"),
        pytest.param(lambda: answering(b"-LOADING Redis is loading the dataset in memory\r\n"), id="loading"),
        pytest.param(lambda: answering(b"-MISCONF The disk is full.\r\n"), id="full"),
        pytest.param(lambda: answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"), id="another-server"),
    ]
)
def broken_cache(request, settings):
    with request.param() as port:
        use(settings, port)
        yield caches["default"]


def use(settings, port):
    place = {"BACKEND": "mindlab.core.caching.HelpfulCache", "LOCATION": f"redis://127.0.0.1:{port}/0"}
    settings.CACHES = {"default": place, "renditions": {**place, "KEY_PREFIX": "r"}}


def test_every_page_is_there_and_the_editor_saves(broken_cache, open_gate, client):
    image = {"image": {"image": make_image().pk, "alt_text": "A field"}, "caption": ""}
    body = [{"type": "image", "value": image}, {"type": "diagram", "value": {"source": "graph TD\nA --> B"}}]
    pages = [
        make_article(body=body, topics=("Sleep",), live=True),
        make_concept(live=True),
        make_hub(live=True),
        make_issue(live=True),
    ]
    for address in ["/", "/topics/", "/search/?q=sleep", "/feed/", *(page.url for page in pages)]:
        assert client.get(address).status_code == 200
    writer = make_user("writer", is_superuser=True)
    login = {"username": writer.username, "password": "password"}
    assert client.post(reverse("wagtailadmin_login"), login).status_code == 302
    for address in (reverse("wagtailadmin_home"), reverse("wagtailadmin_pages:edit", args=[pages[0].pk])):
        assert client.get(address).status_code == 200
    index = pages[1].get_parent()
    assert client.post(reverse("wagtailadmin_pages:unpublish", args=[pages[1].pk])).status_code == 302
    assert client.get(index.url).status_code == 200


def test_every_question_is_answered_as_by_an_empty_cache(broken_cache):
    cache = broken_cache
    assert cache.get("a", "default") == "default"
    assert cache.get_or_set("a", lambda: 7) == 7
    assert cache.get_many(["a", "b"]) == {}
    assert cache.set_many({"a": 1}) == []
    assert cache.set("a", 1) is None
    assert (cache.add("a", 1), cache.touch("a"), cache.delete("a"), cache.has_key("a")) == (False,) * 4
    assert cache.delete_many(["a"]) is None
    assert cache.clear() is False
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")


def test_one_page_asks_a_silent_server_once(settings, caplog):
    with answering(b"") as port:
        use(settings, port)
        for number in range(20):
            caches["default"].get(f"key-{number}")
            caches["default"].set(f"key-{number}", number)
    assert len(caplog.records) == 1
    assert "pages are made without it" in caplog.text


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="cache tests (no redis-server)")
def test_a_server_that_comes_back_is_used_again(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(caching, "SECONDS_OF_REST", 0)
    monkeypatch.setattr(caching, "SECONDS_TO_ANSWER", 60)
    with nobody() as port:
        use(settings, port)
    cache = caches["default"]
    cache.set("a", 1)
    assert cache.get("a") is None
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: cache.set("a", 1) or cache.get("a") == 1)
        assert cache.incr("a") == 2
        assert cache.get_or_set("b", lambda: 3) == 3
        assert cache.get_many(["a", "b"]) == {"a": 2, "b": 3}
        cache.delete("a")
        assert not cache.has_key("a")
    finally:
        server.terminate()
        server.wait()
    assert cache.get("b") is None


def test_a_cache_that_is_named_is_this_one(monkeypatch):
    monkeypatch.setenv("CACHE_URL", "redis://cache.example:6379/0")
    chosen = runpy.run_path(base.__file__)["CACHES"]
    assert {place["BACKEND"] for place in chosen.values()} == {"mindlab.core.caching.HelpfulCache"}
