"""Looking at pages of other shops: only at public addresses, only within the shop, only briefly."""

import http.client
import http.server
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from catalog import link_fetch
from catalog.link_fetch import Dial, Fetch, Reply, Trouble, Unreachable, ask, look

URL = "https://shopee.vn/x?a=1"
PUBLIC = "93.184.216.34"
Pages = Mapping[str, Reply]


class _Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, headers, body = {
            "/x?a=1": (200, {}, b"here"),
            "/gone": (404, {}, b""),
            "/moved": (302, {"Location": "/x?a=1"}, b""),
        }.get(self.path, (200, {}, b""))
        if self.path == "/endless":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-More: 1\r\n" * 200)
            return
        if self.path == "/silent":
            self.server.stopped.wait(5)  # type: ignore[attr-defined]
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def dial() -> Iterator[Dial]:
    """Connects to a shop on this machine, whatever address is asked for."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    server.stopped = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    port = server.server_port
    yield lambda _host, _address: http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    server.stopped.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()


def found_at(*addresses: str) -> Callable[[str], Sequence[str]]:
    return lambda _host: addresses


def never(_host: str, _address: str) -> http.client.HTTPConnection:
    raise AssertionError("nobody may be called")


def shop(pages: Pages) -> Fetch:
    return lambda url: pages[url]


def trouble_of(url: str, **how: object) -> Trouble:
    with pytest.raises(Unreachable) as caught:
        ask(url, **how)  # type: ignore[arg-type]
    return caught.value.trouble


@pytest.mark.parametrize(
    ("path", "reply"),
    [
        ("x?a=1", Reply(200)),
        ("gone", Reply(404)),
        ("moved", Reply(302, "/x?a=1")),
    ],
)
def test_the_status_is_what_the_server_says(dial: Dial, path: str, reply: Reply) -> None:
    assert ask(f"https://shopee.vn/{path}", found_at(PUBLIC), dial) == reply


def test_a_redirect_within_the_shop_is_followed(dial: Dial) -> None:
    def fetch(url: str) -> Reply:
        return ask(url, found_at(PUBLIC), dial)

    assert look("https://shopee.vn/moved", fetch) == 200


def test_endless_heads_are_not_listened_to(dial: Dial) -> None:
    url = "https://shopee.vn/endless"
    assert trouble_of(url, resolve=found_at(PUBLIC), dial=dial) is Trouble.SILENT


def test_whoever_keeps_us_waiting_is_hung_up_on(
    dial: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_fetch, "MOST_SECONDS", 0.2)
    url = "https://shopee.vn/silent"
    assert trouble_of(url, resolve=found_at(PUBLIC), dial=dial) is Trouble.SILENT


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "no address",
    ],
)
def test_a_host_that_points_into_a_house_is_not_called(address: str) -> None:
    assert trouble_of(URL, resolve=found_at(address), dial=never) is Trouble.PRIVATE
    assert trouble_of(URL, resolve=found_at(PUBLIC, address), dial=never) is Trouble.PRIVATE


def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    called = []

    def dial(host: str, address: str) -> http.client.HTTPConnection:
        called.append((host, address))
        raise OSError

    assert trouble_of(URL, resolve=found_at(PUBLIC), dial=dial) is Trouble.SILENT
    assert called == [("shopee.vn", PUBLIC)]


def test_a_host_that_nobody_knows_gives_no_answer() -> None:
    def unknown(_host: str) -> Sequence[str]:
        raise OSError

    assert trouble_of(URL, resolve=unknown, dial=never) is Trouble.SILENT
    assert trouble_of(URL, resolve=found_at(), dial=never) is Trouble.PRIVATE


@pytest.mark.parametrize("url", ["http://shopee.vn/x", "https://a@shopee.vn/", "https://x:22/"])
def test_an_address_that_is_not_safe_is_not_asked(url: str) -> None:
    assert trouble_of(url, resolve=found_at(PUBLIC), dial=never) is Trouble.LED_AWAY


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "http://shopee.vn/x",
        "https://tiki.vn/x",
        "//127.0.0.1/",
        "https://shopee.vn:8443/",
        "file:///etc/passwd",
        "https://shopee.vn@evil.example/",
    ],
)
def test_a_redirect_out_of_the_shop_is_not_followed(target: str) -> None:
    assert look(URL, shop({URL: Reply(302, target)})) is Trouble.LED_AWAY


def test_a_circle_of_redirects_has_an_end() -> None:
    assert look(URL, shop({URL: Reply(301, URL)})) is Trouble.LED_AWAY


def test_a_redirect_that_leads_nowhere_is_its_status() -> None:
    assert look(URL, shop({URL: Reply(302)})) == 302
