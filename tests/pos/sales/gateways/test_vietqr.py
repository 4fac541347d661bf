"""Payment codes: the published vectors, what is built and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.sales import banks
from pos.sales.gateways import vietqr
from pos.sales.gateways.vietqr import Code

ACCOUNT = "0011004455667"
STATIC = (
    "00020101021138570010A00000072701270006970436011300110044556670208QRIBFTTA53037045802VN630438AA"
)
DYNAMIC = (
    "00020101021238570010A00000072701270006970436011300110044556670208QRIBFTTA530370454061850005802VN"
    "62200816OCOPHY ORD00012363046028"
)
FROM_OTHERS = {
    "00020001021238570010A00000072701270006970436011308810004580860208QRIBFTTA53037045802VN6304CD60": (
        Code("970436", "0881000458086")
    ),
    "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN"
    "62170813ung ho lu lut6304C15C": Code("970415", "0011001932418", 120_000, "ung ho lu lut"),
}


def test_the_check_sum_is_the_published_one() -> None:
    assert vietqr.crc("123456789") == 0x29B1


def test_codes_come_out_as_the_vectors() -> None:
    assert vietqr.payload(Code("970436", ACCOUNT)) == STATIC
    assert vietqr.payload(Code("970436", ACCOUNT, 185_000, "OCOPHY ORD000123")) == DYNAMIC


@pytest.mark.parametrize("text", FROM_OTHERS)
def test_codes_of_others_are_read(text: str) -> None:
    assert vietqr.read(text) == FROM_OTHERS[text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6304",
        DYNAMIC[:-1] + "9",
        DYNAMIC.replace("185000", "185001"),
        "00020163042F1F",
        "ề" * 12,
    ],
)
def test_damaged_codes_are_refused(text: str) -> None:
    with pytest.raises(vietqr.BadPayload):
        vietqr.read(text)


@pytest.mark.parametrize(
    ("bank", "account"), [("97043", "1"), ("970436", ""), ("970436", "1" * 20)]
)
def test_a_code_needs_a_bank_and_an_account(bank: str, account: str) -> None:
    with pytest.raises(vietqr.BadAccount):
        vietqr.payload(Code(bank, account))


@pytest.mark.parametrize("amount", [0, -1, 10**13])
def test_impossible_amounts_are_refused(amount: int) -> None:
    with pytest.raises(vietqr.BadAmount):
        vietqr.payload(Code("970436", ACCOUNT, amount))


@given(
    st.text("0123456789", min_size=6, max_size=6),
    st.text("0123456789", min_size=1, max_size=19),
    st.none() | st.integers(1, 99_999_999),
    st.text(max_size=60),
)
def test_what_is_built_is_read_again(
    bank: str, account: str, amount: int | None, purpose: str
) -> None:
    read = vietqr.read(vietqr.payload(Code(bank, account, amount, purpose)))
    assert read == Code(bank, account, amount, vietqr.purpose_of(purpose))


@given(st.text(max_size=80))
def test_a_purpose_is_short_and_plain(text: str) -> None:
    purpose = vietqr.purpose_of(text)
    assert len(purpose) <= vietqr.MAX_PURPOSE
    assert set(purpose) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")
    assert vietqr.purpose_of(purpose) == purpose


def test_marks_leave_the_purpose() -> None:
    assert vietqr.purpose_of("Đặc sản Phố Hiến: nhãn") == "DAC SAN PHO HIEN NHAN"


def test_banks_are_named_as_buyers_call_them() -> None:
    assert banks.name_of("970436") == "Vietcombank"
    assert banks.name_of("999999") == "999999"
    assert all(len(number) == 6 for number in banks.known())
