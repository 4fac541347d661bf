"""What runs short at which place, for those who keep it."""

from flask import Blueprint, render_template

from app.accounts.access import Permission
from app.accounts.guards import access, requires
from app.core import clock
from app.core.web import read_session
from pos.stock import alerts

bp = Blueprint("shortages", __name__)

P = Permission


@bp.get("/sap-het")
@requires(P.STOCK_VIEW)
def index() -> str:
    """Articles that run short: since when, how much is left, and where else there is some."""
    mine, day = access().keys(P.STOCK_VIEW, "place"), clock.local_day(clock.now())
    found = alerts.open_alerts(read_session(), mine, day)
    return render_template("pos/stock/shortages.html", rows=found)
