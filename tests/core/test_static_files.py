"""Static files: packed, kept by browsers, marked, and nothing beyond them."""

import gzip
import json
from pathlib import Path

import pytest
from flask import Flask

STATIC = Path(__file__).parents[2] / "static"


@pytest.fixture
def style() -> str:
    """Name of the built style sheet of the shop."""
    names = json.loads((STATIC / "dist" / "manifest.json").read_text())
    return str(names["storefront.css"])


def test_a_style_sheet_comes_packed_and_stays(app: Flask, style: str) -> None:
    client = app.test_client()
    path = f"/static/dist/{style}"
    plain = client.get(path, buffered=True)
    assert plain.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    packed = client.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    smallest = client.get(path, headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    assert smallest.headers["Content-Encoding"] == "br"
    assert len(smallest.data) < len(packed.data) < len(plain.data) / 3


def test_a_drawing_is_asked_for_again_after_an_hour(app: Flask) -> None:
    logo = app.test_client().get("/static/img/logo.svg", buffered=True)
    assert logo.headers["Cache-Control"] == "max-age=3600, public"


@pytest.mark.parametrize("path", ["/static/dist/none.css", "/static/../README.md", "/static/"])
def test_nothing_else_is_there(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 404


def test_the_first_page_of_the_shop_weighs_little(style: str) -> None:
    fonts = [f.stat().st_size for f in (STATIC / "dist").glob("be-vietnam-pro-*.woff2")]
    assert len(fonts) == 3
    assert sum(fonts) + (STATIC / "dist" / f"{style}.gz").stat().st_size < 50_000
