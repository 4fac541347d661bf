"""A counter with an open session, for tests of the till."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role, User
from app.core.operations import Outcome
from builders import (
    NOW,
    STAMP_KEYS,
    activate,
    make_batch,
    make_lot,
    make_place,
    make_register,
    make_user,
    recognise,
    serial_of,
)
from catalog.models import Sku
from pos.counter import posting, sessions
from pos.counter.models import TillSession
from pos.counter.posting import Sale, SaleLine
from pos.stock.models import Place
from traceability.models import Lot, StampBatch

CASH_STEP = 1_000


@dataclass
class Counter:
    """A sales point with a cashier and a till session that was opened with 500,000 đồng."""

    shop: Place
    cashier: User
    till: TillSession

    def report(self, session: Session) -> posting.Till:
        register = self.till.register
        return posting.Till(register, self.till, self.cashier.id, CASH_STEP, STAMP_KEYS)

    def sell(self, session: Session, *lines: SaleLine, **over: Any) -> Outcome:
        """Post a sale paid with a million, unless said otherwise."""
        values = {"key": str(uuid4()), "tendered": 1_000_000, "sold_at": NOW}
        sale = Sale(lines=lines, **(values | over))
        return posting.accept(session, self.report(session), sale, now=NOW)


def make_counter(session: Session) -> Counter:
    shop = make_place(session)
    cashier = make_user(session, Role.CASHIER, place_scope(shop.id))
    register = make_register(session, shop)
    till = sessions.open_session(session, register, 500_000, now=NOW, actor_id=cashier.id)
    return Counter(shop, cashier, till)


def stamped(session: Session, sku: Sku, *, lot: Lot | None = None) -> tuple[StampBatch, list[str]]:
    """Activated stamps of a lot of this SKU, and the first five serials."""
    recognise(session, sku.product)
    batch = make_batch(session, lot or make_lot(session, sku))
    activate(session, batch)
    return batch, [serial_of(batch, number) for number in range(5)]
