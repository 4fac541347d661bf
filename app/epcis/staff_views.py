"""Events of goods for those who work with lots: how many there are, and files of them."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from app.accounts.access import Permission
from app.accounts.guards import access, demand, requires
from app.core import clock
from app.core.db import reading
from app.core.paging import page_number
from app.core.types import Json
from app.core.web import read_session, settings
from app.epcis import exporting, key_data
from app.epcis.names import Names
from catalog import tables
from traceability import epcis_document, listings, lots, stamps
from traceability.issued import Keys
from traceability.models import Lot
from traceability.scopes import scopes_of

bp = Blueprint("epcis_staff", __name__)

P = Permission


@bp.get("")
@requires(P.LOT_VIEW)
def index() -> ResponseReturnValue:
    """Lots with the number of their events."""
    session, text = read_session(), request.args.get("q", "").strip()
    number = page_number(request.args.get("page"))
    producers = access().keys(P.LOT_VIEW, "producer")
    page = listings.lot_page(session, text, None, number, producers=producers)
    counts = exporting.counts(session, [lot.id for lot in page.items])
    batches = exporting.batches(session, [lot.id for lot in page.items])
    return render_template("epcis/index.html", page=page, q=text, counts=counts, batches=batches)


@bp.get("/lo/<uuid:lot_id>/su-kien.jsonld")
@requires(P.LOT_VIEW)
def lot_events(lot_id: UUID) -> Response:
    """All events of a lot as an EPCIS document."""
    lot = _lot(lot_id)
    return _document(_about(lot), f"epcis-{lot.sku.code}-{lot.code}")


@bp.get("/lo/<uuid:lot_id>/du-lieu.csv")
@requires(P.LOT_VIEW)
def lot_table(lot_id: UUID) -> Response:
    """The key data of a lot's events as a table."""
    lot = _lot(lot_id)
    rows = key_data.table(read_session(), _about(lot), settings().stamp_keys)
    answer = make_response(tables.to_csv(key_data.HEADER, rows))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    return _as_file(answer, f"kde-{lot.sku.code}-{lot.code}.csv")


@bp.get("/tem/<uuid:batch_id>/su-kien.jsonld")
@requires(P.STAMP_VIEW)
def batch_events(batch_id: UUID) -> Response:
    """All events of a batch of stamps as an EPCIS document."""
    batch = stamps.get_batch(read_session(), batch_id)
    demand(P.STAMP_VIEW, *scopes_of(batch.sku))
    return _document(exporting.of_batch(batch), f"epcis-{batch.ref}")


def _lot(lot_id: UUID) -> Lot:
    lot = lots.get(read_session(), lot_id)
    demand(P.LOT_VIEW, *scopes_of(lot.sku))
    return lot


def _about(lot: Lot) -> ColumnElement[bool]:
    """What others said of the lot is for those alone who see all lots."""
    everywhere = access().keys(P.LOT_VIEW, "producer") is None
    return exporting.of_lot(lot, Names(settings().base_url), others=everywhere)


def _document(which: ColumnElement[bool], name: str) -> Response:
    keys, now = settings().stamp_keys, clock.now()
    pieces = epcis_document.stream(_events(which, keys), now)
    answer = Response(pieces, mimetype=epcis_document.MEDIA_TYPE)
    return _as_file(answer, f"{name}.jsonld")


def _events(which: ColumnElement[bool], keys: Keys) -> Iterator[Json]:
    # The session of the request is closed before the last piece is on its way.
    with reading() as session:
        yield from exporting.events(session, which, keys)


def _as_file(answer: Response, name: str) -> Response:
    safe = "".join(
        char if char.isascii() and (char.isalnum() or char in "-._") else "-" for char in name
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    return answer
