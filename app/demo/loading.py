"""Loading the demonstration into an empty database."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.areas import loading as areas
from app.config import ROOT, Settings
from app.core.clock import local_day, local_midnight, now
from app.core.db import transaction
from app.core.errors import Conflict
from app.core.text import N_
from app.demo import content, gift_sets, goods, offers, people, points, seasons, short, stock, trade
from app.demo import stamps as seen
from app.demo.goods import Offered
from app.demo.people import LOGINS, PASSWORD
from app.demo.stock import Setting
from app.demo.trade import LAST_ACTIVATED
from catalog.importing import import_file
from catalog.recognition_models import Recognition
from pos.stock.models import Place
from traceability import stamps
from traceability.models import Lot, LotStatus, StampBatch, StampItem
from traceability.scan_models import StampCase

__all__ = ["LOGINS", "examples", "load"]

REGISTER = ROOT / "catalog" / "data" / "hungyen_products.csv"
DAYS = 30


class NotEmpty(Conflict):
    """There are users already."""

    code = "not_empty"
    message = "The database is not empty; demonstration data are for an empty one."


def load(
    settings: Settings,
    moment: datetime | None = None,
    register: Path = REGISTER,
    days: int = DAYS,
) -> None:
    """Fill the database with `days` days of trade; the same moment gives the same data.

    Raises `NotEmpty`.
    """
    present = moment or now()
    password = hash_password(PASSWORD)  # slow on purpose, so before the transaction
    with transaction() as session:
        if session.scalar(select(User.id).limit(1)) is not None:
            raise NotEmpty
        areas.load(session)
        import_file(session, register.read_bytes(), now=present, actor_id=None)
        _load(session, settings, password, present, days)


def _load(
    session: Session, settings: Settings, password: str, present: datetime, days: int
) -> None:
    day = local_day(present)
    start = local_midnight(day - timedelta(days=days)) + timedelta(hours=6)
    depot, shops = points.load(session, now=start, actor_id=None)
    staff = people.load(
        session, shops, depot, password, day=day - timedelta(days=days + 1), now=start
    )
    officer = people.actor(staff, people.OFFICER)
    at = Setting(start, present, day, officer, settings.stamp_keys, Random(12))  # noqa: S311  # nosec B311
    offered = goods.load(session, day=day - timedelta(days=days), now=start, actor_id=officer)
    registers = points.load_registers(session, shops, now=start, actor_id=officer)
    batches = stock.load(session, offered, depot, shops, at)
    unsold = trade.Stamps({batch.lot_id: batch for batch in batches}, at)
    prices = trade.price_list(session, offered, at)
    cashier = people.actor(staff, people.CASHIER)
    for back in range(days, 0, -1):
        opening = local_midnight(day - timedelta(days=back)) + timedelta(hours=8)
        for register in registers:
            counter = trade.Counter(register, cashier, prices, unsold)
            trade.day_at_till(session, counter, opening, at)
    _online(session, offered, depot, people.actor(staff, people.CUSTOMER), at, days)
    seasons.load(session, now=at.now, actor_id=at.actor_id)
    content.load(session, now=at.now, actor_id=at.actor_id)
    gift_sets.load(session, offered, day=day, now=present, actor_id=officer)
    offers.load(session, now=present, actor_id=officer)
    short.load(session, offered, day=day, now=present, actor_id=officer)
    seen.load(session, batches, settings.anchor_key, at)


def _online(
    session: Session,
    offered: list[Offered],
    depot: Place,
    customer_id: UUID,
    at: Setting,
    days: int,
) -> None:
    """Orders of the past weeks are done; those of the last days are under way."""
    for back in range(min(26, days), -1, -1):
        steps = max(0, min(5, back - 1))
        placed_at = at.now - timedelta(days=back, minutes=at.random.randint(30, 300))
        member = customer_id if back % 5 == 0 else None
        trade.online_order(session, offered, depot, placed_at, steps, member, at)


def examples(session: Session, settings: Settings) -> list[tuple[str, str]]:
    """Stamps to try: (what it shows, its address)."""
    day = local_day(now())
    good = StampBatch.recognition.has(Recognition.valid_until >= day)
    lapsed = StampBatch.recognition.has(Recognition.valid_until < day)
    live = StampBatch.lot.has(Lot.status == LotStatus.RELEASED)
    made_before = StampBatch.lot.has(Lot.made_on <= day - timedelta(days=DAYS))
    recalled = StampBatch.lot.has(Lot.status == LotStatus.RECALLED)
    sold = session.execute(
        select(StampItem, StampBatch)
        .join(StampBatch, StampBatch.id == StampItem.batch_id)
        .where(StampItem.sold_at.is_not(None), good, live, made_before)
        .order_by(StampBatch.ref)
        .limit(1)
    ).first()
    wanted = [
        (N_("on sale"), _first(session, good, live, made_before), LAST_ACTIVATED),
        (N_("sold"), sold[1] if sold else None, sold[0].number if sold else 0),
        (N_("not activated"), _first(session, good, live, made_before), LAST_ACTIVATED + 1),
        (N_("recalled"), _first(session, recalled), 0),
        (N_("stars lapsed"), _first(session, lapsed), 0),
        (N_("perhaps copied"), *_copied(session)),
    ]
    return [(what, _address(settings, batch, number)) for what, batch, number in wanted if batch]


def _copied(session: Session) -> tuple[StampBatch | None, int]:
    case = session.scalar(select(StampCase).filter_by(number=seen.COPIED, closed_at=None))
    return (case.batch if case else None), seen.COPIED


def _first(session: Session, *conditions: ColumnElement[bool]) -> StampBatch | None:
    return session.scalar(
        select(StampBatch)
        .where(*conditions)
        .order_by(StampBatch.requested_at, StampBatch.ref)
        .limit(1)
    )


def _address(settings: Settings, batch: StampBatch, number: int) -> str:
    return next(stamps.stamp_urls(settings.base_url, batch, number, 1, settings.stamp_keys))[0]
