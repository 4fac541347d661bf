import pytest
from sqlalchemy.orm import Session

from builders import (
    BY_NOBODY,
    activate,
    make_batch,
    make_lot,
    make_producer,
    make_product,
    make_sku,
    recognise,
    serial_of,
)
from support.browser import Browser
from traceability import lots
from traceability.models import StampBatch


@pytest.fixture
def batch(session: Session) -> StampBatch:
    product = make_product(
        session, publish=True, producer=make_producer(session, tax_code="0901234567")
    )
    recognise(session, product)
    made = make_batch(session, make_lot(session, make_sku(session, product)), 10)
    activate(session, made, 0, 7)
    session.commit()
    return made


def test_the_passport_of_a_pack_tells_what_the_decree_asks_for(
    visitor: Browser, batch: StampBatch
) -> None:
    answer = visitor.get(f"/tem/{serial_of(batch, 0)}/ho-chieu")
    assert answer.mimetype == "application/ld+json"
    told = answer.get_json()
    assert told["gs1:productName"][0]["@value"] == batch.sku.product.name_vi
    assert told["gs1:hasSerialNumber"] == serial_of(batch, 0)
    assert told["gs1:hasBatchLotNumber"] == batch.lot.code
    assert told["gs1:manufacturer"]["schema:taxID"] == "0901234567"
    assert told["gs1:certification"][0]["gs1:certificationValue"] == "4"
    assert [event["schema:name"] for event in told["schema:subjectOf"]] == [
        "made",
        "released",
        "stamped",
    ]
    assert told["@id"].endswith(f"/tem/{serial_of(batch, 0)}")


def test_unknown_facts_are_left_out(visitor: Browser, batch: StampBatch) -> None:
    told = visitor.get(f"/tem/{serial_of(batch, 0)}/ho-chieu").get_json()
    assert "gs1:globalLocationNumber" not in told["gs1:manufacturer"]
    assert None not in told.values()


def test_no_passport_for_a_stamp_not_in_use_or_never_issued(
    visitor: Browser, batch: StampBatch
) -> None:
    assert visitor.get(f"/tem/{serial_of(batch, 9)}/ho-chieu").status_code == 404
    assert visitor.get("/tem/0000000000000000/ho-chieu").status_code == 404


def test_a_recalled_lot_says_so_in_its_passport(
    visitor: Browser, session: Session, batch: StampBatch
) -> None:
    lots.recall(session, batch.lot, reason="Nấm mốc", **BY_NOBODY)
    session.commit()
    told = visitor.get(f"/lo/{batch.sku.code}/{batch.lot.code}/ho-chieu").get_json()
    assert told["gs1:consumerSafetyInformation"] == "Nấm mốc"
    assert "gs1:hasSerialNumber" not in told
