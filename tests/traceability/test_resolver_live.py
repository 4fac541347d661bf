"""Percent-encoding through real servers: a slash inside a value must not become a separator."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from app.config import ROOT

GTIN = "09520000000011"
CASES = [
    (f"/01/{GTIN}/10/A%2FB/21/C%2FD", "C/D", "A/B"),
    (f"/01/{GTIN}/10/A%2fB%2F1/21/S/", "S", "A/B/1"),
    (f"/01/{GTIN}/10/A%25B/21/%2541", "%41", "A%B"),
    (f"/01/{GTIN}/10/%3F%26%2B%3D/21/S", "S", "?&+="),
]
WRONG = [f"/01/{GTIN}/21/S/10/L", f"/01/{GTIN[1:]}/21/S", f"/01/{GTIN}/10//21/S", f"/gtin/{GTIN}"]


@pytest.fixture(scope="module")
def granian(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The server of an installation, which hands on decoded paths only."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        "PHOHIEN_MODE": "demo",
        "PHOHIEN_INSTANCE": str(tmp_path_factory.mktemp("served")),
        "PHOHIEN_DATABASE_URL": new_database(),
    }
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
    command += ["--port", str(port), "app.wsgi:app"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | own, **quiet)  # type: ignore[call-overload]
    _wait(port)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(20)


def _wait(port: int) -> None:
    for _try in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def get(base: str, path: str) -> tuple[int, str]:
    """Status and target, without a client library that would tidy the path up."""
    with closing(HTTPConnection(urlsplit(base).netloc, timeout=20)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Location", "")


def demand_kept(base: str, path: str, serial: str, lot: str) -> None:
    status, location = get(base, path)
    where = urlsplit(location)
    assert status == 307
    assert unquote(where.path) == f"/tem/{serial}"
    assert parse_qs(where.query) == {"gtin": [GTIN], "lot": [lot]}


@pytest.mark.parametrize(("path", "serial", "lot"), CASES)
def test_escapes_survive_the_server_of_an_installation(
    granian: str, path: str, serial: str, lot: str
) -> None:
    demand_kept(granian, path, serial, lot)


@pytest.mark.parametrize(("path", "serial", "lot"), CASES)
def test_escapes_survive_a_server_that_hands_on_the_path_as_sent(
    live: str, path: str, serial: str, lot: str
) -> None:
    demand_kept(live, path, serial, lot)


@pytest.mark.parametrize("path", WRONG)
def test_what_is_wrong_stays_wrong_behind_both(granian: str, live: str, path: str) -> None:
    expected = 404 if path.startswith("/gtin") else 400
    assert get(granian, path)[0] == get(live, path)[0] == expected
