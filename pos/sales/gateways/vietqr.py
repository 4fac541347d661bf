"""Payment codes of NAPAS 247 (VietQR) as text: built from what is asked for, and read again. Pure.

EMVCo merchant-presented layout: objects of two digits of name, two digits of length, value. NAPAS,
QR code format, version 1.5.2: object 38 names bank and account, 62-08 holds the purpose.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.errors import Rejected
from app.core.text import N_, fold

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
VND, VIETNAM = "704", "VN"
STATIC, DYNAMIC = "11", "12"
MAX_PURPOSE = 25
MAX_ACCOUNT = 19
MAX_DIGITS = 13  # what field 54 holds


class BadPayload(Rejected):
    """The text is no payment code of this kind, or it was damaged."""

    code = "bad_vietqr"
    message = N_("This is not a VietQR code that can be read.")


class BadAccount(Rejected):
    """Bank or account cannot be put into a code."""

    code = "bad_bank_account"
    message = N_("The bank must be six digits, the account up to 19 letters and digits.")


class BadAmount(Rejected):
    """No amount that can be asked for."""

    code = "bad_vietqr_amount"
    message = N_("The amount must be a whole number above zero.")


@dataclass(frozen=True)
class Code:
    """What a payment code asks for: `amount` đồng, None when the payer types it."""

    bank: str
    account: str
    amount: int | None = None
    purpose: str = ""


def payload(code: Code) -> str:
    """The text of the QR symbol. Raises `BadAccount`, `BadAmount`.

    The purpose is brought into the form that every bank keeps (`purpose_of`).
    """
    if not re.fullmatch(r"\d{6}", code.bank, re.ASCII) or not re.fullmatch(
        rf"[A-Za-z0-9]{{1,{MAX_ACCOUNT}}}", code.account, re.ASCII
    ):
        raise BadAccount
    if code.amount is not None and not 0 < code.amount < 10**MAX_DIGITS:
        raise BadAmount
    purpose = purpose_of(code.purpose)
    receiver = _object("00", code.bank) + _object("01", code.account)
    parts = [
        _object("00", "01"),
        _object("01", STATIC if code.amount is None else DYNAMIC),
        _object("38", _object("00", NAPAS) + _object("01", receiver) + _object("02", TO_ACCOUNT)),
        _object("53", VND),
        _object("54", str(code.amount)) if code.amount is not None else "",
        _object("58", VIETNAM),
        _object("62", _object("08", purpose)) if purpose else "",
        "6304",
    ]
    text = "".join(parts)
    return f"{text}{crc(text):04X}"


def purpose_of(text: str) -> str:
    """Capital letters, digits and single blanks, 25 at most: what no bank changes on the way."""
    return " ".join(re.findall(r"[A-Z0-9]+", fold(text).upper()))[:MAX_PURPOSE].strip()


def read(text: str) -> Code:
    """What a payment code asks for. Raises `BadPayload`."""
    body, mark, check = text[:-8], text[-8:-4], text[-4:]
    if mark != "6304" or not text.isascii() or f"{crc(body + mark):04X}" != check:
        raise BadPayload
    parts = dict(_objects(body))
    template = dict(_objects(parts.get("38", "")))
    if template.get("00") != NAPAS or parts.get("53") != VND or parts.get("58") != VIETNAM:
        raise BadPayload
    receiver = dict(_objects(template.get("01", "")))
    amount = parts.get("54")
    if amount is not None and not re.fullmatch(r"\d{1,13}", amount, re.ASCII):
        raise BadPayload
    return Code(
        receiver.get("00", ""),
        receiver.get("01", ""),
        None if amount is None else int(amount),
        dict(_objects(parts.get("62", ""))).get("08", ""),
    )


def crc(text: str) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, nothing reflected."""
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _bit in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def _object(name: str, value: str) -> str:
    return f"{name}{len(value):02}{value}"


def _objects(text: str) -> Iterator[tuple[str, str]]:
    while text:
        head = re.match(r"(\d\d)(\d\d)", text, re.ASCII)
        if head is None or len(text) < 4 + int(head[2]):
            raise BadPayload
        end = 4 + int(head[2])
        yield head[1], text[4:end]
        text = text[end:]
