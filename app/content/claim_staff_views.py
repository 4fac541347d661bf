"""Texts with words that no text of the shop may hold, each with the page on which it is changed."""

from typing import Any

from flask import Blueprint, render_template, url_for

from app.accounts.access import Permission
from app.accounts.guards import demand, requires
from app.content import claim_search
from app.content.claim_search import Finding, TextKind
from app.content.models import PolicyKind
from app.content.samples import SLUGS
from app.core.web import read_session
from catalog import claims

bp = Blueprint("claims_desk", __name__)

P = Permission

# Kind → (endpoint, name of the key in its address).
PAGES = {
    TextKind.PRODUCT: ("catalog.product", "product_id"),
    TextKind.LABEL: ("labels.edit", "product_id"),
    TextKind.PRODUCER: ("producers.edit", "producer_id"),
    TextKind.NEWS: ("news_desk.edit", "item_id"),
    TextKind.BLOCK: ("blocks.edit", "block_id"),
    TextKind.POLICY: ("policies_desk.new", "slug"),
}


@bp.get("/tu-cam")
@requires(P.CONTENT_EDIT)
def index() -> str:
    """What is found now."""
    demand(P.CONTENT_EDIT)
    rows = [(row, _page_of(row)) for row in claim_search.everywhere(read_session())]
    return render_template("content/claims.html", rows=rows, phrases=claims.all_claims())


def _page_of(row: Finding) -> str:
    endpoint, name = PAGES[row.kind]
    key = SLUGS[PolicyKind.parse(row.key)] if row.kind is TextKind.POLICY else row.key
    values: dict[str, Any] = {name: key}
    return url_for(endpoint, **values)
