"""Banks by their number at NAPAS: reference data, not code."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SOURCE = Path(__file__).with_name("data") / "banks.csv"


@dataclass(frozen=True)
class Bank:
    """One bank; `checked` when its number was read and not only remembered."""

    bin: str
    short_name: str
    name: str
    checked: bool


@lru_cache
def known() -> Mapping[str, Bank]:
    """The banks by their number."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {
            r["bin"]: Bank(r["bin"], r["short_name"], r["name"], r["mark"] == "R") for r in rows
        }


def name_of(number: str) -> str:
    """What buyers call the bank; its number when it is not on the list."""
    bank = known().get(number)
    return bank.short_name if bank else number
