"""What the buyer looked at before confirming, and what has changed since. Pure.

The review page sends it back as text. It decides nothing but whether the buyer must look again:
prices, fees and stock are always reckoned anew.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.storefront.cart import View
from pos.sales.placing import Terms

MOST = 20_000


@dataclass(frozen=True)
class Change:
    """`what` is `price`, `quantity`, `gone`, `added`, `fee`, `cod_fee`, `way`, `arrival`, `discount`,
    `terms` or `total`; `name` the article. `before` and `now` in đồng or units."""

    what: str
    name: str | None = None
    before: int | None = None
    now: int | None = None


def text_of(view: View, terms: Terms, discount: int, version: str | None) -> str:
    """Everything that the buyer agrees to, in one line of JSON."""
    return json.dumps(_facts(view, terms, discount, version), separators=(",", ":"))


def _facts(view: View, terms: Terms, discount: int, version: str | None) -> dict[str, Any]:
    return {
        # In one order: two lines put in at one moment come in any.
        "lines": dict(
            sorted((str(row.sku.id), [row.quantity, row.total or 0]) for row in view.rows)
        ),
        "fee": terms.fee,
        "cod_fee": terms.cod_fee,
        "discount": discount,
        "way": [terms.delivery.value, terms.option, str(terms.source.id), terms.tender.value],
        "arrival": [str(terms.arrives_from), str(terms.arrives_until)],
        "terms": version,
        "total": view.subtotal + terms.fee + terms.cod_fee - discount,
    }


def changes(seen: str, view: View, now: str) -> list[Change]:
    """What differs between two texts; one general line when the first cannot be read."""
    before, after = _read(seen), json.loads(now)
    if before is None:
        return [Change("total", now=after["total"])]
    return [*_of_lines(before["lines"], after["lines"], view), *_of_sums(before, after)]


def _of_lines(before: dict[str, Any], after: dict[str, Any], view: View) -> Iterator[Change]:
    names = {str(row.sku.id): row.sku.product.name_vi for row in view.rows}
    for key, (quantity, total) in after.items():
        if key not in before:
            yield Change("added", names[key])
            continue
        had, cost = before[key]
        if had != quantity:
            yield Change("quantity", names[key], had, quantity)
        elif cost != total:
            yield Change("price", names[key], cost, total)
    if set(before) - set(after):
        yield Change("gone")


def _of_sums(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for name in ("fee", "cod_fee", "discount", "total"):
        if before[name] != after[name]:
            yield Change(name, before=before[name], now=after[name])
    for name in ("way", "arrival", "terms"):
        if before[name] != after[name]:
            yield Change(name)


def _read(text: str) -> dict[str, Any] | None:
    """What was sent back, if it is of our making; it may as well have been made up."""
    try:
        found = json.loads(text[:MOST])
        lines = {str(k): [int(q), int(t)] for k, (q, t) in found["lines"].items()}
        sums = {name: int(found[name]) for name in ("fee", "cod_fee", "discount", "total")}
        rest = {name: found[name] for name in ("way", "arrival", "terms")}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return {"lines": lines, **sums, **rest}
