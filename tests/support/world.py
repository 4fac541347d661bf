"""A small whole world: one certified product with stamps, a depot, a sales point and its people."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role, User
from builders import (
    activate,
    make_batch,
    make_depot,
    make_place,
    make_producer,
    make_product,
    make_register,
    make_user,
    recognise,
    serial_of,
    stock_up,
)

STAMPS = 60


@dataclass(frozen=True)
class World:
    """Keys and names that a flow needs; nothing here is bound to a session."""

    slug: str
    name: str
    producer: str
    sku_id: UUID
    sku_code: str
    gtin: str
    lot_id: UUID
    lot_code: str
    point_id: UUID
    point: str
    depot_id: UUID
    register_id: UUID
    register: str
    serials: tuple[str, ...]
    cashier: User
    keeper: User
    officer: User


def build(session: Session) -> World:
    """Make the world: 40 units in the depot, 20 at the point, stamps 0–39 activated of 60."""
    producer = make_producer(session, name="HTX Nhãn lồng Hồng Nam", slug="htx-hong-nam")
    product = make_product(session, publish=True, name_vi="Long nhãn Hồng Nam", producer=producer)
    recognise(session, product, 4)
    sku = product.skus[0]
    depot = make_depot(session)
    point = make_place(session, name="Điểm bán Phố Hiến", address="12 Phố Hiến")
    stock_up(session, depot, sku, 40, code="L26-01")
    late = stock_up(session, point, sku, 20, code="L26-02", owner=producer)
    batch = make_batch(session, late, STAMPS)
    activate(session, batch, 0, 39)
    register = make_register(session, point)
    return World(
        slug=product.slug,
        name=product.name_vi,
        producer=producer.name,
        sku_id=sku.id,
        sku_code=sku.code,
        gtin=str(sku.gtin),
        lot_id=late.id,
        lot_code=late.code,
        point_id=point.id,
        point=point.name,
        depot_id=depot.id,
        register_id=register.id,
        register=register.code,
        serials=tuple(serial_of(batch, n) for n in range(STAMPS)),
        cashier=make_user(session, Role.CASHIER, place_scope(point.id)),
        keeper=make_user(session, Role.STOCK_KEEPER, place_scope(depot.id)),
        officer=make_user(session, Role.OFFICER),
    )
