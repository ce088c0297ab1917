import email
import socket
from email import policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.core.mail import EmailMultiAlternatives, get_connection

from mindlab.newsletter.snapshots import export
from tests.factories import make_article, make_issue


class Sink(Message):
    """Keeps what it is sent."""

    def __init__(self):
        super().__init__()
        self.received = []

    def prepare_message(self, session, envelope):
        return email.message_from_bytes(envelope.content, policy=policy.default)

    def handle_message(self, message):
        self.received.append(message)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sink():
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    handler.port = controller.port
    controller.start()
    yield handler
    controller.stop()


@pytest.mark.usefixtures("open_gate")
def test_snapshot_arrives_as_it_was_exported(sink):
    article = make_article("Ca²⁺ & “spikes”", deck="0.5 μg/dL — a small dose.", live=True)
    contents = [{"type": "pick", "value": {"page": article.pk, "title": "", "deck": ""}}]
    snapshot = export(make_issue(51, subject="Ça va: μ", contents=contents, live=True))
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host="127.0.0.1",
        port=sink.port,
        username="",
        password="",
        use_tls=False,
    )
    message = EmailMultiAlternatives(
        snapshot.content["subject"],
        snapshot.text,
        "brief@example.org",
        ["reader@example.org"],
        connection=connection,
    )
    message.attach_alternative(snapshot.html, "text/html")
    assert message.send() == 1
    (arrived,) = sink.received
    assert arrived["Subject"] == "Ça va: μ"
    assert arrived.get_content_type() == "multipart/alternative"
    plain, html = arrived.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == snapshot.text
    assert html.get_content().replace("\r\n", "\n") == snapshot.html
