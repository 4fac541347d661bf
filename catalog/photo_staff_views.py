"""Photographs of a product: staff add them, say what they show, and put them in order."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import message_of, read_session, see_other, settings, status_of
from catalog import files, photo_files, photos
from catalog import products as product_verbs
from catalog.models import Product
from catalog.offer_models import PhotoState
from catalog.photo_files import Picture
from catalog.photo_forms import AltForm, PhotoForm

bp = Blueprint("photos", __name__)

P = Permission


def _product(product_id: UUID, permission: Permission = P.CATALOG_EDIT) -> Product:
    found = product_verbs.get(read_session(), product_id)
    scopes = [producer_scope(found.producer_id)] if found.producer_id else []
    demand(permission, *scopes)
    return found


def _page(product: Product, form: PhotoForm, status: int = 200) -> Response:
    page = render_template(
        "catalog/photos.html",
        product=product,
        photos=photos.of_product(read_session(), product.id),
        form=form,
        failed=PhotoState.FAILED,
        most=photos.MOST,
    )
    return make_response(page, status)


def _back(product_id: UUID) -> Response:
    return see_other(url_for("photos.index", product_id=product_id))


@bp.get("/san-pham/<uuid:product_id>/anh")
@requires(P.CATALOG_EDIT)
def index(product_id: UUID) -> Response:
    """The photographs of a product."""
    return _page(_product(product_id), PhotoForm())


@bp.post("/san-pham/<uuid:product_id>/anh")
@requires(P.CATALOG_EDIT)
def add(product_id: UUID) -> Response:
    """Keep a photograph and queue its sizes."""
    found, form = _product(product_id), PhotoForm()
    if not form.validate():
        return _page(found, form, 422)
    try:
        # Judged and written before the transaction: drawing a picture takes its time.
        picture = _kept_picture()
        with transaction() as db:
            target = product_verbs.get(db, product_id)
            photos.add(db, target, picture, form.to_alt(), now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _page(found, form, status_of(error))
    flash(_("The photograph is kept. Its sizes are made in a moment."), "ok")
    return _back(product_id)


def _kept_picture() -> Picture:
    sent = request.files.get("file")
    content = sent.stream.read(files.MAX_BYTES + 1) if sent else b""
    picture = photo_files.judge(content)
    files.keep(settings().instance_dir / photo_files.FOLDER, picture.accepted)
    return picture


@bp.post("/san-pham/<uuid:product_id>/anh/<uuid:photo_id>")
@requires(P.CATALOG_EDIT)
def describe(product_id: UUID, photo_id: UUID) -> Response:
    """Keep other words for it."""
    found, form = _product(product_id), AltForm()
    if not form.validate():
        flash(" ".join(str(e) for errors in form.errors.values() for e in errors), "stop")
        return _page(found, PhotoForm(formdata=None), 422)
    with transaction() as db:
        photo = photos.get(db, product_id, photo_id)
        photos.describe(db, photo, form.to_alt(), now=clock.now(), actor_id=actor_id())
    flash(_("The words are kept."), "ok")
    return _back(product_id)


def _move(product_id: UUID, photo_id: UUID, *, up: bool) -> Response:
    _product(product_id)
    with transaction() as db:
        photo = photos.get(db, product_id, photo_id)
        photos.move(db, photo, up=up, now=clock.now(), actor_id=actor_id())
    return _back(product_id)


@bp.post("/san-pham/<uuid:product_id>/anh/<uuid:photo_id>/len")
@requires(P.CATALOG_EDIT)
def move_up(product_id: UUID, photo_id: UUID) -> Response:
    """Show it earlier."""
    return _move(product_id, photo_id, up=True)


@bp.post("/san-pham/<uuid:product_id>/anh/<uuid:photo_id>/xuong")
@requires(P.CATALOG_EDIT)
def move_down(product_id: UUID, photo_id: UUID) -> Response:
    """Show it later."""
    return _move(product_id, photo_id, up=False)


@bp.post("/san-pham/<uuid:product_id>/anh/<uuid:photo_id>/xoa")
@requires(P.CATALOG_EDIT)
def remove(product_id: UUID, photo_id: UUID) -> Response:
    """Take it away."""
    _product(product_id)
    with transaction() as db:
        photo = photos.get(db, product_id, photo_id)
        photos.remove(db, photo, now=clock.now(), actor_id=actor_id())
    flash(_("The photograph is removed."), "ok")
    return _back(product_id)


@bp.post("/san-pham/<uuid:product_id>/anh/<uuid:photo_id>/lam-lai")
@requires(P.CATALOG_EDIT)
def try_again(product_id: UUID, photo_id: UUID) -> Response:
    """Make its sizes once more."""
    _product(product_id)
    with transaction() as db:
        photos.try_again(db, photos.get(db, product_id, photo_id), now=clock.now())
    return _back(product_id)


@bp.get("/san-pham/<uuid:product_id>/anh/<uuid:photo_id>/xem")
@requires(P.CATALOG_VIEW)
def preview(product_id: UUID, photo_id: UUID) -> Response:
    """The picture for the staff of its product, also of a draft and before its sizes are made."""
    _product(product_id, P.CATALOG_VIEW)
    photo = photos.get(read_session(), product_id, photo_id)
    folder = settings().instance_dir / photo_files.FOLDER
    widths = photo.widths.split()
    small = photo_files.read(folder, photo.sha256, int(widths[0]), "jpg") if widths else None
    content = small or files.read(folder, photo.sha256)
    response = make_response(content)
    response.headers["Content-Type"] = photo_files.media_type(content)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
