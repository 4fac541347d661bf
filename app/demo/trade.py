"""A month of trade in the demonstration: till sessions with sales, and online orders."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import local_day
from app.demo.goods import Offered
from app.demo.stock import Setting
from catalog import pricing, weights
from catalog.models import PriceChannel
from pos.counter import posting, sessions
from pos.counter.models import Register, TillSession
from pos.counter.posting import Sale, SaleLine, Till
from pos.sales import fulfilment, orders, payments, placing
from pos.sales.lines import Item
from pos.sales.models import Order
from pos.sales.status import Delivery, Tender
from pos.shipping import parcels
from pos.shipping.parcels import Plan
from pos.stock import candidates
from pos.stock.models import Place
from traceability.models import StampBatch
from traceability.serials import SerialCipher, batch_key

FLOAT = 500_000
LAST_ACTIVATED = 299


@dataclass
class Stamps:
    """The next unsold stamp of each lot."""

    batches: dict[UUID, StampBatch]
    setting: Setting
    used: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, lot_id: UUID, quantity: int) -> tuple[str, ...]:
        """Serials of the next `quantity` activated stamps of the lot; none without a batch."""
        batch = self.batches.get(lot_id)
        first = self.used[lot_id]
        if batch is None or first + quantity > LAST_ACTIVATED:
            return ()
        self.used[lot_id] += quantity
        key = batch_key(self.setting.keys[batch.key_epoch], batch.identity, batch.ref)
        return tuple(SerialCipher(key, batch.identity, batch.ref).serials(first, quantity))


@dataclass(frozen=True)
class Counter:
    """One register with its cashier and what it can sell at list price."""

    register: Register
    cashier_id: UUID
    prices: dict[UUID, int]
    stamps: Stamps


def price_list(session: Session, offered: Sequence[Offered], at: Setting) -> dict[UUID, int]:
    """Till price of every stocked article."""
    ids = [sku.id for offer in offered if offer.stocked for sku in offer.skus]
    found = pricing.prices(session, ids, PriceChannel.TILL, at.day)
    # In the order of the assortment, so that the same draw chooses the same article every time.
    return {sku_id: found[sku_id].amount for sku_id in ids}


def day_at_till(session: Session, counter: Counter, opening: datetime, at: Setting) -> None:
    """Open in the morning, sell through the day, close in the evening with counted cash."""
    cashier = counter.cashier_id
    till = sessions.open_session(session, counter.register, FLOAT, now=opening, actor_id=cashier)
    sold_at = opening
    for _ in range(at.random.randint(2, 5)):
        sold_at += timedelta(minutes=at.random.randint(15, 75))
        _sale(session, counter, till, sold_at, at)
    expected = sessions.expected_cash(session, till.id)
    # Most evenings fit; sometimes a note is missing or too much.
    counted = expected + at.random.choice([0, 0, 0, 0, 0, -1_000, 2_000, -10_000])
    closing = sold_at + timedelta(minutes=30)
    sessions.close(session, till, counted, "", limit=20_000, now=closing, actor_id=cashier)


def _sale(
    session: Session, counter: Counter, till: TillSession, sold_at: datetime, at: Setting
) -> None:
    day = local_day(sold_at)
    place_id = counter.register.place_id
    wanted = at.random.sample(list(counter.prices), at.random.choice([1, 1, 2, 3]))
    here = candidates.saleable(session, place_id, wanted, day)
    lines = []
    for sku_id in wanted:
        quantity = at.random.choice([1, 1, 1, 2])
        lot_id = next(
            (lot for lot, units, _free in here.get(sku_id, []) if units > quantity + 3), None
        )
        if lot_id is None:
            continue
        serials = counter.stamps.take(lot_id, quantity) if at.random.random() < 0.4 else ()
        price = counter.prices[sku_id]
        lines.append(SaleLine(sku_id, quantity, price, lot_id, serials))
    if not lines:
        return
    total = sum(line.unit_price * line.quantity for line in lines)
    tendered = -(-total // 50_000) * 50_000
    sale = Sale(str(UUID(bytes=at.randomness(16))), tuple(lines), tendered, sold_at)
    desk = Till(counter.register, till, counter.cashier_id, 1_000, at.keys)
    posting.accept(session, desk, sale, now=sold_at)


BUYERS = ("Hoàng Thị Mẫu", "Ngô Văn Mẫu", "Bùi Thị Mẫu", "Đặng Văn Mẫu", "Lý Thị Mẫu")
Step = Callable[[Session, Order, datetime, UUID], None]


def _pack(session: Session, order: Order, now: datetime, actor_id: UUID) -> None:
    fulfilment.pack(session, order, now=now, actor_id=actor_id)


def _ship(session: Session, order: Order, now: datetime, actor_id: UUID) -> None:
    plan = Plan(order.delivery_option or SERVICE, f"DEMO{order.number[-8:]}")
    parcel = parcels.prepare(session, order, plan, now=now, actor_id=actor_id)
    parcels.hand_over(session, parcel, now=now, actor_id=actor_id)


def _deliver(session: Session, order: Order, now: datetime, actor_id: UUID) -> None:
    parcel = parcels.of_order(session, order)
    if parcel is not None:
        parcels.delivered(session, parcel, now=now, actor_id=actor_id)


def _close(session: Session, order: Order, now: datetime, actor_id: UUID) -> None:
    for payment in order.payments:
        payments.settle(session, payment, now=now, actor_id=actor_id)
    fulfilment.complete(session, order, now=now, actor_id=actor_id)


STEPS: tuple[Step, ...] = (_pack, _ship, _deliver, _close)
SERVICE, HOME = "own.day", "hung-yen"


def _weight(items: Sequence[Item], grams: Sequence[int | None]) -> int | None:
    known = [item.quantity * each for item, each in zip(items, grams, strict=True) if each]
    return sum(known) if len(known) == len(items) else None


def online_order(
    session: Session,
    offered: Sequence[Offered],
    depot: Place,
    placed_at: datetime,
    steps: int,
    customer_id: UUID | None,
    at: Setting,
) -> None:
    """An order from the shop, brought `steps` steps on its way (0: placed … 5: completed)."""
    stocked = [offer for offer in offered if offer.stocked]
    chosen = at.random.sample(range(len(stocked)), 2)
    items = [Item(stocked[n].skus[0].id, at.random.randint(1, 2)) for n in chosen]
    grams = [weights.of(stocked[n].skus[0]) for n in chosen]
    contact = placing.Contact(
        name=at.random.choice(BUYERS),
        phone=f"+8491234{at.random.randint(1000, 9999)}",
        address="Địa chỉ minh hoạ, số 12",
        area_text="Phường Phố Hiến",
    )
    terms = placing.Terms(
        Delivery.SHIP,
        depot,
        Tender.ON_DELIVERY,
        fee=30_000,
        option=SERVICE,
        province=HOME,
        weight=_weight(items, grams),
    )
    order = placing.place(
        session,
        items,
        contact,
        terms,
        now=placed_at,
        randomness=at.randomness,
        customer_id=customer_id,
    )
    if steps:
        orders.accept(session, order, now=placed_at + timedelta(hours=1), actor_id=at.actor_id)
    for number, step in enumerate(STEPS[: max(0, steps - 1)], start=1):
        step(session, order, placed_at + timedelta(hours=8 * number), at.actor_id)
