"""Goods with a lot, stamps and numbers, as the resolver meets them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from builders import (
    BY_NOBODY,
    activate,
    make_batch,
    make_lot,
    make_product,
    make_sku,
    recognise,
    serial_of,
)
from catalog.models import Product, Sku
from traceability import gs1, resolver_edit
from traceability.models import Lot, StampBatch
from traceability.resolver_models import ResolverLink

GLN = "9520000000028"
OTHER_GLN = "9520000000035"


@dataclass(frozen=True)
class Goods:
    """A product with one article, a released lot and ten stamps of it."""

    product: Product
    sku: Sku
    lot: Lot
    batch: StampBatch

    @property
    def gtin(self) -> str:
        return self.batch.identity

    @property
    def serial(self) -> str:
        return serial_of(self.batch, 0)


def make_goods(session: Session, *, publish: bool = True, code: str = "L26-01") -> Goods:
    product = make_product(session, publish=publish)
    sku = make_sku(session, product)
    recognise(session, product)
    lot = make_lot(session, sku, code=code)
    batch = make_batch(session, lot, 10)
    activate(session, batch)
    session.commit()
    return Goods(product, sku, lot, batch)


def add_link(session: Session, path: str, **over: Any) -> ResolverLink:
    values = {"type": "certificationInfo", "href": "https://example.vn/a", "title": "Chứng nhận"}
    told = resolver_edit.Details(**(values | over))
    made = resolver_edit.add(session, gs1.parse_path(path), told, **BY_NOBODY)
    session.commit()
    return made
