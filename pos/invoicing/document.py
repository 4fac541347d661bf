"""What an invoice says, as plain values: the neutral document of which JSON and XML are made. Pure.

Amounts are đồng. Lines hold what the buyer pays for them, discounts already taken off; VAT is contained
in that, line by line, and the sums by rate are the sums of the lines.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.core.text import N_
from app.core.types import Json
from catalog import vat
from catalog.vat import Regime, Treatment, VatClass
from pos.invoicing import tax_codes
from pos.invoicing.status import InvoiceKind
from pos.invoicing.words import amount_in_words
from pos.sales.models import Order, OrderLine
from pos.sales.status import Tender

VERSION = 1
DELIVERY_NAME = "Phí giao hàng"
UNITS = {"piece": "Sản phẩm", "g": "g", "ml": "ml"}


@dataclass(frozen=True)
class Seller:
    """The seller of record as the settings name it; what is not set is None."""

    name: str | None
    address: str | None
    tax_code: str | None
    phone: str | None
    regime: Regime | None


@dataclass(frozen=True)
class Buyer:
    """What a buyer who asks for it wants on the invoice."""

    name: str | None = None
    tax_code: str | None = None
    address: str | None = None
    email: str | None = None


def buyer_of(wish: Mapping[str, Any] | None) -> Buyer | None:
    """The buyer in an order's `invoice_to`; None: nobody asked, so nothing is said of the buyer."""
    said = {name: str(wish.get(name) or "").strip() or None for name in _BUYER} if wish else {}
    return Buyer(**said) if any(said.values()) else None


_BUYER = tuple(Buyer.__dataclass_fields__)


@dataclass(frozen=True)
class Sale:
    """An order with what decides its VAT: one treatment for each line number, one for delivery."""

    order: Order
    treatments: Mapping[int, Treatment | None]
    delivery: Treatment | None
    reductions: Sequence[str] = ()


def build(key: str, sale: Sale, seller: Seller, buyer: Buyer | None, day: date) -> Json:
    """The invoice of a sale, made on `day`."""
    order = sale.order
    separate = seller.regime is not None and seller.regime.separate_vat
    lines = [_of_line(line, sale.treatments[line.line_no], separate) for line in order.lines]
    if order.delivery_due:
        lines.append(_of_delivery(order, len(lines) + 1, sale.delivery, separate))
    return {
        "version": VERSION,
        "key": key,
        "kind": InvoiceKind.INVOICE.value,
        "made_on": day.isoformat(),
        "currency": "VND",
        "regime": seller.regime.value if seller.regime else None,
        "separate_vat": separate,
        "order": order.number,
        "sold_at": order.placed_at.isoformat(),
        "place": order.place.name,
        "seller": {"name": seller.name, "address": seller.address}
        | {"tax_code": seller.tax_code, "phone": seller.phone},
        "buyer": asdict(buyer) if buyer else None,
        "tenders": _tenders(order),
        "corrects": None,
        "reason": None,
        "notes": _notes(sale, seller),
        **with_sums(lines, separate, rounding=order.rounding),
    }


def _tenders(order: Order) -> list[str]:
    return sorted({payment.tender.value for payment in order.payments if payment.amount})


def _notes(sale: Sale, seller: Seller) -> list[str]:
    """Sellers by the percentage method quote the resolution by which their rate is cut."""
    if seller.regime is not Regime.PERCENTAGE:
        return []
    return [f"Giảm mức tỷ lệ % tính thuế GTGT theo {text}" for text in sale.reductions]


def _of_line(line: OrderLine, treatment: Treatment | None, separate: bool) -> Json:
    said = {
        "no": line.line_no,
        "code": line.sku_code,
        "name": line.name,
        "unit": line.unit.value,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "per_quantity": line.per_quantity,
        "gross": line.line_total,
        "discount": line.discount or 0,
    }
    return said | taxed(line.net, treatment, separate)


def frozen(line: OrderLine) -> Treatment | None:
    """The treatment that was frozen on the line when it was sold; None: it was not decided."""
    return Treatment(line.vat_kind, line.vat_permille) if line.vat_kind else None


def _of_delivery(order: Order, number: int, treatment: Treatment | None, separate: bool) -> Json:
    gross = order.delivery_fee + order.cod_fee
    said = {
        "no": number,
        "code": None,
        "name": DELIVERY_NAME,
        "unit": None,
        "quantity": 1,
        "unit_price": gross,
        "per_quantity": 1,
        "gross": gross,
        "discount": order.delivery_discount or 0,
    }
    return said | taxed(order.delivery_due, treatment, separate)


def taxed(
    total: int, treatment: Treatment | None, separate: bool, known: int | None = None
) -> Json:
    """A line's total with what of it is VAT; nothing is said where it is not shown or not decided.

    `known` đồng of VAT go before what the total alone would hold.
    """
    if not separate or treatment is None:
        return {"total": total, "vat_kind": None, "vat_permille": None, "vat": None, "net": None}
    amount = treatment.inside(total) if known is None else known
    return {
        "total": total,
        "vat_kind": treatment.kind.value,
        "vat_permille": treatment.permille,
        "vat": amount,
        "net": total - amount,
    }


def with_sums(lines: Sequence[Json], separate: bool, rounding: int = 0) -> Json:
    """The lines with their sums, all of them and by rate. `payable` is what was asked for."""
    total = sum(line["total"] for line in lines)
    amount = sum(line["vat"] or 0 for line in lines) if separate else None
    sums = {
        "net": total - amount if amount is not None else None,
        "vat": amount,
        "total": total,
        "rounding": rounding,
        "payable": total + rounding,
    }
    words = amount_in_words(sums["payable"] or 0)
    rates = _by_rate(lines) if separate else []
    return {"lines": list(lines), "rates": rates, "totals": sums, "in_words": words}


def _by_rate(lines: Iterable[Json]) -> list[Json]:
    groups: dict[tuple[str | None, int | None], Json] = {}
    for line in lines:
        key = line["vat_kind"], line["vat_permille"]
        zero = {"vat_kind": key[0], "vat_permille": key[1], "net": 0, "vat": 0, "total": 0}
        group = groups.setdefault(key, zero)
        for name in ("net", "vat", "total"):
            group[name] += line[name] or 0
    order = ("rate", "kct", "kkknt", None)
    return [groups[key] for key in sorted(groups, key=lambda k: (order.index(k[0]), k[1] or 0))]


def problems(document: Json) -> list[str]:
    """Msgids of what keeps the document from being sent."""
    buyer = document["buyer"] or {}
    undecided = document["separate_vat"] and any(x["vat_kind"] is None for x in document["lines"])
    checks = (
        (document["regime"] is None, N_("the shop's VAT regime is not set")),
        (not document["seller"]["name"], N_("the shop's owner is not set")),
        (not document["seller"]["tax_code"], N_("the shop's tax code is not set")),
        (undecided, N_("the VAT class of a product is not decided")),
        (
            bool(buyer.get("tax_code")) and not tax_codes.is_valid(buyer["tax_code"]),
            N_("the buyer's tax code is not a valid one"),
        ),
        (bool(buyer) and not buyer.get("name"), N_("the buyer's name is missing")),
    )
    return [text for wrong, text in checks if wrong]


def delivery_on(day: date) -> Treatment | None:
    """VAT of delivery charged with goods."""
    return vat.of(VatClass.DELIVERY, None, day)


PAID_IN = {
    Tender.CASH: "TM",
    Tender.ON_DELIVERY: "TM",
    Tender.AT_POINT: "TM",
    Tender.TRANSFER: "CK",
    Tender.CARD: "CK",
}


def paid_in(document: Json) -> str:
    """How it was paid in the letters of Vietnamese invoices: TM cash, CK transfer."""
    ways = sorted({PAID_IN[Tender.parse(one)] for one in document["tenders"]}, reverse=True)
    return "/".join(ways) or "TM/CK"
