"""Histories of lots as events: made, packed, inspected, released, held, recalled, derived."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.core.types import Json
from app.epcis import telling
from app.epcis.models import Event, Source
from app.epcis.names import Names, quantity
from app.epcis.telling import Origin, Told
from catalog.models import Product, Sku
from traceability import epcis_vocabulary as words
from traceability import lots
from traceability.history_models import LotParent
from traceability.models import JournalEntry, JournalKind, Lot, LotStatus

J = JournalKind
MOST_LOTS = 100
# Arrivals are told by movements, stamps by their own records; a remark is no event.
_STEPS: Mapping[JournalKind, Json] = {
    J.INSPECTED: {"bizStep": "inspecting"},
    J.PACKED: {"bizStep": "packing"},
    J.RELEASED: {"disposition": "sellable_accessible"},
    J.HELD: {"bizStep": "holding", "disposition": "non_sellable_other"},
    J.RECALLED: {"bizStep": "holding", "disposition": "recalled"},
}
_TOLD = (J.MADE, J.SPLIT, J.MERGED, J.CORRECTION, *_STEPS)

Parents = Mapping[UUID, Sequence[LotParent]]


def publish(session: Session, names: Names) -> int:
    """Write the events of entries that have none, of lots that are no drafts; returns how many."""
    entries = _pending(session)
    if not entries:
        return 0
    known = _lots(session, {entry.lot_id for entry in entries})
    parents = _parents(session, known)
    written = 0
    for entry in entries:
        if entry.kind is J.CORRECTION:
            written += _corrected(session, entry)
            continue
        told = _events(entry, known[entry.lot_id], parents, names)
        written += sum(telling.write(session, event) for event in told)
    return written


def _pending(session: Session) -> Sequence[JournalEntry]:
    """Entries of lots about which there is news. A draft waits, however long, for its release."""
    floor = telling.floor_of(session, Source.JOURNAL)
    news = (
        select(JournalEntry.lot_id)
        .join(Lot, Lot.id == JournalEntry.lot_id)
        .where(_told(floor), Lot.status != LotStatus.DRAFT, lots.named())
        .group_by(JournalEntry.lot_id)
        .limit(MOST_LOTS)
    )
    keys = session.scalars(news).all()
    if not keys:
        return []
    query = select(JournalEntry).where(JournalEntry.lot_id.in_(keys), _told(0))
    return session.scalars(query.order_by(JournalEntry.id)).all()


def _told(floor: int) -> ColumnElement[bool]:
    return JournalEntry.kind.in_(_TOLD) & telling.untold(Source.JOURNAL, JournalEntry.id, floor)


def _lots(session: Session, keys: set[UUID]) -> Mapping[UUID, Lot]:
    product = joinedload(Lot.sku).joinedload(Sku.product).joinedload(Product.producer)
    query = select(Lot).where(Lot.id.in_(keys)).options(product)
    return {lot.id: lot for lot in session.scalars(query)}


def _parents(session: Session, known: Mapping[UUID, Lot]) -> Parents:
    product = joinedload(LotParent.parent).joinedload(Lot.sku).joinedload(Sku.product)
    query = select(LotParent).where(LotParent.lot_id.in_(known)).options(product)
    found: dict[UUID, list[LotParent]] = {}
    for row in session.scalars(query):
        found.setdefault(row.lot_id, []).append(row)
    return found


def _events(entry: JournalEntry, lot: Lot, parents: Parents, names: Names) -> Iterator[Told]:
    name, uris = names.lot(lot), {names.lot(lot): True}
    if entry.kind in {J.SPLIT, J.MERGED}:
        rows = [row for row in parents.get(lot.id, ()) if row.at == entry.occurred_at]
        if not rows:
            return
        uris |= {names.lot(row.parent): True for row in rows}
        body = _derived(entry, lot, rows, names)
    elif entry.kind is J.MADE:
        # What came out of other lots is begun by the event that says so.
        if parents.get(lot.id):
            return
        body = _made(entry, lot, name)
    else:
        what = [quantity(name, lot.sku)]
        fields = {"action": "OBSERVE", "quantityList": what} | _STEPS[entry.kind]
        body = telling.body(words.OBJECT, entry.occurred_at, **fields)
    origin = Origin(Source.JOURNAL, entry.id, entry.recorded_at)
    yield Told(body, entry.occurred_at, origin, lot=lot, public=True, uris=uris)


def _made(entry: JournalEntry, lot: Lot, name: str) -> Json:
    return telling.body(
        words.OBJECT,
        entry.occurred_at,
        action="ADD",
        bizStep="commissioning",
        disposition="active",
        quantityList=[quantity(name, lot.sku, lot.quantity_declared)],
        ilmd=facts(lot),
    )


def facts(lot: Lot) -> Json:
    """What is true of all goods of the lot for ever (CBV 2.0, section 9)."""
    found: Json = {"cbvmda:lotNumber": lot.code}
    if lot.expires_on:
        found["cbvmda:itemExpirationDate"] = lot.expires_on.isoformat()
    return found


def _derived(entry: JournalEntry, lot: Lot, rows: Sequence[LotParent], names: Names) -> Json:
    return telling.body(
        words.TRANSFORMATION,
        entry.occurred_at,
        bizStep="creating_class_instance",
        disposition="active",
        inputQuantityList=[
            quantity(names.lot(row.parent), row.parent.sku, row.quantity) for row in rows
        ],
        outputQuantityList=[quantity(names.lot(lot), lot.sku, lot.quantity_declared)],
        ilmd=facts(lot),
    )


def _corrected(session: Session, entry: JournalEntry) -> int:
    """An entry that a later one corrects: its event was not right."""
    if entry.corrects is None:
        return 0
    wrong = select(JournalEntry.id).filter_by(lot_id=entry.lot_id, number=entry.corrects)
    query = select(Event).where(
        Event.source == Source.JOURNAL,
        Event.source_key.in_(wrong),
        Event.declared.is_(False),
    )
    origin = Origin(Source.JOURNAL, entry.id, entry.recorded_at)
    told = session.scalars(query).all()
    return telling.wrong(session, told, origin, entry.recorded_at, "incorrect_data")
