"""One step of a case: along its table of moves, into its history, audited, and told to the buyer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.outbox import enqueue
from pos.aftersales.models import Case, CaseEvent
from pos.aftersales.status import CASE_MOVES, DONE, CaseStatus

TELL = "case_moved"


@dataclass(frozen=True)
class By:
    """Who does it and when; the buyer, or staff."""

    now: datetime
    actor_id: UUID | None
    buyer: bool = False


def move(
    session: Session,
    case: Case,
    to: CaseStatus,
    by: By,
    text: str | None = None,
    *,
    tell: bool = True,
) -> None:
    """Change the state; `text` is what is said with it. Raises `ForbiddenMove`."""
    case.status = CASE_MOVES.to(case.status, to)
    if to in DONE:
        case.ended_at = by.now
    note(session, case, by, text, tell=tell)


def note(session: Session, case: Case, by: By, text: str | None, *, tell: bool = True) -> None:
    """Append the state as it is now to the history; with `tell` the buyer gets a message."""
    event = CaseEvent(
        case_id=case.id,
        at=by.now,
        actor_id=by.actor_id,
        by_buyer=by.buyer,
        status=case.status,
        text=text,
    )
    session.add(event)
    session.flush()
    detail = {"number": case.number, "order": str(case.order_id)}
    action, obj = f"case.{case.status.value}", ("case", case.id)
    audit.record(session, action, obj, actor_id=by.actor_id, now=by.now, detail=detail)
    if tell and case.contact_email:
        payload = {"case_id": str(case.id), "event_id": event.id}
        enqueue(session, TELL, payload, now=by.now)
