"""What a receipt says, as a value: for the 80 mm page now, for other carriers later. Pure."""

from collections import defaultdict
from dataclasses import dataclass

from catalog.vat import VatKind
from pos.sales.models import Order
from pos.sales.status import Tender


@dataclass(frozen=True)
class VatPart:
    """VAT contained in the receipt in one way; `kind` None: not decided.

    `rate_permille` thousandths when it is a rate: 0 % is one, KCT and KKKNT are none.
    """

    kind: VatKind | None
    rate_permille: int | None
    gross: int
    vat: int


def vat_parts(order: Order) -> list[VatPart]:
    """What is paid for the lines, discounts taken off, by rate: rates first, the undecided last."""
    gross: dict[_Way, int] = defaultdict(int)
    vat: dict[_Way, int] = defaultdict(int)
    for line in order.lines:
        way = line.vat_kind, line.vat_permille
        gross[way] += line.line_total - (line.discount or 0)
        vat[way] += line.vat_amount or 0
    return [VatPart(*way, gross[way], vat[way]) for way in sorted(gross, key=_place)]


_Way = tuple[VatKind | None, int | None]
_ORDER = (VatKind.RATE, VatKind.EXEMPT, VatKind.NOT_DECLARED, None)


def _place(way: _Way) -> tuple[int, int]:
    kind, rate = way
    return _ORDER.index(kind), rate or 0


def change_given(order: Order) -> int:
    """Đồng handed back in cash."""
    cash = [p for p in order.payments if p.tender is Tender.CASH and p.tendered is not None]
    return sum((p.tendered or 0) - p.amount for p in cash)
