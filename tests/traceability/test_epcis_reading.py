"""Documents of others as a whole: what is read, and what is refused with which word."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from builders_epcis import document, theirs
from traceability import epcis_reading
from traceability.epcis_reading import REASONS, BadDocument, Document
from traceability.epcis_vocabulary import CONTEXT

LD = "application/ld+json"


def read(body: Any, media_type: str = LD) -> Document:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return epcis_reading.read(data, media_type, NOW)


def nested(depth: int) -> Any:
    found: Any = 1
    for _step in range(depth):
        found = {"ex:in": found}
    return found


WHOLE = json.dumps(document(theirs()))
BAD: list[tuple[Any, str, str]] = [
    (document(theirs()), "text/xml", "content_type"),
    (document(theirs()), "", "content_type"),
    (b" " * 1_000_001, LD, "too_large"),
    (b"", LD, "invalid_json"),
    (b"{", LD, "invalid_json"),
    (b"\xff\xfe", LD, "invalid_json"),
    (WHOLE[:-2].encode(), LD, "invalid_json"),
    (b'{"a": ' + b"9" * 5_000 + b"}", LD, "invalid_json"),
    (b"[" * 100_000, LD, "invalid_json"),
    (b'{"a": NaN}', LD, "not_a_number"),
    (b'{"a": -Infinity}', LD, "not_a_number"),
    (b'{"a": 1e999}', LD, "not_a_number"),
    (b'{"type": 1, "type": 2}', LD, "repeated_key"),
    (b'{"a": "\\u0000"}', LD, "bad_text"),
    (b'{"a": "\\ud800"}', LD, "bad_text"),
    (b'{"\\udfff": 1}', LD, "bad_text"),
    (document(theirs(**{"ex:deep": nested(12)})), LD, "too_deep"),
    ([document(theirs())], LD, "not_an_object"),
    (b"null", LD, "not_an_object"),
    (document(theirs(), type="EPCISQueryDocument"), LD, "document_type"),
    (document(theirs(), schemaVersion="1.2"), LD, "schema_version"),
    (document(theirs(), schemaVersion=None), LD, "schema_version"),
    (document(theirs(), creationDate="24/11/2026"), LD, "creation_date"),
    (document(theirs(), creationDate="2026-11-24T10:06:00+07:00"), LD, "creation_date"),
    (document(theirs(), **{"@context": []}), LD, "context"),
    (document(theirs(), **{"@context": "https://schema.org/"}), LD, "context"),
    (document(theirs(), **{"@context": [CONTEXT, 1]}), LD, "context"),
    (
        document(theirs(), **{"@context": [CONTEXT, {"gs1": "https://x.vn/"}]}),
        LD,
        "reserved_prefix",
    ),
    (document(theirs(), **{"@context": [CONTEXT, {"ex": "x"}]}), LD, "bad_namespace"),
    (document(theirs(), **{"@context": [CONTEXT, {"a b": "https://x.vn/"}]}), LD, "bad_namespace"),
    (document(theirs(), **{"@context": [CONTEXT, {"ex": {"@id": "x"}}]}), LD, "bad_namespace"),
    (document(theirs(), note="x"), LD, "unknown_field"),
    (document(theirs(), **{"nobody:note": "x"}), LD, "unknown_field"),
    (document(), LD, "no_events"),
    (document(theirs(), epcisBody=[]), LD, "no_events"),
    (document(theirs(), epcisBody={"eventList": {}}), LD, "no_events"),
    (document(*[theirs()] * 501), LD, "too_many_events"),
]


@pytest.mark.parametrize(("body", "media_type", "code"), BAD)
def test_each_bad_document_has_its_own_word(body: Any, media_type: str, code: str) -> None:
    with pytest.raises(BadDocument) as caught:
        read(body, media_type)
    assert caught.value.detail["code"] == code
    assert caught.value.params["why"] == REASONS[code]


def test_every_word_is_shown_above() -> None:
    assert {code for _body, _media, code in BAD} == set(REASONS)


@pytest.mark.parametrize("media_type", [LD, "application/json"])
def test_a_sound_document_is_read_with_its_namespaces(media_type: str) -> None:
    found = read(document(theirs(), **{"ex:sent": "by night", "sender": "urn:x:1"}), media_type)
    assert found.events == [theirs()]
    assert found.namespaces["ex"] == "https://vi-du.vn/ns/"
    assert found.declared == {"ex": "https://vi-du.vn/ns/"}


def test_a_clock_may_be_some_minutes_fast() -> None:
    assert read(document(theirs(), creationDate="2026-11-24T10:04:00+07:00")).events


def test_the_prefix_of_the_standard_may_be_told_again() -> None:
    again = [CONTEXT, {"cbvmda": "urn:epcglobal:cbv:mda:"}]
    assert read(document(theirs(), **{"@context": again})).declared == {}


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    with pytest.raises(BadDocument):
        read(body)


anything = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=10,
)
FIELDS = ["@context", "type", "schemaVersion", "creationDate", "epcisBody", "sender", "id"]


@given(st.dictionaries(st.sampled_from(FIELDS), anything))
def test_no_value_in_a_field_breaks_it(over: dict[str, Any]) -> None:
    codes = set()
    try:
        read(document(theirs(), **over))
    except BadDocument as error:
        codes = {error.detail["code"]}
    assert codes <= set(REASONS)
