"""Stock as staff look at it."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from builders import (
    BY_NOBODY,
    TODAY,
    act,
    make_depot,
    make_lot,
    make_offered,
    make_order,
    make_place,
    make_producer,
    make_product,
    make_sku,
    stock_up,
    take_at_counter,
)
from catalog.models import Sku
from pos.stock import goods, overview
from pos.stock.models import MovementKind, Place
from pos.stock.overview import Row
from pos.stock.taking import Take
from traceability import lots
from traceability.models import Lot


@pytest.fixture
def shop(session: Session) -> Place:
    return make_place(session)


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_sku(session, make_product(session, name_vi="Mật ong"))


def in_days(n: int) -> date:
    return TODAY + timedelta(days=n)


def row(**lot: object) -> Row:
    return Row(None, None, Lot(**lot), 1, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left", "near", "expired"),
    [(-1, False, True), (0, True, False), (14, True, False), (15, False, False)],
)
def test_the_last_day_of_sale_is_told_ahead(left: int, near: bool, expired: bool) -> None:
    found = row(sell_by=in_days(left))
    assert (found.near(TODAY), found.expired(TODAY)) == (near, expired)


def test_goods_that_keep_are_never_near_their_end() -> None:
    assert (row(sell_by=None).near(TODAY), row(sell_by=None).expired(TODAY)) == (False, False)


def test_a_place_shows_its_lots_first_expired_first(
    session: Session, shop: Place, sku: Sku
) -> None:
    late = stock_up(session, shop, sku, 5, expires_on=in_days(90))
    early = stock_up(session, shop, sku, 6, expires_on=in_days(9))
    stock_up(session, make_place(session), sku, 7)
    page = overview.at_place(session, shop.id, "", 1)
    assert [(r.lot, r.on_hand) for r in page.items] == [(early, 6), (late, 5)]
    assert page.total == 2


def test_what_is_all_gone_is_not_shown(session: Session, shop: Place, sku: Sku) -> None:
    lot = stock_up(session, shop, sku, 5)
    goods.write_off(session, shop, lot, 5, "vỡ", act())
    assert overview.at_place(session, shop.id, "", 1).total == 0


@pytest.mark.parametrize(("text", "found"), [("mat ong", 1), ("l-7", 1), ("sen", 0), ("%", 0)])
def test_lots_are_found_by_product_or_code(
    session: Session, shop: Place, sku: Sku, text: str, found: int
) -> None:
    stock_up(session, shop, sku, 5, code="L-77")
    assert overview.at_place(session, shop.id, text, 1).total == found


def test_what_is_promised_is_shown_beside_what_is_there(session: Session) -> None:
    depot, sku = make_depot(session), make_offered(session)
    stock_up(session, depot, sku, 5)
    make_order(session, sku, 2, source=depot)
    (shown,) = overview.at_place(session, depot.id, "", 1).items
    assert (shown.on_hand, shown.reserved, shown.blocked) == (5, 2, False)


def test_a_place_is_summed_up(session: Session, shop: Place, sku: Sku) -> None:
    stock_up(session, shop, sku, 5, expires_on=in_days(9))
    stock_up(session, shop, sku, 6, expires_on=in_days(-1))
    stock_up(session, shop, sku, 7, expires_on=in_days(90))
    empty = make_place(session)
    full, nothing = overview.summaries(session, [shop, empty], TODAY)
    assert (full.lots, full.units, full.near, full.expired, full.unexplained) == (3, 18, 1, 1, 0)
    assert (nothing.lots, nothing.units, nothing.unexplained) == (0, 0, 0)


def test_goods_sold_beyond_the_books_are_unexplained(
    session: Session, shop: Place, sku: Sku
) -> None:
    stock_up(session, shop, sku, 2)
    take_at_counter(session, shop, sku, 5)
    (summary,) = overview.summaries(session, [shop], TODAY)
    assert (summary.units, summary.unexplained) == (0, 3)


def test_movements_are_shown_newest_first_and_for_the_own_places_only(
    session: Session, shop: Place, sku: Sku
) -> None:
    other = make_place(session)
    lot = stock_up(session, shop, sku, 9)
    goods.transfer(session, shop, other, [Take(sku.id, 4, lot.id)], act(), day=TODAY)
    third = stock_up(session, make_place(session), sku, 1)

    def kinds(*places: Place, lot: Lot | None = None) -> list[MovementKind]:
        mine = frozenset(place.id for place in places) or None
        lot_id = lot.id if lot else None
        page = overview.movements(session, mine, kind=None, lot_id=lot_id, number=1)
        assert page.total == len(page.items)
        return [moved.movement.kind for moved in page.items]

    assert kinds(shop) == [MovementKind.TRANSFER, MovementKind.RECEIVE]
    assert kinds(other) == [MovementKind.TRANSFER]
    assert len(kinds()) == 3
    assert kinds(lot=third) == [MovementKind.RECEIVE]
    only = overview.movements(session, None, kind=MovementKind.TRANSFER, lot_id=None, number=1)
    (moved,) = only.items
    assert (moved.source, moved.target, moved.lot) == (shop, other, lot)


def test_someone_without_places_sees_no_movements(session: Session, shop: Place, sku: Sku) -> None:
    stock_up(session, shop, sku, 9)
    page = overview.movements(session, frozenset(), kind=None, lot_id=None, number=1)
    assert page.total == 0


def test_only_released_lots_can_be_received(session: Session, sku: Sku) -> None:
    released = make_lot(session, sku)
    make_lot(session, sku, release=False)
    held = make_lot(session, sku)
    lots.hold(session, held, reason="chờ kết quả", **BY_NOBODY)
    assert overview.lots_to_receive(session, "") == [released]


def test_a_lot_to_receive_is_found_by_what_is_at_hand(session: Session, sku: Sku) -> None:
    lot = make_lot(session, sku, code="LOT-9")
    for text in ("lot-9", sku.code.lower(), str(sku.gtin), "mật ong"):
        assert overview.lots_to_receive(session, text) == [lot]
    assert overview.lots_to_receive(session, "sen") == []


def test_lots_are_found_by_their_producer(session: Session, shop: Place) -> None:
    maker = make_producer(session, name="HTX Đặng Lễ")
    stock_up(session, shop, make_sku(session, make_product(session, producer=maker)), 3)
    assert overview.at_place(session, shop.id, "dang le", 1).total == 1
