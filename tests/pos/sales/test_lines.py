"""Order lines: what a thing is called, costs and contains at the moment of sale."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from builders import (
    BY_NOBODY,
    TODAY,
    make_lot,
    make_offered,
    make_product,
    make_sku,
    recognise,
    set_price,
)
from catalog import pricing, products
from catalog.models import PriceChannel, Sku
from catalog.products import UnknownSku
from pos.sales import lines
from pos.sales.lines import Item
from pos.sales.models import OrderLine


def quote(session: Session, *items: Item, **over: Any) -> list[OrderLine]:
    values = {"channel": PriceChannel.WEB, "day": TODAY, "offered_only": True} | over
    return lines.quote(session, items, **values)


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session, 45_000, name_vi="Trà sen")


def test_a_line_keeps_name_price_and_maker(session: Session, sku: Sku) -> None:
    (line,) = quote(session, Item(sku.id, 3))
    assert (line.name, line.sku_code) == ("Trà sen · Hộp 500 g", sku.code)
    assert (line.unit_price, line.line_total) == (45_000, 135_000)
    assert line.producer_id == sku.product.producer_id


def test_lines_are_numbered_in_the_order_of_the_items(session: Session, sku: Sku) -> None:
    other = make_offered(session)
    made = quote(session, Item(other.id, 1), Item(sku.id, 1), Item(other.id, 2))
    assert [(line.line_no, line.sku_id) for line in made] == [
        (1, other.id),
        (2, sku.id),
        (3, other.id),
    ]


def test_vat_is_inside_the_price_and_unknown_stays_unknown(session: Session, sku: Sku) -> None:
    (unknown,) = quote(session, Item(sku.id, 2))
    assert (unknown.vat_permille, unknown.vat_amount) == (None, None)
    sku.product.vat_permille = 80
    (known,) = quote(session, Item(sku.id, 2))
    assert (known.vat_permille, known.vat_amount) == (80, 6_667)


def test_stars_are_kept_only_while_they_are_in_force(session: Session, sku: Sku) -> None:
    recognise(session, sku.product, 4, valid_until=TODAY)
    assert quote(session, Item(sku.id, 1))[0].stars == 4
    assert quote(session, Item(sku.id, 1), day=TODAY + timedelta(days=1))[0].stars is None


def test_each_channel_has_its_price(session: Session, sku: Sku) -> None:
    set_price(session, sku, 40_000, channel=PriceChannel.TILL)
    assert quote(session, Item(sku.id, 1), channel=PriceChannel.TILL)[0].unit_price == 40_000
    assert quote(session, Item(sku.id, 1))[0].unit_price == 45_000


def test_nothing_is_no_order(session: Session) -> None:
    with pytest.raises(lines.EmptyOrder):
        quote(session)


@pytest.mark.parametrize("quantity", [-1, 0, lines.MAX_QUANTITY + 1])
def test_an_impossible_quantity_is_refused(session: Session, sku: Sku, quantity: int) -> None:
    with pytest.raises(lines.BadOrderQuantity):
        quote(session, Item(sku.id, quantity))


def test_an_unknown_article_is_refused(session: Session, sku: Sku) -> None:
    with pytest.raises(UnknownSku):
        quote(session, Item(make_lot(session, sku).id, 1))


def test_what_is_not_offered_is_sold_at_the_till_but_not_in_the_shop(session: Session) -> None:
    draft = make_sku(session, make_product(session))
    with pytest.raises(lines.NotOffered):
        quote(session, Item(draft.id, 1))
    assert quote(session, Item(draft.id, 1), offered_only=False)[0].quantity == 1


@pytest.mark.parametrize("how", ["withdrawn", "inactive"])
def test_what_was_taken_out_of_the_shop_is_refused(session: Session, sku: Sku, how: str) -> None:
    if how == "withdrawn":
        products.withdraw(session, sku.product, reason="hết mùa", **BY_NOBODY)
    else:
        sku.active = False
        session.flush()
    with pytest.raises(lines.NotOffered):
        quote(session, Item(sku.id, 1))


def test_without_a_price_there_is_no_line(session: Session) -> None:
    sku = make_sku(session, price=None)
    with pytest.raises(pricing.NoPrice):
        quote(session, Item(sku.id, 1), offered_only=False)
