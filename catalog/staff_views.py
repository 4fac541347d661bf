"""Catalogue pages for staff: products, articles, prices, producers, recognitions."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.paging import page_number
from app.core.web import message_of, read_session, see_other, status_of
from catalog import channel_links, evidence, labels, overview, photos, pricing, product_list
from catalog import products as product_verbs
from catalog import recognitions as verbs
from catalog.forms import (
    LowStockForm,
    NewProductForm,
    PriceForm,
    ProductForm,
    ReasonForm,
    RecognitionForm,
    RevokeForm,
    SkuForm,
    WeightForm,
)
from catalog.list_filters import lapse_from, product_filters
from catalog.models import Category, PriceChannel, Producer, Product, ProductStatus, Unit
from catalog.photo_forms import LinkForm
from catalog.recognition_models import IssuerLevel, Recognition

bp = Blueprint("catalog", __name__)

P = Permission


def _text() -> str:
    return request.args.get("q", "").replace("\0", "").strip()[:60]


def _mine() -> frozenset[UUID] | None:
    return access().keys(P.CATALOG_VIEW, "producer")


def _product(product_id: UUID, permission: Permission) -> Product:
    found = product_verbs.get(read_session(), product_id)
    scopes = [producer_scope(found.producer_id)] if found.producer_id else []
    demand(permission, *scopes)
    return found


@bp.get("/san-pham")
@requires(P.CATALOG_VIEW)
def products() -> str:
    """All products, also those that are not offered."""
    filters, day = product_filters(request.args), clock.local_day(clock.now())
    number = page_number(request.args.get("page"))
    page = product_list.page(read_session(), filters, _mine(), number, day)
    views = verbs.views(read_session(), [p.id for p in page.items], day)
    return render_template(
        "catalog/products.html",
        page=page,
        filters=filters,
        statuses=list(ProductStatus),
        shelves=overview.shelves(read_session()),
        makers=overview.makers(read_session(), _mine()),
        star_states=list(product_list.Stars),
        orders=list(product_list.Order),
        checked=request.args.get("all") == "1",
        key=str(uuid4()),
        views=views,
        may_edit=access().anywhere(P.CATALOG_EDIT),
    )


def _new_form() -> NewProductForm:
    shelves = list(read_session().scalars(select(Category).order_by(Category.position)))
    makers = list(read_session().scalars(select(Producer).order_by(Producer.slug)))
    return NewProductForm(shelves, makers)


@bp.get("/san-pham/moi")
@requires(P.CATALOG_EDIT)
def new_product() -> str:
    """Describe a product."""
    return render_template("catalog/new_product.html", form=_new_form())


@bp.post("/san-pham/moi")
@requires(P.CATALOG_EDIT)
def create_product() -> Response:
    """Keep the description as a draft."""
    form = _new_form()
    if not form.validate():
        return make_response(render_template("catalog/new_product.html", form=form), 422)
    with transaction() as db:
        maker = db.get(Producer, UUID(form.producer.data)) if form.producer.data else None
        made = product_verbs.draft(
            db,
            form.to_texts(),
            producer=maker,
            category=db.get_one(Category, UUID(form.category.data)),
            area_text=maker.area_text if maker else None,
            now=clock.now(),
            actor_id=actor_id(),
        )
    flash(_("The draft is kept. Add an article and a price, then publish it."), "ok")
    return see_other(url_for("catalog.product", product_id=made.id))


@bp.get("/san-pham/<uuid:product_id>")
@requires(P.CATALOG_VIEW)
def product(product_id: UUID) -> str:
    """One product with everything that can be changed about it."""
    return _page(_product(product_id, P.CATALOG_VIEW))


def _page(found: Product, **forms: ProductForm | SkuForm | PriceForm | ReasonForm) -> str:
    day = clock.local_day(clock.now())
    shown = {
        "form": ProductForm(obj=found),
        "sku_form": SkuForm(prefix="sku-"),
        "low_form": LowStockForm(formdata=None),
        "weight_form": WeightForm(formdata=None),
        "price_form": PriceForm(prefix="price-", valid_from=day),
        "reason_form": ReasonForm(),
    } | forms
    return render_template(
        "catalog/product.html",
        product=found,
        view=verbs.view(read_session(), found.id, day),
        recognitions=overview.product_recognitions(read_session(), found.id),
        state_on=verbs.state_on,
        changes=verbs.changes(overview.product_recognitions(read_session(), found.id)),
        paper_state=evidence.state_on,
        day=day,
        prices=overview.price_history(read_session(), found.skus),
        papers=evidence.of_product(read_session(), found),
        missing=product_verbs.missing_for_shop(read_session(), found, day),
        label=labels.shown(found),
        photos=photos.of_product(read_session(), found.id),
        links=channel_links.of_product(read_session(), found),
        link_form=LinkForm(formdata=None),
        may_edit=access().anywhere(P.CATALOG_EDIT),
        **shown,
    )


@bp.post("/san-pham/<uuid:product_id>")
@requires(P.CATALOG_EDIT)
def revise_product(product_id: UUID) -> Response:
    """Keep changed texts."""
    found, form = _product(product_id, P.CATALOG_EDIT), ProductForm()
    if not form.validate():
        return make_response(_page(found, form=form), 422)
    with transaction() as db:
        changed = product_verbs.get(db, product_id)
        product_verbs.revise(db, changed, form.to_texts(), now=clock.now(), actor_id=actor_id())
    flash(_("The texts are kept."), "ok")
    return see_other(url_for("catalog.product", product_id=product_id))


@bp.post("/san-pham/<uuid:product_id>/dang-ban")
@requires(P.CATALOG_EDIT)
def publish_product(product_id: UUID) -> Response:
    """Offer it in the shop."""
    _product(product_id, P.CATALOG_EDIT)
    try:
        with transaction() as db:
            now = clock.now()
            found = product_verbs.get(db, product_id)
            day = clock.local_day(now)
            product_verbs.publish(db, found, day=day, now=now, actor_id=actor_id())
    except DomainError as error:
        flash(message_of(error), "stop")
    else:
        flash(_("The product is offered in the shop."), "ok")
    return see_other(url_for("catalog.product", product_id=product_id))


@bp.post("/san-pham/<uuid:product_id>/ngung-ban")
@requires(P.CATALOG_EDIT)
def withdraw_product(product_id: UUID) -> Response:
    """Stop offering it."""
    found, form = _product(product_id, P.CATALOG_EDIT), ReasonForm()
    if not form.validate():
        return make_response(_page(found, reason_form=form), 422)
    with transaction() as db:
        stopped = product_verbs.get(db, product_id)
        reason = form.reason.data
        product_verbs.withdraw(db, stopped, reason=reason, now=clock.now(), actor_id=actor_id())
    flash(_("The product is no longer offered; its page says so."), "ok")
    return see_other(url_for("catalog.product", product_id=product_id))


@bp.post("/san-pham/<uuid:product_id>/quy-cach")
@requires(P.CATALOG_EDIT)
def add_sku(product_id: UUID) -> Response:
    """Add an article."""
    found, form = _product(product_id, P.CATALOG_EDIT), SkuForm(prefix="sku-")
    if not form.validate():
        return make_response(_page(found, sku_form=form), 422)
    try:
        with transaction() as db:
            product_verbs.add_sku(
                db,
                product_verbs.get(db, product_id),
                code=form.code.data.upper(),
                gtin=form.gtin.data or None,
                name_vi=form.name_vi.data,
                name_en=form.name_en.data or None,
                net_content=form.net_content.data,
                net_unit=Unit.parse(form.net_unit.data),
                shelf_life_days=form.shelf_life_days.data,
                low_stock=form.low_stock.data,
                weight=form.weight.data,
                now=clock.now(),
                actor_id=actor_id(),
            )
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_page(found, sku_form=form), status_of(error))
    flash(_("The article is kept. Give it a price."), "ok")
    return see_other(url_for("catalog.product", product_id=product_id))


@bp.post("/quy-cach/<uuid:sku_id>/gia")
@requires(P.CATALOG_EDIT)
def set_price(sku_id: UUID) -> Response:
    """Set a price from a day on."""
    sku = product_verbs.get_sku(read_session(), sku_id)
    found = _product(sku.product_id, P.CATALOG_EDIT)
    form = PriceForm(prefix="price-")
    if not form.validate():
        return make_response(_page(found, price_form=form), 422)
    try:
        with transaction() as db:
            pricing.change_price(
                db,
                product_verbs.get_sku(db, sku_id),
                form.amount.data,
                channel=PriceChannel.parse(form.channel.data),
                valid_from=form.valid_from.data,
                now=clock.now(),
                actor_id=actor_id(),
            )
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_page(found, price_form=form), status_of(error))
    flash(_("The price is set."), "ok")
    return see_other(url_for("catalog.product", product_id=found.id))


@bp.get("/nha-san-xuat")
@requires(P.CATALOG_VIEW)
def producers() -> str:
    """All producers."""
    page = overview.producers(
        read_session(), _text(), _mine(), page_number(request.args.get("page"))
    )
    may_edit = access().anywhere(P.CATALOG_EDIT)
    return render_template("catalog/producers.html", page=page, query=_text(), may_edit=may_edit)


@bp.get("/cong-nhan")
@requires(P.CATALOG_VIEW)
def recognitions() -> str:
    """All recognitions, and what lapses when."""
    lapse = lapse_from(request.args)
    day = clock.local_day(clock.now())
    number = page_number(request.args.get("page"))
    page = overview.recognitions(read_session(), lapse, day, _mine(), number)
    return render_template(
        "catalog/recognitions.html",
        page=page,
        lapse=lapse,
        lapses=list(overview.Lapse),
        state_on=verbs.state_on,
        day=day,
    )


@bp.get("/san-pham/<uuid:product_id>/cong-nhan")
@requires(P.CATALOG_EDIT)
def new_recognition(product_id: UUID) -> str:
    """Enter a decision about a product."""
    found = _product(product_id, P.CATALOG_EDIT)
    form = RecognitionForm(clock.local_day(clock.now()))
    return render_template("catalog/new_recognition.html", product=found, form=form)


@bp.post("/san-pham/<uuid:product_id>/cong-nhan")
@requires(P.CATALOG_EDIT)
def recognise(product_id: UUID) -> Response:
    """Keep the recognition."""
    found = _product(product_id, P.CATALOG_EDIT)
    form = RecognitionForm(clock.local_day(clock.now()))
    page = "catalog/new_recognition.html"
    if not form.validate():
        return make_response(render_template(page, product=found, form=form), 422)
    now, who = clock.now(), actor_id()
    try:
        with transaction() as db:
            decision = verbs.record_decision(
                db,
                number=form.number.data,
                issuer=form.issuer.data,
                issuer_level=IssuerLevel.parse(form.issuer_level.data),
                issued_on=form.issued_on.data,
                legal_basis=form.legal_basis.data,
                now=now,
                actor_id=who,
            )
            stars, until = int(form.stars.data), form.valid_until.data
            target = product_verbs.get(db, product_id)
            verbs.grant(db, target, decision, stars, valid_until=until, now=now, actor_id=who)
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(render_template(page, product=found, form=form), status_of(error))
    flash(_("The recognition is kept."), "ok")
    return see_other(url_for("catalog.product", product_id=product_id))


def _recognition(recognition_id: UUID) -> Recognition:
    found = read_session().get(Recognition, recognition_id)
    if found is None:
        raise verbs.UnknownRecognition
    demand(P.CATALOG_EDIT)
    return found


@bp.get("/cong-nhan/<uuid:recognition_id>/thu-hoi")
@requires(P.CATALOG_EDIT)
def ask_to_revoke(recognition_id: UUID) -> str:
    """Ask from when and why."""
    found = _recognition(recognition_id)
    form = RevokeForm(on=clock.local_day(clock.now()))
    return render_template("catalog/revoke.html", recognition=found, form=form)


@bp.post("/cong-nhan/<uuid:recognition_id>/thu-hoi")
@requires(P.CATALOG_EDIT)
def revoke(recognition_id: UUID) -> Response:
    """Take the stars away from a day on."""
    found, form = _recognition(recognition_id), RevokeForm()
    if not form.validate():
        page = render_template("catalog/revoke.html", recognition=found, form=form)
        return make_response(page, 422)
    with transaction() as db:
        row = db.get_one(Recognition, recognition_id)
        on, reason = form.on.data, form.reason.data
        verbs.revoke(db, row, on=on, reason=reason, now=clock.now(), actor_id=actor_id())
    flash(_("The recognition is revoked; the stars are gone from that day on."), "ok")
    return see_other(url_for("catalog.product", product_id=found.product_id))
