"""Addresses of members. One of them is the default as long as there is any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.areas.models import AreaUnit
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.text import N_
from app.storefront.models import Address
from app.storefront.reach import HOME

MOST = 20


class UnknownAddress(NotFound):
    """No such address."""

    code = "unknown_address"
    message = N_("This address does not exist any more.")


class ForeignAddress(Forbidden):
    """The address belongs to somebody else."""

    code = "foreign_address"
    message = N_("This address belongs to another account.")


class TooManyAddresses(Conflict):
    """Nobody needs that many."""

    code = "too_many_addresses"
    message = N_("You can keep %(most)s addresses. Delete one that you do not need.")


@dataclass(frozen=True)
class Entry:
    """What a member enters. `area` is a commune of today in the home province; elsewhere `area_text`
    names it and `province` is the code of its province."""

    label: str | None
    contact_name: str
    phone: str
    street: str
    area: AreaUnit | None
    is_default: bool
    province: str | None = None
    area_text: str | None = None


def of_user(session: Session, user_id: UUID) -> Sequence[Address]:
    """The member's addresses, the default first."""
    query = select(Address).filter_by(user_id=user_id)
    return session.scalars(query.order_by(Address.is_default.desc(), Address.created_at)).all()


def default_of(session: Session, user_id: UUID) -> Address | None:
    """Where the member usually has things sent."""
    return next(iter(of_user(session, user_id)), None)


def get(session: Session, address_id: UUID, user_id: UUID) -> Address:
    """The member's own address. Raises `UnknownAddress`, `ForeignAddress`."""
    found = session.get(Address, address_id)
    if found is None:
        raise UnknownAddress
    if found.user_id != user_id:
        raise ForeignAddress
    return found


def add(session: Session, user_id: UUID, entry: Entry, *, now: datetime) -> Address:
    """Keep another address; the first one is the default. Raises `TooManyAddresses`."""
    others = of_user(session, user_id)
    if len(others) >= MOST:
        raise TooManyAddresses(most=MOST)
    made = Address(user_id=user_id, created_at=now, is_default=not others)
    _fill(made, entry)
    session.add(made)
    session.flush()
    if entry.is_default:
        make_default(session, made)
    return made


def revise(session: Session, address: Address, entry: Entry) -> None:
    """Change an address. The default stays the default until another one becomes it."""
    _fill(address, entry)
    if entry.is_default:
        make_default(session, address)
    session.flush()


def make_default(session: Session, address: Address) -> None:
    """Use this address unless the buyer says otherwise."""
    for other in of_user(session, address.user_id):
        other.is_default = other.id == address.id
    session.flush()


def delete(session: Session, address: Address) -> None:
    """Forget an address; the oldest that is left takes over as the default."""
    session.delete(address)
    session.flush()
    left = default_of(session, address.user_id)
    if left is not None:
        left.is_default = True
    session.flush()


def _fill(address: Address, entry: Entry) -> None:
    address.label, address.street = entry.label, entry.street
    address.contact_name, address.phone = entry.contact_name, entry.phone
    address.area_id = entry.area.id if entry.area else None
    address.area_text = entry.area.full_name if entry.area else entry.area_text
    address.province = HOME if entry.area else entry.province
