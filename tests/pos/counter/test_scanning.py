"""What the scanner reads: stamps, barcodes, codes; and what may not be sold."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, STAMP_KEYS, TODAY, make_lot, make_product, make_sku, stock_up
from catalog import products
from catalog.models import Sku
from catalog.pricing import NoPrice
from pos.counter import favourites, scanning
from pos.counter.posting import SaleLine
from pos.counter.scanning import LotNotSaleable, Scanned, StampNotSaleable, UnknownCode
from pos.stock.models import Place
from support.counter import make_counter, stamped
from traceability import lots, stamps


def scan(session: Session, shop: Place, text: str) -> Scanned:
    return scanning.scan(session, text, shop.id, day=TODAY, keys=STAMP_KEYS)


def offered_sku(session: Session, **over: str) -> Sku:
    product = make_product(session, **over)
    sku = make_sku(session, product)
    products.publish(session, product, day=TODAY, **BY_NOBODY)
    return sku


@pytest.mark.parametrize(
    "code", ["{gtin}", "0{gtin}", " {code} ", "{lower}", "http://x/01/0{gtin}"]
)
def test_barcode_and_internal_code_find_the_article(session: Session, code: str) -> None:
    shop, sku = make_counter(session).shop, make_sku(session)
    text = code.format(gtin=sku.gtin, code=sku.code, lower=sku.code.lower())
    found = scan(session, shop, text)
    assert (found.sku, found.price.amount, found.lot, found.on_hand) == (sku, 125_000, None, 0)


def test_the_lot_that_expires_first_is_proposed(session: Session) -> None:
    shop, sku = make_counter(session).shop, make_sku(session)
    stock_up(session, shop, sku, 5, expires_on=TODAY + timedelta(days=90))
    soon = stock_up(session, shop, sku, 3, expires_on=TODAY + timedelta(days=9))
    found = scan(session, shop, sku.code)
    assert (found.lot, found.on_hand) == (soon, 8)


@pytest.mark.parametrize("form", ["{}", "http://localhost/t/{}", "{} "])
def test_a_stamp_names_its_lot(session: Session, form: str) -> None:
    shop, sku = make_counter(session).shop, make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    _batch, serials = stamped(session, sku, lot=lot)
    found = scan(session, shop, form.format(serials[0]))
    assert (found.sku, found.lot, found.serial, found.on_hand) == (sku, lot, serials[0], 5)
    assert found.stars == 4


def test_a_stamp_sold_before_is_refused(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    lot = stock_up(session, counter.shop, sku, 5)
    _batch, serials = stamped(session, sku, lot=lot)
    counter.sell(session, SaleLine(sku.id, 1, 125_000, lot.id, (serials[0],)))
    with pytest.raises(StampNotSaleable, match="already sold"):
        scan(session, counter.shop, serials[0])


def test_a_void_stamp_is_refused(session: Session) -> None:
    shop, sku = make_counter(session).shop, make_sku(session)
    _batch, serials = stamped(session, sku)
    stamps.void_item(session, serials[0], reason="rách", keys=STAMP_KEYS, **BY_NOBODY)
    with pytest.raises(StampNotSaleable, match="void"):
        scan(session, shop, serials[0])


def test_goods_of_a_recalled_lot_are_refused(session: Session) -> None:
    shop, sku = make_counter(session).shop, make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    _batch, serials = stamped(session, sku, lot=lot)
    lots.recall(session, lot, reason="vi sinh", **BY_NOBODY)
    with pytest.raises(LotNotSaleable, match="recalled"):
        scan(session, shop, serials[0])
    assert scan(session, shop, sku.code).lot is None


def test_expired_goods_are_refused(session: Session) -> None:
    shop, sku = make_counter(session).shop, make_sku(session)
    lot = make_lot(session, sku, expires_on=TODAY - timedelta(days=1))
    _batch, serials = stamped(session, sku, lot=lot)
    with pytest.raises(LotNotSaleable, match="last day"):
        scan(session, shop, serials[0])


@pytest.mark.parametrize("text", ["", "0" * 16, "9520000000009", "nhãn", "x" * 600])
def test_what_is_not_known_is_said_to_be_unknown(session: Session, text: str) -> None:
    with pytest.raises(UnknownCode):
        scan(session, make_counter(session).shop, text)


def test_an_article_without_price_cannot_be_sold(session: Session) -> None:
    sku = make_sku(session, price=None)
    with pytest.raises(NoPrice):
        scan(session, make_counter(session).shop, sku.code)


def test_search_needs_every_word_and_puts_what_is_in_stock_first(session: Session) -> None:
    shop = make_counter(session).shop
    absent = offered_sku(session, name_vi="Mật ong nhãn A")
    here = offered_sku(session, name_vi="Mật ong nhãn B")
    offered_sku(session, name_vi="Mật mía")
    lot = stock_up(session, shop, here, 2)
    found = scanning.search(session, "ong MAT", shop.id, day=TODAY)
    assert [(item.sku, item.on_hand, item.lot) for item in found] == [
        (here, 2, lot),
        (absent, 0, None),
    ]
    assert scanning.search(session, " ", shop.id, day=TODAY) == []


def test_search_knows_the_internal_code(session: Session) -> None:
    shop, sku = make_counter(session).shop, offered_sku(session)
    assert [item.sku for item in scanning.search(session, sku.code, shop.id, day=TODAY)] == [sku]


def test_keys_show_what_sells_best_here_then_what_is_in_stock(session: Session) -> None:
    counter = make_counter(session)
    seldom, often, never = (offered_sku(session) for _n in range(3))
    for sku in (seldom, often, never):
        stock_up(session, counter.shop, sku, 20)
    for sku in (often, often, seldom):
        counter.sell(session, SaleLine(sku.id, 1, 125_000))
    offered_sku(session)
    shown = favourites.keys(session, counter.shop.id, now=NOW)
    assert [item.sku for item in shown] == [often, seldom, never]


def test_keys_forget_what_sold_long_ago(session: Session) -> None:
    counter, sku = make_counter(session), offered_sku(session)
    counter.sell(session, SaleLine(sku.id, 1, 125_000))
    later = NOW + favourites.SPAN + timedelta(days=1)
    assert favourites.keys(session, counter.shop.id, now=later) == []
