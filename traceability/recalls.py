"""Recalls: one act that stops goods and says so wherever their stamps are scanned.

Duty to recall and to tell: law on product and goods quality; one step back, one step forward:
Circular 02/2024/TT-BKHCN. Where the goods went is known above, and handed in as `reach`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core import series
from app.core.errors import Conflict, NotFound
from app.core.text import N_
from app.core.types import Json
from catalog.models import Product, Sku
from traceability import journal, lots, stamps
from traceability.history_models import Recall, RecallKind
from traceability.models import JournalKind, Lot, StampBatch

SERIES = "recall"


class UnknownRecall(NotFound):
    """No such recall."""

    code = "unknown_recall"
    message = N_("This recall does not exist.")


class RecallClosed(Conflict):
    """It was ended before."""

    code = "recall_closed"
    message = N_("This recall was closed already.")


@dataclass(frozen=True)
class Target:
    """A whole lot, or stamps `first` to `last` (from 0, both counted) of a batch on it."""

    lot: Lot
    batch: StampBatch | None = None
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class Words:
    """Why, and what holders should do."""

    reason: str
    advice: str | None = None


def open_recall(
    session: Session,
    target: Target,
    kind: RecallKind,
    words: Words,
    reach: Json,
    *,
    key: str,
    now: datetime,
    actor_id: UUID | None,
) -> Recall:
    """Call goods back, or drill it; the same `key` is the same recall.

    A drill stops nothing. Raises what `lots.recall` and `stamps.recall_range` raise.
    """
    known = session.scalar(select(Recall).filter_by(key=key))
    if known is not None:
        return known
    if kind is RecallKind.REAL:
        _stop(session, target, words.reason, now, actor_id)
    made = Recall(
        number=f"TH-{now:%y}-{series.next_number(session, f'{SERIES}:{now:%y}'):04d}",
        key=key,
        kind=kind,
        lot_id=target.lot.id,
        batch_id=target.batch.id if target.batch else None,
        first=target.first,
        last=target.last,
        reason=words.reason,
        advice=words.advice,
        opened_at=now,
        opened_by=actor_id,
        reach=reach,
    )
    session.add(made)
    session.flush()
    detail = {"number": made.number, "lot": str(target.lot.id), "kind": kind.value}
    obj = ("recall", made.id)
    audit.record(session, "recall.open", obj, actor_id=actor_id, now=now, detail=detail)
    return made


def _stop(
    session: Session, target: Target, reason: str, now: datetime, actor_id: UUID | None
) -> None:
    batch, first, last = target.batch, target.first, target.last
    if batch is None or first is None or last is None:
        lots.recall(session, target.lot, reason=reason, now=now, actor_id=actor_id)
        return
    stamps.recall_range(session, batch, first, last, reason=reason, now=now, actor_id=actor_id)
    # How many stamps are concerned is for those who must act; that some are is for everyone.
    kind, lot = JournalKind.RECALLED, target.lot
    journal.append(session, lot, kind, occurred_at=now, text=reason, now=now, actor_id=actor_id)


def close(
    session: Session, recall: Recall, outcome: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """End the work on a recall; what was stopped stays stopped. Raises `RecallClosed`."""
    # The row alone: what is joined to it may be missing, and PostgreSQL locks no such rows.
    session.refresh(recall, ["closed_at"], with_for_update=True)
    if recall.closed_at is not None:
        raise RecallClosed
    recall.closed_at, recall.closed_by, recall.outcome = now, actor_id, outcome
    obj = ("recall", recall.id)
    audit.record(
        session, "recall.close", obj, actor_id=actor_id, now=now, detail={"outcome": outcome}
    )
    session.flush()


def get(session: Session, recall_id: UUID) -> Recall:
    """The recall with lot and article. Raises `UnknownRecall`."""
    found = session.scalar(_whole().where(Recall.id == recall_id))
    if found is None:
        raise UnknownRecall
    return found


def of_lot(session: Session, lot_id: UUID) -> Recall | None:
    """The newest real recall of a lot, or None."""
    query = _whole().where(Recall.lot_id == lot_id, Recall.kind == RecallKind.REAL)
    return session.scalar(query.order_by(Recall.opened_at.desc()).limit(1))


def public(session: Session, most: int) -> list[Recall]:
    """Real recalls for everyone, newest first."""
    query = _whole().where(Recall.kind == RecallKind.REAL).order_by(Recall.opened_at.desc())
    return list(session.scalars(query.limit(most)))


def _whole() -> Select[Recall]:
    article = joinedload(Recall.lot).joinedload(Lot.sku).joinedload(Sku.product)
    return select(Recall).options(article.joinedload(Product.producer), joinedload(Recall.batch))
