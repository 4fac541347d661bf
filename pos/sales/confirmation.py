"""The order as the buyer confirmed it: kept word for word, whatever becomes of names and prices.

Nghị định 52/2013 as amended asks that the terms of an order can be stored and printed.
"""

from typing import Any

from app.core.types import Json
from pos.sales.models import Order, OrderLine
from pos.sales.status import Tender

VERSION = 1


def confirmed(order: Order, tender: Tender) -> Json:
    """A copy of what was agreed, in plain values: amounts in đồng, times as ISO 8601 in UTC."""
    return {
        "version": VERSION,
        "number": order.number,
        "placed_at": order.placed_at.isoformat(),
        "contact": _values(order, _CONTACT),
        "delivery": {
            "way": order.delivery.value,
            **_values(order, _WAY),
            "place": order.place.name,
        },
        "arrives": [_text(order.arrives_from), _text(order.arrives_until)],
        "lines": [_line(line) for line in order.lines],
        "amounts": _values(order, _AMOUNTS),
        "tender": tender.value,
        "pay_until": _text(order.pay_until),
        "voucher": order.voucher_code,
        "invoice_to": order.invoice_to,
        "terms_version": order.terms_version,
    }


_CONTACT = ("contact_name", "contact_phone", "contact_email", "note")
_WAY = ("delivery_option", "address", "area_text", "province", "weight")
_AMOUNTS = (
    "subtotal",
    "discount",
    "delivery_fee",
    "delivery_discount",
    "cod_fee",
    "rounding",
    "total",
)


def _values(order: Order, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(order, name) for name in names}


def _text(value: Any) -> str | None:
    return None if value is None else str(value.isoformat())


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "code": line.sku_code,
        "set": line.bundle_name,
        "quantity": line.quantity,
        "unit": line.unit.value,
        "unit_price": line.unit_price,
        "per_quantity": line.per_quantity,
        "line_total": line.line_total,
        "discount": line.discount,
        "stars": line.stars,
    }
