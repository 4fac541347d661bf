"""Packing by scanning: what lies in the box is checked against the order, pack by pack.

A stamp names its pack and lot; a lot code or a barcode names goods, with a number in front for more
than one (`3*L0412`). What is in the hand counts: another lot than the one set aside takes its place
in the books, as long as nobody else was promised it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound, Rejected
from app.core.text import N_
from catalog import products
from pos.sales.models import Order, OrderLine
from pos.sales.orders import reference_of
from pos.stock import availability, candidates, reservations
from traceability import gs1, lots, serials, stamps
from traceability.models import Lot

MOST_SCANS = 500
_COUNTED = re.compile(r"(?P<units>[1-9][0-9]{0,5})\s*[*x×]\s*(?P<code>\S.*)", re.I)


class NotOfOrder(Conflict):
    """The goods belong to no line of the order, or enough of them are in the box."""

    code = "not_of_order"
    message = N_("%(what)s does not belong into this parcel, or is already in it.")


class UnknownCode(NotFound):
    """Neither stamp nor lot nor barcode."""

    code = "unknown_code"
    message = N_("Nothing is known under “%(text)s”. Scan the stamp, or type the lot.")


class MayNotBeSent(Conflict):
    """The stamp or the lot is not saleable."""

    code = "may_not_be_sent"
    message = N_("%(what)s must not be sent: %(why)s.")


class BoxNotFull(Rejected):
    """Goods of the order are missing in the box."""

    code = "box_not_full"
    message = N_("The parcel is not complete yet: scan what is missing.")


@dataclass(frozen=True)
class InBox:
    """Units of a lot in the box for one line; `serial` when a stamp was scanned."""

    text: str
    line_no: int
    lot: Lot
    quantity: int
    serial: str | None = None


@dataclass
class Box:
    """A parcel while it is filled. `wanted` and `there` in base units by line."""

    order: Order
    wanted: Mapping[int, int]
    found: list[InBox] = field(default_factory=list)

    @property
    def there(self) -> Counter[int]:
        """Units in the box by line."""
        units: Counter[int] = Counter()
        for item in self.found:
            units[item.line_no] += item.quantity
        return units

    @property
    def full(self) -> bool:
        """Whether every line is complete."""
        return all(self.there[line_no] == units for line_no, units in self.wanted.items())

    def room(self, line: OrderLine) -> int:
        """Units of the line that are not in the box yet."""
        return self.wanted.get(line.line_no, 0) - self.there[line.line_no]

    def lots_of(self, line_no: int) -> dict[UUID, int]:
        """Units by lot in the box for a line."""
        units: dict[UUID, int] = defaultdict(int)
        for item in self.found:
            if item.line_no == line_no:
                units[item.lot.id] += item.quantity
        return dict(units)


def fill(
    session: Session, order: Order, texts: Sequence[str], *, day: date, keys: Mapping[int, bytes]
) -> Box:
    """The box with everything in it that was scanned, in this order.

    Raises `UnknownCode`, `NotOfOrder`, `MayNotBeSent`.
    """
    always = availability.uncounted(session, [line.sku_id for line in order.lines])
    counted = [line for line in order.lines if line.sku_id not in always]
    box = Box(order, {line.line_no: line.quantity for line in counted})
    for text in texts[:MOST_SCANS]:
        _put(session, box, text.strip(), day, keys)
    return box


def _put(session: Session, box: Box, text: str, day: date, keys: Mapping[int, bytes]) -> None:
    serial = serials.parse_typed(text)
    stamp = stamps.find(session, serial, keys) if serial else None
    if serial and stamp:
        if any(item.serial == serial for item in box.found):
            raise NotOfOrder(what=text[:60])
        if why := stamp.obstacle():
            raise MayNotBeSent(what=serial, why=why)
        _place(box, text, stamp.lot, 1, day, serial)
        return
    match = _COUNTED.fullmatch(text)
    units, code = (int(match["units"]), match["code"]) if match else (1, text)
    _place(box, text, _lot(session, box, code), units, day, None)


def _place(box: Box, text: str, lot: Lot, units: int, day: date, serial: str | None) -> None:
    if not lots.saleable(lot, day):
        raise MayNotBeSent(
            what=lot.code, why=N_("its lot is on hold, recalled or past its last day")
        )
    fitting = [x for x in box.order.lines if x.sku_id == lot.sku_id and box.room(x) > 0]
    for line in fitting:
        part = min(units, box.room(line))
        box.found.append(InBox(text, line.line_no, lot, part, serial))
        units -= part
        if not units:
            return
    raise NotOfOrder(what=text[:60])


def _lot(session: Session, box: Box, code: str) -> Lot:
    """The lot of an order's article with this code, or the lot set aside of a scanned article."""
    mine = {line.sku_id for line in box.order.lines}
    by_code = select(Lot).where(Lot.code == code.upper(), Lot.sku_id.in_(mine))
    found = session.scalars(by_code.limit(2)).all()
    if len(found) == 1:
        return found[0]
    sku = products.sku_by_code(session, _bare(code))
    if sku is None:
        raise UnknownCode(text=code[:40])
    if sku.id not in mine:
        raise NotOfOrder(what=sku.code)
    return _set_aside(session, box, sku.id, code)


def _set_aside(session: Session, box: Box, sku_id: UUID, code: str) -> Lot:
    taken: Counter[UUID] = Counter()
    for item in box.found:
        taken[item.lot.id] += item.quantity
    for row in reservations.standing(session, reference_of(box.order)):
        if row.sku_id == sku_id:
            if taken[row.lot_id] < row.quantity:
                return session.get_one(Lot, row.lot_id)
            taken[row.lot_id] -= row.quantity
    raise NotOfOrder(what=code[:60])


def _bare(code: str) -> str:
    """The GTIN inside a GS1 address, else the text itself."""
    _host, found, path = code.partition("/01/")
    try:
        return gs1.parse_path(f"/01/{path}").gtin if found else code
    except gs1.MalformedLink:
        return code


def take_over(session: Session, box: Box, *, now: datetime) -> None:
    """Let what is in the box be what is set aside for the order. Raises `BoxNotFull`, `OutOfStock`."""
    if not box.full:
        raise BoxNotFull
    reference = reference_of(box.order)
    # Before the promises, and all lots of an article at once: in the order in which everyone locks.
    candidates.lock(session, box.order.place_id, {line.sku_id for line in box.order.lines})
    held: dict[int, dict[UUID, int]] = defaultdict(lambda: defaultdict(int))
    for row in reservations.held(session, reference):
        held[row.line_no][row.lot_id] += row.quantity
    for line in box.order.lines:
        inside = box.lots_of(line.line_no)
        if line.line_no in box.wanted and inside != dict(held[line.line_no]):
            wanted = reservations.Wanted(line.line_no, line.sku_id, line.quantity)
            reservations.exchange(session, reference, box.order.place_id, wanted, inside, now=now)


def note_sold(session: Session, box: Box, *, keys: Mapping[int, bytes], now: datetime) -> None:
    """The stamps in the box are sold. Raises `MayNotBeSent` when another sale was faster."""
    reference, place = reference_of(box.order), box.order.place.name
    for item in box.found:
        if item.serial:
            sold = stamps.mark_sold(
                session, item.serial, reference=reference, place=place, now=now, keys=keys
            )
            if sold.already_sold:
                raise MayNotBeSent(what=item.serial, why=N_("it was already sold"))
