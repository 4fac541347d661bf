"""Public pages: from the address on a stamp to the page that tells what is known of it."""

import re
from urllib.parse import quote, urlencode, urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.core import clock
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.text import N_
from app.core.web import read_session, settings
from catalog.models import Product, ProductStatus, Sku
from traceability import gs1, scans, serials
from traceability.scans import Verdict, VerdictKind

bp = Blueprint("traceability", __name__)

STATUS = {
    VerdictKind.ACTIVE: 200,
    VerdictKind.SOLD: 200,
    VerdictKind.LAPSED: 200,
    VerdictKind.HELD: 200,
    VerdictKind.NOT_ACTIVATED: 409,
    VerdictKind.RECALLED: 410,
    VerdictKind.VOID: 410,
    VerdictKind.UNKNOWN: 404,
    VerdictKind.MALFORMED: 400,
}

# Programs that fetch a link to show a preview of it; browsers inside chat programs are not these.
_PREVIEWS = re.compile(
    r"facebookexternalhit|facebot|twitterbot|slackbot|whatsapp/|telegrambot|discordbot|linkedinbot"
    r"|skypeuripreview|viber/|googlebot|bingbot|applebot|zalo(?:bot|preview)|coccocbot",
    re.IGNORECASE,
)


class UnknownGtin(NotFound):
    """No product of the shop has this GTIN."""

    code = "unknown_gtin"
    message = N_("No product here has this barcode number.")


@bp.get("/01/<path:_rest>")
def digital_link(_rest: str) -> ResponseReturnValue:
    """GS1 Digital Link: with a serial on to its page, without one on to the product."""
    try:
        link = gs1.parse_path(_raw_path())
    except gs1.MalformedLink:
        return _page(Verdict(VerdictKind.MALFORMED))
    if link.serial is None:
        return redirect(_product_page(link.gtin), code=307)
    return _on_to(link.serial, {"gtin": link.gtin})


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
    gtin = request.args.get("gtin") or None
    if not _counts():
        return _page(_look_up(code, gtin, record=False))
    return _page(_look_up(code, gtin, record=True))


def _look_up(code: str, gtin: str | None, *, record: bool) -> Verdict:
    now, keys = clock.now(), settings().stamp_keys
    day = clock.local_day(now)
    if not record:
        return scans.look_up(
            read_session(), code, day=day, now=now, keys=keys, gtin=gtin, record=False
        )
    with transaction() as session:
        return scans.look_up(session, code, day=day, now=now, keys=keys, gtin=gtin, record=True)


def _page(verdict: Verdict) -> ResponseReturnValue:
    serial = serials.grouped(verdict.serial) if verdict.serial else None
    page = render_template("traceability/verify.html", verdict=verdict, serial=serial)
    # An answer holds for the moment: the next look may find the lot recalled.
    return page, STATUS[verdict.kind], {"Cache-Control": "no-store"}


def _counts() -> bool:
    """Whether a person asked, not a program that looks ahead or makes a preview."""
    headers = request.headers
    ahead = "".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz")).lower()
    looks_ahead = "prefetch" in ahead or "prerender" in ahead or "preview" in ahead
    program = _PREVIEWS.search(headers.get("User-Agent", ""))
    return request.method == "GET" and not looks_ahead and program is None


def _on_to(code: str, known: dict[str, str]) -> ResponseReturnValue:
    """To the page of the stamp; the query goes along, but cannot overrule what the path says."""
    query = {key: values for key, values in request.args.lists() if key not in known}
    address, asked = (
        url_for("traceability.verify", code=code),
        urlencode({**query, **known}, doseq=True),
    )
    return redirect(f"{address}?{asked}" if asked else address, code=307)


def _raw_path() -> str:
    """The path as sent, with its escapes: a slash inside a value must not become a separator."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    return urlsplit(raw).path if raw else quote(request.path)


def _gtin_in(text: str) -> str | None:
    try:
        return gs1.parse_path(urlsplit(text).path).gtin
    except ValueError:
        return None


def _product_page(gtin: str) -> str:
    query = select(Product.slug).join(Product.skus).where(Sku.gtin == gtin[1:])
    slug = read_session().scalar(query.where(Product.status == ProductStatus.PUBLISHED))
    if slug is None or not gtin.startswith("0"):
        raise UnknownGtin
    return url_for("storefront.product", slug=slug)
