"""Collects what one sale contradicts, each finding with the words a manager needs to clear it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.types import Json
from pos.counter import discrepancies
from pos.counter.models import DiscrepancyKind
from pos.sales import orders
from pos.sales.models import Order, OrderLine
from pos.stock.taking import FactResult, Take
from traceability.models import Lot

K = DiscrepancyKind


class Notes:
    """Opens a discrepancy for each finding; `kinds` is what the till is told."""

    def __init__(self, session: Session, order: Order, *, now: datetime) -> None:
        self.session, self.order, self.now = session, order, now
        self.kinds: list[str] = []
        self._names = {line.sku_id: line.name for line in order.lines}

    def add(self, kind: DiscrepancyKind, detail: Json) -> None:
        """Note one finding about the sale."""
        self.kinds.append(kind.value)
        reference, place_id = orders.reference_of(self.order), self.order.place_id
        discrepancies.open_one(self.session, kind, place_id, reference, detail, now=self.now)

    def clock(self, claimed: datetime) -> None:
        """The till's time of sale cannot be; ours was taken."""
        self.add(K.CLOCK_WRONG, {"claimed": claimed.isoformat()})

    def prices(self, listed: Mapping[UUID, int], lines: Sequence[OrderLine]) -> None:
        """What was paid differs from the price list in force."""
        for line in lines:
            if listed[line.sku_id] != line.unit_price:
                detail = {"shown": line.unit_price, "listed": listed[line.sku_id]}
                self.add(K.PRICE_CHANGED, self._article(line.sku_id) | detail)

    def wrong_lot(self, sku_id: UUID, lot_id: UUID) -> None:
        """The till named a lot that is unknown or holds other goods."""
        self.add(K.LOT_NOT_HERE, self._article(sku_id) | self._lot(lot_id))

    def stock(self, result: FactResult) -> None:
        """What the stock books did not agree with."""
        for take, missing in result.short:
            self.add(K.SHORT_STOCK, self._article(take.sku_id) | {"missing": missing})
        for take in result.not_here:
            self.add(K.LOT_NOT_HERE, self._take(take))
        for take in result.blocked:
            self.add(K.LOT_BLOCKED, self._take(take))
        for row in result.broken:
            detail = {"broken": row.reference, "missing": row.quantity}
            self.add(K.RESERVATION_BROKEN, self._article(row.sku_id) | detail)

    def stamp(self, kind: DiscrepancyKind, sku_id: UUID, serial: str) -> None:
        """Something is wrong with a scanned stamp."""
        self.add(kind, self._article(sku_id) | {"serial": serial})

    def _article(self, sku_id: UUID) -> Json:
        return {"sku_id": str(sku_id), "article": self._names.get(sku_id, "")}

    def _take(self, take: Take) -> Json:
        named = self._lot(take.lot_id) if take.lot_id else {}
        return self._article(take.sku_id) | named

    def _lot(self, lot_id: UUID) -> Json:
        lot = self.session.get(Lot, lot_id)
        return {"lot_id": str(lot_id), "lot": lot.code if lot else None}
