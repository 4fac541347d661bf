"""The two ways out of stock.

`take_strict` is a request and may be refused: all or nothing, free goods only. `take_fact` reports
what has happened at a counter and never fails: what the books do not have is booked out of the
point's suspense place, and everything that contradicts the books is returned for a manager.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Sku
from pos.stock import availability, candidates, places, reservations
from pos.stock.ledger import Key, Line, OutOfStock, Posting, post
from pos.stock.models import Balance, PlaceKind, Reservation
from pos.stock.picking import LotPick, LotStock, plan
from traceability import lots
from traceability.models import Lot


@dataclass(frozen=True)
class Take:
    """`quantity` base units of a SKU; `lot_id` when a stamp or a person named the lot."""

    sku_id: UUID
    quantity: int
    lot_id: UUID | None = None


@dataclass
class FactResult:
    """Lots booked for each take, and what the books did not agree with."""

    picks: list[list[LotPick]] = field(default_factory=list)
    short: list[tuple[Take, int]] = field(default_factory=list)
    not_here: list[Take] = field(default_factory=list)
    blocked: list[Take] = field(default_factory=list)
    broken: list[Reservation] = field(default_factory=list)


def take_strict(
    session: Session,
    posting: Posting,
    from_place_id: UUID,
    to_place_id: UUID,
    takes: Sequence[Take],
    *,
    day: date,
) -> list[list[LotPick]]:
    """Move free, saleable goods, every take in full. Raises `OutOfStock` with the short lines."""
    sku_ids = {take.sku_id for take in takes}
    candidates.lock(session, from_place_id, sku_ids)
    stock = candidates.saleable(session, from_place_id, sku_ids, day)
    free = {sku: {lot: n for lot, _on_hand, n in rows} for sku, rows in stock.items()}
    all_picks, short = [], []
    for take in takes:
        lots_here = free.get(take.sku_id, {})
        usable = [LotStock(lot, n) for lot, n in lots_here.items() if take.lot_id in (None, lot)]
        picks, missing = plan(usable, take.quantity)
        if missing:
            available = take.quantity - missing
            short.append(
                {"sku_id": str(take.sku_id), "wanted": take.quantity, "available": available}
            )
        for pick in picks:
            lots_here[pick.lot_id] -= pick.quantity
        all_picks.append(picks)
    if short:
        raise OutOfStock(detail=short)
    lines = [
        Line(from_place_id, to_place_id, take.sku_id, pick.lot_id, pick.quantity)
        for take, picks in zip(takes, all_picks, strict=True)
        for pick in picks
    ]
    post(session, posting, lines)
    return all_picks


def take_fact(
    session: Session,
    posting: Posting,
    place_id: UUID,
    takes: Sequence[Take],
    *,
    day: date,
    now: datetime,
) -> FactResult:
    """Book a sale that has happened at `place_id`. Always succeeds."""
    return _Fact(session, place_id, day, now).run(posting, takes)


class _Fact:
    """One run of `take_fact`: what is left of each lot while the takes are served in turn."""

    def __init__(self, session: Session, place_id: UUID, day: date, now: datetime) -> None:
        self.session, self.place_id, self.day, self.now = session, place_id, day, now
        self.on_hand: dict[UUID, int] = {}
        self.reserved: dict[UUID, int] = {}
        self.saleable: dict[UUID, list[UUID]] = {}
        self.freed: dict[Key, int] = defaultdict(int)
        self.lines: list[Line] = []
        self.result = FactResult()

    def run(self, posting: Posting, takes: Sequence[Take]) -> FactResult:
        self._load({take.sku_id for take in takes})
        uncounted = availability.uncounted(self.session, {take.sku_id for take in takes})
        customers = places.virtual(self.session, PlaceKind.CUSTOMER).id
        suspense = places.suspense_of(self.session, self.place_id).id
        for take in takes:
            picks, missing = ([], 0) if take.sku_id in uncounted else self._serve(take)
            booked = list(picks)
            self._move(self.place_id, customers, take.sku_id, picks)
            if missing:
                stand_in = LotPick(self._lot_for_shortage(take), missing)
                self._move(suspense, customers, take.sku_id, [stand_in])
                booked.append(stand_in)
                self.result.short.append((take, missing))
            self.result.picks.append(booked)
        post(self.session, posting, self.lines, unreserve=self.freed)
        return self.result

    def _load(self, sku_ids: set[UUID]) -> None:
        candidates.lock(self.session, self.place_id, sku_ids)
        rows = self.session.execute(
            select(Balance.lot_id, Balance.on_hand, Balance.reserved).where(
                Balance.place_id == self.place_id, Balance.sku_id.in_(sku_ids)
            )
        )
        for lot_id, on_hand, reserved in rows:
            self.on_hand[lot_id], self.reserved[lot_id] = on_hand, reserved
        stock = candidates.saleable(self.session, self.place_id, sku_ids, self.day)
        self.saleable = {sku: [lot for lot, _o, _f in lot_rows] for sku, lot_rows in stock.items()}

    def _serve(self, take: Take) -> tuple[list[LotPick], int]:
        if take.lot_id is not None:
            return self._serve_named(take, take.lot_id)
        lot_ids = self.saleable.get(take.sku_id, [])
        free = [LotStock(lot, self.on_hand[lot] - self.reserved[lot]) for lot in lot_ids]
        picks, missing = plan(free, take.quantity)
        self._use(picks)
        if missing:
            # Nothing free is left: the customer holds goods that an online order was promised.
            promised = [LotStock(lot, self.on_hand[lot]) for lot in lot_ids]
            more, missing = plan(promised, missing)
            self._use(more)
            picks += more
        return _merged(picks), missing

    def _serve_named(self, take: Take, lot_id: UUID) -> tuple[list[LotPick], int]:
        lot = self.session.get_one(Lot, lot_id)
        if not lots.saleable(lot, self.day):
            self.result.blocked.append(take)
        here = self.on_hand.get(lot_id, 0)
        if here <= 0:
            self.result.not_here.append(take)
        picks, missing = plan([LotStock(lot_id, here)], take.quantity)
        self._use(picks)
        return picks, missing

    def _use(self, picks: Sequence[LotPick]) -> None:
        for pick in picks:
            self.on_hand[pick.lot_id] -= pick.quantity
            over = self.reserved[pick.lot_id] - self.on_hand[pick.lot_id]
            if over > 0:
                broken = reservations.break_newest(
                    self.session, self.place_id, pick.lot_id, over, now=self.now
                )
                self.reserved[pick.lot_id] -= over
                self.freed[self.place_id, pick.lot_id] += over
                self.result.broken += broken

    def _lot_for_shortage(self, take: Take) -> UUID:
        if take.lot_id is not None:
            return take.lot_id
        sku = self.session.get_one(Sku, take.sku_id)
        return lots.unidentified(self.session, sku, now=self.now).id

    def _move(self, source: UUID, target: UUID, sku_id: UUID, picks: Sequence[LotPick]) -> None:
        self.lines += [Line(source, target, sku_id, p.lot_id, p.quantity) for p in picks]


def _merged(picks: Sequence[LotPick]) -> list[LotPick]:
    totals: dict[UUID, int] = defaultdict(int)
    for pick in picks:
        totals[pick.lot_id] += pick.quantity
    return [LotPick(lot_id, quantity) for lot_id, quantity in totals.items()]
