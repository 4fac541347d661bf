"""Facts that become events, documents of others, and ways to ask for events."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.types import Json
from app.epcis import delivering, publishing
from app.epcis.models import Event
from builders import (
    STAMP_KEYS,
    act,
    make_lot,
    make_place,
    make_product,
    make_sku,
    recognise,
    stock_up,
)
from catalog.models import Sku
from support.browser import Browser
from traceability.epcis_vocabulary import CONTEXT
from traceability.models import Lot

BASE = "http://localhost"
CAPTURE, EVENTS = "/epcis/capture", "/epcis/events"
OTHERS = "https://id.gs1.org/01/09521000000018"  # goods of another firm
OTHER_PLACE = "https://id.gs1.org/414/9521000000001"

__all__ = ["act", "make_place", "stock_up"]


def make_stamped_sku(session: Session, **over: Any) -> Sku:
    """An article with GTIN whose product is recognised."""
    sku = make_sku(session, make_product(session), **over)
    recognise(session, sku.product)
    return sku


def make_sound_lot(session: Session, **over: Any) -> Lot:
    """A released lot of a recognised product."""
    return make_lot(session, make_stamped_sku(session), **over)


def publish(session: Session) -> int:
    """Write what has happened into the repository, as the worker does."""
    return publishing.publish(session, BASE, STAMP_KEYS)


def rows_of(session: Session, lot: Lot) -> list[Event]:
    """The rows about a lot in order of time."""
    query = select(Event).filter_by(lot_id=lot.id).order_by(Event.event_time, Event.id)
    return list(session.scalars(query))


def events_of(session: Session, lot: Lot) -> list[Json]:
    """The events about a lot, as they are told."""
    return list(delivering.events(session, rows_of(session, lot), STAMP_KEYS))


def theirs(**over: Any) -> Json:
    """An event of another firm: goods were received."""
    event: Json = {
        "type": "ObjectEvent",
        "eventTime": "2026-11-20T09:30:00.000+07:00",
        "eventTimeZoneOffset": "+07:00",
        "action": "OBSERVE",
        "bizStep": "receiving",
        "disposition": "in_progress",
        "epcList": [f"{OTHERS}/21/A1", f"{OTHERS}/21/A2"],
        "readPoint": {"id": OTHER_PLACE},
        "bizLocation": {"id": OTHER_PLACE},
    }
    made = event | over
    return {name: value for name, value in made.items() if value is not None}


def document(*events: Any, **over: Any) -> Json:
    """A document as another would send it."""
    made: Json = {
        "@context": [CONTEXT, {"ex": "https://vi-du.vn/ns/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-23T10:00:00+07:00",
        "epcisBody": {"eventList": list(events)},
    }
    return made | over


def send(
    visitor: Browser, text: str, body: Any, *, proceed: bool = False, **headers: str
) -> TestResponse:
    """Send a document, or bytes that are none, with a token."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Authorization": f"Bearer {text}", "Content-Type": "application/ld+json"} | headers
    if proceed:
        sent["GS1-Capture-Error-Behaviour"] = "proceed"
    return visitor.client.post(CAPTURE, data=data, headers=sent)


def ask(
    visitor: Browser, text: str | None = None, path: str = EVENTS, **query: Any
) -> TestResponse:
    """Ask for events, with a token or as anyone."""
    headers = {"Authorization": f"Bearer {text}"} if text else {}
    return visitor.get(path, headers=headers, query_string=query or None)


def listed(answer: TestResponse) -> list[Json]:
    """The events in an answer."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = answer.get_json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return list(found)
