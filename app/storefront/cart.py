"""The cart: find, add, change, remove. It takes no stock; the checkout does."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.errors import Conflict, NotFound
from app.core.text import N_
from app.storefront.models import Cart, CartLine
from catalog import bundles, preorders, pricing
from catalog.bundles import PartView
from catalog.models import PriceChannel, Product, ProductStatus, Sku
from catalog.preorders import PreOrderView
from pos.sales.lines import MAX_QUANTITY, BadOrderQuantity, Item
from pos.stock import availability, places
from pos.stock.availability import PlaceStock, Want

COOKIE = "cart"
MAX_LINES = 60


class NotInShop(NotFound):
    """The article is not offered."""

    code = "not_in_shop"
    message = N_("This article is not offered in the shop.")


class CartFull(Conflict):
    """Too many different articles for one order."""

    code = "cart_full"
    message = N_("The cart holds %(most)s different articles at most. Order these first.")


@dataclass(frozen=True)
class Row:
    """One line of the cart as it stands now. `total` is None without a price.

    `places` have what the lines before it leave: a gift set may need what another line wants too.
    With a `pre_order` nothing is there yet, and every place will have it.
    """

    sku: Sku
    quantity: int
    price: pricing.PriceView | None
    places: list[PlaceStock]
    parts: Sequence[PartView] = ()
    pre_order: PreOrderView | None = None

    @property
    def total(self) -> int | None:
        return self.price.for_quantity(self.quantity) if self.price else None

    @property
    def available(self) -> int:
        if self.pre_order:
            return self.pre_order.left
        return sum(stock.available for stock in self.places)

    @property
    def problem(self) -> str | None:
        """Msgid of what keeps this line from being ordered."""
        if self.sku.product.status is not ProductStatus.PUBLISHED or not self.sku.active:
            return N_("No longer offered. Remove it to go on.")
        if not all(part.offered for part in self.parts):
            return N_("A part of this set is no longer offered. Remove it to go on.")
        if self.price is None:
            return N_("Has no price now. Remove it to go on.")
        if self.available == 0:
            return N_("Sold out for now. Remove it to go on.")
        if self.available < self.quantity:
            return N_("Fewer are left than you chose. Lower the quantity.")
        return None


@dataclass(frozen=True)
class View:
    """The cart with prices and stock of this moment."""

    rows: list[Row]

    @property
    def subtotal(self) -> int:
        return sum(row.total or 0 for row in self.rows)

    @property
    def orderable(self) -> bool:
        return bool(self.rows) and all(row.problem is None for row in self.rows)

    @property
    def items(self) -> list[Item]:
        return [
            Item(row.sku.id, row.quantity, row.pre_order.id if row.pre_order else None)
            for row in self.rows
        ]

    @property
    def ahead(self) -> list[Row]:
        """The lines that are ordered before the harvest; the whole order waits for them."""
        return [row for row in self.rows if row.pre_order]


def token_hash(token: str) -> str:
    """What is stored of a browser's cart token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(session: Session, token: str | None) -> Cart | None:
    """The cart of this browser, if it has one."""
    if not token:
        return None
    query = select(Cart).filter_by(token_hash=token_hash(token))
    return session.scalar(query.options(selectinload(Cart.lines)))


def find_or_open(session: Session, token: str, *, user_id: UUID | None, now: datetime) -> Cart:
    """The cart of this browser, opened when it has none."""
    cart = find(session, token)
    if cart is None:
        cart = Cart(
            token_hash=token_hash(token), user_id=user_id, created_at=now, updated_at=now, lines=[]
        )
        session.add(cart)
        session.flush()
    return cart


def add(session: Session, cart: Cart, sku_id: UUID, quantity: int, *, now: datetime) -> CartLine:
    """Put more of an article into the cart. Raises `NotInShop`, `BadOrderQuantity`, `CartFull`."""
    sku = session.get(Sku, sku_id, options=[joinedload(Sku.product)])
    if sku is None or not sku.active or sku.product.status is not ProductStatus.PUBLISHED:
        raise NotInShop
    line = _line(cart, sku_id)
    total = quantity + (line.quantity if line else 0)
    _check(quantity)
    _check(total)
    if line is None:
        if len(cart.lines) >= MAX_LINES:
            raise CartFull(most=MAX_LINES)
        line = CartLine(sku_id=sku_id, quantity=total, added_at=now)
        cart.lines.append(line)
    line.quantity, cart.updated_at = total, now
    session.flush()
    return line


def change(session: Session, cart: Cart, sku_id: UUID, quantity: int, *, now: datetime) -> None:
    """Set the quantity of a line; 0 removes it. Raises `NotInShop`, `BadOrderQuantity`."""
    line = _line(cart, sku_id)
    if line is None:
        raise NotInShop
    if quantity == 0:
        cart.lines.remove(line)
    else:
        _check(quantity)
        line.quantity = quantity
    cart.updated_at = now
    session.flush()


def clear(session: Session, cart: Cart) -> None:
    """Empty the cart, after its order was placed."""
    cart.lines.clear()
    session.flush()


def view(session: Session, cart: Cart | None, day: date) -> View:
    """The lines with what they cost and how many there are, now."""
    if cart is None or not cart.lines:
        return View([])
    ids = [line.sku_id for line in cart.lines]
    query = select(Sku).where(Sku.id.in_(ids))
    with_owner = joinedload(Sku.product).joinedload(Product.producer)
    skus = {sku.id: sku for sku in session.scalars(query.options(with_owner))}
    priced = pricing.prices(session, ids, PriceChannel.WEB, day)
    sets = bundles.parts_of(session, ids)
    stock = _places(session, cart, sets, day)
    ahead = preorders.open_for(session, ids, day)
    everywhere = places.physical(session) if ahead else []
    rows = []
    for line, there in zip(cart.lines, stock, strict=True):
        sku, pre = skus[line.sku_id], None if there else ahead.get(line.sku_id)
        shown = [PlaceStock(place, pre.left) for place in everywhere] if pre else there
        price, parts = priced.get(sku.id), sets.get(sku.id, ())
        rows.append(Row(sku, line.quantity, price, shown, parts, pre))
    return View(rows)


def _places(
    session: Session, cart: Cart, sets: Mapping[UUID, Sequence[PartView]], day: date
) -> list[list[PlaceStock]]:
    wants = [
        Want(
            line.quantity,
            [(part.sku_id, part.quantity) for part in sets.get(line.sku_id, ())]
            or [(line.sku_id, 1)],
        )
        for line in cart.lines
    ]
    goods = {sku_id for want in wants for sku_id, _each in want.parts}
    return availability.in_turn(wants, availability.by_place(session, goods, day))


def forget_old(session: Session, *, lifetime: timedelta, now: datetime) -> None:
    """Delete carts that nobody has touched for `lifetime`."""
    old = select(Cart.id).where(Cart.updated_at < now - lifetime)
    session.execute(delete(CartLine).where(CartLine.cart_id.in_(old)))
    session.execute(delete(Cart).where(Cart.updated_at < now - lifetime))


def _line(cart: Cart, sku_id: UUID) -> CartLine | None:
    return next((line for line in cart.lines if line.sku_id == sku_id), None)


def _check(quantity: int) -> None:
    if not 1 <= quantity <= MAX_QUANTITY:
        raise BadOrderQuantity(most=MAX_QUANTITY)
