"""What is in stock, as other programs read it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.api import schemas
from catalog.models import Product, ProductStatus, Sku
from pos.stock import availability
from pos.stock.availability import PlaceStock


def listing(session: Session, codes: Sequence[str], day: date) -> schemas.AvailabilityList:
    """What can be had of these articles, in this order; each once."""
    wanted = list(dict.fromkeys(codes))
    query = (
        select(Sku)
        .join(Product)
        .where(Sku.code.in_(wanted), Sku.active, Product.status == ProductStatus.PUBLISHED)
        .options(joinedload(Sku.product))
    )
    known = {sku.code: sku for sku in session.scalars(query)}
    stock = availability.by_place(session, [sku.id for sku in known.values()], day)
    return schemas.AvailabilityList(
        items=[_of(known[code], stock[known[code].id]) for code in wanted if code in known],
        unknown=[code for code in wanted if code not in known],
    )


def _of(sku: Sku, stock: Sequence[PlaceStock]) -> schemas.Availability:
    counted = sku.product.counted
    most = max((at.available for at in stock if at.place.serves_web), default=0)
    places = [
        schemas.PlaceStock(code=at.place.code, name=at.place.name, available=at.available)
        for at in stock
        if counted
    ]
    return schemas.Availability(
        sku=sku.code,
        counted=counted,
        unit=sku.unit,
        by_post=most if counted else None,
        places=places,
    )
