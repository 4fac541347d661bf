"""Looking whether a page of another shop is there, without being led anywhere else.

The host is resolved once and the connection goes to that very address, so that a name cannot point
to this house between the check and the call. Nothing of the page is read but its status.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin

from app.core.enums import LabelledEnum
from app.core.text import N_
from catalog import channels

SECONDS = 5
# Whoever sends one letter every four seconds is hung up on.
MOST_SECONDS = 15
MOST_REDIRECTS = 3
REDIRECTS = {301, 302, 303, 307, 308}
AGENT = "PhoHien/1.0 (+link check)"


class Trouble(LabelledEnum):
    """Why there is no status to speak of."""

    SILENT = "no_answer", N_("no answer")
    LED_AWAY = "led_away", N_("leads away from the shop")
    PRIVATE = "private", N_("the address is not public")


class Unreachable(Exception):
    """The page could not be asked for; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True)
class Reply:
    """What a server answered; `location` where it leads."""

    status: int
    location: str | None = None


Answer = int | Trouble
Fetch = Callable[[str], Reply]
Resolve = Callable[[str], Sequence[str]]
Dial = Callable[[str, str], http.client.HTTPConnection]


def look(url: str, fetch: Fetch) -> Answer:
    """The status at the end of the way, or why there is none. Follows only within the shop."""
    for _step in range(MOST_REDIRECTS + 1):
        if channels.shop_of(url) is None:
            return Trouble.LED_AWAY
        try:
            reply = fetch(url)
        except Unreachable as error:
            return error.trouble
        if reply.status not in REDIRECTS or not reply.location:
            return reply.status
        before, url = channels.shop_of(url), urljoin(url, reply.location)
        if channels.shop_of(url) != before:
            return Trouble.LED_AWAY
    return Trouble.LED_AWAY


def addresses(host: str) -> Sequence[str]:
    """The network addresses of a host."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]


class Pinned(http.client.HTTPSConnection):
    """TLS with a host at an address that was looked at before."""

    def __init__(self, host: str, address: str) -> None:
        self._own_context = ssl.create_default_context()
        super().__init__(host, 443, timeout=SECONDS, context=self._own_context)
        self._address = address

    def connect(self) -> None:
        """Connect to the address; the certificate must be that of the host."""
        plain = socket.create_connection((self._address, 443), SECONDS)
        self.sock = self._own_context.wrap_socket(plain, server_hostname=self.host)


def ask(url: str, resolve: Resolve = addresses, dial: Dial = Pinned) -> Reply:
    """Ask for a page. Raises `Unreachable`."""
    parts = channels.safe(url)
    if parts is None or parts.hostname is None:
        raise Unreachable(Trouble.LED_AWAY)
    try:
        found = resolve(parts.hostname)
    except (OSError, UnicodeError) as error:
        raise Unreachable(Trouble.SILENT) from error
    if not found or not all(is_public(address) for address in found):
        raise Unreachable(Trouble.PRIVATE)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        return _exchange(dial(parts.hostname, found[0]), target)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(Trouble.SILENT) from error


def is_public(address: str) -> bool:
    """Whether a network address lies outside this house, its IPv4 part included."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def _exchange(connection: http.client.HTTPConnection, target: str) -> Reply:
    timer = threading.Timer(MOST_SECONDS, hang_up, [connection])
    timer.start()
    try:
        connection.request("GET", target, headers={"User-Agent": AGENT, "Connection": "close"})
        response = connection.getresponse()
        with response:
            return Reply(response.status, response.getheader("Location"))
    finally:
        timer.cancel()
        connection.close()


def hang_up(connection: http.client.HTTPConnection) -> None:
    """End a conversation that takes too long."""
    # Closing would not wake the thread that waits for a letter; ending the conversation does.
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
