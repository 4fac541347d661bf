"""Digital product passports for programs: of a lot, and of one pack."""

from typing import Any

from flask import Blueprint, Response, json, url_for

from app.core import clock
from app.core.web import read_session, settings
from catalog import recognitions
from traceability import guarding, guessing, issued, journal, journeys, passport, scans, stamp_page
from traceability.models import Lot
from traceability.scans import VerdictKind

bp = Blueprint("passports", __name__)
bp.register_error_handler(guessing.TooManyGuesses, guarding.slowed)

MEDIA_TYPE = "application/ld+json"
# A recalled pack keeps its passport, which says so; of others nothing is told that a copy could use.
_TOLD = scans.VOUCHED | {VerdictKind.RECALLED}


@bp.get("/lo/<article>/<path:code>/ho-chieu")
def lot(article: str, code: str) -> Response:
    """The passport of a lot."""
    day = clock.local_day(clock.now())
    found = journeys.of_lot(read_session(), article, code, day)
    return _answer(_of_lot(found.lot))


@bp.get("/tem/<code>/ho-chieu")
def stamp(code: str) -> Response:
    """The passport of the pack with this stamp; asking for it is no scan."""
    unknown = guarding.admitted()
    now, keys = clock.now(), settings().stamp_keys
    day = clock.local_day(now)
    verdict = scans.look_up(read_session(), code, day=day, now=now, keys=keys, sighting=None)
    if verdict.kind is VerdictKind.UNKNOWN:
        unknown()
    if verdict.kind not in _TOLD or verdict.lot is None or verdict.serial is None:
        raise issued.UnknownStamp
    address = settings().base_url + url_for("traceability.verify", code=verdict.serial)
    return _answer(passport.of_stamp(_of_lot(verdict.lot), verdict.serial, address=address))


def _of_lot(found: Lot) -> dict[str, Any]:
    session, day, product = read_session(), clock.local_day(clock.now()), found.sku.product
    article = passport.real_gtin(found.sku) or found.sku.code
    return passport.of_lot(
        found,
        recognitions.view(session, product.id, day),
        stamp_page.papers_of(session, product, day),
        journal.entries(session, found.id, public_only=True),
        address=settings().base_url + url_for("journeys.lot", article=article, code=found.code),
    )


def _answer(node: dict[str, Any]) -> Response:
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
    text = json.dumps(node, ensure_ascii=False, sort_keys=False)
    return Response(text, mimetype=MEDIA_TYPE, headers=headers)
