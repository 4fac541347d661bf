"""Calling the address of a webhook: at a public address only, briefly, and never led elsewhere."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping

from app.api.deliveries import MOST_ANSWER, Outcome
from app.core.text import N_
from catalog import channels
from catalog.link_fetch import Dial, Pinned, Resolve, addresses, hang_up, is_public

# Whoever answers slower than this is tried again later.
MOST_SECONDS = 10
MOST_BODY = 64 * 1024

Post = Callable[[str, Mapping[str, str], bytes], Outcome]


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    resolve: Resolve = addresses,
    dial: Dial = Pinned,
    private_too: bool = False,
) -> Outcome:
    """Send `body`. Whatever goes wrong is an outcome; redirects are answers like any other.

    `private_too` lets addresses of the own network pass, for tests.
    """
    begun = time.monotonic()
    parts = channels.safe(url)
    if parts is None or parts.hostname is None or len(body) > MOST_BODY:
        return Outcome(None, 0, trouble=N_("not an address that may be called"))
    try:
        found = resolve(parts.hostname)
        if not found or not (private_too or all(is_public(address) for address in found)):
            return Outcome(None, _since(begun), trouble=N_("the address is not public"))
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        status, text = _exchange(dial(parts.hostname, found[0]), target, headers, body)
    except (OSError, http.client.HTTPException, ValueError):
        return Outcome(None, _since(begun), trouble=N_("no answer"))
    return Outcome(status, _since(begun), text)


def _since(begun: float) -> int:
    return int((time.monotonic() - begun) * 1000)


def _exchange(
    connection: http.client.HTTPConnection, target: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, str]:
    # The whole talk is timed, not only each silence in it: letters may come one by one.
    timer = threading.Timer(MOST_SECONDS, hang_up, [connection])
    timer.start()
    try:
        connection.request("POST", target, body=body, headers=dict(headers))
        with connection.getresponse() as response:
            # Letters of Vietnamese take up to three bytes each.
            raw = response.read(MOST_ANSWER * 3)
            return response.status, raw.decode("utf-8", "replace")[:MOST_ANSWER]
    finally:
        timer.cancel()
        connection.close()
