"""Gift sets: one article sold at its own price, of articles of several producers.

A set has neither stock nor lots of its own: what is handed over, and counted, are its parts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session, aliased

from app.accounts import audit
from app.core.errors import NotFound, Rejected
from app.core.money import split
from app.core.text import N_
from catalog.models import Producer, Product, ProductStatus, Sku, Unit
from catalog.offer_models import BundlePart
from catalog.products import UnknownSku
from catalog.weights import Weighed

MOST_UNITS = 10_000  # base units of one part, for goods that are counted by the gram
LEAST_UNITS = 2


class BadSet(Rejected):
    """The parts do not make a set."""

    code = "bad_set"
    message = N_("This is not a set: %(why)s.")


class UnknownPart(NotFound):
    """No article has this code."""

    code = "unknown_part"
    message = N_("No article has the code “%(code)s”.")


@dataclass(frozen=True)
class PartView:
    """`quantity` base units of an article that lie in each set, with its maker."""

    sku_id: UUID
    code: str
    slug: str
    product_vi: str
    product_en: str | None
    name_vi: str
    name_en: str | None
    unit: Unit
    quantity: int
    producer: str | None
    producer_slug: str | None
    offered: bool
    grams: int | None = None  # of one base unit, see catalog/weights.py
    max_transit_days: int | None = None


_Maker = aliased(Producer)


def _query(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            BundlePart.bundle_id,
            Sku.id.label("sku_id"),
            Sku.code,
            Product.slug,
            Product.name_vi.label("product_vi"),
            Product.name_en.label("product_en"),
            Sku.name_vi,
            Sku.name_en,
            Sku.unit,
            Sku.weight,
            Sku.net_content,
            Sku.net_unit,
            Product.max_transit_days,
            BundlePart.quantity,
            _Maker.name.label("producer"),
            _Maker.slug.label("producer_slug"),
            Product.status,
            Sku.active,
        )
        .select_from(BundlePart)
        .join(Sku, Sku.id == BundlePart.part_id)
        .join(Product, Product.id == Sku.product_id)
        .outerjoin(_Maker, _Maker.id == Product.producer_id)
        .where(condition)
        .order_by(BundlePart.bundle_id, Product.sort_key, Sku.position, Sku.code)
    )


def of_product_query(product_id: Any) -> Select[*tuple[Any, ...]]:
    """The parts of every set among a product's articles; for `views`."""
    bundle = aliased(Sku)
    own = select(bundle.id).where(bundle.product_id == product_id, bundle.active)
    return _query(BundlePart.bundle_id.in_(own))


def views(rows: Iterable[Any]) -> Mapping[UUID, Sequence[PartView]]:
    """What the rows of `of_product_query` say: the parts of each set."""
    found: dict[UUID, list[PartView]] = defaultdict(list)
    for row in rows:
        found[row.bundle_id].append(_view(row))
    return dict(found)


def _view(row: Any) -> PartView:
    return PartView(
        sku_id=row.sku_id,
        code=row.code,
        slug=row.slug,
        product_vi=row.product_vi,
        product_en=row.product_en,
        name_vi=row.name_vi,
        name_en=row.name_en,
        unit=row.unit,
        quantity=row.quantity,
        producer=row.producer,
        producer_slug=row.producer_slug,
        offered=bool(row.active) and row.status == ProductStatus.PUBLISHED,
        grams=Weighed(row.unit, row.weight, row.net_content, row.net_unit).grams,
        max_transit_days=row.max_transit_days,
    )


def parts_of(session: Session, sku_ids: Iterable[UUID]) -> Mapping[UUID, Sequence[PartView]]:
    """The parts of those of the articles that are sets. One statement."""
    return views(session.execute(_query(BundlePart.bundle_id.in_(set(sku_ids)))))


def is_set(sku_id: Any) -> ColumnElement[bool]:
    """Condition: the article is a set."""
    return select(BundlePart.bundle_id).where(BundlePart.bundle_id == sku_id).exists()


def fit(parts: Iterable[tuple[int, int]]) -> int:
    """How many sets can be made of parts that are (units there, units in each set). Pure."""
    return min((max(units, 0) // each for units, each in parts), default=0)


def shares(amount: int, worth: Sequence[int | None]) -> list[int]:
    """Divide the price of a set by what its parts cost by themselves; whole đồng, sums exactly.

    A part that is not sold by itself (None) weighs as much as the others on average; when none is,
    all weigh the same. Pure.
    """
    known = [value for value in worth if value is not None]
    average = round(sum(known) / len(known)) if known else 1
    weights = [average if value is None else value for value in worth]
    return split(amount, weights if any(weights) else [1] * len(weights))


def set_parts(
    session: Session,
    bundle: Sku,
    parts: Mapping[UUID, int],
    *,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Say what lies in each set; nothing makes it an ordinary article again. Audited.

    Raises `BadSet`, `UnknownSku`.
    """
    known = _locked(session, {bundle.id, *parts})
    _check(session, bundle, parts, known)
    rows = select(BundlePart).filter_by(bundle_id=bundle.id)
    before = {row.part_id: row.quantity for row in session.scalars(rows)}
    if before == dict(parts):
        return
    session.execute(delete(BundlePart).where(BundlePart.bundle_id == bundle.id))
    session.add_all(
        BundlePart(bundle_id=bundle.id, part_id=part_id, quantity=quantity)
        for part_id, quantity in parts.items()
    )
    session.flush()
    detail = {"before": _listed(before), "after": _listed(parts)}
    obj = ("sku", bundle.id)
    audit.record(session, "sku.parts", obj, actor_id=actor_id, now=now, detail=detail)


def _listed(parts: Mapping[UUID, int]) -> dict[str, int]:
    return {str(key): parts[key] for key in sorted(parts)}


def _locked(session: Session, sku_ids: set[UUID]) -> dict[UUID, Sku]:
    """The articles, locked in one order: two sets must not come to lie in each other."""
    query = select(Sku).where(Sku.id.in_(sku_ids)).order_by(Sku.id).with_for_update()
    return {sku.id: sku for sku in session.scalars(query)}


def _check(
    session: Session, bundle: Sku, parts: Mapping[UUID, int], known: Mapping[UUID, Sku]
) -> None:
    if set(parts) - set(known):
        raise UnknownSku
    if not parts:
        return
    ids = set(parts)
    if bundle.id in ids or session.scalar(select(1).where(BundlePart.bundle_id.in_(ids)).limit(1)):
        raise BadSet(why=N_("a set cannot lie in a set"))
    if session.scalar(select(1).where(BundlePart.part_id == bundle.id).limit(1)):
        raise BadSet(why=N_("the article lies in a set itself"))
    if bundle.unit is not Unit.PIECE:
        raise BadSet(why=N_("a set is sold by the piece"))
    if any(not 1 <= quantity <= MOST_UNITS for quantity in parts.values()):
        raise BadSet(why=N_("a quantity is not possible"))
    if sum(parts.values()) < LEAST_UNITS:
        raise BadSet(why=N_("it holds fewer than two units"))
