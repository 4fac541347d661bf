"""The page of a lot for everyone, where links about traceability lead."""

from flask import Blueprint, Response, render_template, url_for

from app.core import clock
from app.core.sharing import share_links
from app.core.web import read_session, settings
from traceability import entry_files, journal, journeys

bp = Blueprint("journeys", __name__)


@bp.get("/lo/<article>/<path:code>")
def lot(article: str, code: str) -> str:
    """A lot: what it is, whether it may be used, where it has been."""
    day = clock.local_day(clock.now())
    found = journeys.of_lot(read_session(), article, code, day)
    address = settings().base_url + url_for("journeys.lot", article=article, code=found.lot.code)
    return render_template(
        "traceability/journey.html", page=found, address=address, shares=share_links(address)
    )


@bp.get("/lo/<article>/<path:code>/tep/<sha256>")
def file(article: str, code: str, sha256: str) -> Response:
    """A file of an entry that is shown to everyone."""
    session, day = read_session(), clock.local_day(clock.now())
    lot_id = journeys.of_lot(session, article, code, day).lot.id
    return entry_files.answer(journal.file_of(session, lot_id, sha256, public_only=True))
