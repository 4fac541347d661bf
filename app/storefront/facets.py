"""How many products each further filter would leave.

The counts of a facet ignore its own selection and respect all others and the query, so that a
number always says what a click on it would show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.core.enums import LabelledEnum
from app.core.text import N_
from app.storefront.index import Column, Index, Mask, Value


class Facet(LabelledEnum):
    """What a listing can be narrowed by; the values are the names in addresses."""

    CATEGORY = "category", N_("Shelf")
    GROUP = "group", N_("OCOP group")
    STARS = "stars", N_("OCOP stars in force")
    IN_STOCK = "in_stock", N_("Availability")
    SEASON = "season", N_("Season")
    PRICE = "price", N_("Price")
    TO = "to", N_("Can be sent to")
    COMMUNE = "commune", N_("Commune")
    AREA = "area", N_("Old district")
    POINT = "point", N_("In stock at")
    PAPER = "paper", N_("Paper")
    PRODUCER = "producer", N_("Producer")


@dataclass(slots=True)  # not frozen: a page makes hundreds
class Choice:
    """One value of a facet: as it stands in an address, its name, and how many products it leaves."""

    value: str
    name_vi: str
    name_en: str | None
    count: int


Choices = Mapping[Facet, Sequence[Choice]]
MOST = 60  # values of a facet that anyone would look through
_ORDERED = {Facet.STARS, Facet.PRICE, Facet.TO}  # by value, not by count


def known(index: Index, wanted: Mapping[Facet, str]) -> dict[Facet, str]:
    """The chosen values that exist."""
    return {f: v for f, v in wanted.items() if index.columns[f.value].mask(v) is not None}


def narrowed(
    index: Index, wanted: Mapping[Facet, str], found: Mask
) -> tuple[Mask, dict[Facet, Mask]]:
    """The products that pass every filter, and for each facet those that pass all the others."""
    masks = {facet: index.columns[facet.value].mask(value) for facet, value in wanted.items()}
    passing = found.copy()
    for mask in masks.values():
        passing &= False if mask is None else mask
    others = {
        facet: _all_but(facet, masks, found) if facet in masks else passing for facet in Facet
    }
    return passing, others


def _all_but(facet: Facet, masks: Mapping[Facet, Mask | None], found: Mask) -> Mask:
    passing = found.copy()
    for other, mask in masks.items():
        if other is not facet:
            passing &= False if mask is None else mask
    return passing


def counted(index: Index, wanted: Mapping[Facet, str], others: Mapping[Facet, Mask]) -> Choices:
    """The values that leave something, with their counts: at most `MOST`, those that leave most first.

    A chosen value is there also when it leaves nothing.
    """
    return {
        facet: _choices(facet, index.columns[facet.value], wanted.get(facet), others[facet])
        for facet in Facet
    }


def _choices(facet: Facet, column: Column, chosen: str | None, passing: Mask) -> list[Choice]:
    counts = column.counts(passing)
    order = np.arange(len(counts)) if facet in _ORDERED else np.argsort(-counts, kind="stable")
    shown = order[counts[order] > 0][:MOST].tolist()
    if chosen is not None:
        places = (n for n, value in enumerate(column.values) if value.value == chosen)
        shown += [place for place in places if place not in shown]
    found = [_choice(column.values[place], int(counts[place])) for place in shown]
    return found[::-1] if facet is Facet.STARS else found


def _choice(value: Value, count: int) -> Choice:
    return Choice(value.value, value.name_vi, value.name_en, count)
