"""GS1-conformant resolver: goods (01) and producers (417), and what it says of itself.

Sales points (414) are answered where points are known: `app.storefront.point_views`.
"""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.web import read_session, settings
from traceability import gs1, guarding, guessing, linkset, resolver_levels
from traceability import resolver_answers as answers
from traceability import resolver_facts as facts
from traceability.resolver_links import Level

bp = Blueprint("resolver", __name__)
bp.after_request(answers.open_to_all)
bp.register_error_handler(gs1.MalformedLink, answers.malformed)
bp.register_error_handler(guessing.TooManyGuesses, guarding.slowed)


@bp.get("/01/<path:_rest>")
def goods(_rest: str) -> ResponseReturnValue:
    """Goods, a lot or one piece: to the best link, or all links."""
    link, wanted = answers.read_link(), answers.what_is_asked()
    if link.serial is not None and wanted.wants_default and not wanted.wants_linkset:
        # The page of the stamp itself says whether it was issued: nothing is asked here.
        return answers.respond([resolver_levels.of_stamp_page(link)], wanted)
    return answers.respond(_levels(link), wanted)


def _levels(link: gs1.DigitalLink) -> list[Level]:
    """Raises `UnknownIdentifier`: a serial that was not issued never leads up to the goods."""
    if "235" in dict(link.qualifiers):
        raise answers.UnknownIdentifier  # serials of third parties: none is known here
    found = _piece(link) if link.serial is not None else facts.goods(read_session(), link)
    if found is None:
        raise answers.UnknownIdentifier
    day = clock.local_day(clock.now())
    return resolver_levels.of_goods(read_session(), link, found, day)


def _piece(link: gs1.DigitalLink) -> facts.Goods | None:
    """The piece, if issued; who asks for too many that were not is slowed. `TooManyGuesses`."""
    unknown = guarding.admitted()
    found = facts.piece(read_session(), link, settings().stamp_keys)
    if found is None:
        unknown()
    return found


@bp.get("/417/<path:_rest>")
def party(_rest: str) -> ResponseReturnValue:
    """A producer by its GLN."""
    link, wanted = answers.read_link(), answers.what_is_asked()
    found = facts.producer(read_session(), link.value)
    if found is None:
        raise answers.UnknownIdentifier
    day = clock.local_day(clock.now())
    levels = resolver_levels.of_producer(read_session(), link, found, day)
    return answers.respond(levels, wanted)


@bp.get("/.well-known/gs1resolver")
def description() -> Response:
    """Which keys and link types this resolver serves."""
    known = settings()
    told = linkset.description(answers.root(), name=known.shop_name, owner=known.shop_owner)
    return jsonify(told)
