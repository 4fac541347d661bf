"""The page of the harvest calendar."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from app.core import clock
from app.core.page_cache import shared
from app.core.web import read_session
from app.storefront import harvest as harvests
from app.storefront import head

bp = Blueprint("calendar", __name__)


@bp.get("/mua-vu")
@shared
def harvest() -> str:
    """Goods by the months of their harvest."""
    day = clock.local_day(clock.now())
    about = _("When which OCOP products of Hưng Yên are harvested.")
    return render_template(
        "storefront/harvest.html",
        rows=harvests.calendar(read_session(), day),
        months=harvests.MONTHS,
        this_month=day.month,
        head=head.Head(head.absolute("calendar.harvest"), about),
    )
