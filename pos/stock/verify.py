"""Proof that the books are right: everything is added up again from the movements."""

from collections.abc import Iterator

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from pos.stock.models import Balance, Movement, Place, Reservation, ReservationStatus
from traceability.models import Lot


def problems(session: Session) -> list[str]:
    """One line for each contradiction found; an empty list proves the books."""
    return [*_balances(session), *_reserved(session), *_floors(session), *_sums(session)]


def _balances(session: Session) -> Iterator[str]:
    """Balance = sum of movements in less sum of movements out, for every place and lot."""
    flows = union_all(
        select(
            Movement.to_place_id.label("place_id"),
            Movement.lot_id.label("lot_id"),
            Movement.quantity.label("change"),
        ),
        select(Movement.from_place_id, Movement.lot_id, -Movement.quantity),
        # Balances without any movement must be seen too.
        select(Balance.place_id, Balance.lot_id, literal(0)),
    ).subquery()
    moved = func.sum(flows.c.change)
    query = (
        select(flows.c.place_id, flows.c.lot_id, moved, Balance.on_hand)
        .join(
            Balance,
            (Balance.place_id == flows.c.place_id) & (Balance.lot_id == flows.c.lot_id),
            isouter=True,
        )
        .group_by(flows.c.place_id, flows.c.lot_id, Balance.on_hand)
        .having((moved != Balance.on_hand) | Balance.on_hand.is_(None))
    )
    for place_id, lot_id, added, on_hand in session.execute(query):
        where = _where(session, place_id, lot_id)
        yield f"balance of {where} is {on_hand}, but its movements add up to {added}"


def _reserved(session: Session) -> Iterator[str]:
    """Reserved = sum of the promises that stand."""
    standing = (
        select(
            Reservation.place_id,
            Reservation.lot_id,
            func.sum(Reservation.quantity).label("promised"),
        )
        .where(Reservation.status == ReservationStatus.HELD)
        .group_by(Reservation.place_id, Reservation.lot_id)
        .subquery()
    )
    promised = func.coalesce(standing.c.promised, 0)
    query = (
        select(Balance.place_id, Balance.lot_id, Balance.reserved, promised)
        .join(
            standing,
            (standing.c.place_id == Balance.place_id) & (standing.c.lot_id == Balance.lot_id),
            isouter=True,
        )
        .where(Balance.reserved != promised)
    )
    for place_id, lot_id, reserved, total in session.execute(query):
        where = _where(session, place_id, lot_id)
        yield f"reserved of {where} is {reserved}, but its promises add up to {total}"


def _floors(session: Session) -> Iterator[str]:
    """No real place holds less than nothing or promises more than it holds."""
    query = select(Balance).where(
        Balance.physical, (Balance.on_hand < 0) | (Balance.reserved > Balance.on_hand)
    )
    for row in session.scalars(query):
        where = _where(session, row.place_id, row.lot_id)
        yield f"{where} holds {row.on_hand} and promises {row.reserved}"


def _sums(session: Session) -> Iterator[str]:
    """Over all places, every lot adds up to zero: goods are neither made nor lost."""
    total = func.sum(Balance.on_hand)
    query = select(Balance.lot_id, total).group_by(Balance.lot_id).having(total != 0)
    for lot_id, units in session.execute(query):
        yield f"lot {session.get_one(Lot, lot_id).code} adds up to {units} over all places"


def _where(session: Session, place_id: object, lot_id: object) -> str:
    place, lot = session.get(Place, place_id), session.get(Lot, lot_id)
    return f"lot {lot.code if lot else lot_id} at {place.code if place else place_id}"
