"""Random histories of orders, stock, tills, money and vouchers: the books prove themselves after each
step, whatever came before."""

import os
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import DomainError
from builders import (
    NOW,
    TODAY,
    make_depot,
    make_offered,
    make_place,
    stock_up,
    take_at_counter,
)
from builders_promotions import make_voucher
from pos.promotions.models import Promotion
from pos.sales import fulfilment, orders, paying, placing, reallocation
from pos.sales.lines import Item
from pos.sales.models import Order
from pos.sales.status import Delivery, OrderStatus, Tender
from pos.stock.models import Balance, Reservation, ReservationStatus
from pos.stock.verify import problems

ENDED = {OrderStatus.CANCELLED, OrderStatus.REFUSED, OrderStatus.EXPIRED}
HOLDING = {OrderStatus.PLACED, OrderStatus.ACCEPTED, OrderStatus.PAID}
STEPS = ("accept", "pack", "ship", "deliver", "fail", "complete", "cancel", "refuse")
WITHIN = timedelta(hours=24)


def machine(session: Session) -> type[RuleBasedStateMachine]:
    depot, shop = make_depot(session), make_place(session, serves_web=True)
    skus = [make_offered(session, price) for price in (100_000, 35_500)]
    for place in (depot, shop):
        for sku in skus:
            stock_up(session, place, sku, 8)
    code = f"MAY{os.urandom(3).hex().upper()}"
    voucher = make_voucher(session, code, most=3)

    class Shop(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.now, self.orders, self.coming = NOW, list[Order](), 0

        def one(self, which: int) -> Order | None:
            return self.orders[which % len(self.orders)] if self.orders else None

        @rule(
            which=st.integers(0, 1),
            units=st.lists(st.integers(1, 4), min_size=1, max_size=2),
            tender=st.sampled_from([Tender.ON_DELIVERY, Tender.TRANSFER]),
            by_code=st.booleans(),
        )
        def somebody_orders(
            self, which: int, units: list[int], tender: Tender, by_code: bool
        ) -> None:
            terms = placing.Terms(
                Delivery.SHIP, (depot, shop)[which], tender, fee=30_000, pay_within=WITHIN
            )
            contact = placing.Contact("Lan", "+84912345678", address="Phố Hiến")
            items = [Item(sku.id, n) for sku, n in zip(skus, units, strict=False)]
            wishes = placing.Wishes(voucher_code=code if by_code else None)
            values = {"now": self.now, "randomness": os.urandom, "wishes": wishes}
            try:
                with session.begin_nested():
                    order = placing.place(session, items, contact, terms, **values)
            except DomainError:
                return
            self.orders.append(order)

        @rule(which=st.integers(0, 30), step=st.sampled_from(STEPS))
        def staff_take_a_step(self, which: int, step: str) -> None:
            order = self.one(which)
            if order is None or step not in fulfilment.next_steps(order):
                return
            act = getattr(fulfilment, step, None) or getattr(orders, step)
            reason = ("Lý do",) if step in {"cancel", "refuse", "fail"} else ()
            try:
                with session.begin_nested():
                    act(session, order, *reason, now=self.now, actor_id=None)
            except DomainError:
                session.refresh(order)

        @rule(which=st.integers(0, 30), part=st.sampled_from([1, 2]))
        def money_comes(self, which: int, part: int) -> None:
            order = self.one(which)
            if order is None or not order.payments[0].tender.before_goods:
                return
            self.coming += 1
            known = {"source": "bank", "key": f"{order.number}:{self.coming}", "now": self.now}
            paying.money_came(session, order.payments[0], order.total // part, **known)

        @rule(which=st.integers(0, 1), sku=st.integers(0, 1), units=st.integers(1, 5))
        def a_till_sells(self, which: int, sku: int, units: int) -> None:
            take_at_counter(session, (depot, shop)[which], skus[sku], units)

        @rule(which=st.integers(0, 1), sku=st.integers(0, 1))
        def goods_come(self, which: int, sku: int) -> None:
            stock_up(session, (depot, shop)[which], skus[sku], 3)

        @rule(hours=st.integers(1, 30))
        def time_passes(self, hours: int) -> None:
            self.now += timedelta(hours=hours)
            if self.now.date() > TODAY + timedelta(days=30):
                self.now = NOW
            orders.expire_unpaid(session, now=self.now)

        @rule()
        def promises_are_mended(self) -> None:
            reallocation.mend(session, day=TODAY, now=self.now)

        @invariant()
        def the_books_prove_themselves(self) -> None:
            assert problems(session) == []

        @invariant()
        def ended_orders_hold_nothing(self) -> None:
            for order in self.orders:
                held = _held(session, order)
                assert order.status in HOLDING or held == 0
                wanted = sum(line.quantity for line in order.lines)
                assert held <= wanted

        @invariant()
        def every_total_adds_up(self) -> None:
            for order in self.orders:
                lines = sum(line.net for line in order.lines)
                assert order.total == lines + order.delivery_due
                assert order.discount == sum(d.amount for d in order.discounts if d.line_id)

        @invariant()
        def a_voucher_is_used_by_the_orders_that_stand(self) -> None:
            used = session.scalars(select(Promotion.used).filter_by(id=voucher.id)).one()
            standing = [o for o in self.orders if o.voucher_code and o.status not in ENDED]
            assert used == len(standing) <= 3

        @invariant()
        def nothing_leaves_unpaid_that_must_be_paid(self) -> None:
            for order in self.orders:
                gone = order.packed_at is not None
                assert not (gone and order.payments[0].tender.before_goods and not order.paid_at)

        @invariant()
        def no_shelf_is_below_zero(self) -> None:
            worst = select(func.min(Balance.on_hand - Balance.reserved)).where(Balance.physical)
            assert (session.scalar(worst) or 0) >= 0

    return Shop


def _held(session: Session, order: Order) -> int:
    query = select(func.coalesce(func.sum(Reservation.quantity), 0)).where(
        Reservation.reference == orders.reference_of(order),
        Reservation.status == ReservationStatus.HELD,
    )
    return int(session.scalar(query) or 0)


def test_the_books_prove_themselves_after_every_step(session: Session) -> None:
    how = settings(max_examples=12, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(lambda: machine(session)(), settings=how)
