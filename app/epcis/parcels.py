"""What is handed to the national portal: the events of each lot about which there is news."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.text import slugify
from app.epcis import exporting, key_data
from app.epcis.models import Event, Source
from app.epcis.names import Names
from app.epcis.portal import Parcel
from catalog import tables
from catalog.models import Sku
from traceability import epcis_document
from traceability.issued import Keys
from traceability.models import Lot


def since(
    session: Session, moment: datetime, names: Names, keys: Keys, *, now: datetime
) -> Iterator[Parcel]:
    """One parcel for each lot with an event written since then: EPCIS and table, all its events."""
    news = select(Event.lot_id).where(
        Event.recorded_at >= moment, Event.source != Source.CAPTURED, Event.lot_id.is_not(None)
    )
    found = session.scalars(select(Lot.id).where(Lot.id.in_(news)).order_by(Lot.id)).all()
    for lot_id in found:
        query = select(Lot).where(Lot.id == lot_id)
        lot = session.scalars(query.options(joinedload(Lot.sku).joinedload(Sku.product))).one()
        yield _parcel(session, lot, names, keys, now)


def _parcel(session: Session, lot: Lot, names: Names, keys: Keys, now: datetime) -> Parcel:
    stem = f"{slugify(lot.sku.code)}-{slugify(lot.code)}"
    which = exporting.of_lot(lot, names, others=False)
    table = tables.to_csv(key_data.HEADER, key_data.table(session, which, keys))
    events = list(exporting.events(session, which, keys))
    # The document says when it was made; the parcel of a day must be the same when made again.
    document = epcis_document.document(
        events, now.replace(hour=0, minute=0, second=0, microsecond=0)
    )
    body = json.dumps(document, ensure_ascii=False).encode()
    return Parcel(now, [(f"{stem}.csv", table), (f"{stem}.jsonld", body)])
