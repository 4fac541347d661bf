"""People of the demonstration; all made up, one for each role."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import users
from app.accounts.access import EVERYWHERE, place_scope, producer_scope
from app.accounts.models import Role, User
from catalog.models import Producer
from pos.stock.models import Place

# For the demonstration only, where `make run` prints it.
PASSWORD = "pho-hien-demo"  # noqa: S105  # nosec B105

OFFICER = "canbo@example.vn"
PRODUCER = "nhasanxuat@example.vn"
MANAGER = "quanly@example.vn"
CASHIER = "thungan@example.vn"
KEEPER = "thukho@example.vn"
CUSTOMER = "khach@example.vn"

# (role, e-mail, password), printed by `make run`.
LOGINS: list[tuple[str, str, str]] = [
    (Role.OFFICER.label, OFFICER, PASSWORD),
    (Role.PRODUCER.label, PRODUCER, PASSWORD),
    (Role.POINT_MANAGER.label, MANAGER, PASSWORD),
    (Role.CASHIER.label, CASHIER, PASSWORD),
    (Role.STOCK_KEEPER.label, KEEPER, PASSWORD),
    (Role.CUSTOMER.label, CUSTOMER, PASSWORD),
]

NAMES = {
    OFFICER: "Trần Minh Hoạ (cán bộ)",
    PRODUCER: "Lê Minh Hoạ (nhà sản xuất)",
    MANAGER: "Phạm Minh Hoạ (quản lý điểm bán)",
    CASHIER: "Nguyễn Minh Hoạ (thu ngân)",
    KEEPER: "Đỗ Minh Hoạ (thủ kho)",
    CUSTOMER: "Vũ Minh Hoạ (khách hàng)",
}


def load(
    session: Session,
    points: list[Place],
    depot: Place,
    password_hash: str,
    *,
    day: date,
    now: datetime,
) -> Mapping[str, User]:
    """One person for each role, with the scopes that fit; returns them by e-mail address."""
    made = {
        email: users.create(
            session, email=email, name=name, password_hash=password_hash, now=now, actor_id=None
        )
        for email, name in NAMES.items()
    }
    vinagri = session.scalars(select(Producer).where(Producer.name.contains("VinAgri"))).one()
    first = place_scope(points[0].id)
    grants = [
        (OFFICER, Role.OFFICER, EVERYWHERE),
        (PRODUCER, Role.PRODUCER, producer_scope(vinagri.id)),
        (MANAGER, Role.POINT_MANAGER, first),
        (CASHIER, Role.CASHIER, first),
        (KEEPER, Role.STOCK_KEEPER, place_scope(depot.id)),
        (KEEPER, Role.STOCK_KEEPER, first),
        *((email, Role.CUSTOMER, EVERYWHERE) for email in (CUSTOMER,)),
    ]
    for email, role, scope in grants:
        users.grant(session, made[email], role, scope, day=day, now=now, actor_id=None)
    return made


def actor(people: Mapping[str, User], email: str) -> UUID:
    """Key of a person."""
    return people[email].id
