"""Public pages: from the address on a stamp to the page that tells what is known of it."""

from contextlib import nullcontext
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.db import transaction
from app.core.web import read_session, settings
from traceability import gs1, guarding, guessing, looking, recalls, scans, serials, stamp_page
from traceability.scans import Verdict, VerdictKind

bp = Blueprint("traceability", __name__)
bp.register_error_handler(guessing.TooManyGuesses, guarding.slowed)

STATUS = {
    VerdictKind.ACTIVE: 200,
    VerdictKind.FOREIGN: 200,
    VerdictKind.SOLD: 200,
    VerdictKind.LAPSED: 200,
    VerdictKind.HELD: 200,
    VerdictKind.NOT_ACTIVATED: 409,
    VerdictKind.SUSPICIOUS: 409,
    VerdictKind.RECALLED: 410,
    VerdictKind.VOID: 410,
    VerdictKind.UNKNOWN: 404,
    VerdictKind.MALFORMED: 400,
}


@bp.get("/t/<path:code>")
def short_link(code: str) -> ResponseReturnValue:
    """The address on stamps of products without GTIN."""
    return _on_to(code, {})


@bp.get("/tem")
def verify_form() -> ResponseReturnValue:
    """The form for a code that the camera could not read; takes a pasted address too."""
    text = request.args.get("ma", "").replace("\0", "").strip()
    serial = serials.parse_typed(text)
    if serial is not None:
        gtin = _gtin_in(text)
        return redirect(url_for("traceability.verify", code=serial, gtin=gtin), code=303)
    page = render_template("traceability/verify_form.html", text=text)
    return page, 422 if text else 200


@bp.get("/tem/<path:code>")
def verify(code: str) -> ResponseReturnValue:
    """What is known of a stamp. A person's GET counts as a scan."""
    serial = serials.parse_typed(code)
    if serial is not None and serial != code:
        return _on_to(serial, {})
    unknown = guarding.admitted()
    verdict = _look_up(code, request.args.get("gtin") or None)
    if verdict.kind is VerdictKind.UNKNOWN:
        unknown()
    return _page(verdict, request.args.get("lot"))


def _look_up(code: str, gtin: str | None) -> Verdict:
    now, keys = clock.now(), settings().stamp_keys
    day = clock.local_day(now)
    with transaction() if looking.by_a_person() else nullcontext(read_session()) as session:
        who = looking.sighting(session, day) if looking.by_a_person() else None
        return scans.look_up(session, code, day=day, now=now, keys=keys, gtin=gtin, sighting=who)


def _page(verdict: Verdict, lot_named: str | None) -> ResponseReturnValue:
    """`lot_named` is the lot in the address, which need not be that of the stamp."""
    product, day = verdict.product, clock.local_day(clock.now())
    recalled = verdict.lot if verdict.kind is VerdictKind.RECALLED else None
    recall = recalls.of_lot(read_session(), recalled.id) if recalled else None
    around = stamp_page.of_product(read_session(), product, day) if product else stamp_page.NOTHING
    page = render_template(
        "traceability/verify.html",
        verdict=verdict,
        serial=_shown(verdict),
        other_lot=lot_named if verdict.lot and lot_named not in {None, verdict.lot.code} else None,
        around=around,
        advice=recall.advice if recall else None,
        place=looking.token_of(verdict.scan_id),
    )
    # An answer holds for the moment: the next look may find the lot recalled.
    return page, STATUS[verdict.kind], {"Cache-Control": "no-store"}


def _shown(verdict: Verdict) -> str | None:
    """The code as people compare it: ours in groups, others as they are."""
    if verdict.serial is None or verdict.foreign:
        return verdict.serial
    return serials.grouped(verdict.serial)


def _on_to(code: str, known: dict[str, str]) -> ResponseReturnValue:
    """To the page of the stamp; the query goes along, but cannot overrule what the path says."""
    query = {key: values for key, values in request.args.lists() if key not in known}
    address, asked = (
        url_for("traceability.verify", code=code),
        urlencode({**query, **known}, doseq=True),
    )
    return redirect(f"{address}?{asked}" if asked else address, code=307)


def _gtin_in(text: str) -> str | None:
    try:
        return gs1.parse_path(urlsplit(text).path).gtin
    except ValueError:
        return None
