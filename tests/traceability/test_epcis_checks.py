"""Events of others one by one: what the schema lets through though it is wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.types import Json
from builders import NOW
from builders_epcis import OTHER_PLACE, OTHERS, theirs
from traceability import epcis_checks, epcis_hash, epcis_what
from traceability.epcis_checks import OF_TYPE, Setting
from traceability.epcis_problems import SENTENCES
from traceability.epcis_vocabulary import CONTEXT, NAMESPACES, TYPES

NS = {**NAMESPACES, "ex": "https://vi-du.vn/ns/"}
LOT = f"{OTHERS}/10/L1"
PALLET = "https://id.gs1.org/00/195213212345678904"
# These need the repository.
HELD_AGAINST_IT = {
    "nothing_to_correct",
    "unknown_corrective",
    "delete_without_prior",
    "wrong_hash",
    "id_taken",
}


def judged(event: Any) -> set[tuple[str, str]]:
    setting = Setting(NS, NOW)
    problems = list(epcis_checks.form(event, setting))
    if not problems:
        namespaces = epcis_checks.with_own_context(event, NS)
        what = epcis_what.of(event, namespaces)
        problems = [*epcis_checks.sense(event, Setting(namespaces, NOW)), *what.problems]
    return {(problem.code, problem.field) for problem in problems}


def transformed(**over: Any) -> Json:
    event = theirs(epcList=None, action=None, bizStep="creating_class_instance")
    event |= {
        "type": "TransformationEvent",
        "inputQuantityList": [{"epcClass": LOT, "quantity": 2}],
    }
    event |= {"outputQuantityList": [{"epcClass": f"{OTHERS}/10/L2", "quantity": 4}]} | over
    return {name: value for name, value in event.items() if value is not None}


def packed(**over: Any) -> Json:
    event = theirs(epcList=None, action="ADD", bizStep="packing")
    event |= {"type": "AggregationEvent", "parentID": PALLET, "childEPCs": [f"{OTHERS}/21/A1"]}
    return {name: value for name, value in (event | over).items() if value is not None}


def ordered(**over: Any) -> Json:
    event = theirs(type="TransactionEvent", action="ADD", bizStep="inspecting")
    event["bizTransactionList"] = [{"type": "po", "bizTransaction": "https://vi-du.vn/po/1"}]
    return {name: value for name, value in (event | over).items() if value is not None}


def amount(**element: Any) -> Json:
    return theirs(quantityList=[{"epcClass": LOT} | element])


def wrong(**over: Any) -> Json:
    declaration = {
        "declarationTime": "2026-11-21T08:00:00+07:00",
        "reason": "incorrect_data",
    } | over
    return theirs(eventID="urn:uuid:1", errorDeclaration=declaration)


SOUND = [
    theirs(),
    theirs(bizStep=None, disposition=None),
    theirs(eventTime="2026-11-20T02:30:00Z"),
    theirs(action="ADD", bizStep="commissioning", quantityList=[{"epcClass": LOT, "quantity": 2}]),
    theirs(action="DELETE", bizStep="destroying"),
    theirs(action="DELETE", bizStep="https://vi-du.vn/buoc/an-het"),
    theirs(epcList=["urn:epc:id:sgtin:9521000.000001.A1"]),
    theirs(epcList=["https://hop-tac-xa.vn/t/1"], quantityList=[{"epcClass": LOT}]),
    theirs(epcList=None, quantityList=[{"epcClass": LOT, "quantity": 0.5, "uom": "KGM"}]),
    theirs(
        epcList=None, sensorElementList=[{"sensorReport": [{"type": "Temperature", "value": 4}]}]
    ),
    theirs(certificationInfo=["https://vi-du.vn/giay/1"], **{"ex:note": {"ex:a": [1, None]}}),
    theirs(**{"https://vi-du.vn/ns/note": 1, "urn:vi-du:note": 2}),
    theirs(**{"@context": {"own": "https://vi-du.vn/own/"}, "own:note": 1}),
    theirs(sourceList=[{"type": "owning_party", "source": "https://id.gs1.org/417/9521000000001"}]),
    theirs(persistentDisposition={"set": ["damaged"]}, ilmd={"cbvmda:lotNumber": "L1"}),
    wrong(correctiveEventIDs=["urn:uuid:2"]),
    wrong(reason="did_not_occur"),
    transformed(),
    transformed(outputQuantityList=None, transformationID="urn:uuid:3"),
    packed(),
    packed(action="OBSERVE", parentID=None, bizStep="storing"),
    packed(action="DELETE", childEPCs=None, bizStep="unpacking"),
    packed(type="AssociationEvent", bizStep="assembling"),
    ordered(),
]


@pytest.mark.parametrize("event", SOUND, ids=range(len(SOUND)))
def test_sound_events_pass(event: Json) -> None:
    assert judged(event) == set()


WRONG: list[tuple[Any, str, str]] = [
    ([], "not_an_object", ""),
    ("ObjectEvent", "not_an_object", ""),
    (theirs(type="QuantityEvent"), "unknown_type", "type"),
    (theirs(type=["ObjectEvent"]), "unknown_type", "type"),
    (theirs(eventTime=None), "missing_field", "eventTime"),
    (theirs(eventTimeZoneOffset=None), "missing_field", "eventTimeZoneOffset"),
    (theirs(action=None), "missing_field", "action"),
    (theirs(epcList={"a": 1}), "malformed_field", "epcList"),
    (theirs(epcList="urn:x:1"), "malformed_field", "epcList"),
    (theirs(readPoint=[1]), "malformed_field", "readPoint"),
    (theirs(bizStep={"id": 1}), "malformed_field", "bizStep"),
    (theirs(sourceList=[1]), "malformed_field", "sourceList"),
    (theirs(quantityList=[LOT]), "malformed_field", "quantityList"),
    (amount(quantity=1, price=2), "malformed_field", "quantityList"),
    (
        theirs(sensorElementList=[{"sensorReport": 1}]),
        "malformed_field",
        "sensorElementList.sensorReport",
    ),
    (theirs(ilmd=[]), "malformed_field", "ilmd"),
    (theirs(note="x"), "unknown_field", "note"),
    (theirs(**{"nobody:note": "x"}), "unknown_field", "nobody:note"),
    (theirs(**{"https:": "x"}), "unknown_field", "https:"),
    (theirs(ilmd={"lotNumber": "1"}), "unknown_field", "ilmd.lotNumber"),
    (wrong(note=1), "unknown_field", "errorDeclaration.note"),
    (theirs(childEPCs=[PALLET]), "foreign_field", "childEPCs"),
    (transformed(action="ADD"), "foreign_field", "action"),
    (theirs(**{"@context": {"gs1": "https://x.vn/"}}), "bad_context", "@context"),
    (theirs(**{"@context": 7}), "bad_context", "@context"),
    (theirs(**{"@context": [[]]}), "bad_context", "@context"),
    (theirs(eventTime="2026-11-20"), "bad_time", "eventTime"),
    (theirs(eventTime="2026-11-20T09:30:00"), "bad_time", "eventTime"),
    (theirs(eventTime="2026-02-30T09:30:00+07:00"), "bad_time", "eventTime"),
    (theirs(eventTime=1_790_000_000), "bad_time", "eventTime"),
    (theirs(eventTime="0001-01-01T00:00:00+07:00"), "bad_time", "eventTime"),
    (theirs(eventTimeZoneOffset="7"), "bad_offset", "eventTimeZoneOffset"),
    (theirs(eventTimeZoneOffset="+15:00"), "bad_offset", "eventTimeZoneOffset"),
    (theirs(eventTimeZoneOffset="Z"), "bad_offset", "eventTimeZoneOffset"),
    (theirs(eventTimeZoneOffset="+08:00"), "offset_mismatch", "eventTimeZoneOffset"),
    (theirs(eventTime="2026-11-24T10:06:00+07:00"), "future_time", "eventTime"),
    (theirs(eventTime="1970-01-01T07:00:00+07:00"), "too_old", "eventTime"),
    (theirs(action="observe"), "unknown_action", "action"),
    (theirs(bizStep="commissioning"), "action_and_step", "action"),
    (theirs(bizStep="destroying"), "action_and_step", "action"),
    (theirs(action="DELETE"), "action_and_step", "action"),
    (
        theirs(action="ADD", bizStep="urn:epcglobal:cbv:bizstep:decommissioning"),
        "action_and_step",
        "action",
    ),
    (theirs(bizStep="selling"), "unknown_word", "bizStep"),
    (theirs(bizStep="https://ref.gs1.org/cbv/BizStep-selling"), "unknown_word", "bizStep"),
    (theirs(bizStep="urn:epcglobal:cbv:bizstep:selling"), "unknown_word", "bizStep"),
    (theirs(disposition="fine"), "unknown_word", "disposition"),
    (
        theirs(sourceList=[{"type": "owner", "source": "urn:x:1"}]),
        "unknown_word",
        "sourceList.type",
    ),
    (theirs(persistentDisposition={"set": ["fine"]}), "unknown_word", "persistentDisposition.set"),
    (wrong(reason="oops"), "unknown_word", "errorDeclaration.reason"),
    (theirs(sourceList=[{"source": "urn:x:1"}]), "missing_field", "sourceList.type"),
    (theirs(sourceList=[{"type": "location", "source": "urn:x:1"}] * 21), "too_many", "sourceList"),
    (theirs(epcList=[]), "nothing_named", "epcList"),
    (theirs(epcList=None), "nothing_named", "epcList"),
    (theirs(epcList=None, quantityList=[]), "nothing_named", "epcList"),
    (packed(childEPCs=[]), "nothing_named", "childEPCs"),
    (transformed(inputQuantityList=None), "no_input", "inputEPCList"),
    (transformed(outputQuantityList=[]), "no_output", "outputEPCList"),
    (packed(parentID=None), "no_parent", "parentID"),
    (packed(childEPCs=[PALLET]), "own_parent", "parentID"),
    (ordered(bizTransactionList=None), "no_transaction", "bizTransactionList"),
    (theirs(epcList=[f"{OTHERS}/21/{n}" for n in range(1_001)]), "too_many", "epcList"),
    (
        theirs(epcList=[f"{OTHERS}/21/A", "https://vi-du.vn/01/09521000000018/21/A"]),
        "repeated",
        "epcList",
    ),
    (theirs(epcList=["A1"]), "not_a_uri", "epcList"),
    (theirs(epcList=[7]), "not_a_uri", "epcList"),
    (theirs(readPoint={"id": "kho 1"}), "not_a_uri", "readPoint.id"),
    (theirs(readPoint={}), "not_a_uri", "readPoint.id"),
    (theirs(eventID="so 1"), "not_a_uri", "eventID"),
    (transformed(transformationID="1"), "not_a_uri", "transformationID"),
    (wrong(correctiveEventIDs=["x y"]), "not_a_uri", "errorDeclaration.correctiveEventIDs"),
    (wrong(correctiveEventIDs="urn:x:1"), "not_a_uri", "errorDeclaration.correctiveEventIDs"),
    (theirs(epcList=["https://vi-du.vn/01/9521000000018/21/A"]), "malformed_identifier", "epcList"),
    (theirs(epcList=["urn:epc:id:sgtin:1.2.3"]), "malformed_identifier", "epcList"),
    (theirs(epcList=["https://vi-du.vn/01/09521000000019/21/A"]), "wrong_check_digit", "epcList"),
    (
        theirs(readPoint={"id": "https://vi-du.vn/414/9521000000002"}),
        "wrong_check_digit",
        "readPoint.id",
    ),
    (
        theirs(epcList=["urn:epc:id:sgtin:9521000.000001.A", f"{OTHERS}/21/B"]),
        "mixed_identifiers",
        "epcList",
    ),
    (
        theirs(epcList=["urn:epc:id:sgtin:9521000.000001.A"], quantityList=[{"epcClass": LOT}]),
        "mixed_identifiers",
        "epcList",
    ),
    (theirs(epcList=[LOT]), "class_among_instances", "epcList"),
    (theirs(epcList=[OTHERS]), "class_among_instances", "epcList"),
    (theirs(epcList=[OTHER_PLACE]), "class_among_instances", "epcList"),
    (
        theirs(quantityList=[{"epcClass": f"{OTHERS}/21/A"}]),
        "instance_among_classes",
        "quantityList.epcClass",
    ),
    (theirs(quantityList=[{"quantity": 1}]), "not_a_uri", "quantityList.epcClass"),
    (theirs(readPoint={"id": f"{OTHERS}/21/A"}), "not_a_place", "readPoint.id"),
    (
        theirs(bizLocation={"id": "https://id.gs1.org/417/9521000000001"}),
        "not_a_place",
        "bizLocation.id",
    ),
    (amount(quantity=0), "bad_quantity", "quantityList.quantity"),
    (amount(quantity=-1), "bad_quantity", "quantityList.quantity"),
    (amount(quantity="3"), "bad_quantity", "quantityList.quantity"),
    (amount(quantity=True), "bad_quantity", "quantityList.quantity"),
    (amount(quantity=1.5), "bad_quantity", "quantityList.quantity"),
    (amount(quantity=10**13), "bad_quantity", "quantityList.quantity"),
    (amount(uom="KGM"), "bad_quantity", "quantityList.quantity"),
    (amount(quantity=1, uom="kilogram"), "bad_unit", "quantityList.uom"),
    (
        theirs(errorDeclaration={"declarationTime": "2026-11-21T08:00:00Z"}),
        "error_id_missing",
        "eventID",
    ),
    (
        wrong(declarationTime="2026-11-19T08:00:00Z"),
        "error_time",
        "errorDeclaration.declarationTime",
    ),
    (
        wrong(declarationTime="2026-11-25T08:00:00Z"),
        "error_time",
        "errorDeclaration.declarationTime",
    ),
    (wrong(declarationTime="hôm qua"), "bad_time", "errorDeclaration.declarationTime"),
    (
        wrong(reason="did_not_occur", correctiveEventIDs=["urn:x:1"]),
        "error_reason",
        "errorDeclaration.correctiveEventIDs",
    ),
]


@pytest.mark.parametrize(("event", "code", "field"), WRONG)
def test_each_mistake_has_its_own_word_and_place(event: Any, code: str, field: str) -> None:
    assert (code, field) in judged(event)


def test_every_word_is_shown_above() -> None:
    assert {code for _event, code, _field in WRONG} | HELD_AGAINST_IT == set(SENTENCES)


garbage = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=6)
    | st.sampled_from([LOT, PALLET, "ADD", "+07:00", "2026-11-20T09:30:00+07:00"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "source", "epcClass", "quantity", "ex:a", "set", "reason"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
NAMES = sorted({*epcis_checks.COMMON, *(name for own in OF_TYPE.values() for name in own), "ex:a"})


@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(NAMES), garbage, max_size=5))
def test_no_garbage_breaks_the_checks_and_what_passes_can_be_hashed(kind: str, over: Json) -> None:
    event = theirs() | {"@context": CONTEXT} | over | {"type": kind}
    if judged(event) == set():
        assert epcis_hash.event_id(event, NS).startswith("ni:///sha-256;")
