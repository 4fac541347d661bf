"""Asking for events: a documented part of the simple event query of EPCIS 2.0, in pages."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Rejected
from app.core.text import N_
from app.epcis.models import Event, EventObject
from app.epcis.seeing import Viewer, visible
from traceability import epcis_ids, issued, serials
from traceability import epcis_vocabulary as words
from traceability.epcis_ids import BadIdentifier, Kind
from traceability.epcis_values import BadTime, read_time
from traceability.issued import KeyMissing, Keys
from traceability.models import StampBatch

PER_PAGE, MOST_PER_PAGE = 30, 100
MOST_VALUES = 20
PARAMETERS = frozenset(
    {"EQ_bizStep", "EQ_bizLocation", "MATCH_epc", "MATCH_epcClass", "MATCH_anyEPC"}
    | {"GE_eventTime", "LT_eventTime", "perPage", "nextPageToken"}
)


class BadQuestion(Rejected):
    """A parameter is unknown or its value impossible; `detail` is the parameter."""

    code = "bad_epcis_query"
    message = N_("The parameter %(name)s is unknown here, or its value is not possible.")


class UnknownEvent(NotFound):
    """No such event, or not for this reader."""

    code = "unknown_epcis_event"
    message = N_("There is no event with this identifier.")


@dataclass(frozen=True)
class Question:
    """What is asked for; an empty field does not matter."""

    steps: Sequence[str] = ()
    locations: Sequence[str] = ()
    instances: Sequence[str] = ()
    classes: Sequence[str] = ()
    anything: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    per_page: int = PER_PAGE
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True)
class Found:
    """A page of rows in order of time, and the token of the next one."""

    rows: Sequence[Event] = field(default_factory=list)
    token: str | None = None


def question(given: Mapping[str, Sequence[str]]) -> Question:
    """Read parameters; several values of one may stand in a row or be divided by commas or bars.

    Raises `BadQuestion`.
    """
    for name in given:
        if name not in PARAMETERS:
            raise _bad(name)
    return Question(
        steps=[words.bare("bizStep", word) for word in _many(given, "EQ_bizStep")],
        locations=_names(given, "EQ_bizLocation"),
        instances=_names(given, "MATCH_epc"),
        classes=_names(given, "MATCH_epcClass"),
        anything=_names(given, "MATCH_anyEPC"),
        since=_time(given, "GE_eventTime"),
        until=_time(given, "LT_eventTime"),
        per_page=_per_page(given),
        after=_token(given),
    )


def _bad(name: str) -> BadQuestion:
    return BadQuestion(name=name[:40], detail=name[:40])


def _many(given: Mapping[str, Sequence[str]], name: str) -> list[str]:
    values = [part for text in given.get(name, ()) for part in text.replace("|", ",").split(",")]
    found = [value.strip() for value in values]
    if len(found) > MOST_VALUES or (name in given and not all(found)):
        raise _bad(name)
    return found


def _names(given: Mapping[str, Sequence[str]], name: str) -> list[str]:
    try:
        return [epcis_ids.check(text) for text in _many(given, name)]
    except BadIdentifier:
        raise _bad(name) from None


def _one(given: Mapping[str, Sequence[str]], name: str) -> str | None:
    values = given.get(name, ())
    if len(values) > 1:
        raise _bad(name)
    return values[0] if values else None


def _time(given: Mapping[str, Sequence[str]], name: str) -> datetime | None:
    text = _one(given, name)
    try:
        # A plus sign that nobody escaped has become a blank on the way.
        return read_time(text.replace(" ", "+")) if text is not None else None
    except BadTime:
        raise _bad(name) from None


def _per_page(given: Mapping[str, Sequence[str]]) -> int:
    text = _one(given, "perPage") or str(PER_PAGE)
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) > 0):
        raise _bad("perPage")
    return min(int(text), MOST_PER_PAGE)


def _token(given: Mapping[str, Sequence[str]]) -> tuple[datetime, int] | None:
    text = _one(given, "nextPageToken")
    if text is None:
        return None
    try:
        micros, key = map(int, urlsafe_b64decode(text.encode()).decode().split("."))
        return datetime.fromtimestamp(micros // 10**6, UTC).replace(microsecond=micros % 10**6), key
    except (ValueError, binascii.Error, OverflowError, OSError):
        raise _bad("nextPageToken") from None


def token_of(row: Event) -> str:
    """Where the page behind this row begins."""
    at = row.event_time
    micros = int(at.replace(microsecond=0).timestamp()) * 10**6 + at.microsecond
    return urlsafe_b64encode(f"{micros}.{row.id}".encode()).decode()


def find(session: Session, asked: Question, viewer: Viewer, keys: Keys) -> Found:
    """A page of what the viewer may see, in order of time; one query besides those for stamps."""
    conditions = [visible(viewer), *_conditions(session, asked, keys)]
    query = select(Event).where(*conditions).order_by(Event.event_time, Event.id)
    rows = session.scalars(query.limit(asked.per_page + 1)).all()
    if len(rows) <= asked.per_page:
        return Found(rows)
    kept = rows[: asked.per_page]
    return Found(kept, token_of(kept[-1]))


def _conditions(session: Session, asked: Question, keys: Keys) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.steps:
        found.append(Event.biz_step.in_(asked.steps))
    if asked.locations:
        found.append(Event.biz_location.in_(asked.locations))
    if asked.since:
        found.append(Event.event_time >= asked.since)
    if asked.until:
        found.append(Event.event_time < asked.until)
    if asked.after:
        at, key = asked.after
        found.append(or_(Event.event_time > at, and_(Event.event_time == at, Event.id > key)))
    if asked.instances:
        found.append(or_(*(_about(session, name, keys) for name in asked.instances)))
    if asked.classes:
        found.append(or_(*(_about_class(name) for name in asked.classes)))
    if asked.anything:
        found.append(or_(*(_about_any(session, name, keys) for name in asked.anything)))
    return found


def _about_any(session: Session, name: str, keys: Keys) -> ColumnElement[bool]:
    return or_(_about(session, name, keys), _about_class(name))


def _about_class(name: str) -> ColumnElement[bool]:
    """A lot, or an article with all its lots."""
    match = EventObject.uri == name
    if epcis_ids.kind(name) is Kind.CLASS and "/10/" not in name:
        match = or_(match, EventObject.uri.startswith(f"{name}/10/", autoescape=True))
    return _named(match & EventObject.classed)


def _about(session: Session, name: str, keys: Keys) -> ColumnElement[bool]:
    """One thing: where it is listed, and as one of a run of our stamps."""
    listed = _named((EventObject.uri == name) & EventObject.classed.is_(False))
    stamp = stamp_of(session, name, keys)
    if stamp is None:
        return listed
    run = and_(
        Event.batch_id == stamp.batch.id,
        Event.first <= stamp.number,
        Event.last >= stamp.number,
    )
    return or_(listed, run)


def _named(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(EventObject.event_key).where(EventObject.event_key == Event.id, condition).exists()
    )


def known_stamps(session: Session, names: Collection[str], keys: Keys) -> set[str]:
    """Those of the names that are stamps we issued; one query for all batches."""
    serial_of = {name: serials.parse(name.rpartition("/")[2]) for name in names}
    refs = {serial[: serials.REF_LENGTH] for serial in serial_of.values() if serial}
    if not refs:
        return set()
    query = select(StampBatch).where(StampBatch.ref.in_(refs), StampBatch.generated_at.is_not(None))
    batches = {batch.ref: batch for batch in session.scalars(query)}
    return {name for name, serial in serial_of.items() if _issued(name, serial, batches, keys)}


def _issued(name: str, serial: str | None, batches: Mapping[str, StampBatch], keys: Keys) -> bool:
    batch = batches.get(serial[: serials.REF_LENGTH]) if serial else None
    if serial is None or batch is None or not name.endswith(_tail(batch, serial)):
        return False
    try:
        key = issued.key_of(batch, keys)
    except KeyMissing:
        return False
    return serials.index_of(key, batch.identity, batch.ref, serial, batch.size) is not None


def _tail(batch: StampBatch, serial: str) -> str:
    """How the name of a stamp ends: the same serial under another article is none of ours."""
    return f"/01/{batch.identity}/21/{serial}" if batch.has_gtin else f"/t/{serial}"


def stamp_of(session: Session, name: str, keys: Keys) -> issued.Stamp | None:
    """The stamp of our own that a name means, if it is one."""
    serial = serials.parse(name.rpartition("/")[2])
    if serial is None:
        return None
    try:
        stamp = issued.find(session, serial, keys)
    except KeyMissing:
        return None
    return stamp if stamp and name.endswith(_tail(stamp.batch, serial)) else None


def by_id(session: Session, event_id: str, viewer: Viewer) -> Event:
    """The event with this identifier; when it was declared wrong, as it was declared.

    Raises `UnknownEvent`.
    """
    query = select(Event).where(Event.event_id == event_id, visible(viewer))
    found = session.scalar(query.order_by(Event.declared.desc()).limit(1))
    if found is None:
        raise UnknownEvent
    return found
