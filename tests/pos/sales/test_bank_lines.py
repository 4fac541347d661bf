"""Notices of the bank's messengers: who signed them, and what they say."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from pos.sales import bank_lines
from pos.sales.bank_lines import CASSO, SEPAY
from pos.sales.gateways.base import BadNotice, ForgedNotice
from support import bank

SECRET = "a key that the bank's messenger knows"


@pytest.mark.parametrize("source", [SEPAY, CASSO])
def test_a_signed_notice_is_believed(source: str) -> None:
    body, headers = bank.signed(source, bank.told(source), SECRET, NOW)
    bank_lines.verify(source, headers, body, SECRET, now=NOW)


@pytest.mark.parametrize(
    ("source", "headers"),
    [(SEPAY, {"Authorization": f"Apikey {SECRET}"}), (CASSO, {"Secure-Token": SECRET})],
)
def test_the_agreed_key_is_believed_and_no_other(source: str, headers: dict[str, str]) -> None:
    bank_lines.verify(source, headers, b"{}", SECRET, now=NOW)
    for wrong in ({}, {name: value + "x" for name, value in headers.items()}):
        with pytest.raises(ForgedNotice):
            bank_lines.verify(source, wrong, b"{}", SECRET, now=NOW)


@pytest.mark.parametrize("source", [SEPAY, CASSO])
def test_forged_and_stale_signatures_are_refused(source: str) -> None:
    body, headers = bank.signed(source, bank.told(source), SECRET, NOW)
    changed = body.replace(b"185000", b"985000")
    late = NOW + bank_lines.TOLERANCE[source] + timedelta(seconds=1)
    for wrong_body, secret, moment in [
        (changed, SECRET, NOW),
        (body, "another secret", NOW),
        (body, SECRET, late),
        (body, SECRET, NOW - (late - NOW)),
    ]:
        with pytest.raises(ForgedNotice):
            bank_lines.verify(source, headers, wrong_body, secret, now=moment)


@pytest.mark.parametrize("header", ["", "t=1", "t=x,v1=00", "t=1,v1=" + "0" * 128])
def test_half_a_signature_is_none(header: str) -> None:
    with pytest.raises(ForgedNotice):
        bank_lines.verify(CASSO, {"X-Casso-Signature": header}, b"{}", SECRET, now=NOW)
    sepay = {"X-SePay-Signature": header, "X-SePay-Timestamp": "soon"}
    with pytest.raises(ForgedNotice):
        bank_lines.verify(SEPAY, sepay, b"{}", SECRET, now=NOW)


def test_casso_signs_its_keys_in_order() -> None:
    text = '{"data":{"a":1,"b":"Đ/x"},"error":0}'
    made = hmac.new(b"s", f"1764000000000.{text}".encode(), hashlib.sha512).hexdigest()
    headers = {"X-Casso-Signature": f"t=1764000000000,v1={made}"}
    told = json.dumps({"error": 0, "data": {"b": "Đ/x", "a": 1}}).encode()
    moment = datetime.fromtimestamp(1_764_000_000, UTC)
    bank_lines.verify(CASSO, headers, told, "s", now=moment)


@pytest.mark.parametrize("source", [SEPAY, CASSO])
def test_a_movement_becomes_a_line(source: str) -> None:
    body, _headers = bank.signed(source, bank.told(source), SECRET, NOW)
    (told,) = bank_lines.movements(source, body)
    line = bank_lines.line_of(source, told)
    assert (line.provider_id, line.amount, line.text) == ("92704", 185_000, "MBVCB PH2345")
    assert line.at == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    assert line.ref == "FT26328001"


def test_casso_may_tell_several_at_once() -> None:
    parts = [
        {"id": number, "tid": "x", "amount": 5, "when": "2026-11-24 10:00:00"} for number in (1, 2)
    ]
    found = bank_lines.movements(CASSO, json.dumps({"error": 0, "data": parts}).encode())
    assert [bank_lines.line_of(CASSO, told).provider_id for told in found] == ["1", "2"]


def test_money_that_goes_out_is_below_zero() -> None:
    told = bank.told(SEPAY) | {"transferType": "out"}
    assert bank_lines.line_of(SEPAY, told).amount == -185_000


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"nothing", b"[" * 100_000, b'{"data": 5}', b'{"data": [1]}']
)
def test_what_is_no_notice_is_refused(body: bytes) -> None:
    with pytest.raises(BadNotice):
        bank_lines.movements(CASSO, body)


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": ""},
        {"transferAmount": "185000"},
        {"transferAmount": True},
        {"transferAmount": 1.5},
        {"transferAmount": float("inf")},
        {"transferAmount": 10**13},
        {"transactionDate": "yesterday"},
        {"transactionDate": None},
    ],
)
def test_a_movement_without_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadNotice):
        bank_lines.line_of(SEPAY, bank.told(SEPAY) | change)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001  (a bank writes no zone)
def test_times_are_read_as_banks_write_them(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    for form in ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S"):
        read = bank_lines.local_time(whole.strftime(form))
        assert read.replace(tzinfo=None) == whole - timedelta(hours=7)
