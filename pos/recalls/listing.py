"""Lists about recalls for pages: all of them, what places still owe, what came home."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from catalog.models import Sku
from pos.recalls import reach
from pos.recalls.models import RecallPlace
from pos.stock.models import Movement, MovementKind
from traceability import lineage
from traceability.history_models import Recall, RecallKind
from traceability.models import Lot, StampBatch
from traceability.stamps import UnknownBatch

MOST = 500


def all_of(session: Session) -> Sequence[Recall]:
    """Recalls and drills, open ones first, then the newest."""
    article = joinedload(Recall.lot).joinedload(Lot.sku).joinedload(Sku.product)
    query = select(Recall).options(article, joinedload(Recall.batch))
    order = (Recall.closed_at.is_not(None), Recall.opened_at.desc())
    return session.scalars(query.order_by(*order).limit(MOST)).all()


def batch_of(session: Session, lot: Lot, ref: str) -> StampBatch:
    """The stamp batch of this lot with the reference. Raises `UnknownBatch`."""
    query = select(StampBatch).filter_by(lot_id=lot.id, ref=ref.strip().upper())
    found = session.scalar(query)
    if found is None:
        raise UnknownBatch
    return found


def to_put_aside(session: Session, place_ids: frozenset[UUID] | None) -> Sequence[RecallPlace]:
    """What places have not confirmed yet in real recalls, oldest first; None means every place."""
    query = (
        select(RecallPlace)
        .join(Recall, Recall.id == RecallPlace.recall_id)
        .where(RecallPlace.confirmed_at.is_(None), Recall.kind == RecallKind.REAL)
        .where(Recall.closed_at.is_(None))
        .options(joinedload(RecallPlace.place), joinedload(RecallPlace.recall))
    )
    if place_ids is not None:
        query = query.where(RecallPlace.place_id.in_(list(place_ids)))
    return session.scalars(query.order_by(Recall.opened_at)).all()


def on_hand_now(session: Session, recall: Recall) -> dict[UUID, int]:
    """Units of the recalled goods by place at this moment."""
    found = reach.at_places(session, _lot_ids(session, recall))
    return {one.place.id: one.on_hand for one in found}


def came_home(session: Session, recall: Recall) -> int:
    """Units that customers have brought back since it was opened."""
    query = select(func.coalesce(func.sum(Movement.quantity), 0)).where(
        Movement.lot_id.in_(_lot_ids(session, recall)),
        Movement.kind == MovementKind.RETURN,
        Movement.recorded_at >= recall.opened_at,
    )
    return int(session.scalar(query) or 0)


def _lot_ids(session: Session, recall: Recall) -> list[UUID]:
    return [recall.lot_id, *(one.lot.id for one in lineage.descendants(session, recall.lot))]
