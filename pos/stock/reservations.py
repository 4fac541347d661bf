"""Promises of stock: hold, consume, release, and what happens when a till breaks one."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.core.errors import Conflict
from app.core.text import N_
from pos.stock import candidates
from pos.stock.ledger import BadQuantity, Key, OutOfStock
from pos.stock.models import Balance, Reservation, ReservationStatus
from pos.stock.picking import LotStock, plan
from traceability.models import Lot, LotStatus


class ReservationGone(Conflict):
    """The promise was broken or has ended; the goods must be found again."""

    code = "reservation_gone"
    message = N_("Goods promised to this order are no longer set aside. Find them again first.")


@dataclass(frozen=True)
class Wanted:
    """Line `line_no` of a request wants `quantity` base units of a SKU."""

    line_no: int
    sku_id: UUID
    quantity: int


def hold(
    session: Session,
    reference: str,
    place_id: UUID,
    wanted: Sequence[Wanted],
    *,
    day: date,
    now: datetime,
    expires_at: datetime | None = None,
    keep: int = 0,
) -> None:
    """Set goods aside for `reference`, all lines or none, first expired lots first.

    Of every article `keep` units stay free. Raises `OutOfStock` with every short line.
    """
    if any(line.quantity < 1 for line in wanted):
        raise BadQuantity
    stock = candidates.locked(session, place_id, {line.sku_id for line in wanted}, day)
    free = {sku: {lot: free for lot, _on_hand, free in rows} for sku, rows in stock.items()}
    left = {sku: max(0, sum(lots.values()) - keep) for sku, lots in free.items()}
    short, made = [], list[dict[str, Any]]()
    for line in wanted:
        lots, available = free.get(line.sku_id, {}), left.get(line.sku_id, 0)
        if line.quantity > available:
            short.append(_short(line, available))
            continue
        left[line.sku_id] = available - line.quantity
        picks, _none = plan((LotStock(lot, n) for lot, n in lots.items()), line.quantity)
        for pick in picks:
            lots[pick.lot_id] -= pick.quantity
            made.append(
                _values(reference, place_id, line, pick.lot_id, pick.quantity, now, expires_at)
            )
    if short:
        raise OutOfStock(detail=short)
    _promise(session, made)


def _short(line: Wanted, available: int) -> dict[str, object]:
    return {"sku_id": str(line.sku_id), "wanted": line.quantity, "available": available}


def _values(
    reference: str,
    place_id: UUID,
    line: Wanted,
    lot_id: UUID,
    quantity: int,
    now: datetime,
    expires_at: datetime | None,
) -> dict[str, Any]:
    return {
        "reference": reference,
        "line_no": line.line_no,
        "place_id": place_id,
        "lot_id": lot_id,
        "sku_id": line.sku_id,
        "quantity": quantity,
        "status": ReservationStatus.HELD,
        "created_at": now,
        "expires_at": expires_at,
    }


def _promise(session: Session, made: Sequence[dict[str, Any]]) -> None:
    """Write promises and take their units off what is free."""
    if not made:
        return
    totals: dict[Key, int] = defaultdict(int)
    for row in made:
        totals[row["place_id"], row["lot_id"]] += row["quantity"]
    steps = [{"at": key[0], "of": key[1], "units": units} for key, units in sorted(totals.items())]
    # By the connection: the session would look for objects to renew, and there are none.
    connection = session.connection()
    if connection.execute(_RESERVE, steps).rowcount != len(steps):
        raise OutOfStock(detail=[{"lot_id": str(s["of"]), "wanted": s["units"]} for s in steps])
    connection.execute(insert(Reservation), made)


_UNITS = bindparam("units", type_=BigInteger())
_RESERVE = (
    update(Balance)
    .where(Balance.place_id == bindparam("at"), Balance.lot_id == bindparam("of"))
    .where(Balance.on_hand - Balance.reserved >= _UNITS)
    .values(reserved=Balance.reserved + _UNITS)
)


def standing(session: Session, reference: str) -> list[Reservation]:
    """Promises to `reference` that still stand, by line, for reading only."""
    query = select(Reservation).where(
        Reservation.reference == reference, Reservation.status == ReservationStatus.HELD
    )
    return list(session.scalars(query.order_by(Reservation.line_no, Reservation.id)))


def held(session: Session, reference: str) -> list[Reservation]:
    """Promises to `reference` that still stand, by line; locked until the transaction ends."""
    _lock_balances(session, reference)
    query = (
        select(Reservation)
        .where(Reservation.reference == reference, Reservation.status == ReservationStatus.HELD)
        .order_by(Reservation.line_no, Reservation.id)
        .with_for_update()
    )
    return list(session.scalars(query))


def _lock_balances(session: Session, reference: str) -> None:
    """Balances before promises, as a till locks them; the other way round they would deadlock."""
    here = (Reservation.place_id == Balance.place_id) & (Reservation.lot_id == Balance.lot_id)
    rows = (
        select(Balance.lot_id)
        .join(Reservation, here)
        .where(Reservation.reference == reference, Reservation.status == ReservationStatus.HELD)
        .order_by(Balance.place_id, Balance.lot_id)
        .with_for_update(of=Balance)
    )
    session.execute(rows).all()


def unreserved(rows: Sequence[Reservation]) -> dict[Key, int]:
    """What the ledger has to take off the reserved amounts when these promises end."""
    totals: dict[Key, int] = defaultdict(int)
    for row in rows:
        totals[row.place_id, row.lot_id] += row.quantity
    return dict(totals)


def mark_consumed(rows: Sequence[Reservation], now: datetime) -> None:
    """Note that the promised goods were handed over; the ledger frees the amounts itself."""
    for row in rows:
        row.status, row.ended_at = ReservationStatus.CONSUMED, now


def release(session: Session, reference: str, *, now: datetime) -> int:
    """Give back everything held for `reference`; returns how many promises ended."""
    rows = held(session, reference)
    for (place_id, lot_id), quantity in sorted(unreserved(rows).items()):
        _free(session, place_id, lot_id, quantity)
    for row in rows:
        row.status, row.ended_at = ReservationStatus.RELEASED, now
    session.flush()
    return len(rows)


def exchange(
    session: Session,
    reference: str,
    place_id: UUID,
    line: Wanted,
    lots: Mapping[UUID, int],
    *,
    now: datetime,
) -> None:
    """Promise units of these lots for a line in place of what was promised for it.

    Raises `OutOfStock` when somebody else was promised them.
    """
    candidates.lock(session, place_id, {line.sku_id})
    for row in held(session, reference):
        if row.line_no == line.line_no:
            release_one(session, row, now=now)
    _promise(
        session,
        [_values(reference, place_id, line, lot, units, now, None) for lot, units in lots.items()],
    )


def release_one(session: Session, row: Reservation, *, now: datetime) -> None:
    """Give back one promise that still stands."""
    _free(session, row.place_id, row.lot_id, row.quantity)
    row.status, row.ended_at = ReservationStatus.RELEASED, now
    session.flush()


def _free(session: Session, place_id: UUID, lot_id: UUID, quantity: int) -> None:
    session.execute(
        update(Balance)
        .where(Balance.place_id == place_id, Balance.lot_id == lot_id)
        .values(reserved=Balance.reserved - quantity)
        .execution_options(synchronize_session=False)
    )


def release_expired(session: Session, *, now: datetime) -> list[str]:
    """Release promises whose time is over; returns the references concerned."""
    query = (
        select(Reservation.reference)
        .where(Reservation.status == ReservationStatus.HELD, Reservation.expires_at <= now)
        .distinct()
        .order_by(Reservation.reference)
    )
    references = list(session.scalars(query))
    for reference in references:
        release(session, reference, now=now)
    return references


def break_newest(
    session: Session, place_id: UUID, lot_id: UUID, quantity: int, *, now: datetime
) -> list[Reservation]:
    """Break promises of this lot here, newest first, until `quantity` units are free.

    The customer at the counter already holds the goods. Returns the broken promises; the caller
    frees the amounts through the ledger and tells whoever serves the orders.
    """
    query = (
        select(Reservation)
        .filter_by(place_id=place_id, lot_id=lot_id, status=ReservationStatus.HELD)
        .order_by(Reservation.created_at.desc(), Reservation.id.desc())
        .with_for_update()
    )
    broken: list[Reservation] = []
    for row in session.scalars(query):
        if quantity <= 0:
            break
        part = min(row.quantity, quantity)
        quantity -= part
        broken.append(_break(session, row, part, now))
    session.flush()
    return broken


def break_all(session: Session, lot_ids: Collection[UUID], *, now: datetime) -> list[Reservation]:
    """Break every promise of these lots: they may not be sold any more.

    Goods that are packed already were taken out of stock and are not among them. Returns the broken
    promises; whoever mends promises looks for other goods.
    """
    query = (
        select(Reservation)
        .where(Reservation.lot_id.in_(list(lot_ids)), Reservation.status == ReservationStatus.HELD)
        .order_by(Reservation.place_id, Reservation.lot_id, Reservation.id)
        .with_for_update()
    )
    broken = list(session.scalars(query))
    for row in broken:
        _free(session, row.place_id, row.lot_id, row.quantity)
        row.status, row.ended_at = ReservationStatus.BROKEN, now
    session.flush()
    return broken


def break_recalled(session: Session, *, now: datetime) -> int:
    """Break promises that were made while their lot was being recalled; returns how many.

    Whoever promises goods reads the lot a moment before; a recall in between finds no promise yet.
    """
    standing = select(Reservation.lot_id).where(Reservation.status == ReservationStatus.HELD)
    recalled = select(Lot.id).where(Lot.status == LotStatus.RECALLED, Lot.id.in_(standing))
    lot_ids = session.scalars(recalled).all()
    return len(break_all(session, lot_ids, now=now)) if lot_ids else 0


def _break(session: Session, row: Reservation, part: int, now: datetime) -> Reservation:
    if part == row.quantity:
        row.status, row.ended_at = ReservationStatus.BROKEN, now
        return row
    row.quantity -= part
    rest = Wanted(row.line_no, row.sku_id, part)
    piece = Reservation(
        **_values(
            row.reference, row.place_id, rest, row.lot_id, part, row.created_at, row.expires_at
        )
    )
    piece.status, piece.ended_at = ReservationStatus.BROKEN, now
    session.add(piece)
    return piece
