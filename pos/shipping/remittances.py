"""Money that carriers have collected at the door and hand over, compared parcel by parcel."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts import audit
from app.core.errors import Conflict, NotFound, Rejected
from app.core.text import N_
from catalog import sheet
from pos.sales import fulfilment, orders, payments
from pos.sales.models import Order, Payment
from pos.sales.status import OrderStatus, PaymentStatus, Tender
from pos.shipping.models import LineVerdict, Parcel, ParcelStatus, Remittance, RemittanceLine

COLUMNS = ("number", "amount")
MOST = 2_000
MAX_AMOUNT = 1_000_000_000
_LINE = re.compile(r"(\S+?)[\s;,]+([\d.,]+)\s*₫?")


class ReferenceTaken(Conflict):
    """The list was booked before."""

    code = "remittance_reference_taken"
    message = N_("The list %(reference)s of this carrier was booked already.")


class BadLine(Rejected):
    """A line without a number and an amount."""

    code = "bad_remittance_line"
    message = N_("Line %(line)s: write the number of the parcel or order, then the amount.")


class NoLines(Rejected):
    """An empty list."""

    code = "no_remittance_lines"
    message = N_("The list is empty. Send a table or write the lines.")


class UnknownLine(NotFound):
    """No such line, or nothing is open about it."""

    code = "unknown_remittance_line"
    message = N_("There is nothing to settle here.")


@dataclass(frozen=True)
class Entry:
    """`amount` đồng for the parcel or order with this number."""

    number: str
    amount: int


@dataclass(frozen=True)
class Judged:
    """What was found for an entry; `due` đồng were to be collected."""

    entry: Entry
    verdict: LineVerdict
    parcel: Parcel | None

    @property
    def due(self) -> int | None:
        return self.parcel.cod_amount if self.parcel else None


@dataclass(frozen=True)
class Head:
    """Whose list it is, how the carrier calls it, and the day on which the money came."""

    carrier: str
    reference: str
    received_on: date


def read_table(content: bytes) -> list[Entry]:
    """Entries of a CSV or XLSX table with the columns `number` and `amount`.

    Raises what `sheet.read` raises, and `BadLine`.
    """
    rows = sheet.read(content, COLUMNS)
    return _checked((n, row["number"], row["amount"]) for n, row in enumerate(rows, 2))


def read_text(text: str) -> list[Entry]:
    """Entries written by hand: number and amount on each line. Raises `BadLine`, `NoLines`."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise BadLine(line=number)
        found.append((number, match[1], match[2]))
    return _checked(found)


def _checked(rows: Iterable[tuple[int, str, str]]) -> list[Entry]:
    entries = []
    for line, number, amount in rows:
        bare = re.sub(r"[.,\s₫]", "", amount)
        if not number or not (bare.isascii() and bare.isdigit()) or int(bare) > MAX_AMOUNT:
            raise BadLine(line=line)
        entries.append(Entry(number[:60], int(bare)))
    if not 0 < len(entries) <= MOST:
        raise NoLines
    return entries


def judge(session: Session, carrier: str, entries: Sequence[Entry]) -> list[Judged]:
    """What each entry would do; nothing is changed."""
    known = _parcels(session, carrier, {entry.number for entry in entries})
    settled: set[UUID] = set()
    judged = []
    for entry in entries:
        parcel = known.get(entry.number.casefold())
        verdict = _verdict(entry, parcel, settled)
        if parcel is not None and verdict is LineVerdict.SETTLED:
            settled.add(parcel.id)
        judged.append(Judged(entry, verdict, parcel))
    return judged


def _parcels(session: Session, carrier: str, numbers: set[str]) -> dict[str, Parcel]:
    upper = {number.upper() for number in numbers}
    query = (
        select(Parcel)
        .join(Order, Order.id == Parcel.order_id)
        .where(Parcel.carrier == carrier)
        .where(or_(func.upper(Parcel.number).in_(upper), Order.number.in_(upper)))
        .options(joinedload(Parcel.order).selectinload(Order.payments))
    )
    found = session.scalars(query).all()
    by_number = {p.number.casefold(): p for p in found if p.number}
    return {p.order.number.casefold(): p for p in found} | by_number


def _verdict(entry: Entry, parcel: Parcel | None, settled: set[UUID]) -> LineVerdict:
    if parcel is None:
        return LineVerdict.UNKNOWN
    if parcel.cod_amount == 0 or parcel.status is not ParcelStatus.DELIVERED:
        return LineVerdict.NOT_DUE
    if parcel.id in settled or _collected(parcel.order) is None:
        return LineVerdict.AGAIN
    return LineVerdict.SETTLED if entry.amount == parcel.cod_amount else LineVerdict.OTHER_AMOUNT


def _collected(order: Order) -> Payment | None:
    """What the carrier owes of an order."""
    at_door = (p for p in order.payments if p.tender is Tender.ON_DELIVERY)
    return next((p for p in at_door if p.status is PaymentStatus.COLLECTED), None)


def book(
    session: Session,
    head: Head,
    entries: Sequence[Entry],
    *,
    now: datetime,
    actor_id: UUID | None,
) -> Remittance:
    """Settle what fits, parcel by parcel, and keep every line with what was found.

    Raises `ReferenceTaken` for a list that was booked before.
    """
    same = select(Remittance.id).filter_by(carrier=head.carrier, reference=head.reference)
    if session.scalar(same):
        raise ReferenceTaken(reference=head.reference)
    made = Remittance(**head.__dict__, recorded_at=now, actor_id=actor_id)
    session.add(made)
    session.flush()
    _lock(session, head.carrier, entries)
    judged = judge(session, head.carrier, entries)
    for row in judged:
        made.lines.append(_line(row))
        if row.parcel is not None and row.verdict is LineVerdict.SETTLED:
            _settle(session, row.parcel.order, now, actor_id)
    session.flush()
    counts = {v.value: sum(1 for row in judged if row.verdict is v) for v in LineVerdict}
    obj = ("remittance", made.id)
    audit.record(session, "remittance.book", obj, actor_id=actor_id, now=now, detail=counts)
    return made


def _lock(session: Session, carrier: str, entries: Sequence[Entry]) -> None:
    """The orders, in one order, so that nobody changes them between judging and settling."""
    found = _parcels(session, carrier, {entry.number for entry in entries})
    for order_id in sorted({parcel.order_id for parcel in found.values()}):
        orders.get(session, order_id, lock=True)


def _line(row: Judged) -> RemittanceLine:
    return RemittanceLine(
        number=row.entry.number,
        amount=row.entry.amount,
        verdict=row.verdict,
        parcel=row.parcel,
    )


def _settle(session: Session, order: Order, now: datetime, actor_id: UUID | None) -> None:
    payment = _collected(order)
    if payment is not None:
        payments.settle(session, payment, now=now, actor_id=actor_id)
    if order.status is OrderStatus.DELIVERED:
        fulfilment.complete(session, order, now=now, actor_id=actor_id)


def clear(
    session: Session,
    line_id: int,
    note: str,
    *,
    settle: bool,
    now: datetime,
    actor_id: UUID | None,
) -> RemittanceLine:
    """Close a difference with a note; `settle` when the money of the parcel is regarded as come.

    Raises `UnknownLine`.
    """
    line = session.get(RemittanceLine, line_id, with_for_update=True)
    if line is None or line.cleared_at is not None or line.verdict is LineVerdict.SETTLED:
        raise UnknownLine
    line.cleared_at, line.note = now, note
    if settle and line.parcel is not None:
        _settle(session, orders.get(session, line.parcel.order_id, lock=True), now, actor_id)
    session.flush()
    detail = {"note": note, "settled": settle, "amount": line.amount}
    obj = ("remittance", line.remittance_id)
    audit.record(session, "remittance.clear", obj, actor_id=actor_id, now=now, detail=detail)
    return line


@dataclass(frozen=True)
class Owed:
    """Money of a parcel that its carrier has collected and not handed over, `days` old."""

    parcel: Parcel
    days: int


def owed(session: Session, now: datetime) -> list[Owed]:
    """What carriers owe, the oldest first."""
    query = (
        select(Parcel)
        .join(Payment, Payment.order_id == Parcel.order_id)
        .where(Parcel.status == ParcelStatus.DELIVERED, Payment.tender == Tender.ON_DELIVERY)
        .where(Payment.status == PaymentStatus.COLLECTED)
        .options(joinedload(Parcel.order))
        .order_by(Parcel.delivered_at, Parcel.id)
    )
    found = session.scalars(query)
    return [Owed(p, (now - p.delivered_at).days) for p in found if p.delivered_at is not None]


def differences(session: Session) -> Sequence[RemittanceLine]:
    """Lines that did not fit and that nobody has closed, the oldest first."""
    query = (
        select(RemittanceLine)
        .where(RemittanceLine.verdict != LineVerdict.SETTLED, RemittanceLine.cleared_at.is_(None))
        .options(joinedload(RemittanceLine.parcel).joinedload(Parcel.order))
        .order_by(RemittanceLine.id)
    )
    return session.scalars(query).all()


def latest(session: Session) -> Sequence[Remittance]:
    """The lists booked last."""
    query = select(Remittance).options(selectinload(Remittance.lines))
    return session.scalars(query.order_by(Remittance.recorded_at.desc()).limit(20)).all()
