"""Prints of stamps for those who issue them: ask for a file, watch it grow, fetch it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.access import Permission
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import Conflict, Rejected
from app.core.web import read_session, see_other, settings
from traceability import gs1, issued, print_layouts, prints, stamps
from traceability.models import StampBatch
from traceability.print_forms import LayoutForm, PrintForm, shown
from traceability.print_models import PrintRun
from traceability.printing import layouts, singles
from traceability.scopes import scopes_of

bp = Blueprint("prints", __name__)

P = Permission


def _batch(session: Session, batch_id: UUID) -> StampBatch:
    batch = stamps.get_batch(session, batch_id)
    demand(P.STAMP_APPROVE, *scopes_of(batch.sku))
    return batch


def _run(session: Session, run_id: UUID) -> PrintRun:
    run = prints.get(session, run_id)
    demand(P.STAMP_APPROVE, *scopes_of(run.batch.sku))
    return run


@bp.get("/<uuid:batch_id>/in")
@requires(P.STAMP_APPROVE)
def index(batch_id: UUID) -> ResponseReturnValue:
    """The prints of a batch, and the form for another."""
    session = read_session()
    batch = _batch(session, batch_id)
    known = print_layouts.everything(session)
    return _page(batch, PrintForm(known, formdata=None, first=1, count=batch.size))


def _page(batch: StampBatch, form: PrintForm) -> str:
    runs = prints.of_batch(read_session(), batch)
    return render_template(
        "traceability/prints.html", batch=batch, runs=runs, form=form, kept=prints.KEPT.days
    )


@bp.post("/<uuid:batch_id>/in")
@requires(P.STAMP_APPROVE)
def create(batch_id: UUID) -> ResponseReturnValue:
    """Have a file made."""
    form = PrintForm(print_layouts.everything(read_session()))
    if not form.validate():
        return _page(_batch(read_session(), batch_id), form), 422
    try:
        with transaction() as session:
            run = _request(session, batch_id, form)
    except (Conflict, Rejected) as error:
        form.refuse(error)
        return _page(_batch(read_session(), batch_id), form), 422
    return see_other(url_for("prints.show", run_id=run.id))


def _request(session: Session, batch_id: UUID, form: PrintForm) -> PrintRun:
    now = clock.now()
    return prints.request(
        session,
        _batch(session, batch_id),
        form.to_wish(),
        base_url=settings().base_url,
        day=clock.local_day(now),
        now=now,
        actor_id=actor_id(),
    )


@bp.get("/in/<uuid:run_id>")
@requires(P.STAMP_APPROVE)
def show(run_id: UUID) -> ResponseReturnValue:
    """How far a print is; the page comes again by itself until there is a file."""
    run = _run(read_session(), run_id)
    layout = prints.layout_of(run)
    return render_template(
        "traceability/print.html",
        run=run,
        layout=layout,
        shown=shown(layout),
        kept=prints.KEPT.days,
    )


@bp.post("/in/<uuid:run_id>/dung")
@requires(P.STAMP_APPROVE)
def cancel(run_id: UUID) -> ResponseReturnValue:
    """Stop a print."""
    with transaction() as session:
        prints.cancel(session, _run(session, run_id), now=clock.now(), actor_id=actor_id())
    return see_other(url_for("prints.show", run_id=run_id))


@bp.post("/in/<uuid:run_id>/tiep")
@requires(P.STAMP_APPROVE)
def resume(run_id: UUID) -> ResponseReturnValue:
    """Go on with a print that was stopped or failed."""
    with transaction() as session:
        prints.resume(session, _run(session, run_id), now=clock.now(), actor_id=actor_id())
    return see_other(url_for("prints.show", run_id=run_id))


@bp.get("/in/<uuid:run_id>/tep")
@requires(P.STAMP_APPROVE)
def fetch(run_id: UUID) -> ResponseReturnValue:
    """The file."""
    with transaction() as session:
        run = _run(session, run_id)
        file = prints.fetched(session, run, now=clock.now(), actor_id=actor_id())
        name = f"tem-{run.batch.ref}-{run.first + 1}-{run.first + run.count}.{run.kind.value}"
    folder = settings().instance_dir / prints.FOLDER
    return send_from_directory(folder.resolve(), file, as_attachment=True, download_name=name)


@bp.get("/mau-in")
@requires(P.STAMP_APPROVE)
def sheets() -> ResponseReturnValue:
    """All layouts, and the form for one's own."""
    start = LayoutForm.values_of(layouts.built_in()[layouts.DEFAULT]) | {"name": ""}
    return _layouts_page(LayoutForm(formdata=None, data=start))


def _layouts_page(form: LayoutForm) -> str:
    known = print_layouts.everything(read_session())
    lines = [
        (name, shown(layout), name not in layouts.built_in()) for name, layout in known.items()
    ]
    return render_template("traceability/print_layouts.html", form=form, lines=lines)


@bp.post("/mau-in")
@requires(P.STAMP_APPROVE)
def add_layout() -> ResponseReturnValue:
    """Keep a layout of one's own."""
    form = LayoutForm()
    if not form.validate():
        return _layouts_page(form), 422
    try:
        with transaction() as session:
            print_layouts.add(session, form.to_data(), now=clock.now(), actor_id=actor_id())
    except Rejected as error:
        form.refuse(error)
        return _layouts_page(form), 422
    flash(_("The layout is kept."), "ok")
    return see_other(url_for("prints.sheets"))


@bp.get("/<uuid:batch_id>/ma-don")
@requires(P.STAMP_APPROVE)
def single(batch_id: UUID) -> ResponseReturnValue:
    """One symbol as a picture: `of` is product, lot or the number of a stamp; `as` svg or png."""
    batch = _batch(read_session(), batch_id)
    text = _address(batch, request.args.get("of", "product"))
    mark, name = request.args.get("mark") == "1", f"ma-{batch.ref}"
    if request.args.get("as") == "svg":
        return _file(singles.svg(text, mark=mark, label=text), "image/svg+xml", f"{name}.svg")
    return _file(singles.png(text, mark=mark), "image/png", f"{name}.png")


def _file(body: str | bytes, mimetype: str, name: str) -> Response:
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, mimetype=mimetype, headers=head)


def _address(batch: StampBatch, of: str) -> str:
    base = settings().base_url
    if of.isascii() and of.isdigit() and len(of) <= 8:
        keys: Any = settings().stamp_keys
        with transaction() as session:
            return _stamp_address(session, batch, int(of) - 1, base, keys)
    if batch.has_gtin:
        lot = (("10", batch.lot.code),) if of == "lot" else ()
        return f"{base.rstrip('/')}{gs1.build('01', batch.identity, lot).path}"
    return str(base.rstrip("/") + url_for("storefront.product", slug=batch.sku.product.slug))


def _stamp_address(
    session: Session, batch: StampBatch, number: int, base: str, keys: issued.Keys
) -> str:
    [(url, _serial)] = stamps.stamp_urls(base, batch, number, 1, keys)
    prints.note_single(session, batch, number, now=clock.now(), actor_id=actor_id())
    return url
