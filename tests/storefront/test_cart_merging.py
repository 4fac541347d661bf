"""What a guest has chosen comes along; a member's cart is the same everywhere."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.accounts.models import Role, User
from app.storefront import cart as carts
from app.storefront import cart_merging
from app.storefront.cart import MAX_LINES
from app.storefront.models import Cart, CartLine
from builders import NOW, make_depot, make_offered, make_user, set_price, stock_up
from catalog.models import Sku
from pos.sales.lines import MAX_QUANTITY
from support.browser import Browser

LATER = NOW + timedelta(hours=1)
SECRET = "một mật khẩu dài"


def guest_cart(session: Session, sku: Sku, quantity: int, token: str = "guest") -> Cart:
    opened = carts.find_or_open(session, token, user_id=None, now=NOW)
    carts.add(session, opened, sku.id, quantity, now=NOW)
    return opened


def own_cart(session: Session, user: User, sku: Sku, quantity: int) -> Cart:
    opened = carts.find_or_open(session, "own", user_id=user.id, now=NOW)
    carts.add(session, opened, sku.id, quantity, now=NOW)
    return opened


def content(cart: Cart | None) -> dict[object, int]:
    return {line.sku_id: line.quantity for line in cart.lines} if cart else {}


def test_quantities_are_added_up_to_the_limit(session: Session) -> None:
    lan, a, b = make_user(session), make_offered(session), make_offered(session)
    own_cart(session, lan, a, 2)
    guest_cart(session, a, 3)
    guest_cart(session, b, MAX_QUANTITY)
    own_cart(session, lan, b, 1)
    assert cart_merging.merge(session, "guest", lan.id, now=LATER)
    merged = carts.find(session, None, lan.id)
    assert content(merged) == {a.id: 5, b.id: MAX_QUANTITY}
    assert carts.find(session, "guest") is None
    assert merged is not None
    assert merged.updated_at == LATER


def test_a_guests_cart_becomes_the_members_when_there_is_no_other(session: Session) -> None:
    lan, sku = make_user(session), make_offered(session)
    guest = guest_cart(session, sku, 2)
    assert not cart_merging.merge(session, "guest", lan.id, now=LATER)
    assert carts.find(session, None, lan.id) is guest
    assert carts.find(session, "guest") is None  # the browser shows nothing after signing out
    again = guest_cart(session, sku, 1)
    assert again is not guest


def test_nothing_is_merged_out_of_nothing(session: Session) -> None:
    assert not cart_merging.merge(session, None, make_user(session).id, now=NOW)
    assert session.scalar(select(Cart.id)) is None


def test_a_full_cart_takes_no_more_lines(session: Session) -> None:
    lan, skus = make_user(session), [make_offered(session) for _ in range(2)]
    own = own_cart(session, lan, skus[0], 1)
    for _ in range(MAX_LINES - 1):
        own.lines.append(CartLine(sku_id=make_offered(session).id, quantity=1, added_at=NOW))
    guest_cart(session, skus[1], 1)
    cart_merging.merge(session, "guest", lan.id, now=LATER)
    assert len(own.lines) == MAX_LINES


def test_nobody_elses_cart_is_found(session: Session) -> None:
    lan, an, sku = make_user(session), make_user(session), make_offered(session)
    own_cart(session, lan, sku, 1)
    assert carts.find(session, "own", an.id) is None
    assert carts.count(session, "own", an.id) == 0
    assert carts.count(session, None, lan.id) == 1


def test_a_line_remembers_the_price_that_was_shown(session: Session) -> None:
    sku = make_offered(session, 100_000)
    cart = guest_cart(session, sku, 1)
    [row] = carts.view(session, cart, NOW.date()).rows
    assert row.was is None
    set_price(session, sku, 90_000, valid_from=NOW.date())
    [row] = carts.view(session, cart, NOW.date()).rows
    assert row.was == 100_000
    carts.change(session, cart, sku.id, 2, now=NOW)
    [row] = carts.view(session, cart, NOW.date()).rows
    assert row.was is None


def test_fitting_lowers_what_is_short_and_takes_out_what_is_gone(session: Session) -> None:
    depot = make_depot(session)
    short, gone, fine = (make_offered(session) for _ in range(3))
    stock_up(session, depot, short, 2)
    stock_up(session, depot, fine, 5)
    for sku in (short, gone, fine):
        cart = guest_cart(session, sku, 3)
    carts.fit(session, cart, now=LATER)
    assert content(cart) == {short.id: 2, fine.id: 3}


def test_signing_in_brings_the_cart_along_to_every_device(session: Session, app: Flask) -> None:
    sku = make_offered(session, name_vi="Mật ong")
    stock_up(session, make_depot(session), sku, 10)
    hashed = passwords.hash_password(SECRET)
    lan = make_user(session, Role.CUSTOMER, password_hash=hashed)
    session.commit()
    phone, desk = Browser(app), Browser(app)
    phone.post("/gio-hang/them", {"sku": sku.id, "quantity": 2})
    entered = phone.client.post(
        "/dang-nhap",
        data={"csrf_token": phone.token, "email": lan.email, "password": SECRET},
    )
    assert entered.status_code == 303
    assert "Mật ong" in phone.get("/gio-hang").text
    desk.sign_in(lan)
    page = desk.get("/gio-hang").text
    assert "Mật ong" in page
    assert 'value="2"' in page
    phone.client.delete_cookie("phohien")
    assert "Mật ong" not in phone.get("/gio-hang").text
