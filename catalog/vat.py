"""VAT of goods: a tax class on the product × dated rates in `data/vat_rates.csv` × the seller's regime.

Pure. Prices include VAT; `app.core.money.vat_inside` alone takes it out and rounds it. The day is the
calendar day in Vietnam. What is marked `M` in the data was not checked against the law itself.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from app.core.enums import LabelledEnum
from app.core.money import vat_inside
from app.core.text import N_

DATA = Path(__file__).parent / "data" / "vat_rates.csv"


class VatKind(LabelledEnum):
    """How VAT treats a sale. 0 % is a rate; the other two are no rate at all."""

    RATE = "rate", N_("VAT at a rate")
    EXEMPT = "kct", N_("Not subject to VAT (KCT)")
    NOT_DECLARED = "kkknt", N_("Not declared for VAT (KKKNT)")


class VatClass(LabelledEnum):
    """What goods are to the VAT law; an accountant decides it for each product."""

    OWN_PRODUCE = "own_produce", N_("Own raw produce, sold by who grew it")
    RAW_FARM = "raw_farm", N_("Raw farm goods, sold to consumers")
    RAW_FARM_TRADE = "raw_farm_trade", N_("Raw farm goods, sold to companies and co-operatives")
    PROCESSED = "processed", N_("Processed food and other goods at the standard rate")
    SUGAR = "sugar", N_("Sugar")
    ALCOHOL = "alcohol", N_("Alcohol and other goods under special consumption tax")
    HANDICRAFT = "handicraft", N_("Handicraft of rush, bamboo, rattan or coir")
    FOREST = "forest", N_("Unprocessed forest goods")
    SERVICE = "service", N_("Services")
    DELIVERY = "delivery", N_("Delivery charged with goods")


# What a product can be; delivery is no product.
FOR_PRODUCTS = tuple(one for one in VatClass if one is not VatClass.DELIVERY)


class Regime(LabelledEnum):
    """How the seller of record pays VAT; only the first shows VAT separately on its invoices."""

    DEDUCTION = "deduction", N_("Deduction method")
    PERCENTAGE = "percentage", N_("Direct method, percentage of revenue")
    HOUSEHOLD = "household", N_("Household business without separate VAT")

    @property
    def separate_vat(self) -> bool:
        """Whether invoices and receipts show VAT apart from the price."""
        return self is Regime.DEDUCTION


@dataclass(frozen=True)
class Treatment:
    """VAT of one sale: `permille` thousandths when `kind` is a rate, else None."""

    kind: VatKind
    permille: int | None = None

    def inside(self, gross: int) -> int:
        """Đồng of VAT contained in `gross` đồng; none where there is no rate."""
        return 0 if self.permille is None else vat_inside(gross, self.permille)


@dataclass(frozen=True)
class Row:
    """One line of the data: a class is treated so on the days from first to last, both included.

    `reduction` names the resolution behind a reduced rate; `source` says where it is read,
    `verified` whether it was.
    """

    vat_class: VatClass
    first: date
    last: date | None
    treatment: Treatment
    reduction: str | None
    source: str
    verified: bool

    def holds(self, day: date) -> bool:
        """Whether the line is in force on that day."""
        return self.first <= day and (self.last is None or day <= self.last)


@lru_cache
def rows(path: Path = DATA) -> Sequence[Row]:
    """Every line of the data, by class and then by day."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_row(line) for line in csv.DictReader(file))


def _row(line: dict[str, str]) -> Row:
    kind = VatKind.parse(line["kind"])
    return Row(
        vat_class=VatClass.parse(line["class"]),
        first=date.fromisoformat(line["valid_from"]),
        last=date.fromisoformat(line["valid_until"]) if line["valid_until"] else None,
        treatment=Treatment(kind, int(line["permille"]) if kind is VatKind.RATE else None),
        reduction=line["reduction"] or None,
        source=line["source"],
        verified=line["mark"] == "R",
    )


def row_on(vat_class: VatClass | None, day: date) -> Row | None:
    """The line in force; None when the class is not decided or the data do not reach that day."""
    return next((row for row in rows() if row.vat_class is vat_class and row.holds(day)), None)


def of(vat_class: VatClass | None, fixed: int | None, day: date) -> Treatment | None:
    """VAT of a product on a day; None: not decided.

    `fixed` thousandths, ruled by an accountant for this one product, go before its class.
    """
    if fixed is not None:
        return Treatment(VatKind.RATE, fixed)
    row = row_on(vat_class, day)
    return row.treatment if row else None


def changes_within(vat_class: VatClass | None, after: date, until: date) -> bool:
    """Whether another treatment begins for the class after one day and until another, included."""
    old, new = row_on(vat_class, after), row_on(vat_class, until)
    return old is not None and new is not None and old.treatment != new.treatment
