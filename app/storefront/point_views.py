"""A sales point: its page, and the resolver's answer for its GLN (AI 414)."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.core import clock
from app.core.text import N_
from app.core.web import read_session
from app.storefront import head
from pos.stock import places
from pos.stock.models import SELLING, Place
from traceability import gs1, resolver_levels
from traceability import resolver_answers as answers
from traceability.resolver_links import Level, level

bp = Blueprint("points", __name__)
resolver = Blueprint("point_resolver", __name__)
resolver.after_request(answers.open_to_all)
resolver.register_error_handler(gs1.MalformedLink, answers.malformed)


def _point(**wanted: str) -> Place | None:
    query = select(Place).filter_by(active=True, **wanted).where(Place.kind.in_(SELLING))
    return read_session().scalar(query)


@bp.get("/diem-ban/<code>")
def point(code: str) -> str:
    """Where it is and when it is open."""
    found = _point(code=code)
    if found is None:
        raise places.UnknownPlace
    return render_template("storefront/point.html", point=found, head=head.points([found]))


@resolver.get("/414/<path:_rest>")
def place(_rest: str) -> ResponseReturnValue:
    """A sales point by its GLN; an extension (254) is part of it."""
    link, wanted = answers.read_link(), answers.what_is_asked()
    found = _point(gln=link.value)
    if found is None:
        raise answers.UnknownIdentifier
    day = clock.local_day(clock.now())
    made = resolver_levels.with_added(read_session(), [_level(link, found)], day)
    return answers.respond(made, wanted)


def _level(link: gs1.DigitalLink, found: Place) -> Level:
    page = url_for("points.point", code=found.code)
    links = resolver_levels.in_languages("locationInfo", page, N_("Page of the sales point"))
    hours = resolver_levels.in_languages("openingHoursInfo", page, N_("Opening hours"))
    return level(link.only().path, found.name, [*links, *hours], links[0])
