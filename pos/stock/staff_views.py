"""Stock pages: by place and lot, receiving, moving, writing off, history."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.paging import page_number
from app.core.text import N_
from app.core.web import message_of, read_session, see_other, status_of
from pos.stock import goods, overview, places
from pos.stock.forms import KeyedForm, ReceiveForm, ReverseForm, TransferForm, WriteOffForm
from pos.stock.models import PHYSICAL, Balance, Movement, MovementKind, Place
from pos.stock.taking import Take
from traceability import lots
from traceability.models import Lot

bp = Blueprint("stock", __name__)

P = Permission


class NotHere(NotFound):
    """The lot has no stock at the place."""

    code = "not_here"
    message = N_("This lot is not at this place.")


class UnknownMovement(NotFound):
    """No such movement."""

    code = "unknown_movement"
    message = N_("This movement does not exist.")


def _query() -> str:
    return request.args.get("q", "").replace("\0", "").strip()[:60]


def _place(place_id: UUID, permission: Permission) -> Place:
    place = places.get(read_session(), place_id)
    if place.kind not in PHYSICAL:
        raise places.UnknownPlace
    demand(permission, place_scope(place.id))
    return place


def _act(form: KeyedForm) -> goods.Act:
    return goods.Act(form.key.data, clock.now(), actor_id())


@bp.get("/")
@requires(P.STOCK_VIEW)
def index() -> str:
    """How each place stands."""
    mine = places.physical(read_session(), only=access().keys(P.STOCK_VIEW, "place"))
    day = clock.local_day(clock.now())
    return render_template(
        "pos/stock/index.html", summaries=overview.summaries(read_session(), mine, day)
    )


@bp.get("/noi/<uuid:place_id>")
@requires(P.STOCK_VIEW)
def place(place_id: UUID) -> str:
    """Every lot at one place, first expired first."""
    found = _place(place_id, P.STOCK_VIEW)
    number = page_number(request.args.get("page"))
    page = overview.at_place(read_session(), place_id, _query(), number)
    return render_template(
        "pos/stock/place.html",
        place=found,
        page=page,
        query=_query(),
        day=clock.local_day(clock.now()),
        may_edit=access().may(P.STOCK_EDIT, place_scope(place_id)),
    )


@bp.get("/nhap")
@requires(P.STOCK_EDIT)
def receive() -> str:
    """Choose the lot that has arrived."""
    found = overview.lots_to_receive(read_session(), _query())
    return render_template("pos/stock/receive.html", lots=found, query=_query())


def _receive_form() -> ReceiveForm:
    return ReceiveForm(places.physical(read_session(), only=access().keys(P.STOCK_EDIT, "place")))


@bp.get("/nhap/<uuid:lot_id>")
@requires(P.STOCK_EDIT)
def receive_lot(lot_id: UUID) -> str:
    """How much of the lot has arrived, and where."""
    lot = lots.get(read_session(), lot_id)
    return render_template("pos/stock/receive_lot.html", lot=lot, form=_receive_form())


@bp.post("/nhap/<uuid:lot_id>")
@requires(P.STOCK_EDIT)
def book_receipt(lot_id: UUID) -> Response:
    """Book the arrival."""
    form = _receive_form()
    lot = lots.get(read_session(), lot_id)
    if not form.validate():
        page = render_template("pos/stock/receive_lot.html", lot=lot, form=form)
        return make_response(page, 422)
    place_id = form.place_id()
    demand(P.STOCK_EDIT, place_scope(place_id))
    try:
        with transaction() as db:
            target, arrived = places.get(db, place_id), lots.get(db, lot_id)
            goods.receive(db, target, arrived, form.quantity.data, _act(form))
    except DomainError as error:
        form.form_errors.append(message_of(error))
        page = render_template("pos/stock/receive_lot.html", lot=lot, form=form)
        return make_response(page, status_of(error))
    flash(_("%(n)s units received.", n=form.quantity.data), "ok")
    return see_other(url_for("stock.place", place_id=place_id))


def _held(place_id: UUID, lot_id: UUID) -> tuple[Lot, Balance]:
    balance = read_session().get(Balance, (place_id, lot_id))
    if balance is None or balance.on_hand == 0:
        raise NotHere
    return lots.get(read_session(), lot_id), balance


def _targets(place_id: UUID) -> list[Place]:
    return [found for found in places.physical(read_session()) if found.id != place_id]


@bp.get("/noi/<uuid:place_id>/lo/<uuid:lot_id>")
@requires(P.STOCK_EDIT)
def lot(place_id: UUID, lot_id: UUID) -> str:
    """Move or write off what is here of a lot."""
    return _lot_page(place_id, lot_id, TransferForm(_targets(place_id)), WriteOffForm())


def _lot_page(place_id: UUID, lot_id: UUID, transfer: TransferForm, write_off: WriteOffForm) -> str:
    found = _place(place_id, P.STOCK_EDIT)
    held, balance = _held(place_id, lot_id)
    return render_template(
        "pos/stock/lot.html",
        place=found,
        lot=held,
        balance=balance,
        transfer=transfer,
        write_off=write_off,
    )


@bp.post("/noi/<uuid:place_id>/lo/<uuid:lot_id>/chuyen")
@requires(P.STOCK_EDIT)
def transfer(place_id: UUID, lot_id: UUID) -> Response:
    """Move goods to another place."""
    _place(place_id, P.STOCK_EDIT)
    form = TransferForm(_targets(place_id))
    if not form.validate():
        return make_response(_lot_page(place_id, lot_id, form, WriteOffForm()), 422)
    day = clock.local_day(clock.now())
    try:
        with transaction() as db:
            source, target = places.get(db, place_id), places.get(db, form.target_id())
            take = Take(lots.get(db, lot_id).sku_id, form.quantity.data, lot_id)
            goods.transfer(db, source, target, [take], _act(form), day=day)
    except DomainError as error:
        form.form_errors.append(message_of(error))
        page = _lot_page(place_id, lot_id, form, WriteOffForm())
        return make_response(page, status_of(error))
    flash(_("%(n)s units moved.", n=form.quantity.data), "ok")
    return see_other(url_for("stock.place", place_id=place_id))


@bp.post("/noi/<uuid:place_id>/lo/<uuid:lot_id>/xuat-huy")
@requires(P.STOCK_EDIT)
def write_off(place_id: UUID, lot_id: UUID) -> Response:
    """Write goods off with a reason."""
    _place(place_id, P.STOCK_EDIT)
    form = WriteOffForm()
    if not form.validate():
        page = _lot_page(place_id, lot_id, TransferForm(_targets(place_id)), form)
        return make_response(page, 422)
    try:
        with transaction() as db:
            held, source = lots.get(db, lot_id), places.get(db, place_id)
            goods.write_off(db, source, held, form.quantity.data, form.reason.data, _act(form))
    except DomainError as error:
        form.form_errors.append(message_of(error))
        page = _lot_page(place_id, lot_id, TransferForm(_targets(place_id)), form)
        return make_response(page, status_of(error))
    flash(_("%(n)s units written off.", n=form.quantity.data), "ok")
    return see_other(url_for("stock.place", place_id=place_id))


@bp.get("/bien-dong")
@requires(P.STOCK_VIEW)
def movements() -> str:
    """Everything that moved, newest first."""
    mine = access().keys(P.STOCK_VIEW, "place")
    asked = request.args.get("kind")
    kind = next((k for k in MovementKind if k.value == asked), None)
    page = overview.movements(
        read_session(),
        mine,
        kind=kind,
        lot_id=_lot_filter(),
        number=page_number(request.args.get("page")),
    )
    return render_template(
        "pos/stock/movements.html",
        page=page,
        kind=kind,
        kinds=list(MovementKind),
        lot_id=_lot_filter(),
    )


def _lot_filter() -> UUID | None:
    try:
        return UUID(request.args.get("lot", ""))
    except ValueError:
        return None


def _movement(movement_id: int) -> Movement:
    # A number that no column can hold would be an error of the database.
    found = read_session().get(Movement, movement_id) if movement_id < 2**63 else None
    if found is None:
        raise UnknownMovement
    # The place that would lose goods again decides; waste and the like have no keeper.
    target = places.get(read_session(), found.to_place_id)
    loser = target.id if target.kind in PHYSICAL else found.from_place_id
    demand(P.STOCK_EDIT, place_scope(loser))
    return found


@bp.get("/bien-dong/<int:movement_id>/dao")
@requires(P.STOCK_EDIT)
def reverse(movement_id: int) -> str:
    """Ask why a movement is reversed."""
    found = _movement(movement_id)
    return render_template("pos/stock/reverse.html", movement=found, form=ReverseForm())


@bp.post("/bien-dong/<int:movement_id>/dao")
@requires(P.STOCK_EDIT)
def book_reversal(movement_id: int) -> Response:
    """Book the opposite of a movement."""
    found, form = _movement(movement_id), ReverseForm()
    page = "pos/stock/reverse.html"
    if not form.validate():
        return make_response(render_template(page, movement=found, form=form), 422)
    try:
        with transaction() as db:
            goods.reverse(db, db.get_one(Movement, movement_id), form.reason.data, _act(form))
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(render_template(page, movement=found, form=form), status_of(error))
    flash(_("The movement was reversed."), "ok")
    return see_other(url_for("stock.movements"))
