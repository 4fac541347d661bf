"""The parcel desk: from a packed order to the buyer's door, or back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.config import ROOT
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.paging import page_number
from app.core.templating import vnd
from app.core.web import message_of, read_session, see_other, settings, status_of
from pos.sales import orders
from pos.shipping import desk, labels, parcels, tariff_files
from pos.shipping.carriers import ByFile
from pos.shipping.forms import NumberForm, ParcelForm, WhyForm
from pos.shipping.models import Parcel, ParcelStatus

bp = Blueprint("parcels", __name__)

P = Permission
FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "be-vietnam-pro"
MOST_AT_ONCE = 200

Step = Callable[[Session, Parcel, str, datetime, UUID | None], None]


def _without_reason(verb: Callable[..., None]) -> Step:
    def step(db: Session, parcel: Parcel, _reason: str, now: datetime, who: UUID | None) -> None:
        verb(db, parcel, now=now, actor_id=who)

    return step


def _with_reason(verb: Callable[..., None]) -> Step:
    def step(db: Session, parcel: Parcel, reason: str, now: datetime, who: UUID | None) -> None:
        verb(db, parcel, reason, now=now, actor_id=who)

    return step


def _back(db: Session, parcel: Parcel, _reason: str, now: datetime, who: UUID | None) -> None:
    parcels.back(db, parcel, now=now, actor_id=who, keys=settings().stamp_keys)


STEPS: dict[str, Step] = {
    "hand_over": _without_reason(parcels.hand_over),
    "delivered": _without_reason(parcels.delivered),
    "failed": _with_reason(parcels.failed),
    "refused": _with_reason(parcels.refused),
    "again": _without_reason(parcels.again),
    "back": _back,
}
WITH_REASON = {"failed", "refused"}


def _places() -> frozenset[UUID] | None:
    return access().keys(P.ORDER_VIEW, "place")


@bp.get("/")
@requires(P.ORDER_VIEW)
def index() -> str:
    """Parcels by where they are; first the packed orders that have none."""
    query = request.args.get("q", "").replace("\0", "").strip()[:60]
    status = desk.status_named(request.args.get("tab"))
    reading, places = read_session(), _places()
    page, waiting = None, []
    if query or status:
        number = page_number(request.args.get("page"))
        page = desk.listing(reading, status or ParcelStatus.READY, query, places, number)
    else:
        waiting = list(desk.to_prepare(reading, places))
    return render_template(
        "pos/shipping/index.html",
        page=page,
        waiting=waiting,
        status=status,
        statuses=list(ParcelStatus),
        counts=desk.counts(reading, places),
        query=query,
        services=_services(),
        carriers=_carriers(),
        may_edit=access().anywhere(P.ORDER_EDIT),
    )


def _services() -> dict[str, Any]:
    return {service.code: service for service in tariff_files.current().services}


def _carriers() -> list[str]:
    return list(dict.fromkeys(s.carrier for s in tariff_files.current().services))


@bp.get("/don/<uuid:order_id>")
@requires(P.ORDER_EDIT)
def new(order_id: UUID) -> str:
    """Choose the carrier of a packed order; what its buyer chose stands first."""
    order = orders.get(read_session(), order_id)
    demand(P.ORDER_EDIT, place_scope(order.place_id))
    known = {"service": order.delivery_option, "weight": order.weight}
    return _new(order, ParcelForm(list(_services().values()), data=known))


def _new(order: Any, form: ParcelForm) -> str:
    return render_template("pos/shipping/new.html", order=order, form=form)


@bp.post("/don/<uuid:order_id>")
@requires(P.ORDER_EDIT)
def prepare(order_id: UUID) -> Response:
    """Make the parcel of a packed order."""
    order = orders.get(read_session(), order_id)
    demand(P.ORDER_EDIT, place_scope(order.place_id))
    form = ParcelForm(list(_services().values()))
    if not form.validate():
        return make_response(_new(order, form), 422)
    try:
        with transaction() as db:
            locked = orders.get(db, order_id, lock=True)
            now, who = clock.now(), actor_id()
            made = parcels.prepare(db, locked, form.to_plan(), now=now, actor_id=who)
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_new(order, form), status_of(error))
    flash(_("The parcel is ready for its carrier."), "ok")
    return see_other(url_for("parcels.show", parcel_id=made.id))


def _parcel(parcel_id: UUID, permission: Permission) -> Parcel:
    found = parcels.get(read_session(), parcel_id)
    demand(permission, place_scope(found.order.place_id))
    return found


@bp.get("/<uuid:parcel_id>")
@requires(P.ORDER_VIEW)
def show(parcel_id: UUID) -> str:
    """One parcel, and what can be done with it."""
    return _show(_parcel(parcel_id, P.ORDER_VIEW), WhyForm(formdata=None))


def _show(parcel: Parcel, form: WhyForm) -> str:
    may_edit = access().may(P.ORDER_EDIT, place_scope(parcel.order.place_id))
    service = _services().get(parcel.service)
    return render_template(
        "pos/shipping/show.html",
        parcel=parcel,
        service=service,
        url=service.tracking(parcel.number) if service else None,
        steps=parcels.steps(parcel) if may_edit else (),
        with_reason=WITH_REASON,
        form=form,
        number_form=NumberForm(formdata=None, number=parcel.number),
        may_edit=may_edit,
    )


@bp.post("/<uuid:parcel_id>/ma")
@requires(P.ORDER_EDIT)
def rename(parcel_id: UUID) -> Response:
    """Keep the number that the carrier has given."""
    _parcel(parcel_id, P.ORDER_EDIT)
    form = NumberForm()
    if not form.validate():
        flash(" ".join(str(e) for e in form.number.errors), "stop")
        return see_other(url_for("parcels.show", parcel_id=parcel_id))
    try:
        with transaction() as db:
            parcels.name(db, parcels.get(db, parcel_id, lock=True), form.number.data)
    except DomainError as error:
        flash(message_of(error), "stop")
    else:
        flash(_("Saved."), "ok")
    return see_other(url_for("parcels.show", parcel_id=parcel_id))


@bp.post("/<uuid:parcel_id>/<step>")
@requires(P.ORDER_EDIT)
def act(parcel_id: UUID, step: str) -> Response:
    """Take a step: hand_over, delivered, failed, refused, again, back."""
    if step not in STEPS:
        raise NotFound
    found, form = _parcel(parcel_id, P.ORDER_EDIT), WhyForm()
    if step in WITH_REASON and not form.validate():
        return make_response(_show(found, form), 422)
    with transaction() as db:
        parcel = parcels.get(db, parcel_id, lock=True)
        STEPS[step](db, parcel, form.reason.data or "", clock.now(), actor_id())
    flash(_("Done. The parcel is up to date."), "ok")
    return see_other(url_for("parcels.show", parcel_id=parcel_id))


@bp.post("/ban-giao")
@requires(P.ORDER_EDIT)
def hand_over() -> Response:
    """The carrier takes many parcels at once; each by itself, so that one that cannot go does not
    hold the others back."""
    done, refused = 0, []
    for parcel_id in _chosen():
        found = _parcel(parcel_id, P.ORDER_EDIT)
        try:
            with transaction() as db:
                parcel = parcels.get(db, parcel_id, lock=True)
                parcels.hand_over(db, parcel, now=clock.now(), actor_id=actor_id())
        except DomainError as error:
            refused.append(f"{found.order.number}: {message_of(error)}")
        else:
            done += 1
    if done:
        flash(_("%(n)s parcels are with their carrier.", n=done), "ok")
    for line in refused:
        flash(line, "stop")
    return see_other(url_for("parcels.index", tab=ParcelStatus.READY.value))


def _chosen() -> list[UUID]:
    keys = []
    for text in request.form.getlist("parcel")[:MOST_AT_ONCE]:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return keys


@bp.get("/xuat/<carrier>.csv")
@requires(P.ORDER_VIEW)
def export(carrier: str) -> Response:
    """Today's parcels of a carrier as a table that its programme reads."""
    if carrier not in _carriers():
        raise NotFound
    day = clock.local_day(clock.now())
    found = desk.of_day(read_session(), carrier, day, _places())
    told = ByFile().announce(desk.notices(found))
    response = make_response(told.file)
    response.mimetype = "text/csv"
    name = f"phohien-{carrier}-{day:%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/<uuid:parcel_id>/nhan.pdf")
@requires(P.ORDER_VIEW)
def label(parcel_id: UUID) -> Response:
    """The label to stick on, in Vietnamese whoever prints it."""
    parcel = _parcel(parcel_id, P.ORDER_VIEW)
    with force_locale("vi"):
        made = labels.pdf([_label(parcel)], FONTS)
    response = make_response(made)
    response.mimetype = "application/pdf"
    name = f"{parcel.order.number}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _label(parcel: Parcel) -> labels.Label:
    told, place = desk.notice(parcel), parcel.order.place
    kilos = _("%(n)s g", n=parcel.weight) if parcel.weight else ""
    due = vnd(parcel.cod_amount) if parcel.cod_amount else _("nothing, it is paid")
    sender = (settings().shop_name, place.name, place.address or "", place.phone or "")
    return labels.Label(
        told.order_number,
        " · ".join(part for part in (told.service, kilos) if part),
        told.number or "",
        [line for line in sender if line],
        [told.name, told.phone, told.address],
        due,
        told.note,
        (_("Sender"), _("Receiver"), _("To collect at the door"), _("Note")),
    )
