"""Registers: the tills of a sales point and the numbers on their receipts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.errors import Conflict, NotFound, Rejected
from app.core.series import next_number
from app.core.text import N_
from pos.counter.models import Register
from pos.stock.models import SELLING, Place


class UnknownRegister(NotFound):
    """No such register."""

    code = "unknown_register"
    message = N_("This register does not exist.")


class RegisterCodeTaken(Conflict):
    """Another register has the code."""

    code = "register_code_taken"
    message = N_("Another register already has the code %(register)s.")


class NotASalesPoint(Rejected):
    """Registers stand at sales points and fairs only."""

    code = "not_a_sales_point"
    message = N_("A register can only stand at a sales point or a fair.")


def enrol(
    session: Session, place: Place, code: str, name: str, *, now: datetime, actor_id: UUID | None
) -> Register:
    """Set up a register. Raises `NotASalesPoint`, `RegisterCodeTaken`."""
    if place.kind not in SELLING:
        raise NotASalesPoint
    text = code.strip().upper()
    if session.scalar(select(Register.id).filter_by(code=text)):
        raise RegisterCodeTaken(register=text)
    register = Register(code=text, name=name, place=place, lease_letter="A", active=True)
    session.add(register)
    session.flush()
    obj = ("register", register.id)
    audit.record(session, "register.enrol", obj, actor_id=actor_id, now=now)
    return register


def get(session: Session, register_id: UUID) -> Register:
    """The register with its place; raises `UnknownRegister`."""
    query = select(Register).filter_by(id=register_id).options(joinedload(Register.place))
    found = session.scalar(query)
    if found is None:
        raise UnknownRegister
    return found


def at_places(session: Session, place_ids: frozenset[UUID] | None) -> list[Register]:
    """Open registers of these places (None: of all), by code."""
    query = (
        select(Register)
        .where(Register.active)
        .order_by(Register.code)
        .options(joinedload(Register.place))
    )
    if place_ids is not None:
        query = query.where(Register.place_id.in_(place_ids))
    return list(session.scalars(query))


def next_receipt_number(session: Session, register: Register) -> str:
    """`<register>-<lease letter>-<six digits>`: no gaps or repeats within one lease."""
    series = f"{register.code}-{register.lease_letter}"
    return f"{series}-{next_number(session, f'receipt:{series}'):06}"
