"""EPCIS documents: events with what stands around them. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from json import dumps

from app.core.types import Json
from traceability.epcis_values import local_text
from traceability.epcis_vocabulary import CONTEXT, VERSION

MEDIA_TYPE = "application/ld+json"


def head(kind: str, now: datetime) -> Json:
    """What every document begins with."""
    return {
        "@context": [CONTEXT],
        "type": kind,
        "schemaVersion": VERSION,
        "creationDate": local_text(now),
    }


def document(events: Sequence[Json], now: datetime) -> Json:
    """Events to hand over, as an `EPCISDocument`."""
    return head("EPCISDocument", now) | {"epcisBody": {"eventList": list(events)}}


def stream(events: Iterable[Json], now: datetime) -> Iterator[str]:
    """The same document piece by piece, one event at a time."""
    opening = dumps(head("EPCISDocument", now), ensure_ascii=False)
    yield opening[:-1] + ', "epcisBody": {"eventList": ['
    for number, event in enumerate(events):
        yield (",\n" if number else "\n") + dumps(event, ensure_ascii=False)
    yield "\n]}}\n"


def query_document(events: Sequence[Json], now: datetime, query: str = "SimpleEventQuery") -> Json:
    """The answer to a question, as an `EPCISQueryDocument`."""
    results = {"queryName": query, "resultsBody": {"eventList": list(events)}}
    return head("EPCISQueryDocument", now) | {"epcisBody": {"queryResults": results}}


def single(event: Json) -> Json:
    """One event that stands alone: it brings the context along."""
    own = event.get("@context", [])
    extra = own if isinstance(own, list) else [own]
    rest = [part for part in extra if part != CONTEXT]
    return {"@context": [CONTEXT, *rest]} | {k: v for k, v in event.items() if k != "@context"}
