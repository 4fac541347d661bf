"""Lots for those who work with them: list, open, release, hold, recall, history."""

from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.access import Permission
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import Conflict, NotFound, Rejected
from app.core.paging import page_number
from app.core.web import read_session, see_other
from catalog import products
from catalog.models import Producer, Sku
from traceability import entry_files, journal, lineage, listings, lots, stamps
from traceability.forms import DatesForm, LotForm, NoteForm, ParentsForm, ReasonForm
from traceability.models import Lot, LotStatus
from traceability.scopes import scopes_of

bp = Blueprint("lots", __name__)
bp.url_value_preprocessor(entry_files.allow)

P = Permission


@bp.get("")
@requires(P.LOT_VIEW)
def index() -> ResponseReturnValue:
    """Lots by text and state."""
    text, asked = request.args.get("q", "").strip(), request.args.get("status", "")
    status = next((status for status in LotStatus if status.value == asked), None)
    number = page_number(request.args.get("page"))
    producers = access().keys(P.LOT_VIEW, "producer")
    page = listings.lot_page(read_session(), text, status, number, producers=producers)
    return render_template(
        "traceability/lots.html", page=page, q=text, status=status, statuses=list(LotStatus)
    )


@bp.get("/moi")
@requires(P.LOT_EDIT)
def new() -> ResponseReturnValue:
    """The form for a new lot; `article` in the address fills in its article."""
    form = LotForm(formdata=None, article=request.args.get("article", ""), consigned=True)
    return render_template("traceability/new_lot.html", form=form)


@bp.post("/moi")
@requires(P.LOT_EDIT)
def create() -> ResponseReturnValue:
    """Open a lot of an article of one's own."""
    form = LotForm()
    if not form.validate():
        return render_template("traceability/new_lot.html", form=form), 422
    try:
        with transaction() as session:
            lot = _open(session, form)
    except products.UnknownSku as error:
        form.article.errors = [_(error.message)]
        return render_template("traceability/new_lot.html", form=form), 422
    except (Conflict, Rejected) as error:
        form.refuse(error)
        return render_template("traceability/new_lot.html", form=form), 422
    flash(_("The lot is open. Check it, then release it for sale."), "ok")
    return see_other(url_for("lots.show", lot_id=lot.id))


def _open(session: Session, form: LotForm) -> Lot:
    sku = products.sku_by_code(session, form.article.data)
    if sku is None:
        raise products.UnknownSku
    demand(P.LOT_EDIT, *scopes_of(sku))
    return lots.open_lot(
        session,
        sku,
        form.code.data,
        owner=_owner(sku, form),
        made_on=form.made_on.data,
        expires_on=form.expires_on.data,
        quantity_declared=form.quantity.data,
        unit_cost=form.unit_cost.data,
        now=clock.now(),
        actor_id=actor_id(),
    )


def _owner(sku: Sku, form: LotForm) -> Producer | None:
    return sku.product.producer if form.consigned.data else None


@bp.get("/<uuid:lot_id>")
@requires(P.LOT_VIEW)
def show(lot_id: UUID) -> ResponseReturnValue:
    """One lot: facts, what is missing, history with its check, stamps."""
    return _page(_lot(read_session(), lot_id, P.LOT_VIEW), _blank_note())


def _blank_note() -> NoteForm:
    return NoteForm(formdata=None, occurred_on=clock.local_day(clock.now()), public=True)


def _page(
    lot: Lot, note: NoteForm, dates: DatesForm | None = None, parents: ParentsForm | None = None
) -> str:
    session, scopes = read_session(), scopes_of(lot.sku)
    entries = journal.entries(session, lot.id, public_only=False)
    return render_template(
        "traceability/lot.html",
        lot=lot,
        entries=entries,
        broken=journal.first_broken(entries),
        missing=lots.missing_for_release(lot),
        moves=lots.LOT_MOVES.allowed(lot.status),
        batches=listings.batches_of(session, lot),
        stamps_left=lot.quantity_declared - stamps.requested(session, lot),
        note=note,
        hidden=journal.hidden(session, lot.id),
        files=journal.files_of(session, [entry.id for entry in entries]),
        ancestors=lineage.ancestors(session, lot),
        descendants=lineage.descendants(session, lot),
        parents=parents or ParentsForm(formdata=None),
        dates=dates or DatesForm(formdata=None, made_on=lot.made_on, expires_on=lot.expires_on),
        may={name: access().may(right, *scopes) for name, right in _RIGHTS.items()},
    )


_RIGHTS = {
    "edit": P.LOT_EDIT,
    "recall": P.LOT_RECALL,
    "stamps": P.STAMP_VIEW,
    "request": P.STAMP_REQUEST,
}


def _lot(session: Session, lot_id: UUID, permission: Permission) -> Lot:
    lot = lots.get(session, lot_id)
    demand(permission, *scopes_of(lot.sku))
    return lot


@bp.post("/<uuid:lot_id>/ngay")
@requires(P.LOT_EDIT)
def complete(lot_id: UUID) -> ResponseReturnValue:
    """Fill in the dates of a draft that were not known before."""
    form = DatesForm()
    if not form.validate():
        return _page(_lot(read_session(), lot_id, P.LOT_EDIT), _blank_note(), form), 422
    dates = {"made_on": form.made_on.data, "expires_on": form.expires_on.data}
    try:
        with transaction() as session:
            lot = _lot(session, lot_id, P.LOT_EDIT)
            lots.complete(session, lot, **dates, now=clock.now(), actor_id=actor_id())
    except (Conflict, Rejected) as error:
        form.refuse(error)
        return _page(_lot(read_session(), lot_id, P.LOT_EDIT), _blank_note(), form), 422
    flash(_("Saved."), "ok")
    return see_other(url_for("lots.show", lot_id=lot_id))


@bp.post("/<uuid:lot_id>/phat-hanh")
@requires(P.LOT_EDIT)
def release(lot_id: UUID) -> ResponseReturnValue:
    """Allow sale and stamping."""
    with transaction() as session:
        lot = _lot(session, lot_id, P.LOT_EDIT)
        lots.release(session, lot, now=clock.now(), actor_id=actor_id())
    flash(_("The lot is released."), "ok")
    return see_other(url_for("lots.show", lot_id=lot_id))


@bp.post("/<uuid:lot_id>/tam-dung")
@requires(P.LOT_EDIT)
def hold(lot_id: UUID) -> ResponseReturnValue:
    """Stop sale for now."""
    form = ReasonForm()
    if not form.validate():
        return _no_reason(lot_id)
    with transaction() as session:
        lot = _lot(session, lot_id, P.LOT_EDIT)
        lots.hold(session, lot, reason=form.reason.data, now=clock.now(), actor_id=actor_id())
    flash(_("Sale of the lot is stopped."), "warn")
    return see_other(url_for("lots.show", lot_id=lot_id))


def _no_reason(lot_id: UUID) -> ResponseReturnValue:
    flash(_("Nothing was changed: a reason of at most 200 characters is needed."), "stop")
    return _page(_lot(read_session(), lot_id, P.LOT_VIEW), _blank_note()), 422


@bp.post("/<uuid:lot_id>/nhat-ky")
@requires(P.LOT_EDIT)
def note(lot_id: UUID) -> ResponseReturnValue:
    """Add a fact to the history."""
    form = NoteForm()
    if not form.validate():
        return _page(_lot(read_session(), lot_id, P.LOT_EDIT), form), 422
    try:
        papers = entry_files.kept()
        with transaction() as session:
            journal.append(
                session,
                _lot(session, lot_id, P.LOT_EDIT),
                form.to_kind(),
                occurred_at=form.to_moment(),
                text=form.text.data or None,
                place=form.place.data or None,
                public=form.public.data,
                corrects=form.corrects.data,
                files=papers,
                now=clock.now(),
                actor_id=actor_id(),
            )
    except (Conflict, Rejected, NotFound) as error:
        form.refuse(error)
        return _page(_lot(read_session(), lot_id, P.LOT_EDIT), form), 422
    flash(_("Written into the history of the lot."), "ok")
    return see_other(url_for("lots.show", lot_id=lot_id))


@bp.post("/<uuid:lot_id>/nhat-ky/<int:number>/hien")
@requires(P.LOT_EDIT)
def show_entry(lot_id: UUID, number: int) -> ResponseReturnValue:
    """Show an entry to everyone, or no longer."""
    public = request.form.get("public") == "1"
    with transaction() as session:
        _lot(session, lot_id, P.LOT_EDIT)
        now, who = clock.now(), actor_id()
        journal.show(session, lot_id, number, public=public, now=now, actor_id=who)
    return see_other(url_for("lots.show", lot_id=lot_id, _anchor="history"))


@bp.post("/<uuid:lot_id>/nguon")
@requires(P.LOT_EDIT)
def derive(lot_id: UUID) -> ResponseReturnValue:
    """Say from which lots the goods come."""
    form = ParentsForm()
    lot = _lot(read_session(), lot_id, P.LOT_EDIT)
    if not form.validate():
        return _page(lot, _blank_note(), parents=form), 422
    try:
        with transaction() as session:
            here = _lot(session, lot_id, P.LOT_EDIT)
            parents = lineage.named(session, here, form.to_parents())
            lineage.derive(session, here, parents, now=clock.now(), actor_id=actor_id())
    except (Conflict, Rejected, NotFound) as error:
        form.refuse(error)
        return _page(lot, _blank_note(), parents=form), 422
    flash(_("Written into the history of the lot."), "ok")
    return see_other(url_for("lots.show", lot_id=lot_id))


@bp.get("/<uuid:lot_id>/tep/<sha256>")
@requires(P.LOT_VIEW)
def file(lot_id: UUID, sha256: str) -> Response:
    """A file of the history, shown or not."""
    _lot(read_session(), lot_id, P.LOT_VIEW)
    return entry_files.answer(journal.file_of(read_session(), lot_id, sha256, public_only=False))
