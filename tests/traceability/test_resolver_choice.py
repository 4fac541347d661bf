import pytest

from traceability.resolver_choice import asked, choose, narrow
from traceability.resolver_links import Link, level

PAGE = Link("pip", "/p", "Page")
VI, EN = Link("pip", "/p?vi", "Trang", "vi"), Link("pip", "/p?en", "Page", "en")
DATA = Link("pip", "/p.json", "Data", media_type="application/json")
GOODS = level("/01/1", "Goods", [PAGE, VI, EN], PAGE)
LOT = level(
    "/01/1/10/L", "Lot", [Link("traceability", "/l", "Lot")], Link("traceability", "/l", "Lot")
)


@pytest.mark.parametrize(
    ("languages", "href"),
    [
        ([], "/p"),
        ([("en", 1.0)], "/p?en"),
        ([("en-GB", 1.0), ("vi", 0.5)], "/p?en"),
        ([("EN", 0.1), ("vi", 0.2)], "/p?vi"),
        ([("fr", 1.0)], "/p"),
        ([("en", 0.0)], "/p"),
        ([("vi", 1.0), ("en", 1.0)], "/p"),
    ],
)
def test_the_default_comes_in_the_language_of_the_reader(
    languages: list[tuple[str, float]], href: str
) -> None:
    [link] = choose([GOODS], asked(None, languages, []))
    assert link.href == href


def test_the_most_detailed_level_that_has_the_type_answers() -> None:
    assert [link.href for link in choose([LOT, GOODS], asked("traceability", [], []))] == ["/l"]
    assert [link.href for link in choose([LOT, GOODS], asked("pip", [], []))] == ["/p"]
    assert [link.href for link in choose([LOT, GOODS], asked(None, [], []))] == ["/l"]
    assert choose([LOT, GOODS], asked("epcis", [], [])) == []


def test_versions_of_the_default_can_be_asked_for() -> None:
    links = choose([GOODS], asked("gs1:defaultLinkMulti", [("vi", 1.0)], []))
    assert [link.href for link in links] == ["/p?vi"]


def test_what_stays_undecided_stays() -> None:
    assert narrow([VI, EN], asked("pip", [], [])) == [VI, EN]
    assert narrow([VI, EN], asked("pip", [("fr", 1.0)], [])) == [VI, EN]


def test_a_media_type_by_name_goes_before_any() -> None:
    links = [PAGE, DATA]
    browser = [("text/html", 1.0), ("*/*", 0.8)]
    assert narrow(links, asked("pip", [], browser)) == [PAGE]
    assert narrow(links, asked("pip", [], [("application/*", 1.0)])) == [DATA]
    assert narrow(links, asked("pip", [], [("*/*", 1.0)])) == links


@pytest.mark.parametrize(
    ("link_type", "media", "wanted"),
    [
        ("linkset", [], True),
        ("gs1:linkset", [], True),
        ("all", [], True),
        ("pip", [("application/linkset+json", 1.0)], False),
        (None, [("application/linkset+json", 1.0)], True),
        (None, [("application/linkset+json", 0.0)], False),
        (None, [("application/json", 1.0)], True),
        (None, [("text/html", 1.0), ("application/json", 0.5)], False),
        (None, [("*/*", 1.0)], False),
        ("", [], False),
    ],
)
def test_a_link_set_is_asked_for_by_word_or_by_media_type(
    link_type: str | None, media: list[tuple[str, float]], wanted: bool
) -> None:
    assert asked(link_type, [], media).wants_linkset is wanted
