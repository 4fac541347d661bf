"""GS1-Conformant Resolver 1.2: one test for each conformance statement, named by it."""

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from builders import BY_NOBODY
from builders_resolver import GLN, add_link, make_goods
from support.browser import Browser
from support.gs1_schemas import DESCRIPTION, LINKSET, demand
from traceability import lots

VOC = "https://ref.gs1.org/voc/"
JSON_SET = {"Accept": "application/linkset+json"}
FORGED = "7F3K0AB1CD0EF1GH"


def ask(visitor: Browser, path: str, query: str = "", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return visitor.get(f"{path}?{query}" if query else path, headers=named)


def link_set(visitor: Browser, path: str) -> dict[str, dict[str, list[dict[str, object]]]]:
    """The link set of a path: by anchor, by link type."""
    answer = visitor.get(path, headers=JSON_SET)
    assert (answer.status_code, answer.mimetype) == (200, "application/linkset+json")
    demand(answer.get_json(), LINKSET)
    return {one["anchor"]: one for one in answer.get_json()["linkset"]}


# Methods, CORS and errors, sections 2.2 and 2.4


@pytest.mark.parametrize("form", ["", "?linkType=linkset", "?linkType=gs1:pip"])
def test_get_and_head_say_the_same_and_head_has_no_body(
    session: Session, visitor: Browser, form: str
) -> None:
    path = f"/01/{make_goods(session).gtin}{form}"
    whole, bare = visitor.get(path), visitor.client.head(path)
    assert bare.status_code == whole.status_code
    assert bare.data == b""
    for name in ("Location", "Link", "Content-Type", "Vary"):
        assert bare.headers.get(name) == whole.headers.get(name)


def test_options_names_the_three_methods(visitor: Browser) -> None:
    answer = visitor.client.options("/01/09520000000011")
    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    "path", ["{known}", "{known}?linkType=linkset", "/01/09520000999995", "/01/1", "/417/1"]
)
def test_every_answer_is_open_to_all_origins(session: Session, visitor: Browser, path: str) -> None:
    known = f"/01/{make_goods(session).gtin}"
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = visitor.client.open(path.format(known=known), method=method)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert "Link" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    "path",
    [
        "/01/9520000000011",
        "/01/09520000000012",
        "/01/09520000000011/21/S1/10/L1",
        "/01/09520000000011/lot/L1",
        "/01/09520000000011/21/" + "S" * 21,
        "/01/09520000000011/21/%zz",
        "/01/09520000000011?17=261331",
        "/417/9520000000012",
        "/414/9520000000012",
    ],
)
def test_a_malformed_address_is_400_with_its_reason(visitor: Browser, path: str) -> None:
    page = ask(visitor, path, Accept="text/html")
    told = ask(visitor, path, Accept="application/json")
    assert (page.status_code, told.status_code) == (400, 400)
    assert set(told.get_json()) == {"code", "reason", "message"}
    assert told.get_json()["message"] in page.text


@pytest.mark.parametrize(
    "path", ["/01/09520000999995", f"/417/{GLN}", f"/414/{GLN}", "/01/19520000000018"]
)
@pytest.mark.parametrize("query", ["", "?linkType=linkset", "?linkType=gs1:pip"])
def test_a_right_address_of_nothing_known_is_404(visitor: Browser, path: str, query: str) -> None:
    assert visitor.get(path + query).status_code == 404


# Links, section 2.5


def test_the_default_link_has_title_and_target_only_and_stands_under_another_type_too(
    session: Session, visitor: Browser
) -> None:
    goods = make_goods(session)
    found = link_set(visitor, f"/01/{goods.gtin}/10/{goods.lot.code}/21/{goods.serial}")
    assert len(found) == 3
    for entity in found.values():
        [default] = entity[VOC + "defaultLink"]
        assert set(default) == {"href", "title"}
        others = [k for k in entity if k.startswith(VOC) and "defaultLink" not in k]
        assert any(link["href"] == default["href"] for kind in others for link in entity[kind])


def test_a_link_of_ones_own_can_become_the_one_default(session: Session, visitor: Browser) -> None:
    path = f"/01/{make_goods(session).gtin}"
    add_link(session, path, type="homepage", href="https://example.vn/nha", default=True)
    step = ask(visitor, path, Accept_Language="en")
    assert (step.status_code, step.headers["Location"]) == (307, "https://example.vn/nha")
    [entity] = link_set(visitor, path).values()
    [default] = entity[VOC + "defaultLink"]
    assert default == {"href": "https://example.vn/nha", "title": "Chứng nhận"}


def test_all_links_have_target_type_and_title(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    [entity] = link_set(visitor, f"/01/{goods.gtin}").values()
    assert entity["itemDescription"] == goods.product.name_vi
    titles = [link["title"] for link in entity[VOC + "pip"]]
    assert titles == ["Trang sản phẩm", "Trang sản phẩm", "Product page"]
    assert [link.get("hreflang") for link in entity[VOC + "pip"]] == [None, ["vi"], ["en"]]


def test_every_built_in_kind_of_link_is_there(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    found = link_set(visitor, f"/01/{goods.gtin}/10/{goods.lot.code}/21/{goods.serial}")
    kinds = [{k.removeprefix(VOC) for k in one if k.startswith(VOC)} for one in found.values()]
    assert {"verificationService", "traceability", "dpp", "recallStatus"} <= kinds[0]
    assert {"traceability", "dpp", "recallStatus"} <= kinds[1]
    assert {"pip", "certificationInfo", "hasRetailers", "masterData"} <= kinds[2]


def test_every_page_of_ours_that_a_link_names_is_there(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    found = link_set(visitor, f"/01/{goods.gtin}/10/{goods.lot.code}/21/{goods.serial}")
    lists = [one[k] for one in found.values() for k in one if k.startswith(VOC)]
    places = {str(link["href"]) for links in lists for link in links}
    answers = {href: visitor.get(href.removeprefix("http://localhost")) for href in places}
    assert {href: a.status_code for href, a in answers.items() if a.status_code != 200} == {}


# Levels, section 2.5.9


def test_the_link_set_holds_every_level_up_to_the_key(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    base, lot = f"http://localhost/01/{goods.gtin}", goods.lot.code
    whole = link_set(visitor, f"/01/{goods.gtin}/10/{lot}/21/{goods.serial}/")
    assert list(whole) == [f"{base}/21/{goods.serial}", f"{base}/10/{lot}", base]
    assert list(link_set(visitor, f"/01/{goods.gtin}/10/{lot}")) == [f"{base}/10/{lot}", base]


def test_an_unknown_lot_is_answered_a_level_higher_without_redirect_to_itself(
    session: Session, visitor: Browser
) -> None:
    goods = make_goods(session)
    step = visitor.get(f"/01/{goods.gtin}/22/V1/10/KHONG-CO")
    assert (step.status_code, step.headers["Location"]) == (307, f"/san-pham/{goods.product.slug}")
    assert list(link_set(visitor, f"/01/{goods.gtin}/10/KHONG-CO")) == [
        f"http://localhost/01/{goods.gtin}"
    ]


def test_a_type_that_the_lot_lacks_is_found_at_the_goods(
    session: Session, visitor: Browser
) -> None:
    goods = make_goods(session)
    step = ask(visitor, f"/01/{goods.gtin}/10/{goods.lot.code}", "linkType=gs1:masterData")
    assert step.headers["Location"].startswith(f"/api/v1/products/{goods.product.slug}")


def test_a_lot_leads_to_its_journey(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    step = visitor.get(f"/01/{goods.gtin}/10/{goods.lot.code}")
    assert step.headers["Location"] == f"/lo/{goods.gtin}/{goods.lot.code}"
    assert goods.product.name_vi in visitor.follow(step).text


def test_a_draft_lot_is_not_known(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    draft = lots.open_lot(
        session,
        goods.sku,
        "NHAP",
        owner=None,
        made_on=None,
        expires_on=None,
        quantity_declared=5,
        **BY_NOBODY,
    )
    session.commit()
    assert f"/10/{draft.code}" not in str(link_set(visitor, f"/01/{goods.gtin}/10/{draft.code}"))


# Which link, section 2.6


def test_without_a_wish_the_default_link_answers(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    step = visitor.get(f"/01/{goods.gtin}")
    assert (step.status_code, step.headers["Location"]) == (307, f"/san-pham/{goods.product.slug}")


@pytest.mark.parametrize(
    ("spoken", "end"),
    [
        ("en-GB,en;q=0.9", "?lang=en"),
        ("vi-VN,vi;q=0.9,en;q=0.5", "?lang=vi"),
        ("fr, en;q=0.2", "?lang=en"),
        ("fr", ""),
        ("*", ""),
    ],
)
def test_the_language_asked_for_is_served(
    session: Session, visitor: Browser, spoken: str, end: str
) -> None:
    goods = make_goods(session)
    for query in ("", "linkType=gs1:pip"):
        step = ask(visitor, f"/01/{goods.gtin}", query, Accept_Language=spoken)
        assert (
            step.headers["Location"]
            .split("&")[0]
            .endswith(end or goods.product.slug + (f"?{query}" if query else ""))
        )


def test_a_language_chosen_on_our_pages_goes_before_that_of_the_browser(
    session: Session, visitor: Browser
) -> None:
    goods = make_goods(session)
    visitor.client.set_cookie("lang", "en")
    step = ask(visitor, f"/01/{goods.gtin}", Accept_Language="vi")
    assert step.headers["Location"].endswith("?lang=en")


@pytest.mark.parametrize(
    "kind",
    [
        "gs1:hasRetailers",
        "hasRetailers",
        "https://gs1.org/voc/hasRetailers",
        "https%3A%2F%2Fref.gs1.org%2Fvoc%2FhasRetailers",
        "gs1%3AhasRetailers",
    ],
)
def test_the_link_type_asked_for_is_led_to(session: Session, visitor: Browser, kind: str) -> None:
    step = ask(visitor, f"/01/{make_goods(session).gtin}", f"linkType={kind}")
    assert (step.status_code, step.headers["Location"].split("?")[0]) == (307, "/diem-ban")


@pytest.mark.parametrize("kind", ["gs1:recipeInfo", "gs1:nonsense", "rel", "x" * 300])
def test_a_link_type_that_is_not_there_is_404(
    session: Session, visitor: Browser, kind: str
) -> None:
    assert ask(visitor, f"/01/{make_goods(session).gtin}", f"linkType={kind}").status_code == 404


def test_the_media_type_asked_for_is_served(session: Session, visitor: Browser) -> None:
    path = f"/01/{make_goods(session).gtin}"
    add_link(session, path, type="epcis", href="https://example.vn/p", media_type="text/html")
    add_link(
        session, path, type="epcis", href="https://example.vn/j", media_type="application/json"
    )
    for accept, end in (("text/html,*/*;q=0.8", "/p"), ("application/json", "/j")):
        step = ask(visitor, path, "linkType=epcis", Accept=accept)
        assert step.headers["Location"] == f"https://example.vn{end}?linkType=epcis"


def test_the_context_asked_for_is_served(session: Session, visitor: Browser) -> None:
    path = f"/01/{make_goods(session).gtin}"
    for code in ("VN", "JP"):
        add_link(session, path, type="epcis", href=f"https://example.vn/{code}", context=code)
    step = ask(visitor, path, "linkType=epcis&context=JP")
    assert step.headers["Location"].startswith("https://example.vn/JP")


def test_what_cannot_be_decided_is_300_with_the_candidates(
    session: Session, visitor: Browser
) -> None:
    path = f"/01/{make_goods(session).gtin}"
    for end in ("a", "b"):
        add_link(session, path, type="recipeInfo", href=f"https://example.vn/{end}", title=end)
    told = ask(visitor, path, "linkType=recipeInfo&x=1")
    demand(told.get_json(), LINKSET)
    [entity] = told.get_json()["linkset"]
    assert told.status_code == 300
    assert sorted(link["href"] for link in entity[VOC + "recipeInfo"]) == [
        "https://example.vn/a",
        "https://example.vn/b",
    ]
    page = ask(visitor, path, "linkType=recipeInfo&x=1", Accept="text/html")
    assert (page.status_code, page.mimetype) == (300, "text/html")
    assert 'href="https://example.vn/a?linkType=recipeInfo&amp;x=1"' in page.text


# The link set, section 2.10


@pytest.mark.parametrize("query", ["linkType=linkset", "linkType=gs1:linkset", "linkType=all"])
def test_the_link_set_is_given_for_the_word(session: Session, visitor: Browser, query: str) -> None:
    answer = ask(visitor, f"/01/{make_goods(session).gtin}", query, Accept="text/html")
    assert (answer.status_code, answer.mimetype) == (200, "application/linkset+json")
    demand(answer.get_json(), LINKSET)


@pytest.mark.parametrize(
    "media", ["application/linkset+json", "application/json", "application/ld+json"]
)
def test_the_link_set_is_given_for_the_media_type(
    session: Session, visitor: Browser, media: str
) -> None:
    answer = ask(visitor, f"/01/{make_goods(session).gtin}", Accept=media)
    assert (answer.status_code, answer.mimetype) == (200, media)
    demand(answer.get_json(), LINKSET)
    assert ("@context" in answer.get_json()) == (media == "application/ld+json")


def test_the_link_set_names_its_context_in_a_header(session: Session, visitor: Browser) -> None:
    answer = visitor.get(f"/01/{make_goods(session).gtin}", headers=JSON_SET)
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["Link"]
    assert 'type="application/ld+json"' in answer.headers["Link"]


def test_a_redirect_shows_the_way_to_the_link_set(session: Session, visitor: Browser) -> None:
    path = f"/01/{make_goods(session).gtin}"
    header = visitor.get(path).headers["Link"]
    assert header.startswith(f"<http://localhost{path}?linkType=linkset>")
    assert 'rel="linkset"' in header
    assert "title=" in header


# The query string and the slash at the end, sections 2.12 and 2.13


def test_the_query_string_is_passed_on_whole(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    query = "17=261231&utm=a%20b&utm=c&empty=&flag&linkType=gs1%3Apip"
    step = ask(visitor, f"/01/{goods.gtin}", query)
    assert step.headers["Location"] == f"/san-pham/{goods.product.slug}?{query}"


def test_what_the_address_says_is_not_overruled_by_the_query(
    session: Session, visitor: Browser
) -> None:
    goods = make_goods(session)
    step = ask(visitor, f"/01/{goods.gtin}/21/{goods.serial}", "gtin=1&utm=x")
    where = f"/tem/{goods.serial}?gtin={goods.gtin}&utm=x"
    assert step.headers["Location"] == where


def test_a_slash_at_the_end_is_tolerated(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    for path in (f"/01/{goods.gtin}", f"/01/{goods.gtin}/21/{goods.serial}"):
        assert visitor.get(path + "/").headers["Location"] == visitor.get(path).headers["Location"]


# The description file, section 3


def test_the_resolver_describes_itself(visitor: Browser) -> None:
    answer = visitor.get("/.well-known/gs1resolver")
    told = answer.get_json()
    demand(told, DESCRIPTION)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert told["resolverRoot"] == "http://localhost"
    assert told["supportedPrimaryKeys"] == ["01", "414", "417"]
    assert {"namespace": VOC, "prefix": "gs1:"} in told["supportedLinkType"]
