"""Public pages of the catalogue that need nothing from above: files of papers."""

from uuid import UUID

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import access
from app.core.web import read_session, settings
from catalog import evidence, files
from catalog.evidence import UnknownPaper
from catalog.models import Product, ProductStatus
from catalog.recognition_models import Evidence

bp = Blueprint("papers", __name__)


@bp.get("/giay-to/<uuid:paper_id>")
def paper(paper_id: UUID) -> Response:
    """The file of a paper, for everyone when its product is offered, else for its staff."""
    found = evidence.get(read_session(), paper_id)
    if found.sha256 is None or not (_is_public(found) or _is_mine(found)):
        raise UnknownPaper
    content = files.read(settings().instance_dir / "papers", found.sha256)
    response = make_response(content)
    response.headers["Content-Type"] = found.media_type or "application/octet-stream"
    name = f"giay-to-{found.sha256[:12]}{files.SUFFIXES.get(found.media_type or '', '')}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    # What people sent must not act in our name, whatever it turns out to be.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _is_public(paper: Evidence) -> bool:
    if paper.product_id is None:
        return paper.producer_id is not None
    product = read_session().get(Product, paper.product_id)
    return product is not None and product.status is ProductStatus.PUBLISHED


def _is_mine(paper: Evidence) -> bool:
    """Whether this person sees the catalogue of the producer whose paper it is."""
    product = read_session().get(Product, paper.product_id) if paper.product_id else None
    producer_id = product.producer_id if product else paper.producer_id
    scopes = [producer_scope(producer_id)] if producer_id else []
    return access().may(Permission.CATALOG_VIEW, *scopes)
