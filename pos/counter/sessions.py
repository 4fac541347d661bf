"""Till sessions: open with a counted float, put cash in and out, close with counted cash."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.errors import Conflict, NotFound, Rejected
from app.core.text import N_
from pos.counter import discrepancies
from pos.counter.models import (
    CashKind,
    CashMovement,
    DiscrepancyKind,
    Register,
    SessionStatus,
    TillSession,
)

MAX_CASH = 10_000_000_000


class UnknownSession(NotFound):
    """No such till session."""

    code = "unknown_session"
    message = N_("This till session does not exist.")


class SessionOpen(Conflict):
    """The register already has an open session."""

    code = "session_open"
    message = N_("This register already has an open session. Continue it, or close it first.")


class SessionClosed(Conflict):
    """The session takes nothing any more."""

    code = "session_closed"
    message = N_("This till session is closed. Open a new one to go on.")


class BadAmount(Rejected):
    """Cash is a whole number of đồng, not negative."""

    code = "bad_amount"
    message = N_("The amount must be a whole number of đồng.")


class ReasonNeeded(Rejected):
    """A large difference or cash taken out needs a reason."""

    code = "reason_needed"
    message = N_("Say why: %(what)s.")


def open_session(
    session: Session, register: Register, float_amount: int, *, now: datetime, actor_id: UUID
) -> TillSession:
    """Open the register with `float_amount` đồng in the drawer. Raises `SessionOpen`, `BadAmount`."""
    _check_amount(float_amount)
    if current(session, register.id) is not None:
        raise SessionOpen
    opened = TillSession(
        register=register,
        status=SessionStatus.OPEN,
        opened_by=actor_id,
        opened_at=now,
        float_amount=float_amount,
    )
    try:
        with session.begin_nested():
            session.add(opened)
    except IntegrityError as error:
        # Two devices at the same moment: the database keeps one open session per register.
        raise SessionOpen from error
    _cash(session, opened, CashKind.FLOAT, float_amount, "", None, now, actor_id)
    obj = ("till_session", opened.id)
    audit.record(
        session, "session.open", obj, actor_id=actor_id, now=now, detail={"float": float_amount}
    )
    return opened


def reference_of(till: TillSession) -> str:
    """How orders and discrepancies name this session."""
    return f"session:{till.id}"


def current(session: Session, register_id: UUID) -> TillSession | None:
    """The open session of a register."""
    query = select(TillSession).filter_by(register_id=register_id, closed_at=None)
    with_place = joinedload(TillSession.register).joinedload(Register.place)
    return session.scalar(query.options(with_place))


def open_at(session: Session, register_ids: Iterable[UUID]) -> dict[UUID, TillSession]:
    """The open session of each of these registers that has one."""
    query = select(TillSession).where(
        TillSession.register_id.in_(set(register_ids)), TillSession.closed_at.is_(None)
    )
    return {row.register_id: row for row in session.scalars(query)}


def recent(session: Session, register_ids: Iterable[UUID], *, limit: int = 30) -> list[TillSession]:
    """Closed sessions of these registers, newest first."""
    query = (
        select(TillSession)
        .where(TillSession.register_id.in_(set(register_ids)), TillSession.closed_at.is_not(None))
        .options(joinedload(TillSession.register).joinedload(Register.place))
        .order_by(TillSession.closed_at.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def get(session: Session, session_id: UUID, *, lock: bool = False) -> TillSession:
    """The session with register and place; raises `UnknownSession`."""
    query = select(TillSession).filter_by(id=session_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise UnknownSession
    return found


def take_cash(
    session: Session,
    till: TillSession,
    order_number: str,
    amount: int,
    *,
    now: datetime,
    actor_id: UUID,
) -> None:
    """Note the cash of a sale: what stays in the drawer, change already given back."""
    _cash(session, till, CashKind.SALE, amount, order_number, None, now, actor_id)


def move_cash(
    session: Session,
    till: TillSession,
    kind: CashKind,
    amount: int,
    reason: str,
    *,
    now: datetime,
    actor_id: UUID,
) -> None:
    """Put cash in or take it out. Raises `SessionClosed`, `BadAmount`, `ReasonNeeded`."""
    if till.status is not SessionStatus.OPEN:
        raise SessionClosed
    _check_amount(amount, least=1)
    if not reason.strip():
        raise ReasonNeeded(what=kind.label)
    signed = amount if kind is CashKind.PAY_IN else -amount
    _cash(session, till, kind, signed, "", reason.strip(), now, actor_id)
    detail = {"amount": signed, "reason": reason.strip()}
    obj = ("till_session", till.id)
    audit.record(session, f"session.{kind.value}", obj, actor_id=actor_id, now=now, detail=detail)


def expected_cash(session: Session, session_id: UUID) -> int:
    """Float and cash takings, plus what was put in, less what was taken out."""
    total = select(func.coalesce(func.sum(CashMovement.amount), 0)).filter_by(session_id=session_id)
    return int(session.scalar(total) or 0)


def close(
    session: Session,
    till: TillSession,
    counted: int,
    reason: str,
    *,
    limit: int,
    now: datetime,
    actor_id: UUID,
) -> None:
    """Close with the counted cash. A difference of more than `limit` đồng needs a reason and is
    shown to the manager. Raises `SessionClosed`, `BadAmount`, `ReasonNeeded`."""
    if till.status is not SessionStatus.OPEN:
        raise SessionClosed
    _check_amount(counted)
    expected = expected_cash(session, till.id)
    difference = counted - expected
    if abs(difference) > limit and not reason.strip():
        raise ReasonNeeded(what=N_("counted and expected cash differ"))
    till.status, till.closed_by, till.closed_at = SessionStatus.CLOSED, actor_id, now
    till.expected_cash, till.counted_cash, till.difference = expected, counted, difference
    till.difference_reason = reason.strip() or None
    session.flush()
    detail = {"expected": expected, "counted": counted, "reason": till.difference_reason}
    obj = ("till_session", till.id)
    audit.record(session, "session.close", obj, actor_id=actor_id, now=now, detail=detail)
    if abs(difference) > limit:
        place_id = till.register.place_id
        kind = DiscrepancyKind.CASH_DIFFERENCE
        discrepancies.open_one(session, kind, place_id, reference_of(till), detail, now=now)


def _check_amount(amount: int, least: int = 0) -> None:
    if not least <= amount <= MAX_CASH:
        raise BadAmount


def _cash(
    session: Session,
    till: TillSession,
    kind: CashKind,
    amount: int,
    reference: str,
    reason: str | None,
    now: datetime,
    actor_id: UUID,
) -> None:
    session.add(
        CashMovement(
            session_id=till.id,
            kind=kind,
            amount=amount,
            reference=reference,
            reason=reason,
            actor_id=actor_id,
            at=now,
        )
    )
    session.flush()
