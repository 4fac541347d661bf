"""Pages kept for guests: only theirs, only for a while, and never another's."""

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask, g, make_response, request
from werkzeug.test import Client

from app.core.page_cache import FLAG, PageCache, shared

EVENING = datetime(2026, 11, 24, 16, 59, 58, tzinfo=UTC)  # two seconds before midnight in Vietnam


@pytest.fixture
def asked() -> list[str]:
    """The paths that reached the application."""
    return []


@pytest.fixture
def client(asked: list[str]) -> Client:
    """A small shop behind the cache; the middleware keeps pages for a minute."""
    app = Flask(__name__)

    @app.get("/trang")
    @shared
    def page() -> str:
        asked.append(request.path)
        return f"{request.cookies.get('lang', 'vi')} {request.args} {len(asked)} {'x' * 500}"

    @app.get("/dat")
    @shared
    def sets_a_cookie() -> object:
        response = make_response("a")
        response.set_cookie("phohien", "secret")
        return response

    @app.get("/rieng")
    def private() -> str:
        asked.append(request.path)
        return f"{len(asked)}"

    @app.get("/loi")
    @shared
    def wrong() -> tuple[str, int]:
        asked.append(request.path)
        return "no", 404

    return Client(PageCache(app.wsgi_app, seconds=60), use_cookies=False)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 24, 3, tzinfo=UTC), tick=False):
        yield


def test_a_page_is_made_once_and_again_after_its_time(client: Client, asked: list[str]) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 3, tzinfo=UTC), tick=False) as clock:
        first = client.get("/trang").data
        assert client.get("/trang").data == first
        clock.shift(timedelta(seconds=61))
        assert client.get("/trang").data != first
    assert len(asked) == 2


def test_no_page_lives_over_midnight(client: Client, asked: list[str]) -> None:
    with time_machine.travel(EVENING, tick=False) as clock:
        client.get("/trang")
        clock.shift(timedelta(seconds=3))
        client.get("/trang")
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/trang?q=1", {}),
        ("/trang", {"Cookie": "lang=en"}),
        ("/trang", {"Host": "other.example"}),
        ("/trang", {"X-Forwarded-Proto": "https"}),
        ("/trang", {"Accept": "application/json"}),
    ],
)
def test_what_the_page_depends_on_is_told_apart(
    client: Client, asked: list[str], path: str, headers: dict[str, str]
) -> None:
    client.get("/trang")
    client.get(path, headers=headers)
    assert len(asked) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "phohien=x"},
        {"Cookie": "lang=vi; cart=x"},
        {"Cookie": "remember_token=x"},
        {"HX-Request": "true"},
    ],
)
def test_who_is_more_than_a_guest_gets_a_page_of_their_own(
    client: Client, asked: list[str], headers: dict[str, str]
) -> None:
    client.get("/trang")
    for _ in range(2):
        assert "ETag" not in client.get("/trang", headers=headers).headers
    assert len(asked) == 3


@pytest.mark.parametrize("path", ["/rieng", "/loi"])
def test_other_answers_are_not_kept(client: Client, asked: list[str], path: str) -> None:
    client.get(path)
    client.get(path)
    assert len(asked) == 2


def test_an_answer_with_a_cookie_is_nobody_elses(client: Client) -> None:
    for _ in range(2):
        response = client.get("/dat")
        assert "secret" in response.headers["Set-Cookie"]
        assert "ETag" not in response.headers


def test_the_tag_spares_the_body(client: Client, asked: list[str]) -> None:
    first = client.get("/trang")
    again = client.get("/trang", headers={"If-None-Match": f'W/"x", {first.headers["ETag"]}'})
    assert (again.status_code, again.data, len(asked)) == (304, b"", 1)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get("/trang", headers={"If-None-Match": '"other"'}).status_code == 200


def test_who_can_unpack_gets_it_packed(client: Client) -> None:
    plain = client.get("/trang")
    packed = client.get("/trang", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)


def test_head_is_the_page_without_its_body(client: Client, asked: list[str]) -> None:
    client.head("/trang")
    length = client.get("/trang").headers["Content-Length"]
    head = client.head("/trang")
    assert (head.data, head.headers["Content-Length"], len(asked)) == (b"", length, 2)


def test_when_it_is_full_it_starts_again(
    client: Client, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.page_cache.MOST_BYTES", 1_000)
    for n in (1, 2, 1):
        client.get(f"/trang?q={n}")
    assert len(asked) == 3


def test_nothing_is_kept_for_no_seconds() -> None:
    asked: list[int] = []

    def app(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        asked.append(1)
        environ[FLAG] = True
        start("200 OK", [])
        return [b"x"]

    client = Client(PageCache(app, seconds=0))
    assert client.get("/").headers["ETag"] == client.get("/").headers["ETag"]
    assert len(asked) == 2


def test_the_mark_is_there_while_the_page_is_made(app: Flask) -> None:
    with app.test_request_context("/"):
        assert shared(lambda: g.shared_page)() is True
