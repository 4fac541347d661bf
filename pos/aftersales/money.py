"""What is paid back for returned units: the part of what was paid for them, to the đồng.

Goods that replaced others cost nothing, so money for them is that of the goods that were replaced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict
from app.core.money import split
from app.core.text import N_
from pos.aftersales import claims
from pos.aftersales.models import Case, CaseLine
from pos.aftersales.status import CaseStatus, Reason, Wish
from pos.sales import orders, refunds
from pos.sales.models import OrderLine, Payment
from pos.sales.payment_status import RefundKind
from pos.sales.status import PaymentStatus

# Money that is still on its way to the shop.
COMING = (
    PaymentStatus.EXPECTED,
    PaymentStatus.CLAIMED,
    PaymentStatus.COLLECTED,
    PaymentStatus.MISMATCHED,
)


class MoneyNotThere(Conflict):
    """What the buyer has paid is not with the shop yet, such as money taken at the door."""

    code = "money_not_there"
    message = N_("The money for this order has not come to the shop yet. Settle the case then.")


@dataclass(frozen=True)
class Due:
    """Đồng to pay back: for the goods, and for their way when everything comes back for a fault."""

    goods: int
    way: int = 0

    @property
    def total(self) -> int:
        return self.goods + self.way


def share(line: OrderLine, before: int, units: int) -> int:
    """Đồng of `units` of a line after `before` others; all parts together are the line's net."""
    return _first(line, before + units) - _first(line, before)


def _first(line: OrderLine, units: int) -> int:
    return split(line.net, [units, line.quantity - units])[0]


def units_of(case: Case, row: CaseLine) -> int:
    """Units of a case's line that are settled: those that came, or those granted without."""
    return row.received if case.goods_back else row.accepted


def paid_line(session: Session, line: OrderLine) -> OrderLine:
    """The line with which the goods were paid, behind any number of exchanges."""
    query = select(CaseLine.line_id).filter_by(new_line_id=line.id)
    while (before := session.scalar(query)) is not None:
        line = session.get_one(OrderLine, before)
        query = select(CaseLine.line_id).filter_by(new_line_id=line.id)
    return line


def due(session: Session, case: Case) -> Due:
    """What would be paid back now; nothing is noted."""
    rows = [(paid_line(session, row.line), units_of(case, row)) for row in case.lines]
    before = {line.id: claims.repaid(session, line.id) for line, _units in rows}
    goods = 0
    for line, units in rows:
        goods += share(line, before[line.id], units)
        before[line.id] += units
    paid = orders.get(session, rows[0][0].order_id)
    if any(_repaid(session, line, before) != line.quantity for line in paid.lines):
        return Due(goods)
    # The rounding at a counter goes back with the last unit.
    faults = case.reason.is_fault and not _minds_changed(session, paid.id)
    return Due(max(0, goods + paid.rounding), paid.delivery_due if faults else 0)


def _repaid(session: Session, line: OrderLine, known: dict[UUID, int]) -> int:
    return known[line.id] if line.id in known else claims.repaid(session, line.id)


def _minds_changed(session: Session, order_id: UUID) -> int:
    query = select(func.count(Case.id)).filter_by(
        order_id=order_id,
        reason=Reason.CHANGED_MIND,
        remedy=Wish.MONEY,
        status=CaseStatus.SETTLED,
    )
    return session.scalar(query) or 0


def pay_back(session: Session, case: Case, *, now: datetime, actor_id: UUID | None) -> int:
    """Request that the money goes back the way it came; returns the đồng. Never more than came.

    Raises `MoneyNotThere`, `TooManyUnits`.
    """
    first = paid_line(session, case.lines[0].line)
    paid = orders.get(session, first.order_id, lock=True)
    amount = due(session, case).total
    for row in case.lines:
        if units := units_of(case, row):
            claims.repay(session, paid_line(session, row.line), units)
    left = sum(_left(payment) for payment in paid.payments)
    if left < amount and any(p.status in COMING and p.amount for p in paid.payments):
        raise MoneyNotThere
    # Staff may have paid something back without a case.
    amount = min(amount, left)
    _request(session, case, paid.payments, amount, now, actor_id)
    return amount


def _left(payment: Payment) -> int:
    return payment.received - payment.refunded


def _request(
    session: Session,
    case: Case,
    payments: Sequence[Payment],
    amount: int,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    for payment in payments:
        part = min(amount, _left(payment))
        if part <= 0:
            continue
        refunds.request(
            session,
            payment,
            part,
            kind=RefundKind.DECIDED,
            reason=f"{case.number}: {case.decision}",
            key=f"case:{case.id}:{payment.id}",
            now=now,
            actor_id=actor_id,
        )
        amount -= part
