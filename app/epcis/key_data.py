"""Events as a flat table of key data elements, for systems that read no EPCIS.

Columns follow who, what, when, where and why, with what Circular 02/2024/TT-BKHCN wants to be shown:
product, producer and address, time of production, serials, shelf life. One row is one event; of
stamps it has the first, the last and their number.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.epcis import exporting
from app.epcis.models import Event
from app.epcis.of_stamps import epcs
from catalog.models import Product, Sku
from catalog.tables import Cell
from pos.stock.models import Place
from traceability.epcis_values import local_text
from traceability.gs1 import gtin14
from traceability.issued import Keys
from traceability.models import Lot, StampBatch

HEADER = (
    "event_id",
    "event_time",
    "recorded_at",
    "declared_wrong",
    "event_type",
    "action",
    "biz_step",
    "disposition",
    "gtin",
    "article_code",
    "product_name",
    "lot",
    "made_on",
    "expires_on",
    "quantity",
    "unit",
    "first_stamp",
    "last_stamp",
    "stamps",
    "producer_name",
    "producer_address",
    "producer_gln",
    "producer_tax_code",
    "place_name",
    "place_address",
    "place_gln",
    "source",
    "destination",
)


def table(session: Session, which: ColumnElement[bool], keys: Keys) -> Iterator[Sequence[Cell]]:
    """The rows of the table, in order of time."""
    for event in exporting.rows(session, which):
        lot = _lot(session, event)
        yield [
            *_what_happened(event),
            *_goods(lot),
            *_amount(session, event, keys),
            *_maker(lot),
            *_where(session, event),
            _side(event, "sourceList", "source"),
            _side(event, "destinationList", "destination"),
        ]


def _what_happened(event: Event) -> list[Cell]:
    body = event.body
    return [
        event.event_id,
        local_text(event.event_time),
        local_text(event.recorded_at),
        "yes" if event.declared else "no",
        body["type"],
        body.get("action"),
        body.get("bizStep"),
        body.get("disposition"),
    ]


def _lot(session: Session, event: Event) -> Lot | None:
    if event.lot_id is None:
        return None
    product = joinedload(Lot.sku).joinedload(Sku.product).joinedload(Product.producer)
    return session.scalar(select(Lot).where(Lot.id == event.lot_id).options(product))


def _goods(lot: Lot | None) -> list[Cell]:
    if lot is None:
        return [None] * 6
    sku = lot.sku
    gtin = gtin14(sku.gtin) if sku.gtin else None
    return [gtin, sku.code, sku.product.name_vi, lot.code, _day(lot.made_on), _day(lot.expires_on)]


def _day(day: object) -> str | None:
    return str(day) if day else None


def _amount(session: Session, event: Event, keys: Keys) -> list[Cell]:
    if event.batch_id and event.stem and event.first is not None and event.last is not None:
        batch = session.get_one(StampBatch, event.batch_id)
        first = epcs(batch, event.stem, event.first, event.first, keys)
        last = epcs(batch, event.stem, event.last, event.last, keys)
        return [None, None, first[0], last[0], event.last - event.first + 1]
    what = event.body.get("quantityList") or event.body.get("outputQuantityList") or [{}]
    packs = event.body.get("epcList") or []
    first_last: list[Cell] = [packs[0], packs[-1]] if packs else [None, None]
    return [what[0].get("quantity"), what[0].get("uom"), *first_last, len(packs)]


def _maker(lot: Lot | None) -> list[Cell]:
    maker = lot.sku.product.producer if lot else None
    if maker is None:
        return [None] * 4
    return [maker.name, maker.area_text or maker.address, maker.gln, maker.tax_code]


def _where(session: Session, event: Event) -> list[Cell]:
    place = session.get(Place, event.place_id) if event.place_id else None
    if place is None:
        return [None, None, event.biz_location]
    return [place.name, place.address, place.gln or event.biz_location]


def _side(event: Event, name: str, own: str) -> str | None:
    listed = event.body.get(name) or [{}]
    found = listed[0].get(own)
    return str(found) if found else None
