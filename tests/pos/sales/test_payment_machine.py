"""Random histories of an order's money: whatever happens, every đồng is somewhere and nowhere twice."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, make_offered
from builders_payments import TOTAL, make_prepaid
from pos.sales import orders, paying, payments, refunds
from pos.sales.models import Payment
from pos.sales.payment_models import MoneyIn, Refund
from pos.sales.payment_status import RefundKind, RefundStatus
from pos.sales.status import OrderStatus, Tender

AMOUNTS = st.sampled_from([1, 50_000, 150_000, TOTAL, TOTAL + 1])
BACK = (RefundStatus.REQUESTED, RefundStatus.SENT, RefundStatus.SETTLED)


def machine(session: Session) -> type[RuleBasedStateMachine]:
    sku = make_offered(session, TOTAL - 30_000)

    class Money(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.order, self.steps = make_prepaid(session, Tender.TRANSFER, sku), 0
            payments.expect(session, self.order, Tender.TRANSFER, TOTAL, now=NOW)
            self.was_paid = False

        def one(self, which: int) -> Payment:
            return self.order.payments[which]

        def key(self) -> str:
            self.steps += 1
            return f"{self.order.number}:{self.steps}"

        @rule(which=st.integers(0, 1), amount=AMOUNTS, again=st.integers(0, 3))
        def money_comes(self, which: int, amount: int, again: int) -> None:
            key = f"{self.order.number}:again{again}" if again else self.key()
            known = {"source": "bank", "key": key, "now": NOW}
            paying.money_came(session, self.one(which), amount, **known)

        @rule(which=st.integers(0, 1))
        def buyer_claims(self, which: int) -> None:
            if self.one(which).status in payments.OPEN[:1]:
                payments.claim(session, self.one(which), **BY_NOBODY)

        @rule(which=st.integers(0, 1), amount=AMOUNTS)
        def staff_pay_back(self, which: int, amount: int) -> None:
            values: dict[str, Any] = {"kind": RefundKind.DECIDED, "reason": "Vỡ", "key": self.key()}
            try:
                with session.begin_nested():
                    refunds.request(session, self.one(which), amount, **values, **BY_NOBODY)
            except refunds.TooMuchBack:
                left = self.one(which).received - self.one(which).refunded
                assert amount > left

        @rule(number=st.integers(0, 5), fails=st.booleans())
        def refund_ends(self, number: int, fails: bool) -> None:
            found = refunds.of_order(session, self.order.id)
            if number < len(found) and found[number].status is not RefundStatus.FAILED:
                if fails:
                    refunds.fail(session, found[number], "không", now=NOW)
                elif found[number].status is RefundStatus.REQUESTED:
                    refunds.pay_by_hand(session, found[number], "FT", **BY_NOBODY)

        @rule()
        def shop_cancels(self) -> None:
            if self.order.status in (OrderStatus.PLACED, OrderStatus.PAID):
                orders.cancel(session, self.order, "Hết hàng", **BY_NOBODY)
                payments.end(session, self.order, **BY_NOBODY)

        @rule()
        def sweep_comes_round(self) -> None:
            paying.return_for_ended(session, now=NOW)

        @invariant()
        def every_dong_is_somewhere(self) -> None:
            for payment in self.order.payments:
                came = select(func.sum(MoneyIn.amount)).where(MoneyIn.payment_id == payment.id)
                back = select(func.sum(Refund.amount)).where(Refund.payment_id == payment.id)
                going = session.scalar(back.where(Refund.status.in_(BACK))) or 0
                assert payment.received == (session.scalar(came) or 0)
                assert payment.refunded == going <= payment.received

        @invariant()
        def the_shop_keeps_no_more_than_is_due(self) -> None:
            rows = refunds.of_order(session, self.order.id)
            failed = sum(r.amount for r in rows if r.status is RefundStatus.FAILED)
            decided = sum(
                r.amount for r in rows if r.kind is RefundKind.DECIDED and r.status in BACK
            )
            due = 0 if self.order.status in payments.ENDED else TOTAL - decided
            assert paying.held(self.order) - due <= failed

        @invariant()
        def a_paid_order_stays_paid_until_it_is_cancelled(self) -> None:
            paid = self.order.status is OrderStatus.PAID
            assert paid or not self.was_paid or self.order.status is OrderStatus.CANCELLED
            self.was_paid = self.was_paid or paid

    return Money


def test_money_adds_up_in_any_history(session: Session) -> None:
    few = settings(max_examples=30, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(machine(session), settings=few)
