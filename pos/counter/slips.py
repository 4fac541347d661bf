"""Everything that stands on the receipt of one counter sale, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from pos.counter import sessions, stamped
from pos.counter.models import TillSession
from pos.sales import orders, receipts
from pos.sales.models import Order, OrderLine
from pos.sales.orders import UnknownOrder
from pos.sales.status import Channel
from traceability import lots, stamps
from traceability.models import Lot


@dataclass(frozen=True)
class Slip:
    """`lots` of each line by line number; `verify_url` is the public page of the first stamp."""

    order: Order
    till: TillSession | None
    cashier: str | None
    vat: list[receipts.VatPart]
    tendered: int
    change: int
    lots: dict[int, list[Lot]]
    verify_url: str | None


def slip(session: Session, number: str, *, base_url: str, keys: Mapping[int, bytes]) -> Slip:
    """The receipt with this number. Raises `UnknownOrder`, also for orders of the web shop."""
    order = orders.by_number(session, number)
    if order.channel is not Channel.TILL:
        raise UnknownOrder
    return Slip(
        order=order,
        till=_till(session, order),
        cashier=session.scalar(select(User.name).filter_by(id=order.cashier_id)),
        vat=receipts.vat_parts(order),
        tendered=sum(p.tendered or p.amount for p in order.payments),
        change=receipts.change_given(order),
        lots=_lots(session, order),
        verify_url=_verify_url(session, order, base_url, keys),
    )


def _till(session: Session, order: Order) -> TillSession | None:
    _kind, _colon, key = (order.session_ref or "").partition(":")
    return sessions.get(session, UUID(key)) if key else None


def _lots(session: Session, order: Order) -> dict[int, list[Lot]]:
    """The lots that are known; a shortage is booked on a stand-in that says nothing to a buyer."""
    wanted = {pick.lot_id for line in order.lines for pick in line.picks}
    known = select(Lot).where(Lot.id.in_(wanted), lots.named())
    by_id = {lot.id: lot for lot in session.scalars(known)}
    return {line.line_no: _of_line(line, by_id) for line in order.lines}


def _of_line(line: OrderLine, lots: Mapping[UUID, Lot]) -> list[Lot]:
    ids = dict.fromkeys(pick.lot_id for pick in line.picks)
    return [lots[lot_id] for lot_id in ids if lot_id in lots]


def _verify_url(
    session: Session, order: Order, base_url: str, keys: Mapping[int, bytes]
) -> str | None:
    serials = (pick.serial for line in order.lines for pick in line.picks if pick.serial)
    for serial in serials:
        stamp = stamped.find(session, serial, keys)
        if stamp is not None:
            return next(stamps.stamp_urls(base_url, stamp.batch, stamp.number, 1, keys))[0]
    return None
