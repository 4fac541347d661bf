"""The staff lists as CSV and XLSX, exactly as they are filtered."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, make_response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission
from app.accounts.guards import access, requires
from app.core import clock
from app.core.errors import NotFound
from app.core.text import N_
from app.core.web import read_session
from catalog import labels, overview, product_list, recognitions, tables
from catalog.list_filters import lapse_from, product_filters
from catalog.tables import Cell

bp = Blueprint("exports", __name__)

P = Permission
MOST_PAGES = 1000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class NoSuchList(NotFound):
    """No list has this name or form."""

    code = "no_such_list"
    message = N_("There is no such list.")


def _mine() -> frozenset[UUID] | None:
    return access().keys(P.CATALOG_VIEW, "producer")


def _file(name: str, form: str, header: Sequence[str], rows: list[list[Cell]]) -> Response:
    if form not in TYPES:
        raise NoSuchList
    body = tables.to_csv(header, rows) if form == "csv" else tables.to_xlsx(name, header, rows)
    answer = make_response(body)
    answer.headers["Content-Type"] = TYPES[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


@bp.get("/xuat/san-pham.<form>")
@requires(P.CATALOG_VIEW)
def products(form: str) -> Response:
    """Products that pass the filters."""
    day = clock.local_day(clock.now())
    filters = product_filters(request.args)
    found = product_list.everything(read_session(), filters, _mine(), day)
    views = recognitions.views(read_session(), [p.id for p in found], day)
    header = [_("Name"), _("Name (English)"), _("Producer"), _("Shelf"), _("Place"), _("State")]
    header += [
        _("Stars"),
        _("Articles"),
        _("Kind of goods"),
        _("Missing on the label"),
        _("Address"),
    ]
    rows: list[list[Cell]] = [
        [
            p.name_vi,
            p.name_en,
            p.producer.name if p.producer else None,
            p.category.name_vi,
            p.area_text,
            _(p.status.label),
            views[p.id].shown_stars,
            len(p.skus),
            p.profile,
            ", ".join(_(name) for name in labels.missing(p)),
            p.slug,
        ]
        for p in found
    ]
    return _file("san-pham", form, header, rows)


@bp.get("/xuat/nha-san-xuat.<form>")
@requires(P.CATALOG_VIEW)
def producers(form: str) -> Response:
    """Producers by name."""
    text = request.args.get("q", "").replace("\0", "").strip()[:60]
    rows: list[list[Cell]] = []
    for number in range(1, MOST_PAGES):
        page = overview.producers(read_session(), text, _mine(), number)
        rows += [
            [
                p.name,
                _(p.kind.label) if p.kind else None,
                p.tax_code,
                p.phone,
                p.address,
                p.area_text,
                n,
            ]
            for p, n in page.items
        ]
        if len(rows) >= page.total or not page.items:
            break
    header = [_("Producer"), _("Kind"), _("Tax code"), _("Phone"), _("Address"), _("Place")]
    return _file("nha-san-xuat", form, [*header, _("Products")], rows)


@bp.get("/xuat/cong-nhan.<form>")
@requires(P.CATALOG_VIEW)
def recognised(form: str) -> Response:
    """Recognitions by how they stand."""
    day, lapse = clock.local_day(clock.now()), lapse_from(request.args)
    rows: list[list[Cell]] = []
    for number in range(1, MOST_PAGES):
        page = overview.recognitions(read_session(), lapse, day, _mine(), number)
        rows += [
            [
                r.product.name_vi,
                r.product.producer.name if r.product.producer else None,
                r.stars,
                r.decision.number if r.decision else None,
                r.valid_from,
                r.valid_until,
                _(recognitions.state_on(r, day).label),
            ]
            for r in page.items
        ]
        if len(rows) >= page.total or not page.items:
            break
    header = [_("Product"), _("Producer"), _("Stars"), _("Decision"), _("From"), _("Valid until")]
    return _file("cong-nhan", form, [*header, _("State")], rows)


@bp.get("/xuat/quyet-dinh.<form>")
@requires(P.CATALOG_VIEW)
def decisions(form: str) -> Response:
    """All decisions."""
    rows: list[list[Cell]] = []
    for number in range(1, MOST_PAGES):
        page = overview.decisions(read_session(), number)
        rows += [
            [d.number, d.issuer, _(d.issuer_level.label), d.issued_on, d.legal_basis, n]
            for d, n in page.items
        ]
        if len(rows) >= page.total or not page.items:
            break
    header = [_("Decision"), _("Issued by"), _("Level of the issuer"), _("Issued on")]
    return _file("quyet-dinh", form, [*header, _("Legal basis"), _("Products")], rows)
