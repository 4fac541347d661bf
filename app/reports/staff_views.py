"""Report pages."""

import csv
import io
from datetime import date, timedelta

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from app.accounts.access import Permission
from app.accounts.guards import access, requires
from app.core import clock
from app.core.web import read_session
from app.reports import sales as figures
from app.reports.sales import Period

bp = Blueprint("reports", __name__)

MAX_DAYS = 366
FIRST_YEAR, LAST_YEAR = 2000, 2999  # the calendar's own ends cannot be reckoned with


def _day(name: str, default: date) -> date:
    try:
        asked = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return default
    return asked if FIRST_YEAR <= asked.year <= LAST_YEAR else default


def _period() -> Period:
    """The days asked for; the last 30 days when they make no sense."""
    today = clock.local_day(clock.now())
    last = _day("to", today)
    first = _day("from", last - timedelta(days=29))
    if not timedelta(0) <= last - first < timedelta(days=MAX_DAYS):
        return Period(today - timedelta(days=29), today)
    return Period(first, last)


@bp.get("/bao-cao/ban-hang")
@requires(Permission.REPORT_VIEW)
def sales() -> str:
    """Sales of a period."""
    period = _period()
    report = figures.report(read_session(), period, access().keys(Permission.REPORT_VIEW, "place"))
    return render_template("reports/sales.html", report=report, period=period)


@bp.get("/bao-cao/ban-hang.csv")
@requires(Permission.REPORT_VIEW)
def sales_csv() -> Response:
    """Sales by day as a table for a spreadsheet."""
    period = _period()
    report = figures.report(read_session(), period, access().keys(Permission.REPORT_VIEW, "place"))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("Day"), _("Amount in đồng")])
    writer.writerows([day.isoformat(), amount] for day, amount in report.by_day)
    # The mark at the start tells Excel that this is UTF-8.
    response = make_response("\ufeff" + text.getvalue())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    name = f"ban-hang-{period.first}-{period.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
