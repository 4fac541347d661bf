"""Identifiers in events: kinds, canonical forms, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import epcis_ids
from traceability.epcis_ids import BadIdentifier, Kind

ROOT = "https://id.gs1.org"


@pytest.mark.parametrize(
    ("text", "canonical", "kind"),
    [
        ("urn:epc:id:sgtin:9521000.000001.A%2F1", "/01/09521000000018/21/A%2F1", Kind.INSTANCE),
        ("urn:epc:class:lgtin:9521000.000001.L.1", "/01/09521000000018/10/L.1", Kind.CLASS),
        ("urn:epc:idpat:sgtin:9521000.000001.*", "/01/09521000000018", Kind.CLASS),
        ("urn:epc:id:sscc:9521321.1234567890", "/00/195213212345678904", Kind.INSTANCE),
        ("urn:epc:id:sgln:9521000.00000.0", "/414/9521000000001", Kind.PLACE),
        ("urn:epc:id:sgln:9521000.00000.12", "/414/9521000000001/254/12", Kind.PLACE),
        ("urn:epc:id:pgln:9521000.00000", "/417/9521000000001", Kind.PARTY),
        ("urn:epc:id:gdti:0614141.00001.1618034", "/253/06141410000121618034", Kind.INSTANCE),
        ("urn:epc:id:grai:0614141.12345.400", "/8003/00614141123452400", Kind.INSTANCE),
        ("urn:epc:id:giai:4000001.111", "/8004/4000001111", Kind.INSTANCE),
        ("urn:epc:id:gsrn:0614141.0000010253", "/8018/061414100000102534", Kind.INSTANCE),
        ("urn:epc:id:gsrnp:0614141.1234567890", "/8017/061414112345678902", Kind.INSTANCE),
        ("https://x.vn/a/01/09521000000018/10/L/21/S?17=270101", "/01/09521000000018/21/S", None),
        ("https://x.vn/01/09521000000018/22/V/10/L", "/01/09521000000018/10/L", Kind.CLASS),
        ("https://x.vn/01/09521000000018/", "/01/09521000000018", Kind.CLASS),
        ("https://x.vn/414/9521000000001", "/414/9521000000001", Kind.PLACE),
        ("https://x.vn/00/195213212345678904", "/00/195213212345678904", Kind.INSTANCE),
    ],
)
def test_every_spelling_has_one_canonical_form(
    text: str, canonical: str, kind: Kind | None
) -> None:
    found = epcis_ids.check(text)
    assert found == ROOT + canonical
    assert epcis_ids.check(found) == found
    assert epcis_ids.kind(found) is (kind or Kind.INSTANCE)


@pytest.mark.parametrize(
    "text", ["https://hop-tac-xa.vn/t/7K3D9QWM2X8R5TBN", "urn:uuid:1", "https://x.vn/01/tin"]
)
def test_other_uris_stay_as_they_are(text: str) -> None:
    assert epcis_ids.check(text) == text
    assert epcis_ids.kind(text) is Kind.OTHER


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9521000000018", "not_a_uri"),
        ("https://x.vn/a b", "not_a_uri"),
        ("https://x.vn/%zz", "not_a_uri"),
        ("https://x.vn/é", "not_a_uri"),
        ("https://x.vn/" + "a" * 300, "not_a_uri"),
        (None, "not_a_uri"),
        (17, "not_a_uri"),
        ("https://x.vn/01/09521000000019/21/A", "wrong_check_digit"),
        ("https://x.vn/414/9521000000002", "wrong_check_digit"),
        ("https://x.vn/00/195213212345678905", "wrong_check_digit"),
        ("https://x.vn/01/9521000000018/21/A", "malformed_identifier"),
        ("https://x.vn/01/09521000000018/21/A/10/L", "malformed_identifier"),
        ("https://x.vn/00/12", "malformed_identifier"),
        ("HttpS://x.vn/01/09521000000018", "malformed_identifier"),
        ("urn:epc:id:sgtin:9521000.0000012.A", "malformed_identifier"),
        ("urn:epc:id:sgtin:9521000.000001", "malformed_identifier"),
        ("urn:epc:id:unknown:1.2", "malformed_identifier"),
        ("urn:epc:idpat:sgtin:9521000.000001.1-5", "malformed_identifier"),
        ("urn:epc:id:sgln:9521000.00000", "malformed_identifier"),
        ("urn:epc:id:giai:x.1", "malformed_identifier"),
    ],
)
def test_what_is_no_identifier_is_refused_with_its_own_word(text: object, reason: str) -> None:
    with pytest.raises(BadIdentifier) as caught:
        epcis_ids.check(text)
    assert caught.value.reason == reason


@given(st.text() | st.text().map("https://x.vn/01/".__add__) | st.text().map("urn:epc:id:".__add__))
def test_any_text_is_either_refused_or_has_a_stable_form(text: str) -> None:
    try:
        found = epcis_ids.check(text)
    except BadIdentifier:
        return
    assert epcis_ids.check(found) == found
