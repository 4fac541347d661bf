"""What the search field proposes, and that a person with a keyboard can use it."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from app.core.db import Database, transaction
from app.storefront.suggest import MOST, Suggestions, suggestions
from builders import TODAY, make_offered, make_producer, make_product, recognise
from support.browser import Browser
from support.chromium import barriers
from support.statements import counted

ADDRESS = "/tim-kiem/goi-y"


def test_products_makers_and_shelves_are_proposed(session: Session) -> None:
    maker = make_producer(session, name="HTX Trà Phố Hiến")
    for number in range(9):
        make_offered(session, name_vi=f"Trà sen {number}", producer=maker)
    found = suggestions(session, "trà", TODAY)
    assert [name.name_vi for name in found.producers] == ["HTX Trà Phố Hiến"]
    assert [name.name_vi for name in found.shelves] == ["Trái cây"]
    assert len(found.products) == MOST - 2


def test_what_is_not_offered_is_not_proposed(session: Session) -> None:
    make_product(session, name_vi="Trà nháp", producer=make_producer(session, name="HTX Trà"))
    found = suggestions(session, "tra", TODAY)
    assert found == Suggestions([], [], [])


@pytest.mark.parametrize("text", ["", "l", " n ", "\0", "%", "khongcogi"])
def test_little_or_nothing_typed_proposes_nothing(
    session: Session, visitor: Browser, text: str
) -> None:
    make_offered(session, name_vi="Long nhãn")
    session.commit()
    answer = visitor.get(ADDRESS, query_string={"q": text})
    assert (answer.status_code, answer.text.strip()) == (200, "")


def test_the_list_costs_two_statements_and_may_be_kept_a_minute(
    session: Session, database: Database, visitor: Browser
) -> None:
    recognise(session, make_offered(session, name_vi="Long nhãn").product, 4)
    session.commit()
    with counted(database) as statements:
        answer = visitor.get(ADDRESS, query_string={"q": "long nh"})
    assert len(statements) <= 2, "\n\n".join(statements)
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert "OCOP 4 sao" in answer.text
    assert "125.000" in answer.text


@pytest.mark.browser
def test_arrows_and_enter_lead_to_the_product(page: Page) -> None:
    with transaction() as session:
        slug = make_offered(session, name_vi="Long nhãn").product.slug
    page.goto("/san-pham")
    page.locator("#site-q").press_sequentially("long nh")
    options = page.locator("#site-suggestions [role=option]")
    expect(options.first).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    page.keyboard.type("ã")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#site-q")).to_have_attribute("aria-activedescendant", "suggestion-p1")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/san-pham/{slug}")
