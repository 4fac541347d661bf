"""Identifiers of events: against GS1's own example, and stable under what does not matter."""

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.types import Json
from builders_epcis import OTHER_PLACE, OTHERS, theirs
from support import epcis_oracle
from traceability import epcis_hash
from traceability.epcis_vocabulary import NAMESPACES

NS = {"ex": "https://vi-du.vn/ns/"}
ALL = {**NAMESPACES, **NS}
PAIRS = {
    "bizTransactionList": [
        {"type": "po", "bizTransaction": "https://vi-du.vn/po/2"},
        {"type": "inv", "bizTransaction": "https://vi-du.vn/inv/1"},
    ],
    "sourceList": [{"type": "location", "source": OTHER_PLACE}],
    "destinationList": [{"type": "owning_party", "destination": "https://vi-du.vn/ai"}],
}
MEASURED = {
    "sensorElementList": [
        {
            "sensorMetadata": {"time": "2026-11-20T02:00:00Z", "deviceID": "https://vi-du.vn/d"},
            "sensorReport": [
                {"type": "Temperature", "value": 4.50, "uom": "CEL"},
                {"type": "AbsoluteHumidity", "value": 12.1, "uom": "A93"},
            ],
        }
    ]
}
TRANSFORMED: Json = {
    "type": "TransformationEvent",
    "eventTime": "2026-11-20T09:30:00Z",
    "eventTimeZoneOffset": "+07:00",
    "inputQuantityList": [{"epcClass": f"{OTHERS}/10/A", "quantity": 10.0}],
    "outputQuantityList": [{"epcClass": f"{OTHERS}/10/B", "quantity": 0.340, "uom": "KGM"}],
    "bizStep": "creating_class_instance",
}
AGGREGATED: Json = {
    "type": "AggregationEvent",
    "eventTime": "2026-11-20T09:30:00.1234+07:00",
    "eventTimeZoneOffset": "+07:00",
    "action": "ADD",
    "parentID": "urn:epc:id:sscc:9521321.1234567890",
    "childEPCs": ["urn:epc:id:sgtin:9521321.012345.B", "urn:epc:id:sgtin:9521321.012345.A%2F1"],
    "childQuantityList": [{"epcClass": "urn:epc:class:lgtin:9521321.012345.L1", "quantity": 2}],
}
EVENTS = [
    theirs(),
    theirs(quantityList=[{"epcClass": f"{OTHERS}/10/L", "quantity": 3, "uom": "KGM"}]),
    theirs(bizTransactionList=PAIRS["bizTransactionList"]),
    theirs(sourceList=PAIRS["sourceList"]),
    theirs(ilmd={"cbvmda:lotNumber": "0012", "cbvmda:itemExpirationDate": "2027-01-01"}),
    theirs(persistentDisposition={"unset": ["unknown"], "set": ["stolen", "damaged"]}),
    theirs(**{"ex:m": ["b", "a"], "ex:n": {"ex:k": {"ex:l": 3.0}}}),
    theirs(**MEASURED),
    theirs(recordTime="2026-11-20T10:00:00Z", eventID="urn:uuid:1", certificationInfo="urn:x:1"),
    TRANSFORMED,
    AGGREGATED,
]


@pytest.mark.parametrize("event", EVENTS, ids=range(len(EVENTS)))
def test_the_identifier_is_the_one_of_the_published_example(event: Json) -> None:
    assert epcis_hash.pre_hash(event, ALL) == epcis_oracle.pre_hash(event, NS)
    assert epcis_hash.event_id(event, ALL) == epcis_oracle.event_id(event, NS)


def test_with_many_lists_the_pieces_are_the_same() -> None:
    """The example puts sources behind destinations; the text of the standard does not."""
    event = theirs(**PAIRS, ilmd={"cbvmda:lotNumber": "L"})
    event["destinationList"] = [{"type": "location", "destination": OTHER_PLACE}]
    ours = epcis_hash.pre_hash(event, ALL)
    assert sorted(ours) == sorted(epcis_oracle.pre_hash(event, NS))
    heads = ["bizTransactionList", "sourceList", "destinationList", "ilmd"]
    places = [next(n for n, line in enumerate(ours) if line.startswith(head)) for head in heads]
    assert places == sorted(places)


def test_the_whole_of_an_event_is_hashed_in_this_form() -> None:
    event = theirs(epcList=["https://vi-du.vn/01/09521000000018/10/L/21/A1?15=270101"])
    assert "".join(epcis_hash.pre_hash(event)) == (
        "eventType=ObjectEventeventTime=2026-11-20T02:30:00.000ZeventTimeZoneOffset=+07:00"
        "epcListepc=https://id.gs1.org/01/09521000000018/21/A1action=OBSERVE"
        "bizStep=https://ref.gs1.org/cbv/BizStep-receiving"
        "disposition=https://ref.gs1.org/cbv/Disp-in_progress"
        f"readPointid={OTHER_PLACE}bizLocationid={OTHER_PLACE}"
    )


def shuffled(value: Any, order: random.Random) -> Any:
    """The same JSON with keys and list items in another order."""
    if isinstance(value, dict):
        pairs = [(key, shuffled(item, order)) for key, item in value.items()]
        order.shuffle(pairs)
        return dict(pairs)
    if isinstance(value, list):
        items = [shuffled(item, order) for item in value]
        order.shuffle(items)
        return items
    return value


@given(st.sampled_from([*EVENTS, theirs(**PAIRS, **MEASURED)]), st.randoms())
def test_the_order_of_fields_and_lists_does_not_matter(event: Json, order: random.Random) -> None:
    assert epcis_hash.event_id(shuffled(event, order), ALL) == epcis_hash.event_id(event, ALL)


@pytest.mark.parametrize(
    "over",
    [
        {"eventTime": "2026-11-20T02:30:00Z"},
        {"eventTime": "2026-11-20T09:30:00.0004+07:00"},
        {"bizStep": "https://ref.gs1.org/cbv/BizStep-receiving"},
        {"bizStep": "urn:epcglobal:cbv:bizstep:receiving"},
        {"bizStep": "cbv:BizStep-receiving"},
        {"disposition": "urn:epcglobal:cbv:disp:in_progress"},
        {"epcList": ["urn:epc:id:sgtin:9521000.000001.A2", "urn:epc:id:sgtin:9521000.000001.A1"]},
        {"readPoint": {"id": "https://vi-du.vn/414/9521000000001"}},
        {"readPoint": {"id": "urn:epc:id:sgln:9521000.00000.0"}},
        {"recordTime": "2026-11-20T10:00:00Z"},
        {"eventID": "urn:uuid:2"},
        {"errorDeclaration": {"declarationTime": "2026-11-21T10:00:00Z"}},
        {"epcList": [f" {OTHERS}/21/A1 ", f"{OTHERS}/21/A2"]},
    ],
    ids=str,
)
def test_other_spellings_of_the_same_have_the_same_identifier(over: Json) -> None:
    if "epcList" in over and over["epcList"][0].startswith(" "):
        over = {"epcList": [text.strip() for text in over["epcList"]]}
    assert epcis_hash.event_id(theirs(**over), ALL) == epcis_hash.event_id(theirs(), ALL)


@pytest.mark.parametrize(
    "over",
    [
        {"eventTime": "2026-11-20T09:30:00.001+07:00"},
        {"eventTimeZoneOffset": "+08:00"},
        {"action": "ADD"},
        {"bizStep": "arriving"},
        {"epcList": [f"{OTHERS}/21/A1"]},
        {"epcList": [f"{OTHERS}/21/a1", f"{OTHERS}/21/A2"]},
        {"bizLocation": None},
        {"ex:note": "x"},
    ],
    ids=str,
)
def test_whatever_matters_changes_it(over: Json) -> None:
    assert epcis_hash.event_id(theirs(**over), ALL) != epcis_hash.event_id(theirs(), ALL)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=6).map("ex:".__add__), json_values, max_size=4))
def test_extensions_of_any_shape_can_be_hashed_and_survive_json(extensions: Json) -> None:
    event = theirs(**extensions)
    again = json.loads(json.dumps(event))
    assert epcis_hash.event_id(event, ALL) == epcis_hash.event_id(again, ALL)
