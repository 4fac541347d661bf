"""Events of others: judged one by one, kept as they came, never booked into our stock.

Sending again changes nothing: an event is known by its identifier, which is the hash of its content
when the sender gave none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import insert_if_new
from app.core.errors import NotFound
from app.core.text import N_
from app.core.types import Json
from app.epcis.models import Capture, Event, EventObject, Source
from app.epcis.querying import known_stamps
from traceability import epcis_checks, epcis_hash, epcis_reading, epcis_what
from traceability import epcis_vocabulary as words
from traceability.epcis_checks import Setting
from traceability.epcis_ids import canonical_or_same
from traceability.epcis_problems import Problem
from traceability.epcis_reading import Document
from traceability.epcis_values import read_time
from traceability.epcis_what import What
from traceability.issued import Keys


class UnknownCapture(NotFound):
    """No such act of capturing, or not by this token."""

    code = "unknown_epcis_capture"
    message = N_("Nothing was captured under this number.")


class State(StrEnum):
    """What became of an event that was sent."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"  # it is here already, with the same content
    REJECTED = "rejected"
    WITHHELD = "withheld"  # nothing is wrong with it, but all or nothing was asked for


@dataclass
class Judged:
    """An event that was sent, and what is thought of it."""

    event: Json
    state: State = State.ACCEPTED
    problems: list[Problem] = field(default_factory=list)
    event_id: str | None = None
    digest: str = ""
    what: What = field(default_factory=What)

    @property
    def declared(self) -> bool:
        """Whether it says that an earlier one was wrong."""
        return "errorDeclaration" in self.event

    def refuse(self, code: str, where: str = "") -> None:
        """Not to be kept."""
        self.state = State.REJECTED
        self.problems.append(Problem(code, where))


@dataclass(frozen=True)
class Sender:
    """The token that sends, when, and whether all or nothing is to be kept."""

    token_id: UUID
    now: datetime
    rollback: bool


def capture(session: Session, body: bytes, media_type: str, sender: Sender, keys: Keys) -> Capture:
    """Judge and keep the events of a document. Raises `BadDocument` when it cannot be read."""
    document = epcis_reading.read(body, media_type, sender.now)
    judged = [_judge(event, document, sender.now) for event in document.events]
    _compare(session, judged, keys)
    success = all(one.state is not State.REJECTED for one in judged)
    if sender.rollback and not success:
        for one in judged:
            one.state = State.WITHHELD if one.state is State.ACCEPTED else one.state
    made = Capture(
        token_id=sender.token_id, at=sender.now, success=success, rollback=sender.rollback
    )
    made.answers = {"events": [_answer(one) for one in judged]}
    session.add(made)
    session.flush()
    for one in judged:
        if one.state is State.ACCEPTED:
            _keep(session, one, document, made)
    return made


def _judge(sent: object, document: Document, now: datetime) -> Judged:
    setting = Setting(document.namespaces, now)
    problems = list(epcis_checks.form(sent, setting))
    if problems or not isinstance(sent, dict):
        return _refused(Judged(sent if isinstance(sent, dict) else {}), problems)
    namespaces = epcis_checks.with_own_context(sent, document.namespaces)
    event = {name: value for name, value in sent.items() if name != "recordTime"}
    what = epcis_what.of(event, namespaces)
    problems = [*epcis_checks.sense(event, Setting(namespaces, now)), *what.problems]
    if problems:
        return _refused(Judged(event), problems)
    digest = epcis_hash.event_id(event, namespaces)
    judged = Judged(event, event_id=event.get("eventID", digest), digest=digest, what=what)
    if _is_hash(judged.event_id) and judged.event_id != digest:
        judged.refuse("wrong_hash", "eventID")
    return judged


def _refused(judged: Judged, problems: Sequence[Problem]) -> Judged:
    given = judged.event.get("eventID")
    judged.event_id = given if isinstance(given, str) else None
    judged.state = State.REJECTED
    judged.problems = list(dict.fromkeys(problems))
    return judged


def _is_hash(event_id: str | None) -> bool:
    text = event_id or ""
    return text.startswith("ni:///sha-256;") and text.endswith("?ver=CBV2.0")


Known = dict[tuple[str, bool], str]


def _compare(session: Session, judged: Sequence[Judged], keys: Keys) -> None:
    """Hold the events against what is here already and against those before them."""
    sound = [one for one in judged if one.state is State.ACCEPTED]
    known = _known(session, sound)
    seen = _seen(session, sound, keys)
    for one in sound:
        _against_known(one, known)
        if one.state is State.ACCEPTED and one.event.get("action") == "DELETE":
            names = {*one.what.instances, *one.what.classes}
            if one.event["type"] == words.OBJECT and not names <= seen:
                one.refuse("delete_without_prior", "action")
        if one.state is State.ACCEPTED:
            seen.update(one.what.instances, one.what.classes)
            known[one.event_id or "", one.declared] = one.digest


def _known(session: Session, sound: Sequence[Judged]) -> Known:
    ids = {one.event_id for one in sound}
    for one in sound:
        ids.update(one.event.get("errorDeclaration", {}).get("correctiveEventIDs", ()))
    columns = (Event.event_id, Event.declared, Event.digest)
    rows = session.execute(select(*columns).where(Event.event_id.in_(ids)))
    return {(event_id, declared): digest for event_id, declared, digest in rows}


def _seen(session: Session, sound: Sequence[Judged], keys: Keys) -> set[str]:
    """Of what is to end: whatever was named by any event or is a stamp of ours."""
    ending = [one for one in sound if one.event.get("action") == "DELETE"]
    names = {name for one in ending for name in (*one.what.instances, *one.what.classes)}
    if not names:
        return set()
    query = select(EventObject.uri).where(EventObject.uri.in_(names)).distinct()
    found = set(session.scalars(query))
    return found | known_stamps(session, names - found, keys)


def _against_known(one: Judged, known: Known) -> None:
    event_id = one.event_id or ""
    first = known.get((event_id, False))
    if one.declared and first is None:
        one.refuse("nothing_to_correct", "eventID")
    elif first is not None and first != one.digest:
        one.refuse("id_taken", "eventID")
    elif (event_id, one.declared) in known:
        one.state = State.DUPLICATE
    elif one.declared:
        better = one.event["errorDeclaration"].get("correctiveEventIDs", ())
        if any((other, False) not in known for other in better):
            one.refuse("unknown_corrective", "errorDeclaration.correctiveEventIDs")


def _answer(one: Judged) -> Json:
    problems = [{"code": p.code, "field": p.field} for p in one.problems]
    return {"eventID": one.event_id, "status": one.state.value, "problems": problems}


def _keep(session: Session, one: Judged, document: Document, made: Capture) -> None:
    body = one.event | {"eventID": one.event_id} | _context(one.event, document.declared)
    location = one.event.get("bizLocation", {}).get("id")
    values: Json = {
        "event_id": one.event_id,
        "declared": one.declared,
        "digest": one.digest,
        "event_time": read_time(one.event["eventTime"]),
        "recorded_at": made.at,
        "biz_step": _bare(one.event.get("bizStep")),
        "biz_location": canonical_or_same(location) if location else None,
        "body": body,
        "source": Source.CAPTURED,
        "part": 0,
        "public": False,
        "token_id": made.token_id,
        "capture_id": made.id,
    }
    # Somebody else may have sent the same at the same time: then theirs is kept.
    if insert_if_new(session, Event, values):
        _name(session, one)


def _bare(step: str | None) -> str | None:
    return words.bare("bizStep", step) if step else None


def _context(event: Json, declared: Mapping[str, str]) -> Json:
    """The namespaces of the document go with each event, for events are told in others."""
    own = event.get("@context", [])
    parts = own if isinstance(own, list) else [own]
    found = {k: v for part in (declared, *parts) if isinstance(part, dict) for k, v in part.items()}
    return {"@context": [found]} if found else {}


def _name(session: Session, one: Judged) -> None:
    written = select(Event.id).filter_by(event_id=one.event_id, declared=one.declared)
    key = session.scalars(written).one()
    names = dict.fromkeys(one.what.classes, True) | dict.fromkeys(one.what.instances, False)
    session.add_all(
        EventObject(event_key=key, uri=uri, classed=classed) for uri, classed in names.items()
    )
    session.flush()


def get(session: Session, capture_id: UUID, token_id: UUID) -> Capture:
    """What a token sent before. Raises `UnknownCapture`."""
    found = session.get(Capture, capture_id)
    if found is None or found.token_id != token_id:
        raise UnknownCapture
    return found
