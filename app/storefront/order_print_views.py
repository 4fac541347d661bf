"""The order as its buyer confirmed it, on paper, and the consents that were given with it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.models import ConsentPurpose
from app.content.models import PolicyKind
from app.content.samples import SLUGS
from app.core import clock
from app.core.db import transaction
from app.core.enums import LabelledEnum
from app.core.web import read_session, see_other
from app.storefront import guest_consents
from catalog.models import Unit
from pos.sales import holding, orders
from pos.sales.orders import UnknownOrder
from pos.sales.status import Delivery, Tender

bp = Blueprint("order_papers", __name__)

SAMPLE = "sample"


@bp.app_context_processor
def _context() -> dict[str, Any]:
    return {"guest_consents": lambda order: guest_consents.held(read_session(), order.id)}


@bp.get("/don-hang/<number>/in")
def confirmed(number: str) -> Response | str:
    """What was agreed, word for word: later changes of names and prices do not reach it."""
    try:
        order = holding.mine(number)
    except UnknownOrder:
        return redirect(url_for("storefront.order_lookup", number=number))
    if order.confirmed is None:
        return see_other(url_for("storefront.order", number=number))
    kept = order.confirmed
    return render_template(
        "storefront/order_print.html",
        order=order,
        kept=kept,
        placed_at=datetime.fromisoformat(kept["placed_at"]),
        pay_until=_time(kept["pay_until"]),
        arrives=[_time(day) for day in kept["arrives"]],
        way=_member(Delivery, kept["delivery"]["way"]),
        tender=_member(Tender, kept["tender"]),
        units={unit.value: unit for unit in Unit},
        policies=_policies(kept["terms_version"] or ""),
        consents=guest_consents.history(read_session(), order.id),
    )


def _member(kind: type[LabelledEnum], value: str) -> LabelledEnum:
    return kind.parse(value)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _policies(versions: str) -> list[tuple[PolicyKind, str, int | None]]:
    """(policy, its address, its version) of `terms:3 delivery:sample …`; samples have no version."""
    pairs = [part.partition(":") for part in versions.split()]
    kinds = {kind.value: kind for kind in PolicyKind}
    return [
        (kinds[name], SLUGS[kinds[name]], None if number == SAMPLE else int(number))
        for name, _colon, number in pairs
        if name in kinds
    ]


@bp.post("/don-hang/<number>/rut-dong-y")
def withdraw(number: str) -> Response:
    """The guest takes a consent back, as easily as it was given."""
    order = holding.mine(number)
    asked = request.form.get("purpose", "")
    purpose = next((one for one in ConsentPurpose if one.value == asked), None)
    if purpose is not None:
        with transaction() as db:
            found = orders.get(db, order.id)
            guest_consents.withdraw(db, found.id, purpose, now=clock.now())
        flash(_("You have taken your consent back."), "ok")
    return see_other(url_for("storefront.order", number=number))
