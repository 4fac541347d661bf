"""Goods that came back: counted by lot and condition, and moved from the customer where they go."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import operations
from app.core.clock import local_day
from app.core.errors import Rejected
from app.core.text import N_
from app.core.types import Json
from pos.aftersales import claims, moves, stamps_back
from pos.aftersales.models import Case, CaseGoods, CaseLine
from pos.aftersales.moves import By
from pos.aftersales.status import CaseStatus, Condition
from pos.shipping import returns
from pos.stock import places
from pos.stock.ledger import Line, Posting, post
from pos.stock.models import MovementKind, Place, PlaceKind
from traceability import lots
from traceability.models import Lot


class TooManyBack(Rejected):
    """More than was granted, or than was sold of a lot."""

    code = "too_many_back"
    message = N_("%(name)s: more than was granted, or than was sold of this lot.")


class NothingBack(Rejected):
    """Nothing was counted."""

    code = "nothing_back"
    message = N_("Enter how many came back. If nothing comes, turn the case down.")


class NotForSale(Rejected):
    """Held, recalled or past its last day: such goods do not go back on sale."""

    code = "not_for_sale"
    message = N_("Lot %(lot)s must not be sold: put its goods aside or throw them away.")


@dataclass(frozen=True)
class Back:
    """Base units of a lot that came back for a line of the case; no lot for uncounted goods."""

    case_line_id: UUID
    lot_id: UUID | None
    condition: Condition
    units: int


@dataclass(frozen=True)
class Stamps:
    """Serials read from packs that go back on sale, and the keys that tell their batch."""

    serials: Collection[str] = ()
    keys: Mapping[int, bytes] = field(default_factory=dict)


NO_STAMPS = Stamps()


def receive(
    session: Session, case: Case, came: Sequence[Back], by: By, stamps: Stamps = NO_STAMPS
) -> None:
    """The awaited goods are there. Units that were granted and did not come are free again, and the
    `stamps` of packs that go on sale answer as before.

    Raises `NothingBack`, `TooManyBack`, `NotForSale`, `NotTheseStamps`, `ForbiddenMove`.
    """
    came = [back for back in came if back.units]
    if not came:
        raise NothingBack
    moves.move(session, case, CaseStatus.RECEIVED, by, tell=False)
    targets = _targets(session, case, {back.condition for back in came}, by)
    for row in case.lines:
        mine = [back for back in came if back.case_line_id == row.id]
        _check(session, row, mine, by)
        _note(row, mine, targets, by)
        claims.hold(session, row, min(row.held, row.received))
    stamps_back.check(case, stamps.serials, _on_sale(came))
    _book(session, case, came, targets, by)
    stamps_back.note(session, case, stamps.serials, by, stamps.keys)


def _on_sale(came: Sequence[Back]) -> Counter[tuple[UUID, UUID | None]]:
    found: Counter[tuple[UUID, UUID | None]] = Counter()
    for back in came:
        if back.condition is Condition.STOCK:
            found[back.case_line_id, back.lot_id] += back.units
    return found


def _check(session: Session, row: CaseLine, mine: Sequence[Back], by: By) -> None:
    left = left_of(session, row)
    total: Counter[UUID | None] = Counter()
    for back in mine:
        total[back.lot_id] += back.units
        if back.units < 0 or back.lot_id not in left:
            raise TooManyBack(name=row.line.name)
        lot = session.get_one(Lot, back.lot_id) if back.lot_id else None
        on_sale = back.condition is Condition.STOCK
        if lot and on_sale and not lots.saleable(lot, local_day(by.now)):
            raise NotForSale(lot=lot.code)
    if sum(total.values()) > row.accepted or any(total[lot] > left[lot] for lot in total):
        raise TooManyBack(name=row.line.name)


def left_of(session: Session, row: CaseLine) -> dict[UUID | None, int]:
    """Units that the buyer still has of a line, by the lots that were handed over."""
    handed: Counter[UUID | None] = Counter()
    for pick in row.line.picks:
        handed[pick.lot_id] += pick.quantity
    if not handed:
        handed[None] = row.line.quantity
    query = (
        select(CaseGoods.lot_id, func.sum(CaseGoods.quantity))
        .join(CaseLine, CaseLine.id == CaseGoods.case_line_id)
        .where(CaseLine.line_id == row.line_id)
        .group_by(CaseGoods.lot_id)
    )
    for lot_id, units in session.execute(query):
        handed[lot_id] -= int(units)
    return dict(handed)


def lots_of(session: Session, left: Mapping[UUID, Mapping[UUID | None, int]]) -> Mapping[UUID, Lot]:
    """The lots named in what `left_of` says of several lines."""
    keys = {lot_id for lots_left in left.values() for lot_id in lots_left if lot_id}
    return {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(keys)))}


def _targets(
    session: Session, case: Case, conditions: set[Condition], by: By
) -> dict[Condition, Place]:
    here = case.order.place
    made: dict[Condition, Callable[[], Place]] = {
        Condition.STOCK: lambda: here,
        Condition.QUARANTINE: lambda: returns.quarantine_of(
            session, here, now=by.now, actor_id=by.actor_id
        ),
        Condition.WASTE: lambda: places.virtual(session, PlaceKind.WASTE),
    }
    return {condition: made[condition]() for condition in sorted(conditions)}


def _note(row: CaseLine, mine: Sequence[Back], targets: dict[Condition, Place], by: By) -> None:
    for back in mine:
        place_id = targets[back.condition].id if back.lot_id else None
        row.goods.append(
            CaseGoods(
                lot_id=back.lot_id,
                condition=back.condition,
                place_id=place_id,
                quantity=back.units,
                at=by.now,
            )
        )
        row.received += back.units


def _book(
    session: Session,
    case: Case,
    came: Sequence[Back],
    targets: dict[Condition, Place],
    by: By,
) -> None:
    customers = places.virtual(session, PlaceKind.CUSTOMER)
    skus = {row.id: row.line.sku_id for row in case.lines}
    lines = [
        Line(customers.id, targets[x.condition].id, skus[x.case_line_id], x.lot_id, x.units)
        for x in came
        if x.lot_id
    ]

    def effect(operation_id: UUID) -> Json:
        reference = f"case:{case.number}"
        kind, reason = MovementKind.RETURN, case.reason.value
        posting = Posting(operation_id, kind, reference, by.now, by.now, by.actor_id, reason)
        post(session, posting, lines)
        return {"case": case.number}

    key = str(case.id)
    operations.once(session, kind="case.receive", key=key, body=key, now=by.now, effect=effect)
