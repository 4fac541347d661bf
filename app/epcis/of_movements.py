"""Movements of goods as events: received, transferred, sold, returned, written off, reversed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.types import Json
from app.epcis import telling
from app.epcis.models import Event, Source
from app.epcis.names import Names, quantity
from app.epcis.telling import Origin, Told
from catalog.models import Product, Sku
from pos.sales.models import Order, OrderLine, Pick
from pos.stock.models import Movement, MovementKind, Place, PlaceKind
from traceability import epcis_vocabulary as words
from traceability import serials
from traceability.models import Lot, StampBatch

K = MovementKind
MOST = 500
_ORDER = "order:"  # before the number of an order, in the reference of a movement
# Count differences say that the books were wrong, not that goods moved.
_TOLD = (K.RECEIVE, K.TRANSFER, K.SALE, K.RETURN, K.WRITE_OFF, K.REVERSAL)


@dataclass(frozen=True)
class _Seen:
    """What is needed to tell of some movements, read at once."""

    places: Mapping[UUID, Place]
    lots: Mapping[UUID, Lot]
    stamps: Mapping[int, Sequence[str]]  # movement → names of the packs that were scanned
    names: Names


def publish(session: Session, names: Names) -> int:
    """Write the events of movements that have none; returns how many."""
    floor = telling.floor_of(session, Source.MOVEMENT)
    query = (
        select(Movement)
        .where(telling.untold(Source.MOVEMENT, Movement.id, floor), Movement.kind.in_(_TOLD))
        .order_by(Movement.id)
        .limit(MOST)
    )
    rows = session.scalars(query).all()
    if not rows:
        return 0
    seen = _see(session, rows, names)
    written = 0
    for row in rows:
        if row.kind is K.REVERSAL:
            written += _reversed(session, row)
            continue
        written += sum(telling.write(session, told) for told in _events(row, seen))
    return written


def _see(session: Session, rows: Sequence[Movement], names: Names) -> _Seen:
    lots = select(Lot).where(Lot.id.in_({row.lot_id for row in rows}))
    product = joinedload(Lot.sku).joinedload(Sku.product).joinedload(Product.producer)
    places = {place.id: place for place in session.scalars(select(Place))}
    found = session.scalars(lots.options(product, joinedload(Lot.owner)))
    return _Seen(places, {lot.id: lot for lot in found}, _scanned(session, rows, names), names)


def _scanned(
    session: Session, rows: Sequence[Movement], names: Names
) -> Mapping[int, Sequence[str]]:
    """Packs whose stamps were scanned at a sale, shared out to its movements in order."""
    sales = {row.reference for row in rows if row.kind is K.SALE}
    if not sales:
        return {}
    packs = _packs(session, sales, names)
    query = select(Movement).where(Movement.reference.in_(sales), Movement.kind == K.SALE)
    found: dict[int, Sequence[str]] = {}
    for row in session.scalars(query.order_by(Movement.id)):
        rest = packs.get((row.reference, row.lot_id), [])
        found[row.id], rest[:] = rest[: row.quantity], rest[row.quantity :]
    return found


def _packs(session: Session, sales: set[str], names: Names) -> dict[tuple[str, UUID], list[str]]:
    numbers = [sale.removeprefix(_ORDER) for sale in sales if sale.startswith(_ORDER)]
    query = (
        select(Order.number, Pick.lot_id, Pick.serial)
        .join(OrderLine, OrderLine.id == Pick.line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.number.in_(numbers), Pick.serial.is_not(None))
        .order_by(Pick.id)
    )
    rows = [(number, lot_id, str(serial)) for number, lot_id, serial in session.execute(query)]
    refs = {serial[: serials.REF_LENGTH] for _number, _lot, serial in rows}
    batches = {
        b.ref: b for b in session.scalars(select(StampBatch).where(StampBatch.ref.in_(refs)))
    }
    found: dict[tuple[str, UUID], list[str]] = defaultdict(list)
    for number, lot_id, serial in rows:
        # A code that was never issued is a matter for the point, not for the repository.
        if batch := batches.get(serial[: serials.REF_LENGTH]):
            found[_ORDER + number, lot_id].append(names.stem(batch) + serial)
    return found


def _events(row: Movement, seen: _Seen) -> Iterator[Told]:
    build = _BUILDERS[row.kind]
    for part, (step, disposition, place, more) in enumerate(build(row, seen)):
        lot = seen.lots[row.lot_id]
        what, uris = _what(row, lot, seen)
        body = telling.body(
            words.OBJECT,
            row.occurred_at,
            action="DELETE" if step == "destroying" else "OBSERVE",
            bizStep=step,
            disposition=disposition,
            **what,
            readPoint={"id": seen.names.place(place)},
            bizTransactionList=[{"bizTransaction": f"urn:uuid:{row.operation_id}#{row.line_no}"}],
            **more,
        )
        origin = Origin(Source.MOVEMENT, row.id, row.recorded_at)
        yield Told(body, row.occurred_at, origin, part, lot, place.id, uris=uris)


def _what(row: Movement, lot: Lot, seen: _Seen) -> tuple[Json, dict[str, bool]]:
    """Scanned packs one by one, the others by number; nothing is counted twice."""
    packs, name = list(seen.stamps.get(row.id, ())), seen.names.lot(lot)
    what: Json = {"epcList": packs} if packs else {}
    if row.quantity > len(packs):
        what["quantityList"] = [quantity(name, lot.sku, row.quantity - len(packs))]
    return what, {name: True} | dict.fromkeys(packs, False)


_Part = tuple[str, str, Place, Json]


def _at(place: Place, seen: _Seen) -> Json:
    return {"bizLocation": {"id": seen.names.place(place)}}


def _located(place: Place, side: str, seen: _Seen) -> list[Json]:
    return [{"type": "location", side: seen.names.place(place)}]


def _received(row: Movement, seen: _Seen) -> Iterator[_Part]:
    lot, place = seen.lots[row.lot_id], seen.places[row.to_place_id]
    maker = lot.owner or lot.sku.product.producer
    more = _at(place, seen) | {"destinationList": _located(place, "destination", seen)}
    if maker is not None:
        source = {"type": "possessing_party", "source": seen.names.party(maker)}
        more["sourceList"] = [source]
    yield "receiving", "in_progress", place, more


def _transferred(row: Movement, seen: _Seen) -> Iterator[_Part]:
    start, end = seen.places[row.from_place_id], seen.places[row.to_place_id]
    sides = {
        "sourceList": _located(start, "source", seen),
        "destinationList": _located(end, "destination", seen),
    }
    # Where the goods will be is known when they arrive: shipping has no business location.
    yield "shipping", "in_transit", start, sides
    yield "receiving", "in_progress", end, sides | _at(end, seen)


def _sold(row: Movement, seen: _Seen) -> Iterator[_Part]:
    place = _counter(seen.places[row.from_place_id], seen)
    more = _at(place, seen) | {"sourceList": _located(place, "source", seen)}
    yield "retail_selling", "retail_sold", place, more


def _counter(place: Place, seen: _Seen) -> Place:
    """The point itself for what its books did not have."""
    parent = seen.places.get(place.parent_id) if place.parent_id else None
    return parent if parent and place.kind is PlaceKind.SUSPENSE else place


def _returned(row: Movement, seen: _Seen) -> Iterator[_Part]:
    place = _counter(seen.places[row.to_place_id], seen)
    yield "receiving", "returned", place, _at(place, seen)


def _written_off(row: Movement, seen: _Seen) -> Iterator[_Part]:
    place = _counter(seen.places[row.from_place_id], seen)
    yield "destroying", "destroyed", place, _at(place, seen)


_BUILDERS: Mapping[MovementKind, Callable[[Movement, _Seen], Iterator[_Part]]] = {
    K.RECEIVE: _received,
    K.TRANSFER: _transferred,
    K.SALE: _sold,
    K.RETURN: _returned,
    K.WRITE_OFF: _written_off,
}


def _reversed(session: Session, row: Movement) -> int:
    """A booking that was undone: the events of the first one did not occur."""
    query = select(Event).filter_by(
        source=Source.MOVEMENT, source_key=row.reverses_id, declared=False
    )
    told = session.scalars(query.order_by(Event.part)).all()
    origin = Origin(Source.MOVEMENT, row.id, row.recorded_at)
    at: datetime = row.recorded_at
    return telling.wrong(session, told, origin, at, "did_not_occur")
