"""Recalling: stop the goods, break promises, list the places and the buyers, and tell them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.errors import Conflict, NotFound, Rejected
from app.core.outbox import enqueue
from app.core.text import N_
from pos.recalls import reach as reaching
from pos.recalls.models import RecallNotice, RecallPlace
from pos.recalls.reach import Bought, Reach
from pos.stock import reservations
from traceability import lots, recalls
from traceability.history_models import Recall, RecallKind
from traceability.issued import Keys
from traceability.models import LotStatus
from traceability.recalls import Target, Words

TELL_BUYER = "recall_notice"
MOST_UNITS = 10**9


class UnknownHolder(NotFound):
    """The place or buyer is not one that the recall reaches."""

    code = "unknown_holder"
    message = N_("The recall does not reach this place or order.")


class AlreadyConfirmed(Conflict):
    """The place has said what it put aside."""

    code = "already_confirmed"
    message = N_("This place has confirmed already.")


class BadCount(Rejected):
    """Not a number of units."""

    code = "bad_count"
    message = N_("The quantity must be a whole number, 0 or more.")


def start(
    session: Session,
    target: Target,
    kind: RecallKind,
    words: Words,
    *,
    key: str,
    keys: Keys,
    now: datetime,
    actor_id: UUID | None,
) -> Recall:
    """Recall goods in one act; a drill only works out whom it would reach.

    Raises what `recalls.open_recall` raises, and `KeyMissing`.
    """
    found = reaching.of(session, target, keys)
    before = session.scalar(select(Recall.id).filter_by(key=key))
    made = recalls.open_recall(
        session, target, kind, words, found.summary, key=key, now=now, actor_id=actor_id
    )
    if before is not None:
        return made
    _list(session, made, found)
    if kind is RecallKind.REAL:
        if target.batch is None:
            # What its goods went into is recalled with it, and promises of all of it are off.
            _stop_descendants(session, found, words.reason, now, actor_id)
            reservations.break_all(session, [lot.id for lot in found.lots], now=now)
        _tell(session, made, now)
    return made


def _stop_descendants(
    session: Session, found: Reach, reason: str, now: datetime, actor_id: UUID | None
) -> None:
    for lot in found.lots[1:]:
        if LotStatus.RECALLED in lots.LOT_MOVES.allowed(lot.status):
            lots.recall(session, lot, reason=reason, now=now, actor_id=actor_id)


def _list(session: Session, recall: Recall, found: Reach) -> None:
    session.add_all(
        RecallPlace(recall_id=recall.id, place_id=one.place.id, expected=one.on_hand)
        for one in found.places
    )
    session.add_all(_notice(recall, one) for one in found.bought if one.known)
    session.flush()


def _notice(recall: Recall, one: Bought) -> RecallNotice:
    by_mail = bool(one.order.contact_email)
    return RecallNotice(
        recall_id=recall.id, order_id=one.order.id, quantity=one.quantity, by_mail=by_mail
    )


def _tell(session: Session, recall: Recall, now: datetime) -> None:
    query = select(RecallNotice).filter_by(recall_id=recall.id, by_mail=True, told_at=None)
    for notice in session.scalars(query):
        enqueue(session, TELL_BUYER, {"notice_id": str(notice.id)}, now=now)
        notice.told_at = now
    session.flush()


def mark_told(
    session: Session, recall: Recall, notice_id: UUID, *, now: datetime, actor_id: UUID | None
) -> None:
    """Note that staff reached a buyer, by telephone or otherwise. Raises `UnknownHolder`."""
    notice = session.get(RecallNotice, notice_id)
    if notice is None or notice.recall_id != recall.id:
        raise UnknownHolder
    if notice.told_at is None:
        notice.told_at, notice.told_by = now, actor_id
        detail = {"order": str(notice.order_id)}
        obj = ("recall", recall.id)
        audit.record(session, "recall.told", obj, actor_id=actor_id, now=now, detail=detail)
    session.flush()


def confirm_place(
    session: Session,
    recall: Recall,
    place_id: UUID,
    found: int,
    *,
    note: str | None,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """A place says how many units it has put aside. Raises `UnknownHolder`, `BadCount`,
    `AlreadyConfirmed`."""
    if not 0 <= found <= MOST_UNITS:
        raise BadCount
    query = select(RecallPlace).filter_by(recall_id=recall.id, place_id=place_id)
    row = session.scalar(query.with_for_update())
    if row is None:
        raise UnknownHolder
    if row.confirmed_at is not None:
        raise AlreadyConfirmed
    row.found, row.note = found, note
    row.confirmed_at, row.confirmed_by = now, actor_id
    detail = {"place": str(place_id), "expected": row.expected, "found": found}
    obj = ("recall", recall.id)
    audit.record(session, "recall.place", obj, actor_id=actor_id, now=now, detail=detail)
    session.flush()


def places_of(session: Session, recall_id: UUID) -> list[RecallPlace]:
    """Places that held goods when it was opened, those with most first."""
    query = (
        select(RecallPlace).filter_by(recall_id=recall_id).options(joinedload(RecallPlace.place))
    )
    return list(session.scalars(query.order_by(RecallPlace.expected.desc(), RecallPlace.id)))


def notices_of(session: Session, recall_id: UUID) -> list[RecallNotice]:
    """Buyers that can be told, those not told yet first."""
    query = select(RecallNotice).filter_by(recall_id=recall_id)
    query = query.options(joinedload(RecallNotice.order))
    order = (RecallNotice.told_at.is_not(None), RecallNotice.id)
    return list(session.scalars(query.order_by(*order)))
