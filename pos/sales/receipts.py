"""What a receipt says, as a value: for the 80 mm page now, for other carriers later. Pure."""

from collections import defaultdict
from dataclasses import dataclass

from pos.sales.models import Order
from pos.sales.status import Tender


@dataclass(frozen=True)
class VatPart:
    """VAT contained in the receipt at one rate (thousandths); `rate` None: not decided."""

    rate_permille: int | None
    gross: int
    vat: int


def vat_parts(order: Order) -> list[VatPart]:
    """VAT by rate, the lines whose rate is unknown last."""
    gross: dict[int | None, int] = defaultdict(int)
    vat: dict[int | None, int] = defaultdict(int)
    for line in order.lines:
        gross[line.vat_permille] += line.line_total
        vat[line.vat_permille] += line.vat_amount or 0
    rates = sorted(gross, key=lambda rate: (rate is None, rate or 0))
    return [VatPart(rate, gross[rate], vat[rate]) for rate in rates]


def change_given(order: Order) -> int:
    """Đồng handed back in cash."""
    cash = [p for p in order.payments if p.tender is Tender.CASH and p.tendered is not None]
    return sum((p.tendered or 0) - p.amount for p in cash)
