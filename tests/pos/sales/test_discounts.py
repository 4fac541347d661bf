"""Vouchers and promotions on orders: taken off once, borne by somebody, free again with the order."""

import os
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, make_depot, make_offered, stock_up
from builders_promotions import make_promotion, make_voucher
from catalog.models import Sku
from pos.promotions.bearers import Bearer
from pos.promotions.models import Promotion
from pos.promotions.plan import Goods
from pos.promotions.refusals import UnknownVoucher, VoucherBelowMinimum, VoucherUsedByYou
from pos.promotions.rules import Kind
from pos.sales import orders, placing
from pos.sales.lines import Item
from pos.sales.models import Order
from pos.sales.status import Delivery, Tender
from pos.stock.models import Place

LAN = placing.Contact("Nguyễn Thị Lan", "+84912345678", address="12 Phố Hiến")


@pytest.fixture
def sku(session: Session) -> Sku:
    sku = make_offered(session, 108_000)
    sku.product.vat_permille = 80
    return sku


@pytest.fixture
def depot(session: Session, sku: Sku) -> Place:
    place = make_depot(session)
    stock_up(session, place, sku, 20)
    return place


def buy(session: Session, sku: Sku, depot: Place, code: str | None = None, **over: Any) -> Order:
    terms = placing.Terms(Delivery.SHIP, depot, Tender.ON_DELIVERY, fee=30_000, cod_fee=10_000)
    values: dict[str, Any] = {"now": NOW, "randomness": os.urandom}
    wishes = placing.Wishes(voucher_code=code)
    items = [Item(sku.id, over.pop("quantity", 1))]
    return placing.place(session, items, LAN, terms, wishes=wishes, **(values | over))


def test_a_voucher_lowers_line_total_and_vat(session: Session, sku: Sku, depot: Place) -> None:
    make_voucher(session)
    order = buy(session, sku, depot, "nhan 2026")
    (line,) = order.lines
    assert order.voucher_code == "NHAN2026"
    assert (line.line_total, line.discount, line.net) == (108_000, 10_800, 97_200)
    assert line.vat_amount == 7_200
    assert order.total == 97_200 + 30_000 + 10_000
    assert order.payments[0].amount == order.total
    assert [(d.amount, d.bearer, d.line_id) for d in order.discounts] == [
        (10_800, Bearer.SHOP, line.id)
    ]


def test_a_free_delivery_is_no_discount_on_goods(session: Session, sku: Sku, depot: Place) -> None:
    make_voucher(session, "MIENPHI", Kind.DELIVERY)
    order = buy(session, sku, depot, "MIENPHI")
    assert (order.discount, order.delivery_fee, order.delivery_discount) == (0, 30_000, 30_000)
    assert order.total == 108_000 + 10_000


def test_each_part_of_a_shared_discount_has_its_bearer(
    session: Session, sku: Sku, depot: Place
) -> None:
    shared = {Bearer.PROGRAMME: 700, Bearer.PRODUCER: 300}
    make_promotion(session, bearers=shared, reach=Goods(skus=frozenset({sku.id})))
    order = buy(session, sku, depot)
    borne = {d.bearer: d.amount for d in order.discounts}
    assert borne == {Bearer.PROGRAMME: 7_560, Bearer.PRODUCER: 3_240}
    assert sum(borne.values()) == order.discount


def test_the_code_is_kept_in_the_confirmed_order(session: Session, sku: Sku, depot: Place) -> None:
    make_voucher(session)
    copy = buy(session, sku, depot, "NHAN2026").confirmed
    assert copy is not None
    assert (copy["voucher"], copy["amounts"]["discount"]) == ("NHAN2026", 10_800)


@pytest.mark.parametrize(
    ("code", "refusal"), [("SAIROI", UnknownVoucher), ("MUA5", VoucherBelowMinimum)]
)
def test_a_code_that_does_not_help_keeps_nothing(
    session: Session, sku: Sku, depot: Place, code: str, refusal: type[Exception]
) -> None:
    make_voucher(session, "MUA5", minimum=500_000)
    with pytest.raises(refusal), session.begin_nested():
        buy(session, sku, depot, code)
    assert session.scalars(select(Order)).all() == []


def used(session: Session) -> int:
    return session.scalars(select(Promotion.used)).one()


def test_a_use_is_free_again_when_the_order_ends(session: Session, sku: Sku, depot: Place) -> None:
    make_voucher(session, most=5, most_each=1)
    order = buy(session, sku, depot, "NHAN2026")
    with pytest.raises(VoucherUsedByYou):
        buy(session, sku, depot, "NHAN2026")
    orders.cancel(session, order, "x", **BY_NOBODY)
    assert used(session) == 0
    assert buy(session, sku, depot, "NHAN2026").discount == 10_800
    assert used(session) == 1


def test_an_unpaid_order_gives_its_voucher_back(session: Session, sku: Sku, depot: Place) -> None:
    make_voucher(session, most=1)
    order = buy(session, sku, depot, "NHAN2026")
    order.pay_until = NOW
    session.flush()
    orders.expire_unpaid(session, now=NOW + timedelta(minutes=1))
    assert used(session) == 0
