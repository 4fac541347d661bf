"""The document as XML in the element names of Vietnamese e-invoices (general part, seller, buyer, lines,
sums by rate). Not checked against the technical decision in force: say so before calling it conformant.
Pure.
"""

import re
from collections.abc import Iterator
from html import escape

from app.core.types import Json
from pos.invoicing.document import UNITS, paid_in
from pos.invoicing.providers.base import Ask
from pos.invoicing.status import InvoiceKind

# What is no character in XML 1.0.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NATURES = {InvoiceKind.ADJUSTMENT.value: "2", InvoiceKind.REPLACEMENT.value: "1"}
# How the rate stands in the file: 0 %, «không chịu thuế» and «không kê khai» are three things.
RATES = {"kct": "KCT", "kkknt": "KKKNT"}


def rate_text(kind: str | None, permille: int | None) -> str | None:
    """«8%», «KCT», «KKKNT»; None where no VAT is shown or decided."""
    return RATES.get(kind or "") or (None if permille is None else f"{permille / 10:g}%")


def to_xml(ask: Ask) -> bytes:
    """The whole file in UTF-8, the same for the same ask."""
    said = ask.document
    body = _tag("TTChung", _general(ask)) + _tag("NDHDon", _content(said))
    whole = _tag("HDon", _tag("DLHDon", body))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}\n'.encode()


def _tag(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>"


def _text(name: str, value: object) -> str:
    """An element with text; nothing at all when the value is not known."""
    return "" if value is None else _tag(name, escape(_FORBIDDEN.sub("", str(value)), quote=False))


def _general(ask: Ask) -> str:
    said, symbol = ask.document, ask.symbol or ""
    title = "Hóa đơn giá trị gia tăng" if said["separate_vat"] else "Hóa đơn bán hàng"
    corrects = said["corrects"]
    return (
        _text("THDon", title)
        + _text("KHMSHDon", symbol[:1] or None)
        + _text("KHHDon", symbol[1:] or None)
        + _text("SHDon", ask.number)
        + _text("NLap", said["made_on"])
        + _text("DVTTe", said["currency"])
        + _text("HTTToan", paid_in(said))
        + (_tag("TTHDLQuan", _related(said, corrects)) if corrects else "")
        + "".join(_text("GChu", note) for note in said["notes"])
    )


def _related(said: Json, corrects: Json) -> str:
    symbol = corrects["symbol"] or ""
    return (
        _text("TCHDon", NATURES[said["kind"]])
        + _text("KHMSHDCLQuan", symbol[:1] or None)
        + _text("KHHDCLQuan", symbol[1:] or None)
        + _text("SHDCLQuan", corrects["number"])
        + _text("NLHDCLQuan", corrects["issued_on"])
        + _text("GChu", said["reason"])
    )


def _content(said: Json) -> str:
    seller, buyer = said["seller"], said["buyer"] or {}
    return (
        _tag(
            "NBan",
            _text("Ten", seller["name"])
            + _text("MST", seller["tax_code"])
            + _text("DChi", seller["address"])
            + _text("SDThoai", seller["phone"]),
        )
        + _tag(
            "NMua",
            _text("Ten", buyer.get("name"))
            + _text("MST", buyer.get("tax_code"))
            + _text("DChi", buyer.get("address"))
            + _text("DCTDTu", buyer.get("email")),
        )
        + _tag("DSHHDVu", "".join(_lines(said)))
        + _tag("TToan", _sums(said))
    )


def _lines(said: Json) -> Iterator[str]:
    for line in said["lines"]:
        yield _tag(
            "HHDVu",
            _text("STT", line["no"])
            + _text("MHHDVu", line["code"])
            + _text("THHDVu", line["name"])
            + _text("DVTinh", UNITS.get(line["unit"]))
            + _text("SLuong", line["quantity"])
            + _text("DGia", _price(line))
            + _text("STCKhau", line["discount"] or None)
            + _text("ThTien", line["total"] if line["net"] is None else line["net"])
            + _text("TSuat", rate_text(line["vat_kind"], line["vat_permille"]))
            + _text("TThue", line["vat"])
            + _text("TTSThue", line["total"]),
        )


def _price(line: Json) -> str | None:
    """The price of one unit, VAT included, as a decimal number."""
    if line["unit_price"] is None:
        return None
    return f"{line['unit_price'] / line['per_quantity']:.6f}".rstrip("0").rstrip(".")


def _sums(said: Json) -> str:
    sums = said["totals"]
    rates = "".join(
        _tag(
            "LTSuat",
            _text("TSuat", rate_text(rate["vat_kind"], rate["vat_permille"]))
            + _text("ThTien", rate["net"])
            + _text("TThue", rate["vat"]),
        )
        for rate in said["rates"]
    )
    return (
        (_tag("THTTLTSuat", rates) if rates else "")
        + _text("TgTCThue", sums["net"])
        + _text("TgTThue", sums["vat"])
        + _text("TgTTTBSo", sums["payable"])
        + _text("LTron", sums["rounding"] or None)
        + _text("TgTTTBChu", said["in_words"])
    )
