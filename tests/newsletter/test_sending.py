import email
from email import policy

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMultiAlternatives, get_connection

from mindlab.newsletter.snapshots import export
from tests.factories import make_article, make_issue


class Sink:
    """Keeps what it is sent."""

    def __init__(self):
        self.received = []

    async def handle_DATA(self, server, session, envelope):
        self.received.append(envelope.content)
        return "250 OK"


@pytest.fixture
def sink():
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=0)
    controller.start()
    handler.port = controller.server.sockets[0].getsockname()[1]
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
    (raw,) = sink.received
    arrived = email.message_from_bytes(raw, policy=policy.default)
    assert arrived["Subject"] == "Ça va: μ"
    assert arrived.get_content_type() == "multipart/alternative"
    plain, html = arrived.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == snapshot.text
    assert html.get_content().replace("\r\n", "\n") == snapshot.html
