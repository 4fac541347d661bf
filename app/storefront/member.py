"""What the shop does for members: order history, ordering again, their data, and leaving."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from app.accounts import consents, members
from app.accounts.models import Grant, User
from app.core.paging import Page
from app.core.types import Json
from app.storefront import addresses, own_voices, stock_notices
from app.storefront import cart as carts
from app.storefront.models import Address, Cart, CartLine, Wish
from catalog import pricing
from catalog.models import PriceChannel, Product
from pos.sales.lines import BadOrderQuantity
from pos.sales.models import Order, OrderLine
from pos.sales.orders import UnknownOrder
from pos.stock import availability

PAGE_SIZE = 10


def prefill(session: Session, user: User) -> dict[str, str]:
    """Fields of the checkout that are known of a member."""
    known = {"name": user.name, "phone": user.phone or "", "email": user.email}
    home = addresses.default_of(session, user.id)
    if home is not None:
        known |= {"name": home.contact_name, "phone": home.phone, "address": home.street}
        known |= {"area": str(home.area_id or "")}
        if home.province:
            known |= {"province": home.province}
        if not home.area_id:
            known |= {"area_text": home.area_text or ""}
    return known


def history(session: Session, user_id: UUID, number: int) -> Page[Order]:
    """A page of the member's orders, newest first."""
    total = session.scalar(select(func.count(Order.id)).filter_by(customer_id=user_id)) or 0
    query = select(Order).filter_by(customer_id=user_id).options(selectinload(Order.lines))
    query = query.order_by(Order.placed_at.desc(), Order.id.desc())
    rows = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)


def own_order(session: Session, user_id: UUID, number: str) -> Order:
    """The member's order with its lines. Raises `UnknownOrder` for one of somebody else, too."""
    query = select(Order).filter_by(number=number, customer_id=user_id)
    found = session.scalar(query.options(selectinload(Order.lines)))
    if found is None:
        raise UnknownOrder
    return found


def order_again(
    session: Session, cart: Cart, order: Order, *, day: date, now: datetime
) -> list[str]:
    """Put what can still be bought into the cart; returns the names of what cannot."""
    ids = [line.sku_id for line in order.lines]
    priced = pricing.prices(session, ids, PriceChannel.WEB, day)
    places = availability.by_place(session, ids, day)
    missing = []
    for line in order.lines:
        for_sale = line.sku_id in priced and bool(places[line.sku_id])
        if not (for_sale and _added(session, cart, line, now)):
            missing.append(line.name)
    return missing


def _added(session: Session, cart: Cart, line: OrderLine, now: datetime) -> bool:
    try:
        carts.add(session, cart, line.sku_id, line.quantity, now=now)
    except (carts.NotInShop, carts.CartFull, BadOrderQuantity):
        return False
    return True


def export(session: Session, user: User) -> Json:
    """Everything that the shop holds of a member, as JSON values. Times in UTC, money in đồng."""
    return {
        "account": _account(user),
        "addresses": [_address(row) for row in addresses.of_user(session, user.id)],
        "consents": [_consent(row) for row in consents.history(session, user.id)],
        "orders": [_order(row) for row in _all_orders(session, user.id)],
        "wish_list": _wishes(session, user.id),
        "reviews": own_voices.reviews(session, user.id),
        "questions": own_voices.questions(session, user.id),
    }


def _account(user: User) -> Json:
    return {
        "email": user.email,
        "email_verified_at": _time(user.email_verified_at),
        "name": user.name,
        "phone": user.phone,
        "created_at": _time(user.created_at),
        "roles": [_role(given) for given in user.grants],
    }


def _role(given: Grant) -> Json:
    until = given.valid_to.isoformat() if given.valid_to else None
    role, since = given.role.value, given.valid_from.isoformat()
    return {"role": role, "scope": given.scope, "valid_from": since, "valid_to": until}


def _address(row: Address) -> Json:
    names = (
        "label", "contact_name", "phone", "street", "area_text", "province", "is_default",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {"created_at": _time(row.created_at)}


def _consent(row: Any) -> Json:
    return {
        "purpose": row.purpose.value,
        "given_at": _time(row.given_at),
        "withdrawn_at": _time(row.withdrawn_at),
        "text_version": row.text_version,
    }


def _all_orders(session: Session, user_id: UUID) -> Sequence[Order]:
    parts = (selectinload(Order.lines), selectinload(Order.payments), selectinload(Order.place))
    query = select(Order).filter_by(customer_id=user_id).options(*parts)
    return session.scalars(query.order_by(Order.placed_at, Order.id)).all()


def _order(order: Order) -> Json:
    plain = ("number", "contact_name", "contact_phone", "contact_email", "address", "area_text")
    sums = ("note", "language", "subtotal", "delivery_fee", "rounding", "total", "ended_reason")
    moments = ("placed_at", "accepted_at", "packed_at", "shipped_at", "completed_at")
    return {
        **{name: getattr(order, name) for name in plain + sums},
        **{name: _time(getattr(order, name)) for name in moments},
        "status": order.status.value,
        "delivery": order.delivery.value,
        "place": order.place.name,
        "lines": [_line(line) for line in order.lines],
        "payments": [
            {"tender": p.tender.value, "status": p.status.value, "amount": p.amount}
            for p in order.payments
        ],
    }


def _line(line: OrderLine) -> Json:
    names = (
        "name",
        "sku_code",
        "stars",
        "quantity",
        "unit_price",
        "line_total",
        "discount",
        "vat_permille",
        "vat_amount",
    )
    return {name: getattr(line, name) for name in names} | {
        "unit": line.unit.value,
        "vat_kind": line.vat_kind.value if line.vat_kind else None,
    }


def _wishes(session: Session, user_id: UUID) -> list[Json]:
    query = select(Product, Wish.added_at).join(Wish, Wish.product_id == Product.id)
    rows = session.execute(query.where(Wish.user_id == user_id).order_by(Wish.added_at))
    return [{"product": p.name_vi, "slug": p.slug, "added_at": _time(at)} for p, at in rows]


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def leave(session: Session, user: User, *, now: datetime) -> None:
    """Close the account: the person is taken out of it, and what only served the person goes.

    Orders stay as they are, with their contact data: books must be kept for years
    (Law on Accounting 88/2015/QH13, article 41). Raises `WorkAccount`.
    """
    email = user.email
    proved = email if user.email_verified_at else None
    members.anonymise(session, user, now=now)
    stock_notices.forget(session, email)
    own_voices.take_out(session, user.id, proved)
    session.execute(delete(Address).filter_by(user_id=user.id))
    session.execute(delete(Wish).filter_by(user_id=user.id))
    own_carts = select(Cart.id).filter_by(user_id=user.id)
    session.execute(delete(CartLine).where(CartLine.cart_id.in_(own_carts)))
    session.execute(delete(Cart).filter_by(user_id=user.id))
