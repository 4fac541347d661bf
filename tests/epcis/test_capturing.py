"""Documents of others: each event has its own answer, sending again changes nothing."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.api.models import Scope
from app.core.types import Json
from app.epcis.models import Capture, Event, EventObject
from builders import act, activate, make_batch, make_place, serial_of
from builders_api import make_token
from builders_epcis import (
    CAPTURE,
    OTHERS,
    ask,
    document,
    events_of,
    listed,
    make_sound_lot,
    publish,
    send,
    theirs,
)
from pos.stock import goods
from pos.stock.models import Balance, Movement
from support import epcis_schema
from support.browser import Browser
from traceability import epcis_document, epcis_hash
from traceability.gs1 import gtin14


@pytest.fixture
def writer(session: Session) -> str:
    return make_token(session, Scope.EPCIS_READ, Scope.EPCIS_WRITE)[1]


def states(answer: Any) -> list[str]:
    assert answer.status_code == 202, answer.get_data(as_text=True)
    return [event["status"] for event in answer.get_json()["events"]]


def codes(answer: Any) -> list[list[str]]:
    return [[p["code"] for p in event["problems"]] for event in answer.get_json()["events"]]


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Event)) or 0


def test_events_of_others_are_kept_and_found(visitor: Browser, writer: str) -> None:
    event = theirs(**{"ex:note": "để mát"})
    answer = send(visitor, writer, document(event))
    assert states(answer) == ["accepted"]
    found = listed(ask(visitor, writer, MATCH_epc=f"{OTHERS}/21/A1"))
    assert len(found) == 1
    assert found[0].pop("@context") == [{"ex": "https://vi-du.vn/ns/"}]
    assert found[0].pop("recordTime").startswith("2026-11-24T03:00:")
    namespaces = {"ex": "https://vi-du.vn/ns/"}
    assert found[0].pop("eventID") == epcis_hash.event_id(event, namespaces)
    assert found[0] == event
    assert listed(ask(visitor, writer, MATCH_epc="urn:epc:id:sgtin:9521000.000001.A1"))


def test_sending_again_changes_nothing(session: Session, visitor: Browser, writer: str) -> None:
    first = send(visitor, writer, document(theirs(), theirs(eventID="urn:uuid:1", action="ADD")))
    again = send(visitor, writer, document(theirs(), theirs(eventID="urn:uuid:1", action="ADD")))
    assert (states(first), states(again)) == (["accepted"] * 2, ["duplicate"] * 2)
    other_key_order = dict(reversed(list(theirs(recordTime="2026-11-21T00:00:00Z").items())))
    assert states(send(visitor, writer, document(other_key_order))) == ["duplicate"]
    twice = send(visitor, writer, document(theirs(action="ADD"), theirs(action="ADD")))
    assert states(twice) == ["accepted", "duplicate"]
    assert kept(session) == 3


def test_all_or_nothing_unless_asked_otherwise(
    session: Session, visitor: Browser, writer: str
) -> None:
    mixed = document(theirs(), theirs(eventTime="2027-01-01T00:00:00Z"))
    strict = send(visitor, writer, mixed)
    assert states(strict) == ["withheld", "rejected"]
    assert (strict.get_json()["success"], kept(session)) == (False, 0)
    lenient = send(visitor, writer, mixed, proceed=True)
    assert states(lenient) == ["accepted", "rejected"]
    assert (lenient.get_json()["captureErrorBehaviour"], kept(session)) == ("proceed", 1)
    assert codes(lenient) == [[], ["future_time"]]
    problem = lenient.get_json()["errors"][0]
    assert (problem["type"], problem["title"]) == (
        "epcisException:ValidationException",
        "eventList[1]",
    )


def test_the_answer_can_be_fetched_again_by_its_sender_alone(
    session: Session, visitor: Browser, writer: str
) -> None:
    sent = send(visitor, writer, document(theirs()))
    path = sent.headers["Location"]
    again = ask(visitor, writer, path)
    assert (again.status_code, again.get_json()) == (200, sent.get_json())
    other = make_token(session, Scope.EPCIS_WRITE)[1]
    assert ask(visitor, other, path).status_code == 404
    assert ask(visitor, writer, f"{CAPTURE}/{uuid4()}").status_code == 404
    assert ask(visitor, None, path).status_code == 401


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "invalid_json"),
        (b'{"a": NaN}', {}, 400, "not_a_number"),
        (b"[]", {}, 400, "not_an_object"),
        (document(), {}, 400, "no_events"),
        (b" " * 1_000_001, {}, 413, "too_large"),
        (document(theirs()), {"Content-Type": "application/xml"}, 415, "content_type"),
        (document(theirs()), {"Content-Type": "text/plain"}, 415, "content_type"),
        (document(theirs(), schemaVersion="1.2"), {}, 400, "schema_version"),
    ],
    ids=["json", "nan", "list", "empty", "large", "xml", "text", "version"],
)
def test_a_bad_document_is_refused_as_a_whole(
    session: Session,
    visitor: Browser,
    writer: str,
    body: Any,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    answer = send(visitor, writer, body, **headers)
    assert (answer.status_code, answer.get_json()["errors"]["code"]) == (status, code)
    assert answer.mimetype == "application/problem+json"
    assert session.scalar(select(func.count()).select_from(Capture)) == 0


def test_nobody_sends_without_the_scope(session: Session, visitor: Browser) -> None:
    reader = make_token(session, Scope.EPCIS_READ)[1]
    assert send(visitor, reader, document(theirs())).status_code == 403
    assert send(visitor, "ph_x_y", document(theirs())).status_code == 401
    assert visitor.client.post(CAPTURE, json=document(theirs())).status_code == 401


WRONG_HASH = "ni:///sha-256;" + "0" * 64 + "?ver=CBV2.0"


@pytest.mark.parametrize(
    ("before", "event", "code"),
    [
        ([], theirs(action="DELETE", bizStep="destroying"), "delete_without_prior"),
        ([], theirs(eventID=WRONG_HASH), "wrong_hash"),
        ([theirs(eventID="urn:x:1")], theirs(eventID="urn:x:1", action="ADD"), "id_taken"),
        (
            [],
            theirs(
                eventID="urn:x:1",
                errorDeclaration={"declarationTime": "2026-11-21T00:00:00Z"},
            ),
            "nothing_to_correct",
        ),
        (
            [theirs(eventID="urn:x:1")],
            theirs(
                eventID="urn:x:1",
                action="ADD",
                errorDeclaration={"declarationTime": "2026-11-21T00:00:00Z"},
            ),
            "id_taken",
        ),
        (
            [theirs(eventID="urn:x:1")],
            theirs(
                eventID="urn:x:1",
                errorDeclaration={
                    "declarationTime": "2026-11-21T00:00:00Z",
                    "reason": "incorrect_data",
                    "correctiveEventIDs": ["urn:x:2"],
                },
            ),
            "unknown_corrective",
        ),
    ],
    ids=["delete", "hash", "id", "nothing", "content", "corrective"],
)
def test_events_are_held_against_what_is_known(
    visitor: Browser, writer: str, before: list[Json], event: Json, code: str
) -> None:
    if before:
        assert states(send(visitor, writer, document(*before))) == ["accepted"]
    assert codes(send(visitor, writer, document(event))) == [[code]]
    # The same inside one document.
    together = send(visitor, writer, document(*before, event), proceed=True)
    assert codes(together)[-1] == [code]


def test_a_correction_is_kept_beside_the_event_that_was_wrong(
    visitor: Browser, writer: str
) -> None:
    first, better = theirs(eventID="urn:x:1"), theirs(eventID="urn:x:2", bizStep="arriving")
    declared = first | {
        "errorDeclaration": {
            "declarationTime": "2026-11-21T00:00:00Z",
            "reason": "incorrect_data",
            "correctiveEventIDs": ["urn:x:2"],
        }
    }
    answer = send(visitor, writer, document(first, better, declared))
    assert states(answer) == ["accepted"] * 3
    found = ask(visitor, writer, "/epcis/events/urn:x:1").get_json()
    assert found["errorDeclaration"]["correctiveEventIDs"] == ["urn:x:2"]
    assert len(listed(ask(visitor, writer, MATCH_epc=f"{OTHERS}/21/A1"))) == 3


def test_what_was_seen_before_may_end_also_a_stamp_of_ours(
    session: Session, visitor: Browser, writer: str
) -> None:
    lot = make_sound_lot(session)
    batch = make_batch(session, lot, 5)
    assert lot.sku.gtin is not None
    ours = f"https://id.gs1.org/01/{gtin14(lot.sku.gtin)}/21/"
    ends = {"action": "DELETE", "bizStep": "destroying", "disposition": "destroyed"}
    good = theirs(epcList=[ours + serial_of(batch, 3)], **ends)
    forged = theirs(epcList=[ours + serial_of(batch, 3)[:-1] + "0"], **ends)
    seen_before = theirs(epcList=[f"{OTHERS}/21/A1"], **ends)
    answer = send(visitor, writer, document(theirs(), good, forged, seen_before), proceed=True)
    assert states(answer) == ["accepted", "accepted", "rejected", "accepted"]


def test_a_captured_event_never_changes_our_books(
    session: Session, visitor: Browser, writer: str
) -> None:
    lot = make_sound_lot(session)
    batch = make_batch(session, lot, 5)
    activate(session, batch)
    goods.receive(session, make_place(session), lot, 10, act())
    publish(session)
    before = _books(session)
    assert lot.sku.gtin is not None
    stamp = f"https://id.gs1.org/01/{gtin14(lot.sku.gtin)}/21/{serial_of(batch, 1)}"
    sold = theirs(epcList=[stamp], bizStep="retail_selling", disposition="retail_sold")
    gone = theirs(epcList=[stamp], action="DELETE", bizStep="destroying", disposition="destroyed")
    assert states(send(visitor, writer, document(sold, gone))) == ["accepted", "accepted"]
    assert _books(session) == before
    # It is told beside our own events.
    steps = [event["bizStep"] for event in listed(ask(visitor, writer, MATCH_epc=stamp))]
    assert sorted(steps) == ["commissioning", "destroying", "encoding", "retail_selling"]


def _books(session: Session) -> list[Any]:
    balances = select(Balance.place_id, Balance.lot_id, Balance.on_hand)
    movements = select(func.count()).select_from(Movement)
    return [sorted(map(str, session.execute(balances))), session.scalar(movements)]


@pytest.mark.parametrize("table", [Event, EventObject, Capture])
def test_the_database_refuses_to_change_what_was_captured(
    session: Session, visitor: Browser, writer: str, table: Any
) -> None:
    send(visitor, writer, document(theirs()))
    values = {Event: {"event_id": "x"}, EventObject: {"uri": "x"}, Capture: {"success": False}}
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(update(table).values(values[table]))
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(table.__table__.delete())


def test_our_own_events_are_known_when_they_come_back(
    session: Session, visitor: Browser, writer: str
) -> None:
    lot = make_sound_lot(session)
    batch = make_batch(session, lot, 20)
    activate(session, batch)
    goods.receive(session, make_place(session), lot, 10, act())
    publish(session)
    exported = epcis_document.document(events_of(session, lot), batch.requested_at)
    epcis_schema.judge(exported)
    answer = send(visitor, writer, exported)
    assert set(states(answer)) == {"duplicate"}


def test_another_installation_takes_all_we_export_and_knows_it_again(
    session: Session, visitor: Browser, writer: str
) -> None:
    """What we tell passes our own strict checks, and keeps its identifiers on the way."""
    lot = make_sound_lot(session)
    activate(session, make_batch(session, lot, 20))
    goods.receive(session, make_place(session), lot, 10, act())
    publish(session)
    told = events_of(session, lot)
    # Elsewhere nothing of it is known: the same events under another place of making.
    moved = [_elsewhere(event) for event in told]
    answer = send(visitor, writer, epcis_document.document(moved, lot.created_at))
    assert set(states(answer)) == {"accepted"}
    assert [event["eventID"] for event in answer.get_json()["events"]] == [
        epcis_hash.event_id(event) for event in moved
    ]


def _elsewhere(event: Json) -> Json:
    made = {name: value for name, value in event.items() if name not in {"eventID", "recordTime"}}
    return made | {
        "eventTimeZoneOffset": "+07:00",
        "eventTime": event["eventTime"][:-7] + "1+07:00",
    }


WORDS = st.sampled_from(["receiving", "shipping", "packing", "storing", "inspecting"])
SOUND = st.builds(
    lambda step, minute, names: theirs(
        bizStep=step,
        eventTime=f"2026-11-20T09:{minute:02d}:00+07:00",
        epcList=[f"{OTHERS}/21/{name}" for name in sorted(names)],
    ),
    WORDS,
    st.integers(0, 59),
    st.sets(st.text("ABC123", min_size=1, max_size=4), min_size=1, max_size=4),
)


@hypothesis_settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(SOUND, min_size=1, max_size=5))
def test_whatever_is_captured_comes_back_the_same_and_only_once(
    app: Flask, session: Session, writer: str, events: list[Json]
) -> None:
    visitor = Browser(app)
    before = kept(session)
    first = send(visitor, writer, document(*events))
    answers = first.get_json()["events"]
    fresh = [a["eventID"] for a in answers if a["status"] == "accepted"]
    assert kept(session) == before + len(fresh)
    assert {a["eventID"] for a in answers} == {epcis_hash.event_id(event) for event in events}
    assert set(states(send(visitor, writer, document(*reversed(events))))) == {"duplicate"}
    for event in events:
        found = ask(visitor, writer, MATCH_epc=event["epcList"][0], perPage="100")
        assert event["eventTime"] in [other["eventTime"] for other in listed(found)]
