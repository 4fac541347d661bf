"""Recalls for everyone."""

from flask import Blueprint, render_template

from app.core.page_cache import shared
from app.core.web import read_session
from traceability import recalls

bp = Blueprint("public_recalls", __name__)

SHOWN = 100


@bp.get("/thu-hoi")
@shared
def index() -> str:
    """What was called back, why, and what to do."""
    return render_template("pos/recalls/public.html", rows=recalls.public(read_session(), SHOWN))
