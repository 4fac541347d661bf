"""Asking for events: parameters, pages, rights, manners."""

from urllib.parse import quote, urlsplit

import pytest
from sqlalchemy.orm import Session

from app.api.models import Scope
from app.core.db import Database
from builders import (
    BY_NOBODY,
    act,
    activate,
    make_batch,
    make_lot,
    make_place,
    make_sku,
    serial_of,
)
from builders_api import make_token
from builders_epcis import (
    EVENTS,
    OTHERS,
    ask,
    document,
    listed,
    make_sound_lot,
    publish,
    send,
    theirs,
)
from pos.stock import goods
from pos.stock.models import Place
from support import epcis_oracle, epcis_schema
from support.browser import Browser
from support.statements import counted
from traceability import journal, lots
from traceability.gs1 import gtin14
from traceability.models import Lot

ROOT = "https://id.gs1.org"


@pytest.fixture
def shop(session: Session) -> Place:
    return make_place(session)


@pytest.fixture
def lot(session: Session, shop: Place) -> Lot:
    """A lot that was made, released, stamped, and received at the shop."""
    made = make_sound_lot(session, quantity_declared=3_000)
    batch = make_batch(session, made, 1_500)
    activate(session, batch)
    goods.receive(session, shop, made, 12, act())
    publish(session)
    return made


@pytest.fixture
def reader(session: Session) -> str:
    return make_token(session, Scope.EPCIS_READ)[1]


def article(lot: Lot) -> str:
    assert lot.sku.gtin is not None
    return f"{ROOT}/01/{gtin14(lot.sku.gtin)}"


def steps(found: list[dict[str, object]]) -> list[object]:
    return [event.get("bizStep") for event in found]


def test_the_answer_is_a_query_document_in_order_of_time(
    visitor: Browser, lot: Lot, reader: str
) -> None:
    answer = ask(visitor, reader)
    found = listed(answer)
    assert answer.mimetype == "application/ld+json"
    assert sorted(event["eventTime"] for event in found) == [event["eventTime"] for event in found]
    epcis_schema.judge(answer.get_json(), epcis_schema.QUERY_DOCUMENT)
    assert epcis_oracle.expanded(answer.get_json())
    assert answer.headers["GS1-EPCIS-Version"] == "2.0.0"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"EQ_bizStep": "receiving"}, ["receiving"]),
        ({"EQ_bizStep": "https://ref.gs1.org/cbv/BizStep-receiving"}, ["receiving"]),
        ({"EQ_bizStep": "receiving,shipping"}, ["receiving"]),
        ({"EQ_bizStep": "shipping"}, []),
        ({"GE_eventTime": "2026-11-24T00:00:00+07:00", "EQ_bizStep": "commissioning"}, 2),
        ({"LT_eventTime": "2026-11-24T00:00:00+07:00"}, ["commissioning"]),
        ({"LT_eventTime": "2026-11-24 00:00:00"}, 400),
        ({"EQ_bizLocation": "https://vi-du.vn/kho"}, []),
        ({"EQ_bizLocation": "kho 1"}, 400),
        ({"EQ_color": "red"}, 400),
        ({"perPage": "0"}, 400),
        ({"perPage": "all"}, 400),
        ({"nextPageToken": "x"}, 400),
        ({"nextPageToken": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OS4x"}, 400),
        ({"EQ_bizStep": ""}, 400),
        ({"EQ_bizStep": ",".join(["receiving"] * 21)}, 400),
        ({"GE_eventTime": ["2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"]}, 400),
        ({"MATCH_epc": "https://x.vn/01/09521000000019/21/A"}, 400),
    ],
    ids=str,
)
def test_each_parameter_narrows_or_is_refused(
    visitor: Browser, lot: Lot, reader: str, query: dict[str, str], expected: object
) -> None:
    answer = ask(visitor, reader, **query)
    if expected == 400:
        told = answer.get_json()
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
        assert told["type"] == "epcisException:QueryParameterException"
        assert told["errors"] in query
    elif isinstance(expected, int):
        assert len(listed(answer)) == expected
    else:
        assert steps(listed(answer)) == expected


def test_a_place_is_found_by_its_name(visitor: Browser, lot: Lot, shop: Place, reader: str) -> None:
    found = listed(ask(visitor, reader, EQ_bizLocation=f"http://localhost/diem-ban/{shop.code}"))
    assert steps(found) == ["receiving"]


def test_a_lot_and_its_article_are_found_as_classes(
    visitor: Browser, lot: Lot, reader: str
) -> None:
    by_lot = listed(ask(visitor, reader, MATCH_epcClass=f"{article(lot)}/10/{lot.code}"))
    assert steps(by_lot) == ["commissioning", None, "receiving"]
    assert listed(ask(visitor, reader, MATCH_epcClass=article(lot))) == by_lot
    assert listed(ask(visitor, reader, MATCH_epcClass=f"{article(lot)}/10/KHAC")) == []
    # A kind is not a thing.
    assert listed(ask(visitor, reader, MATCH_epc=article(lot))) == []


def test_a_stamp_is_found_in_the_runs_it_belongs_to(
    session: Session, visitor: Browser, lot: Lot, reader: str
) -> None:
    batch = make_batch(session, lot, 1_200)
    activate(session, batch, 1_100, 1_199)
    publish(session)
    name = f"{article(lot)}/21/{serial_of(batch, 1_150)}"
    found = listed(ask(visitor, reader, MATCH_epc=name))
    assert steps(found) == ["encoding", "commissioning"]
    assert all(name in event["epcList"] for event in found)
    assert listed(ask(visitor, reader, MATCH_epc=name.replace("id.gs1.org", "shop.vn"))) == found
    forged = f"{article(lot)}/21/{serial_of(batch, 1_150)[:-1]}0"
    assert listed(ask(visitor, reader, MATCH_epc=forged)) == []
    elsewhere = f"{OTHERS}/21/{serial_of(batch, 1_150)}"
    assert listed(ask(visitor, reader, MATCH_epc=elsewhere)) == []


def test_events_of_one_thing_have_an_address(
    session: Session, visitor: Browser, lot: Lot, reader: str
) -> None:
    name = f"{article(lot)}/10/{lot.code}"
    path = f"/epcis/epcs/{quote(name, safe='')}/events"
    assert steps(listed(ask(visitor, reader, path))) == ["commissioning", None, "receiving"]
    slashed = make_lot(session, lot.sku, code="A/1")
    publish(session)
    name = f"{article(slashed)}/10/A%2F1"
    path = f"/epcis/epcs/{quote(name, safe='')}/events"
    assert steps(listed(ask(visitor, reader, path))) == ["commissioning", None]
    assert ask(visitor, reader, "/epcis/epcs/nothing/events").status_code == 400


def test_an_event_has_an_address(visitor: Browser, lot: Lot, reader: str) -> None:
    for event in listed(ask(visitor, reader)):
        answer = ask(visitor, reader, f"{EVENTS}/{quote(event['eventID'], safe='')}")
        assert answer.status_code == 200
        found = answer.get_json()
        assert found.pop("@context")[0].startswith("https://ref.gs1.org/")
        assert found == event
    missing = ask(visitor, reader, f"{EVENTS}/urn:uuid:none")
    assert (missing.status_code, missing.get_json()["type"]) == (
        404,
        "epcisException:NoSuchResourceException",
    )


def test_pages_lead_through_everything_once(visitor: Browser, lot: Lot, reader: str) -> None:
    whole = listed(ask(visitor, reader))
    seen, path, query = [], EVENTS, {"perPage": "2"}
    answer = ask(visitor, reader, path, **query)
    for _page in range(10):
        seen += listed(answer)
        assert len(listed(answer)) <= 2
        link = answer.headers.get("Link")
        if link is None:
            break
        assert link.endswith('>; rel="next"')
        address = urlsplit(link[1:].partition(">")[0])
        answer = ask(visitor, reader, f"{address.path}?{address.query}")
    assert seen == whole
    assert len(whole) == 7


def test_a_page_stays_whole_when_more_is_written(
    session: Session, visitor: Browser, lot: Lot, reader: str
) -> None:
    first = ask(visitor, reader, perPage="3")
    make_sound_lot(session)
    publish(session)
    token = first.headers["Link"].partition("nextPageToken=")[2].partition(">")[0]
    rest = listed(ask(visitor, reader, EVENTS + f"?nextPageToken={token}"))
    ids = [event["eventID"] for event in listed(first) + rest]
    assert len(set(ids)) == len(ids)


def test_without_token_only_public_facts_of_released_lots(
    session: Session, visitor: Browser, lot: Lot
) -> None:
    draft = make_lot(session, make_sku(session), release=False)
    publish(session)
    found = listed(ask(visitor))
    assert steps(found) == ["commissioning", None]
    assert draft.code not in str(found)
    journal.show(session, lot.id, 1, public=False, **BY_NOBODY)
    assert steps(listed(ask(visitor))) == [None]
    hidden = listed(ask(visitor, make_token(session, Scope.EPCIS_READ)[1]))[0]
    assert ask(visitor, None, f"{EVENTS}/{quote(hidden['eventID'], safe='')}").status_code == 404
    lots.recall(session, lot, reason="Sai nhãn", **BY_NOBODY)
    publish(session)
    assert listed(ask(visitor))[-1]["disposition"] == "recalled"


def test_a_producers_token_sees_its_own_goods(session: Session, visitor: Browser, lot: Lot) -> None:
    stranger = make_sound_lot(session)
    publish(session)
    own = make_token(session, Scope.EPCIS_READ, reach=f"producer:{lot.owner_id}")[1]
    found = listed(ask(visitor, own))
    assert len(found) == 7
    assert article(stranger) not in str(found)


def test_a_places_token_sees_what_happened_there(
    session: Session, visitor: Browser, lot: Lot, shop: Place
) -> None:
    text = make_token(session, Scope.EPCIS_READ, reach=f"place:{shop.id}")[1]
    assert steps(listed(ask(visitor, text))) == ["receiving"]
    elsewhere = make_token(session, Scope.EPCIS_READ, reach=f"place:{make_place(session).id}")[1]
    assert listed(ask(visitor, elsewhere)) == []


def test_what_was_captured_is_seen_by_its_sender_and_the_office(
    session: Session, visitor: Browser, lot: Lot, reader: str
) -> None:
    producer = {"reach": f"producer:{lot.owner_id}"}
    sender = make_token(session, Scope.EPCIS_READ, Scope.EPCIS_WRITE, **producer)[1]
    other = make_token(session, Scope.EPCIS_READ, **producer)[1]
    named = theirs(epcList=None, quantityList=[{"epcClass": f"{article(lot)}/10/{lot.code}"}])
    assert send(visitor, sender, document(named)).status_code == 202
    query = {"MATCH_epcClass": f"{article(lot)}/10/{lot.code}", "EQ_bizStep": "receiving"}
    assert [len(listed(ask(visitor, text, **query))) for text in (sender, reader, other)] == [
        2,
        2,
        1,
    ]
    assert listed(ask(visitor, None, **query)) == []


def test_a_token_needs_the_scope(session: Session, visitor: Browser) -> None:
    text = make_token(session, Scope.CATALOGUE)[1]
    answer = ask(visitor, text)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "insufficient_scope")
    wrong = ask(visitor, "ph_none_none")
    assert wrong.status_code == 401
    assert wrong.get_json()["type"] == "epcisException:SecurityException"
    assert wrong.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_number_of_statements_does_not_grow_with_the_page(
    session: Session, visitor: Browser, lot: Lot, reader: str, database: Database
) -> None:
    ask(visitor, reader)
    with counted(database) as few:
        ask(visitor, reader, perPage="1")
    for _n in range(5):
        make_batch(session, make_sound_lot(session), 20)
    publish(session)
    with counted(database) as many:
        assert len(listed(ask(visitor, reader, perPage="100"))) > 20
    assert len(many) <= len(few) + 1  # the batches of the stamps, at once


def test_options_tell_what_is_spoken(visitor: Browser) -> None:
    for path, methods in ((EVENTS, {"GET", "HEAD"}), ("/epcis/capture", {"POST"})):
        answer = visitor.client.options(path)
        assert set(answer.headers["Allow"].split(", ")) == methods | {"OPTIONS"}
        assert answer.headers["GS1-EPCIS-Min"] == answer.headers["GS1-EPCIS-Max"] == "2.0.0"
        assert answer.headers["GS1-CBV-Version"] == "2.0.0"
        assert int(answer.headers["GS1-EPCIS-Capture-Limit"]) == 500


def test_another_version_is_not_spoken(visitor: Browser, reader: str) -> None:
    headers = {"Authorization": f"Bearer {reader}", "GS1-EPCIS-Version": "1.2"}
    assert visitor.get(EVENTS, headers=headers).status_code == 406
    headers["GS1-EPCIS-Version"] = "2.0.1"
    assert visitor.get(EVENTS, headers=headers).status_code == 200


def test_other_methods_are_refused(visitor: Browser) -> None:
    assert visitor.client.delete(EVENTS).status_code in {400, 405}
    assert visitor.client.get("/epcis/capture").status_code == 405
