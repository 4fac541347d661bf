"""Pages of the shop."""

import secrets
from datetime import date
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guards import actor_id
from app.areas.lookup import communes_today
from app.content.prose import prose
from app.core import clock
from app.core.codes import typed
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.page_cache import shared
from app.core.paging import page_number
from app.core.web import (
    language,
    message_of,
    read_session,
    safe_next,
    see_other,
    settings,
    status_of,
)
from app.storefront import (
    badge,
    browse,
    checkout,
    delivery,
    facet_links,
    facet_names,
    gone_views,
    head,
    index,
    member,
    places_map,
    product_page,
)
from app.storefront import cart as carts
from app.storefront import home as home_page
from app.storefront.forms import (
    AddForm,
    CancelForm,
    CheckoutForm,
    LineForm,
    LookupForm,
    filters_from,
)
from app.storefront.index_rows import build
from app.storefront.sharing import share_links, zalo_chat
from pos.sales import orders
from pos.sales.models import Order
from pos.sales.status import OrderStatus
from pos.stock import places
from pos.stock.ledger import OutOfStock

bp = Blueprint("storefront", __name__)

MINE = "orders"  # numbers of the orders that this browser may see
MOST_MINE = 20


def _today() -> date:
    return clock.local_day(clock.now())


@bp.get("/")
@shared
def home() -> str:
    """What is sold, from where, and how it is proved."""
    page = home_page.compose(read_session(), _today())
    return render_template(
        "storefront/home.html",
        page=page,
        head=head.home(),
        prose=prose,
        day_of=date.fromisoformat,
    )


@bp.get("/san-pham")
@shared
def listing() -> str:
    """Products with filters; the address alone says what is shown."""
    filters = filters_from(request.args)
    number = page_number(request.args.get("page"))
    day = _today()
    shelf = index.current(read_session(), day, build, seconds=settings().index_seconds)
    page = browse.listing(read_session(), filters, number, day, shelf)
    path = url_for("storefront.listing")
    return render_template(
        "storefront/listing.html",
        page=page,
        filters=filters,
        sorts=list(browse.Sort),
        path=path,
        facets=facet_links.of(page, path, facet_names.name),
        chips=facet_links.chips(page, path, facet_names.chip),
        head=head.listing(filters, page),
    )


@bp.get("/san-pham/<slug>")
@shared
def product(slug: str) -> AnyResponse:
    """One product: price, stars, where it is in stock, which lots, which papers."""
    try:
        page = product_page.product_page(read_session(), slug, _today())
    except browse.NoSuchProduct:
        return gone_views.moved(read_session(), slug)
    except browse.Withdrawn as error:
        return gone_views.withdrawn(read_session(), slug, error, _today())
    top = head.product(page)
    shown = render_template(
        "storefront/product.html",
        page=page,
        head=top,
        shares=share_links(top.url),
        commune_slugs=places_map.province().slugs,
    )
    return make_response(shown)


@bp.get("/nha-san-xuat/<slug>")
@shared
def producer(slug: str) -> str:
    """Who makes it and what else they make."""
    page = browse.producer_page(read_session(), slug, _today())
    return render_template(
        "storefront/producer.html",
        page=page,
        head=head.producer(page),
        chat=zalo_chat(page.producer.phone),
        commune_slugs=places_map.province().slugs,
    )


@bp.get("/diem-ban")
@shared
def points() -> str:
    """Where to buy in person."""
    found = places.pickup_points(read_session())
    return render_template("storefront/points.html", points=found, head=head.points(found))


def _view() -> carts.View:
    found = carts.find(read_session(), badge.token())
    return carts.view(read_session(), found, _today())


@bp.get("/gio-hang")
def cart() -> str:
    """The cart at today's prices and stock."""
    view = _view()
    rates = delivery.Rates(settings().delivery_fee, settings().free_delivery_from)
    return render_template("storefront/cart.html", cart=view, rates=rates)


@bp.post("/gio-hang/them")
def add_to_cart() -> AnyResponse:
    """Put an article into the cart."""
    form = AddForm()
    back = safe_next(request.form.get("next"), url_for("storefront.cart"))
    if not form.validate():
        flash(" ".join(str(e) for errors in form.errors.values() for e in errors), "stop")
        return see_other(back)
    token = badge.token() or secrets.token_urlsafe(32)
    now = clock.now()
    with transaction() as db:
        found = carts.find_or_open(db, token, user_id=actor_id(), now=now)
        carts.add(db, found, UUID(form.sku.data), form.quantity.data, now=now)
    flash(_("Added to the cart."), "ok")
    response = see_other(url_for("storefront.cart"))
    badge.keep(response, token)
    return response


@bp.post("/gio-hang/sua")
def change_cart() -> AnyResponse:
    """Change or remove a line."""
    form = LineForm()
    if request.form.get("remove"):
        form.set_to_none()
    if not form.validate():
        flash(" ".join(str(e) for errors in form.errors.values() for e in errors), "stop")
        return see_other(url_for("storefront.cart"))
    with transaction() as db:
        found = carts.find(db, badge.token())
        if found is None:
            raise carts.NotInShop
        carts.change(db, found, UUID(form.sku.data), form.quantity.data, now=clock.now())
    flash(_("The cart is up to date."), "ok")
    return see_other(url_for("storefront.cart"))


def _checkout_form(**known: str) -> CheckoutForm:
    reading, ways = read_session(), bool(places.web_sources(read_session()))
    return CheckoutForm(communes_today(reading), places.pickup_points(reading), ways, **known)


def _known() -> dict[str, str]:
    """What a member need not type again."""
    signed_in = current_user.is_authenticated
    return member.prefill(read_session(), current_user.user) if signed_in else {}


@bp.get("/thanh-toan")
def checkout_page() -> AnyResponse | str:
    """Contact, delivery and the order to be confirmed, on one page."""
    view = _view()
    if not view.orderable:
        return see_other(url_for("storefront.cart"))
    return _checkout(_checkout_form(**_known()), view)


def _checkout(form: CheckoutForm, view: carts.View) -> str:
    rates = delivery.Rates(settings().delivery_fee, settings().free_delivery_from)
    points = places.pickup_points(read_session())
    ready = {str(p.id): delivery.can_serve(view, p.id) for p in points}
    return render_template(
        "storefront/checkout.html",
        form=form,
        cart=view,
        points=points,
        ready=ready,
        fee=delivery.fee(view.subtotal, rates),
        rates=rates,
    )


@bp.post("/thanh-toan")
def place_order() -> AnyResponse:
    """Order what is in the cart."""
    form = _checkout_form()
    if not form.validate():
        return make_response(_checkout(form, _view()), 422)
    rates = delivery.Rates(settings().delivery_fee, settings().free_delivery_from)
    buyer = checkout.Buyer(actor_id(), language(), rates)
    try:
        with transaction() as db:
            placed = checkout.place(
                db,
                carts.find(db, badge.token()),
                form.to_details(),
                buyer,
                key=form.key.data,
                now=clock.now(),
                randomness=secrets.token_bytes,
            )
    except OutOfStock:
        flash(
            _("Someone was faster: not everything is left at that place. Look at the cart."), "warn"
        )
        return see_other(url_for("storefront.cart"))
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_checkout(form, _view()), status_of(error))
    _remember(placed)
    return see_other(url_for("storefront.order", number=placed.number, placed=1))


def _remember(order: Order) -> None:
    mine = [n for n in session.get(MINE, []) if n != order.number]
    session[MINE] = [*mine, order.number][-MOST_MINE:]


@bp.get("/don-hang")
def order_lookup() -> str:
    """Find an order by its number and phone number."""
    form = LookupForm(number=request.args.get("number", ""))
    return render_template("storefront/order_lookup.html", form=form)


@bp.post("/don-hang")
def find_order() -> AnyResponse:
    """Show the order if both fit."""
    form = LookupForm()
    if not form.validate():
        return make_response(render_template("storefront/order_lookup.html", form=form), 422)
    try:
        found = orders.by_number_and_phone(
            read_session(), _number(form.number.data), str(form.phone.data)
        )
    except orders.UnknownOrder as error:
        form.form_errors.append(message_of(error))
        return make_response(render_template("storefront/order_lookup.html", form=form), 404)
    _remember(found)
    return see_other(url_for("storefront.order", number=found.number))


def _number(text: str) -> str:
    """An order number as people type it: `ph 26 abcd-efgh` → `PH-26-ABCDEFGH`."""
    bare = typed(text)
    return f"PH-{bare[2:4]}-{bare[4:]}" if bare.startswith("PH") else bare


def _mine(number: str) -> Order:
    found = orders.by_number(read_session(), number)
    member = actor_id()
    if number in session.get(MINE, []) or (member is not None and found.customer_id == member):
        return found
    raise orders.UnknownOrder


@bp.get("/don-hang/<number>")
def order(number: str) -> AnyResponse | str:
    """An order of this browser or this member; others are asked for the phone number."""
    try:
        found = _mine(number)
    except orders.UnknownOrder:
        return redirect(url_for("storefront.order_lookup", number=number))
    return render_template(
        "storefront/order.html",
        order=found,
        form=CancelForm(),
        just_placed="placed" in request.args,
        can_cancel=found.status is OrderStatus.PLACED,
    )


@bp.post("/don-hang/<number>/huy")
def cancel_order(number: str) -> AnyResponse:
    """The buyer calls it off, as long as the shop has not accepted it."""
    mine = _mine(number)
    with transaction() as db:
        found = orders.get(db, mine.id, lock=True)
        orders.cancel_by_buyer(db, found, now=clock.now(), actor_id=actor_id())
    flash(_("The order was cancelled."), "ok")
    return see_other(url_for("storefront.order", number=number))


@bp.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Browsers ask for it whatever the page says."""
    return redirect(url_for("static", filename="img/favicon.svg"), 301)


@bp.get("/robots.txt")
def robots() -> Response:
    """Shop pages are for everyone, the rest is not."""
    closed = ("/quan-ly", "/pos", "/gio-hang", "/thanh-toan", "/don-hang", "/tai-khoan")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += ["", f"Sitemap: {settings().base_url}{url_for('feeds.sitemap')}"]
    response = make_response("\n".join(lines) + "\n")
    response.mimetype = "text/plain"
    return response


@bp.get("/san-pham/")
def listing_with_slash() -> AnyResponse:
    """The same page under one address only."""
    return redirect(url_for("storefront.listing"), 301)
