"""Documents that correct an issued one: an adjustment by some đồng, or a replacement. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date

from app.core.money import split
from app.core.types import Json
from catalog.vat import Treatment, VatKind
from pos.invoicing.document import Buyer, taxed, with_sums
from pos.invoicing.status import InvoiceKind


def left(document: Json, adjusted: Iterable[Json]) -> dict[int, int]:
    """Đồng left on each line of an invoice after the adjustments that were made of it."""
    rest = {line["no"]: line["total"] for line in document["lines"]}
    for other in adjusted:
        for line in other["lines"]:
            rest[line["no"]] += line["total"]
    return rest


def adjustment(
    key: str, document: Json, rest: Mapping[int, int], amount: int, named: Json, day: date
) -> Json:
    """Take `amount` đồng off an invoice, shared over its lines by what is `left` of them."""
    shares = split(amount, list(rest.values()))
    by_number = dict(zip(rest, shares, strict=True))
    separate = document["separate_vat"]
    lines = [
        _taken(line, rest[line["no"]], by_number[line["no"]], separate)
        for line in document["lines"]
        if by_number[line["no"]]
    ]
    return _correcting(InvoiceKind.ADJUSTMENT, key, document, named, day) | with_sums(
        lines, separate
    )


def _taken(line: Json, before: int, amount: int, separate: bool) -> Json:
    """VAT goes down from that of the amount before to that of the amount after, so that several
    adjustments together take off exactly what the invoice holds."""
    same = {name: line[name] for name in ("no", "code", "name", "unit")}
    none = {"quantity": None, "unit_price": None, "per_quantity": None}
    said = same | none | {"gross": -amount, "discount": 0}
    if line["vat_kind"] is None:
        return said | taxed(-amount, None, separate)
    treatment = Treatment(VatKind.parse(line["vat_kind"]), line["vat_permille"])
    change = treatment.inside(before - amount) - treatment.inside(before)
    return said | taxed(-amount, treatment, separate, change)


def replacement(key: str, document: Json, buyer: Buyer | None, named: Json, day: date) -> Json:
    """The whole invoice anew, with another buyer's data or other VAT."""
    new = _correcting(InvoiceKind.REPLACEMENT, key, document, named, day)
    return new | {"buyer": asdict(buyer) if buyer else None}


def _correcting(kind: InvoiceKind, key: str, document: Json, named: Json, day: date) -> Json:
    """`named`: the invoice that is corrected, and `reason`."""
    reason = named["reason"]
    corrects = {name: named[name] for name in ("key", "symbol", "number", "tax_code", "issued_on")}
    return document | {
        "key": key,
        "kind": kind.value,
        "made_on": day.isoformat(),
        "corrects": corrects,
        "reason": reason,
    }
