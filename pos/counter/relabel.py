"""Goods on a shelf whose stars have ended: their labels promise what is no longer so."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Product, Sku
from catalog.recognition_models import Recognition
from catalog.recognitions import in_force_on
from pos.counter import discrepancies
from pos.counter.models import Discrepancy, DiscrepancyKind
from pos.stock.models import SELLING, Balance, Place


def flag_ended(session: Session, *, day: date, now: datetime) -> int:
    """Tell each point which of its goods lost their stars; returns how many notes were opened.

    A product with another recognition in force is left alone. Running again notes nothing twice.
    """
    ended = (
        select(Recognition.id, Recognition.product_id, Product.name_vi)
        .join(Product, Product.id == Recognition.product_id)
        .where(Recognition.decision_id.is_not(None))
        .where((Recognition.valid_until < day) | (Recognition.revoked_on <= day))
        .where(
            Recognition.product_id.not_in(select(Recognition.product_id).where(in_force_on(day)))
        )
    )
    opened = 0
    for recognition_id, product_id, name in session.execute(ended).all():
        for place_id, units in _shelves(session, product_id):
            opened += _note(session, place_id, f"recognition:{recognition_id}", name, units, now)
    return opened


def _shelves(session: Session, product_id: UUID) -> list[tuple[UUID, int]]:
    rows = session.execute(
        select(Balance.place_id, Balance.on_hand)
        .join(Sku, Sku.id == Balance.sku_id)
        .join(Place, Place.id == Balance.place_id)
        .where(Sku.product_id == product_id, Place.kind.in_(SELLING), Place.active)
        .where(Balance.on_hand > 0)
        .order_by(Balance.place_id)
    )
    totals: dict[UUID, int] = {}
    for place_id, units in rows:
        totals[place_id] = totals.get(place_id, 0) + int(units)
    return list(totals.items())


def _note(
    session: Session, place_id: UUID, reference: str, name: str, units: int, now: datetime
) -> int:
    kind = DiscrepancyKind.STARS_ENDED
    known = select(Discrepancy.id).filter_by(kind=kind, place_id=place_id, reference=reference)
    if session.scalar(known.limit(1)) is not None:
        return 0
    detail = {"product": name, "units": units}
    discrepancies.open_one(session, kind, place_id, reference, detail, now=now)
    return 1
