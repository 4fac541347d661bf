"""Carriers behind one interface: how they learn of parcels that are handed over.

No carrier is asked over the network inside a transaction: announcing happens before, and what it
answers is kept afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from catalog import tables


@dataclass(frozen=True)
class Notice:
    """What a carrier must know of a parcel. `cod_amount` đồng to collect, `weight` in grams."""

    order_number: str
    number: str | None
    service: str
    name: str
    phone: str
    address: str
    weight: int | None
    cod_amount: int
    note: str


@dataclass(frozen=True)
class Told:
    """What came of telling: numbers by order number, and a file for the carrier, if it takes one."""

    numbers: dict[str, str]
    file: bytes | None = None


class Carrier(Protocol):
    """A carrier that can be told of parcels."""

    def announce(self, notices: Sequence[Notice]) -> Told:
        """Tell of the parcels; the same ones may be told again."""
        ...


class ByHand:
    """Staff tell the carrier themselves and type its numbers in."""

    def announce(self, notices: Sequence[Notice]) -> Told:
        """Nothing happens here: the numbers are those that were typed."""
        return Told({n.order_number: n.number for n in notices if n.number})


COLUMNS = (
    "order_number",
    "tracking_number",
    "service",
    "receiver",
    "phone",
    "address",
    "weight_grams",
    "collect_dong",
    "note",
)


class ByFile:
    """The carrier takes a table in its own programme."""

    def announce(self, notices: Sequence[Notice]) -> Told:
        """A CSV table of the parcels, one row each."""
        rows = [
            (
                n.order_number,
                n.number,
                n.service,
                n.name,
                n.phone,
                n.address,
                n.weight,
                n.cod_amount,
                n.note,
            )
            for n in notices
        ]
        known = {n.order_number: n.number for n in notices if n.number}
        return Told(known, tables.to_csv(list(COLUMNS), rows))
