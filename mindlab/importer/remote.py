"""Remote images, fetched on request only: from public addresses, within limits of size and time."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from mindlab.importer.sources import SourceError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

SECONDS = 20.0
"""Time for one image, from the look-up of its name to its last byte."""
REDIRECTS = 3
CHUNK = 64 * 1024
_SAFE = "/%:=&?~+!$,;'@()*[]|"


GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is handed out for the internet (RFC 4291); local forms, and IPv4 written as IPv6 for
translation (``::ffff:0:0/96``, ``64:ff9b::/96``), lie outside."""
SPECIAL = [
    ipaddress.ip_network(network)
    for network in (
        # Beyond what Python's ``is_global`` knows, which differs between its versions:
        # https://www.iana.org/assignments/iana-ipv4-special-registry/ and its sister for IPv6.
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
        # What a virtual machine asks for its own settings at Azure, on an address of the internet.
        "168.63.129.16/32",
    )
]


def is_public(address: IPAddress) -> bool:
    """Whether an address is one host's out on the internet, not of this machine or a network behind it.

    The rule against requests that a document makes in the server's name (OWASP, SSRF prevention).
    """
    if isinstance(address, ipaddress.IPv6Address) and address not in GLOBAL_IPV6:
        return False
    if any(address in network for network in SPECIAL if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def fetch(url: str, limit: int) -> bytes:
    """The bytes of the image at ``url``, at most ``limit``.

    Raises SourceError with one plain sentence: for other schemes than http and https, for hosts that
    are not public, for what is no image by its type, is too large or takes longer than `SECONDS`.
    """
    deadline = time.monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        try:
            answer = _get(url, limit, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise SourceError(f"It could not be fetched ({type(error).__name__}).") from error
        if isinstance(answer, bytes):
            return answer
        url = answer
    raise SourceError("It could not be fetched: too many redirects.")


def _get(url: str, limit: int, deadline: float) -> bytes | str:
    """The bytes at an address, or the address it redirects to."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise SourceError("It could not be fetched: only plain http and https addresses are.")
    with _connected(parts, deadline) as connection:
        target = quote(parts.path or "/", safe=_SAFE)
        if parts.query:
            target += "?" + quote(parts.query, safe=_SAFE)
        headers = {"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "MindLAB import"}
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        location = response.getheader("Location")
        if response.status in (301, 302, 303, 307, 308) and location:
            return urljoin(url, location)
        if response.status != 200:
            raise SourceError(f"It could not be fetched: the server answered {response.status}.")
        return _body(response, limit, deadline)


def _body(response: http.client.HTTPResponse, limit: int, deadline: float) -> bytes:
    kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if not kind.startswith("image/") or "svg" in kind:
        raise SourceError("It is not taken: the server says it is no image of a kind that is.")
    length = response.getheader("Content-Length") or ""
    if length.isdigit() and int(length) > limit:
        raise SourceError(f"It is too large: at most {limit / 1024 / 1024:.0f} MB are fetched.")
    data = bytearray()
    while chunk := response.read1(CHUNK):
        data += chunk
        if len(data) > limit:
            raise SourceError(f"It is too large: at most {limit / 1024 / 1024:.0f} MB are fetched.")
        if time.monotonic() > deadline:
            raise SourceError("It could not be fetched: it took too long.")
    if length.isdigit() and len(data) < int(length):
        raise SourceError("It could not be fetched: the connection broke off.")
    return bytes(data)


@dataclass(slots=True)
class _Place:
    """Where to connect to: an address that was checked, and TLS where the scheme asks for it."""

    address: tuple[str, int]
    tls: ssl.SSLContext | None


class _Connection(http.client.HTTPConnection):
    """A connection to one checked address, so that a second look-up of the name cannot lead elsewhere."""

    def __init__(self, host: str, place: _Place, timeout: float) -> None:
        super().__init__(host, place.address[1], timeout=timeout)
        self.default_port = 443 if place.tls else 80
        self._place = place

    def connect(self) -> None:
        """Connect to the checked address."""
        self.sock = socket.create_connection(self._place.address, self.timeout)
        if self._place.tls is not None:
            self.sock = self._place.tls.wrap_socket(self.sock, server_hostname=self.host)


@contextmanager
def _connected(parts: SplitResult, deadline: float) -> Iterator[_Connection]:
    """A connection that is cut at the deadline, however slowly the other end speaks."""
    place = _checked_place(parts)
    left = deadline - time.monotonic()
    if left <= 0:
        raise SourceError("It could not be fetched: it took too long.")
    connection = _Connection(parts.hostname or "", place, left)
    connection.connect()
    stop = threading.Timer(deadline - time.monotonic(), _cut, [connection.sock])
    stop.daemon = True
    stop.start()
    try:
        yield connection
    finally:
        stop.cancel()
        connection.close()


def _cut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It was closed meanwhile, which is what was wanted.
        return


def _checked_place(parts: SplitResult) -> _Place:
    """The first address of a host, when all it has are public.

    Raises SourceError when one is not.
    """
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if tls else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(ipaddress.ip_address(address)) for address in addresses):
        raise SourceError("It could not be fetched: its host is not on the public internet.")
    return _Place((addresses[0], port), tls)
