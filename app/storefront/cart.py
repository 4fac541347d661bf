"""The cart: find, add, change, remove. It takes no stock; the checkout does."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID, uuid4

from sqlalchemy import Uuid, bindparam, delete, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.batch import Batch
from app.core.clock import local_day
from app.core.errors import Conflict, NotFound
from app.core.text import N_
from app.storefront.models import Cart, CartLine
from catalog import preorders, pricing, weights
from catalog.bundles import PartView
from catalog.models import PriceChannel, ProductStatus, Sku
from catalog.preorders import PreOrderView
from pos.sales import price_list
from pos.sales.lines import MAX_QUANTITY, BadOrderQuantity, Item
from pos.sales.price_list import PriceList
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
    seen_price: int | None = None

    @property
    def total(self) -> int | None:
        return self.price.for_quantity(self.quantity) if self.price else None

    @property
    def available(self) -> int:
        if self.pre_order:
            return self.pre_order.left
        return sum(stock.available for stock in self.places)

    @property
    def was(self) -> int | None:
        """The price that the visitor was shown before, if it is another one now."""
        now = self.price.amount if self.price else None
        return self.seen_price if self.seen_price != now else None

    @property
    def grams(self) -> int | None:
        """What the line weighs; None when the weight of a part is not known."""
        if not self.parts:
            each = weights.of(self.sku)
            return None if each is None else each * self.quantity
        known = [part.grams * part.quantity for part in self.parts if part.grams is not None]
        return sum(known) * self.quantity if len(known) == len(self.parts) else None

    @property
    def max_transit_days(self) -> int | None:
        """The longest way that the goods bear, those in a gift set included."""
        limits = [self.sku.product.max_transit_days, *(p.max_transit_days for p in self.parts)]
        return min((days for days in limits if days is not None), default=None)

    @property
    def _is_listed(self) -> bool:
        return self.sku.active and self.sku.product.status is ProductStatus.PUBLISHED

    @property
    def offered(self) -> bool:
        """Whether the article and everything in it is offered."""
        return self._is_listed and all(part.offered for part in self.parts)

    @property
    def problem(self) -> str | None:
        """Msgid of what keeps this line from being ordered."""
        if not self._is_listed:
            return N_("No longer offered. Remove it to go on.")
        if not self.offered:
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
    """The cart with prices and stock of this moment; `listed` is what they were read from."""

    rows: list[Row]
    listed: PriceList | None = None

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
    def grams(self) -> int | None:
        """What everything weighs; None when the weight of something is not known."""
        known = [row.grams for row in self.rows if row.grams is not None]
        return sum(known) if len(known) == len(self.rows) else None

    @property
    def unweighed(self) -> list[Row]:
        """The lines of which nobody knows what they weigh."""
        return [row for row in self.rows if row.grams is None]

    @property
    def max_transit_days(self) -> int | None:
        """The longest way that everything bears."""
        limits = (row.max_transit_days for row in self.rows)
        return min((days for days in limits if days is not None), default=None)

    @property
    def ahead(self) -> list[Row]:
        """The lines that are ordered before the harvest; the whole order waits for them."""
        return [row for row in self.rows if row.pre_order]


def token_hash(token: str) -> str:
    """What is stored of a browser's cart token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(session: Session, token: str | None, user_id: UUID | None = None) -> Cart | None:
    """The member's cart, which is the same on every device, else the one of this browser.

    A browser's cart that belongs to a member is not shown to anybody else.
    """
    if user_id is not None:
        found = session.scalar(_OF_MEMBER, {"user": user_id})
        if found is not None:
            return found
    if not token:
        return None
    return session.execute(_OF_BROWSER, {"hash": token_hash(token)}).unique().scalar()


_OF_MEMBER = (
    select(Cart)
    .where(Cart.user_id == bindparam("user"))
    .order_by(Cart.updated_at.desc(), Cart.id)
    .limit(1)
    .options(selectinload(Cart.lines))
)
_OF_BROWSER = (
    select(Cart)
    .where(Cart.token_hash == bindparam("hash"), Cart.user_id.is_(None))
    .options(joinedload(Cart.lines))
)


def count(session: Session, token: str | None, user_id: UUID | None = None) -> int:
    """Number of lines in the cart that `find` finds. One statement."""
    own = select(Cart.id).filter_by(user_id=user_id).where(Cart.user_id.is_not(None))
    newest = own.order_by(Cart.updated_at.desc(), Cart.id).limit(1).scalar_subquery()
    guest = select(Cart.id).filter_by(token_hash=token_hash(token or ""), user_id=None)
    found = func.coalesce(newest, guest.scalar_subquery())
    return session.scalar(select(func.count(CartLine.sku_id)).filter_by(cart_id=found)) or 0


def find_or_open(session: Session, token: str, *, user_id: UUID | None, now: datetime) -> Cart:
    """The cart of this member or browser, opened when there is none. A member's cart is found by
    the member alone, so a browser shows nothing of it after signing out."""
    cart = find(session, token, user_id)
    if cart is None:
        _free_key(session, token)
        cart = Cart(
            token_hash=token_hash(token), user_id=None, created_at=now, updated_at=now, lines=[]
        )
        session.add(cart)
    if user_id is not None:
        give(cart, user_id)
    session.flush()
    return cart


def give(cart: Cart, user_id: UUID) -> None:
    """Make it the member's cart, which no token opens any more."""
    if cart.user_id is None:
        cart.user_id, cart.token_hash = user_id, token_hash(str(uuid4()))


def _free_key(session: Session, token: str) -> None:
    """A cart that became a member's before carts followed their members still bears the key."""
    taken = session.scalar(select(Cart).filter_by(token_hash=token_hash(token)))
    if taken is not None:
        taken.token_hash = token_hash(str(uuid4()))
        session.flush()


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
    _note_prices(session, [line], now)
    session.flush()
    return line


def _note_prices(session: Session, lines: Sequence[CartLine], now: datetime) -> None:
    """Keep what the lines cost now as seen: later changes are told against it."""
    ids = [line.sku_id for line in lines]
    priced = pricing.prices(session, ids, PriceChannel.WEB, local_day(now))
    for line in lines:
        price = priced.get(line.sku_id)
        line.seen_price = price.amount if price else None


def fit(session: Session, cart: Cart, *, now: datetime) -> None:
    """Lower every line to what there is, and take out what cannot be had at all."""
    for row in view(session, cart, local_day(now)).rows:
        line = _line(cart, row.sku.id)
        if line is None or row.problem is None:
            continue
        if row.price is None or not row.offered or row.available < 1:
            cart.lines.remove(line)
        else:
            line.quantity = min(line.quantity, row.available)
    cart.updated_at = now
    session.flush()


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
        _note_prices(session, [line], now)
    cart.updated_at = now
    session.flush()


def clear(session: Session, cart: Cart) -> bool:
    """Empty the cart, after its order was placed; False when somebody has done so meanwhile."""
    lines, found = list(cart.lines), {"cart": cart.id, "skus": [line.sku_id for line in cart.lines]}
    gone: int = session.execute(_CLEAR, found).rowcount  # type: ignore[attr-defined]
    for line in lines:
        session.expunge(line)
    session.expire(cart, ["lines"])
    return gone == len(lines)


_CLEAR = (
    delete(CartLine)
    .where(CartLine.cart_id == bindparam("cart"))
    .where(CartLine.sku_id.in_(bindparam("skus", type_=Uuid(), expanding=True)))
    .execution_options(synchronize_session=False)
)


def view(session: Session, cart: Cart | None, day: date) -> View:
    """The lines with what they cost and how many there are, now."""
    if cart is None or not cart.lines:
        return View([])
    known = price_list.goods(session, [line.sku_id for line in cart.lines])
    read = _batch().run(session, ids=list(known.skus), day=day)
    listed = price_list.listed(known, read, day)
    stock = _places(cart, known.sets, availability.shown(read["stock"]))
    ahead = preorders.views(read["ahead"])
    everywhere = places.physical(session) if ahead else []
    rows = []
    for line, there in zip(cart.lines, stock, strict=True):
        sku, pre = known.skus[line.sku_id], None if there else ahead.get(line.sku_id)
        shown = [PlaceStock(place, pre.left) for place in everywhere] if pre else there
        price, parts = listed.prices.get(sku.id), known.sets.get(sku.id, ())
        rows.append(Row(sku, line.quantity, price, shown, parts, pre, line.seen_price))
    return View(rows, listed)


@lru_cache
def _batch() -> Batch:
    """Everything about the articles of a cart, and the parts of its sets, in one statement."""
    ids, day = price_list.IDS, price_list.DAY
    more = {"stock": availability.shown_query(ids, day), "ahead": preorders.query(ids, day)}
    return Batch(price_list.queries(PriceChannel.WEB) | more)


def _places(
    cart: Cart,
    sets: Mapping[UUID, Sequence[PartView]],
    stock: Mapping[UUID, Sequence[PlaceStock]],
) -> list[list[PlaceStock]]:
    wants = [
        Want(
            line.quantity,
            [(part.sku_id, part.quantity) for part in sets.get(line.sku_id, ())]
            or [(line.sku_id, 1)],
        )
        for line in cart.lines
    ]
    return availability.in_turn(wants, stock)


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
