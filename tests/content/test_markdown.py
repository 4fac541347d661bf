"""Markdown becomes HTML in which nothing of the writer's can run or load from elsewhere."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content import markdown


class Tags(HTMLParser):
    """Collects the elements that a browser would see, with their attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    return Tags(markdown.html(text, own_host="shop.example")).seen


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](data:image/png;base64,AAAA)",
        "![x](https://elsewhere.example/a.png)",
        "![x](//elsewhere.example/a.png)",
        "```<script>\n</script>\n```",
    ],
)
def test_nothing_runs_and_nothing_loads_from_elsewhere(text: str) -> None:
    assert {tag for tag, _ in tags(text)} <= {"p", "pre", "code"}


@given(st.text(alphabet="<>\"'()[]!`*/ ajscript:onx=\n", max_size=80))
def test_no_text_makes_a_script_or_a_handler(text: str) -> None:
    for tag, attrs in tags(text):
        assert tag != "script"
        assert not [name for name in attrs if name.startswith("on")]


@pytest.mark.parametrize("address", ["https://other.example/", "//other.example/a"])
def test_a_foreign_link_passes_on_nothing(address: str) -> None:
    assert ("a", {"href": address, "rel": "nofollow noopener"}) in tags(f"[x]({address})")


@pytest.mark.parametrize("address", ["/tin-tuc", "https://shop.example/a", "mailto:a@b.example"])
def test_a_link_within_the_shop_is_plain(address: str) -> None:
    assert ("a", {"href": address}) in tags(f"[x]({address})")


def test_a_picture_of_the_shop_is_shown_with_its_words() -> None:
    assert ("img", {"src": "/static/a.svg", "alt": "Nhãn"}) in tags("![Nhãn](/static/a.svg)")


def test_a_refused_picture_leaves_its_words() -> None:
    assert markdown.html("![Nhãn](https://x.example/a)") == "<p>Nhãn</p>\n"


def test_headings_stand_below_the_heading_of_the_page() -> None:
    assert [tag for tag, _ in tags("# A\n\n###### B")] == ["h2", "h6"]
