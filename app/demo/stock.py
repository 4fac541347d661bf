"""Lots, stamps and goods on the shelves of the demonstration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from app.demo.goods import Offered
from catalog.models import Sku
from pos.stock import goods
from pos.stock.models import Place
from pos.stock.taking import Take
from traceability import lots, stamps
from traceability.models import Lot, StampBatch


@dataclass(frozen=True)
class Setting:
    """When and by whom the demonstration is set up; `start` lies a month before `now`."""

    start: datetime
    now: datetime
    day: date
    actor_id: UUID
    keys: Mapping[int, bytes]
    random: Random

    @property
    def randomness(self) -> Callable[[int], bytes]:
        return self.random.randbytes


def load(
    session: Session, offered: list[Offered], depot: Place, points: list[Place], at: Setting
) -> list[StampBatch]:
    """Two lots of every stocked article, received, stamped where stars are in force, and sent out."""
    batches = []
    for offer in offered:
        for sku in offer.skus if offer.stocked else []:
            for number in (1, 2):
                lot = _lot(session, sku, number, offer.state, at)
                if offer.recognition is not None:
                    batches.append(_stamps(session, lot, offer.state, at))
                _distribute(session, lot, depot, points, at)
    return batches


def _age(sku: Sku, number: int, state: str) -> int:
    """Days since the lot was made: stamps need stars in force, so a lapsed product's lots are old."""
    shelf = sku.shelf_life_days
    if shelf is None:
        return 40
    if state == "lapsed":
        return min(155, shelf - 22)
    # Goods that keep were made before the month began; fresh ones only just now.
    return min(20 + 25 * number, shelf // 3) if shelf > 90 else 1 + number


def _lot(session: Session, sku: Sku, number: int, state: str, at: Setting) -> Lot:
    made_on = at.day - timedelta(days=_age(sku, number, state))
    lot = lots.open_lot(
        session,
        sku,
        f"{made_on:%y%m%d}-{number}",
        owner=sku.product.producer,
        made_on=made_on,
        expires_on=None,
        quantity_declared=600,
        now=at.start,
        actor_id=at.actor_id,
    )
    lots.release(session, lot, now=at.start, actor_id=at.actor_id)
    return lot


def _stamps(session: Session, lot: Lot, state: str, at: Setting) -> StampBatch:
    day = lot.made_on + timedelta(days=2) if state == "lapsed" and lot.made_on else at.day
    batch = stamps.request(
        session,
        lot,
        400,
        day=day,
        now=at.start,
        actor_id=at.actor_id,
        epoch=max(at.keys),
        randomness=at.randomness,
    )
    stamps.approve(session, batch, now=at.start, actor_id=at.actor_id)
    stamps.generate(session, batch, day=day, keys=at.keys, now=at.start, actor_id=at.actor_id)
    stamps.mark_printed(session, batch, now=at.start, actor_id=at.actor_id)
    stamps.deliver(session, batch, now=at.start, actor_id=at.actor_id)
    stamps.activate(session, batch, 0, 299, now=at.start, actor_id=at.actor_id)
    return batch


def _distribute(session: Session, lot: Lot, depot: Place, points: list[Place], at: Setting) -> None:
    total = at.random.randint(160, 300)
    key = f"demo:{lot.id}"
    goods.receive(session, depot, lot, total, goods.Act(key, at.start, at.actor_id))
    for point in points:
        part = at.random.randint(12, 28)
        act = goods.Act(f"{key}:{point.code}", at.start, at.actor_id)
        take = [Take(lot.sku_id, part, lot.id)]
        goods.transfer(session, depot, point, take, act, day=lot.made_on or at.day)
