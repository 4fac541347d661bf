"""The member's addresses. Each is shown to and changed by its owner only."""

from uuid import UUID

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import Permission
from app.accounts.guards import requires
from app.areas.lookup import communes_today
from app.core import clock
from app.core.db import transaction
from app.core.web import read_session, see_other
from app.storefront import addresses
from app.storefront.member_forms import AddressForm
from app.storefront.models import Address
from pos.shipping import tariff_files

bp = Blueprint("addresses", __name__)


def _me() -> UUID:
    key: UUID = current_user.user.id
    return key


def _form(address: Address | None = None) -> AddressForm:
    provinces = tariff_files.current().provinces
    return AddressForm(communes_today(read_session()), provinces, address)


@bp.get("/tai-khoan/dia-chi")
@requires(Permission.ACCOUNT)
def index() -> str:
    """All addresses."""
    found = addresses.of_user(read_session(), _me())
    return render_template("storefront/addresses.html", addresses=found, most=addresses.MOST)


@bp.get("/tai-khoan/dia-chi/moi")
@requires(Permission.ACCOUNT)
def new() -> str:
    """An empty form."""
    return render_template("storefront/address.html", form=_form(), address=None)


@bp.post("/tai-khoan/dia-chi/moi")
@requires(Permission.ACCOUNT)
def create() -> ResponseReturnValue:
    """Keep another address."""
    form = _form()
    if not form.validate():
        return render_template("storefront/address.html", form=form, address=None), 422
    with transaction() as session:
        addresses.add(session, _me(), form.to_entry(), now=clock.now())
    flash(_("The address is saved."), "ok")
    return see_other(url_for("addresses.index"))


@bp.get("/tai-khoan/dia-chi/<uuid:address_id>")
@requires(Permission.ACCOUNT)
def edit(address_id: UUID) -> str:
    """One address in the form."""
    address = addresses.get(read_session(), address_id, _me())
    return render_template("storefront/address.html", form=_form(address), address=address)


@bp.post("/tai-khoan/dia-chi/<uuid:address_id>")
@requires(Permission.ACCOUNT)
def revise(address_id: UUID) -> ResponseReturnValue:
    """Change an address."""
    address = addresses.get(read_session(), address_id, _me())
    form = _form()
    if not form.validate():
        return render_template("storefront/address.html", form=form, address=address), 422
    with transaction() as session:
        mine = addresses.get(session, address_id, _me())
        addresses.revise(session, mine, form.to_entry())
    flash(_("The address is saved."), "ok")
    return see_other(url_for("addresses.index"))


@bp.post("/tai-khoan/dia-chi/<uuid:address_id>/mac-dinh")
@requires(Permission.ACCOUNT)
def make_default(address_id: UUID) -> ResponseReturnValue:
    """Use it unless the member says otherwise."""
    with transaction() as session:
        addresses.make_default(session, addresses.get(session, address_id, _me()))
    flash(_("The address is saved."), "ok")
    return see_other(url_for("addresses.index"))


@bp.post("/tai-khoan/dia-chi/<uuid:address_id>/xoa")
@requires(Permission.ACCOUNT)
def delete(address_id: UUID) -> ResponseReturnValue:
    """Forget an address."""
    with transaction() as session:
        addresses.delete(session, addresses.get(session, address_id, _me()))
    flash(_("The address is deleted."), "ok")
    return see_other(url_for("addresses.index"))
