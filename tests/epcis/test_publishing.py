"""Our facts as events: what each becomes, valid for others, and written once."""

import os
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import errands
from app.core.types import Json
from app.epcis import publishing
from app.epcis.models import Event, EventObject
from builders import (
    BY_NOBODY,
    NOW,
    STAMP_KEYS,
    TODAY,
    act,
    activate,
    make_batch,
    make_lot,
    make_offered,
    make_order,
    make_place,
    make_sku,
    recognise,
    serial_of,
    stock_up,
)
from builders_epcis import (
    BASE,
    events_of,
    make_sound_lot,
    make_stamped_sku,
    publish,
    rows_of,
)
from pos.sales.models import Pick
from pos.stock import goods, places
from pos.stock.models import Movement, MovementKind, PlaceKind
from pos.stock.taking import Take
from support import epcis_oracle, epcis_schema
from traceability import epcis_document, epcis_hash, journal, lineage, lots, stamps
from traceability.gs1 import gtin14
from traceability.models import JournalKind, Lot

ROOT = "https://id.gs1.org"


def steps(events: list[Json]) -> list[tuple[str | None, str | None]]:
    return [(event.get("bizStep"), event.get("disposition")) for event in events]


def lot_name(lot: Lot) -> str:
    assert lot.sku.gtin is not None
    return f"{ROOT}/01/{gtin14(lot.sku.gtin)}/10/{lot.code}"


def check(events: list[Json]) -> None:
    """For any reader: schema, context, and the hash as identifier."""
    document = epcis_document.document(events, NOW)
    epcis_schema.judge(document)
    assert len(str(epcis_oracle.expanded(document))) > 100
    for event in events:
        assert event["eventID"] == epcis_hash.event_id(event)


def test_a_lot_is_begun_released_and_recalled(session: Session) -> None:
    lot = make_sound_lot(session)
    lots.recall(session, lot, reason="Sai nhãn", **BY_NOBODY)
    assert publish(session) == 3
    begun, released, recalled = events_of(session, lot)
    assert steps([begun, released, recalled]) == [
        ("commissioning", "active"),
        (None, "sellable_accessible"),
        ("holding", "recalled"),
    ]
    assert begun["action"] == "ADD"
    assert begun["quantityList"] == [{"epcClass": lot_name(lot), "quantity": 1_000}]
    assert begun["ilmd"] == {
        "cbvmda:lotNumber": lot.code,
        "cbvmda:itemExpirationDate": lot.expires_on.isoformat() if lot.expires_on else "",
    }
    assert begun["eventTime"] == "2026-10-25T00:00:00.000+07:00"
    assert (begun["eventTimeZoneOffset"], begun["recordTime"]) == (
        "+07:00",
        "2026-11-24T03:00:00.000Z",
    )
    check([begun, released, recalled])


def test_a_draft_is_nobodys_business_until_it_is_released(session: Session) -> None:
    lot = make_lot(session, make_sku(session), release=False)
    assert publish(session) == 0
    lots.release(session, lot, **BY_NOBODY)
    assert publish(session) == 2


def test_running_again_writes_nothing_twice(session: Session) -> None:
    lot = make_sound_lot(session)
    goods.receive(session, make_place(session), lot, 10, act())
    assert publish(session) == 3
    assert publish(session) == 0


def test_goods_are_received_moved_sold_and_written_off(session: Session) -> None:
    sku, depot = make_sku(session), make_place(session, PlaceKind.DEPOT)
    shop = make_place(session)
    lot = stock_up(session, depot, sku, 20)
    goods.transfer(session, depot, shop, [Take(sku.id, 8)], act(), day=TODAY)
    goods.write_off(session, shop, lot, 1, "Vỡ", act())
    publish(session)
    moved = [event for event in events_of(session, lot) if "bizTransactionList" in event]
    assert sorted(map(str, steps(moved))) == sorted(
        map(
            str,
            [
                ("receiving", "in_progress"),
                ("shipping", "in_transit"),
                ("receiving", "in_progress"),
                ("destroying", "destroyed"),
            ],
        )
    )
    received, shipped, arrived, destroyed = sorted(moved, key=lambda e: _number(session, e))
    at_depot, at_shop = f"{BASE}/diem-ban/{depot.code}", f"{BASE}/diem-ban/{shop.code}"
    maker = sku.product.producer
    assert maker is not None
    assert received["sourceList"][0]["source"] == f"{BASE}/nha-san-xuat/{maker.slug}"
    assert received["bizLocation"] == {"id": at_depot}
    assert shipped["readPoint"] == {"id": at_depot}
    assert "bizLocation" not in shipped
    assert shipped["sourceList"] == [{"type": "location", "source": at_depot}]
    assert shipped["destinationList"] == [{"type": "location", "destination": at_shop}]
    assert arrived["bizLocation"] == {"id": at_shop}
    assert arrived["quantityList"] == [{"epcClass": lot_name(lot), "quantity": 8}]
    assert (destroyed["action"], destroyed["quantityList"][0]["quantity"]) == ("DELETE", 1)
    assert "Vỡ" not in str(destroyed)
    check(moved)


def _number(session: Session, event: Json) -> int:
    return session.scalars(select(Event.id).filter_by(event_id=event["eventID"])).one()


def test_places_and_parties_are_called_by_their_gln_where_there_is_one(session: Session) -> None:
    lot, place = make_sound_lot(session), make_place(session)
    places.number(session, place, "9521000000001", **BY_NOBODY)
    assert lot.owner is not None
    lot.owner.gln = "9521000000018"
    goods.receive(session, place, lot, 3, act())
    publish(session)
    received = events_of(session, lot)[-1]
    assert received["bizLocation"] == {"id": f"{ROOT}/414/9521000000001"}
    assert received["sourceList"][0]["source"] == f"{ROOT}/417/9521000000018"


def test_goods_without_gtin_are_called_by_addresses_of_our_own(session: Session) -> None:
    sku = make_stamped_sku(session, gtin=None)
    lot = make_lot(session, sku, code="L/1")
    batch = make_batch(session, lot, 2)
    activate(session, batch)
    publish(session)
    begun = events_of(session, lot)[0]
    assert begun["quantityList"][0]["epcClass"] == f"{BASE}/lo/{sku.code}/L%2F1"
    stamped = [event for event in events_of(session, lot) if event.get("epcList")]
    assert {epc.rpartition("/")[0] for event in stamped for epc in event["epcList"]} == {
        f"{BASE}/t"
    }
    check(events_of(session, lot))


def test_a_sale_names_the_packs_that_were_scanned_and_counts_the_others(session: Session) -> None:
    sku = make_offered(session)
    recognise(session, sku.product)
    lot, place = make_lot(session, sku), make_place(session, PlaceKind.DEPOT, serves_web=True)
    goods.receive(session, place, lot, 10, act())
    batch = make_batch(session, lot, 10)
    activate(session, batch)
    order = make_order(session, lot.sku, 3, source=place)
    session.add(
        Pick(
            line_id=order.lines[0].id, lot_id=lot.id, quantity=1, serial=serial_of(batch, 4), at=NOW
        )
    )
    session.flush()
    _book_sale(session, place.id, lot, 3, f"order:{order.number}")
    publish(session)
    sold = [event for event in events_of(session, lot) if event.get("bizStep") == "retail_selling"]
    assert len(sold) == 1
    assert sold[0]["epcList"] == [f"{ROOT}/01/{batch.identity}/21/{serial_of(batch, 4)}"]
    assert sold[0]["quantityList"] == [{"epcClass": lot_name(lot), "quantity": 2}]
    assert order.number not in str(sold[0])
    check(sold)


def _book_sale(
    session: Session, place_id: UUID, lot: Lot, units: int, reference: str, **over: int
) -> None:
    """A movement out of a place, as the ledger writes it."""
    customers = places.virtual(session, PlaceKind.CUSTOMER)
    received = session.scalars(select(Movement).filter_by(lot_id=lot.id)).all()[0]
    session.add(
        Movement(
            operation_id=received.operation_id,
            line_no=90 + over.get("id", 0),
            kind=MovementKind.SALE,
            from_place_id=place_id,
            to_place_id=customers.id,
            sku_id=lot.sku_id,
            lot_id=lot.id,
            quantity=units,
            occurred_at=NOW,
            recorded_at=NOW,
            reference=reference,
            **over,
        )
    )
    session.flush()


def test_a_booking_that_was_undone_is_declared_wrong(session: Session) -> None:
    lot, place = make_sound_lot(session), make_place(session)
    goods.receive(session, place, lot, 3, act())
    movement = session.scalars(select(Movement).filter_by(lot_id=lot.id)).one()
    goods.reverse(session, movement, "Nhập nhầm", act())
    publish(session)
    first, second = events_of(session, lot)[-2:]
    assert first["eventID"] == second["eventID"]
    assert "errorDeclaration" not in first
    assert second["errorDeclaration"] == {
        "declarationTime": "2026-11-24T10:00:00.000+07:00",
        "reason": "did_not_occur",
    }
    check([first, second])
    assert publish(session) == 0


def test_an_entry_that_is_corrected_is_declared_wrong(session: Session) -> None:
    lot = make_sound_lot(session)
    checked = journal.append(
        session, lot, JournalKind.INSPECTED, occurred_at=NOW, text="Đạt", **BY_NOBODY
    )
    journal.append(
        session,
        lot,
        JournalKind.CORRECTION,
        occurred_at=NOW,
        text="Nhầm lô",
        corrects=checked.number,
        **BY_NOBODY,
    )
    publish(session)
    last = events_of(session, lot)[-1]
    assert (last["bizStep"], last["errorDeclaration"]["reason"]) == ("inspecting", "incorrect_data")


def test_lots_that_were_brought_together_are_transformed(session: Session) -> None:
    sku = make_sku(session)
    one, two, both = (make_lot(session, sku, code=code) for code in ("A", "B", "AB"))
    lineage.derive(session, both, {one.id: 40, two.id: None}, **BY_NOBODY)
    publish(session)
    made = [event for event in events_of(session, both) if event["type"] != "ObjectEvent"]
    assert len(made) == 1
    assert made[0]["inputQuantityList"] == [
        {"epcClass": lot_name(one), "quantity": 40},
        {"epcClass": lot_name(two)},
    ] or made[0]["inputQuantityList"] == [
        {"epcClass": lot_name(two)},
        {"epcClass": lot_name(one), "quantity": 40},
    ]
    assert made[0]["outputQuantityList"][0]["epcClass"] == lot_name(both)
    # What comes out of others is not begun a second time.
    assert ("commissioning", "active") not in steps(events_of(session, both))
    check(events_of(session, both))


def test_stamps_are_told_in_bounded_lists_that_nobody_stores(session: Session) -> None:
    lot = make_sound_lot(session, quantity_declared=5_000)
    batch = make_batch(session, lot, 2_500)
    activate(session, batch, 100, 2_299)
    stamps.void_range(session, batch, 0, 9, reason="Rách", **BY_NOBODY)
    stamps.void_item(session, serial_of(batch, 500), reason="Rách", keys=STAMP_KEYS, **BY_NOBODY)
    publish(session)
    events = [event for event in events_of(session, lot) if event.get("epcList")]
    sizes = [(event["bizStep"], event["action"], len(event["epcList"])) for event in events]
    assert sizes == [
        ("encoding", "OBSERVE", 1_000),
        ("encoding", "OBSERVE", 1_000),
        ("encoding", "OBSERVE", 500),
        ("commissioning", "ADD", 1_000),
        ("commissioning", "ADD", 1_000),
        ("commissioning", "ADD", 200),
        ("decommissioning", "DELETE", 10),
        ("decommissioning", "DELETE", 1),
    ]
    named = [epc for event in events if event["action"] == "ADD" for epc in event["epcList"]]
    stem = f"{ROOT}/01/{batch.identity}/21/"
    assert named == [stem + serial_of(batch, number) for number in range(100, 2_300)]
    assert all("epcList" not in row.body for row in rows_of(session, lot) if row.batch_id)
    check(events)


def test_what_was_cut_out_later_does_not_change_what_was_told(session: Session) -> None:
    batch = make_batch(session, make_sound_lot(session), 50)
    activate(session, batch)
    publish(session)
    before = events_of(session, batch.lot)
    stamps.void_range(session, batch, 10, 19, reason="Rách", **BY_NOBODY)
    batch.lot.sku.gtin = None
    session.flush()
    assert events_of(session, batch.lot) == before


def test_a_big_batch_is_told_bit_by_bit(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = make_batch(session, make_sound_lot(session, quantity_declared=9_000), 4_500)
    monkeypatch.setattr("app.epcis.of_stamps.MOST_EVENTS", 2)
    counts = [publish(session) for _round in range(5)]
    assert counts == [2 + 2, 2, 1, 0, 0]  # the first time with the lot's own
    rows = [row for row in rows_of(session, batch.lot) if row.batch_id]
    assert [(row.first, row.last, row.part) for row in rows] == [
        (0, 999, 0),
        (1_000, 1_999, 1),
        (2_000, 2_999, 2),
        (3_000, 3_999, 3),
        (4_000, 4_499, 4),
    ]


def test_without_a_key_stamps_wait_and_the_rest_is_told(session: Session) -> None:
    lot = make_sound_lot(session)
    make_batch(session, lot, 5)
    assert publishing.publish(session, BASE, {9: os.urandom(32)}) == 2
    assert publish(session) == 1


def test_goods_without_lot_are_told_as_goods_of_the_article(session: Session) -> None:
    sku = make_sku(session)
    sku.product.needs_lot = False
    goods.receive_without_lot(session, make_place(session), sku, 4, act())
    publish(session)
    lot = session.scalars(select(Lot).filter_by(sku_id=sku.id)).one()
    only = events_of(session, lot)
    assert len(only) == 1
    assert sku.gtin is not None
    assert only[0]["quantityList"] == [{"epcClass": f"{ROOT}/01/{gtin14(sku.gtin)}", "quantity": 4}]


def test_count_differences_and_remarks_are_no_events(session: Session) -> None:
    lot = make_sound_lot(session)
    journal.append(session, lot, JournalKind.NOTE, occurred_at=NOW, text="Ghi", **BY_NOBODY)
    assert publish(session) == 2


@pytest.mark.parametrize("table", [Event, EventObject])
def test_the_database_refuses_to_change_what_was_told(session: Session, table: type) -> None:
    make_sound_lot(session)
    publish(session)
    column = "event_id" if table is Event else "uri"
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(update(table).values({column: "x"}))


def test_a_late_record_with_a_lower_number_is_not_lost(session: Session) -> None:
    """Rows are numbered before they are committed: one may be seen after its successor."""
    lot, place = make_sound_lot(session), make_place(session)
    goods.receive(session, place, lot, 5, act())
    free = 1 + (session.scalar(select(func.max(Movement.id))) or 0)
    _book_sale(session, place.id, lot, 1, "test:2", id=free + 1)
    publish(session)
    _book_sale(session, place.id, lot, 1, "test:1", id=free)
    assert publish(session) == 1


def test_the_worker_does_it_by_itself(app: Flask, session: Session) -> None:
    lot = make_sound_lot(session)
    sweep = next(s for s in errands.sweeps(app) if s.name == "events for other systems")
    assert sweep.every <= timedelta(minutes=1)
    sweep.run(session, NOW)
    assert len(rows_of(session, lot)) == 2
