"""What the till asks the server: look up, search, keys, and posting a sale. JSON."""

from typing import cast
from uuid import UUID

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.accounts.access import Permission, place_scope
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.templating import local
from app.core.types import Json
from app.core.web import read_session, settings
from pos.counter import favourites, posting, scanning, sessions
from pos.counter.bodies import Asked, SaleBody, read
from pos.counter.models import SessionStatus, TillSession
from pos.counter.scanning import Scanned
from pos.counter.sessions import SessionClosed
from traceability import lots

bp = Blueprint("till_api", __name__)

P = Permission


def _till(session: Session, session_id: UUID, *, lock: bool = False) -> TillSession:
    """The session, if this cashier may sell at its point."""
    till = sessions.get(session, session_id, lock=lock)
    demand(P.TILL_SELL, place_scope(till.register.place_id))
    return till


def _asked() -> tuple[Asked, UUID]:
    """What is asked, and the place where; only an open session may ask."""
    asked = read(Asked, request.args.to_dict())
    till = _till(read_session(), asked.session)
    if till.status is not SessionStatus.OPEN:
        raise SessionClosed
    return asked, till.register.place_id


def _article(item: Scanned) -> Json:
    sku, lot = item.sku, item.lot
    return {
        "sku_id": str(sku.id),
        "name": local(sku.product, "name"),
        "pack": local(sku, "name"),
        "code": sku.code,
        "unit": sku.unit.value,
        "price": item.price.amount,
        "per_quantity": item.price.per_quantity,
        "stars": item.stars,
        "lot": None
        if lot is None or lot.code.startswith(lots.STANDING)
        else {
            "id": str(lot.id),
            "code": lot.code,
            "expires_on": lot.expires_on.isoformat() if lot.expires_on else None,
        },
        "on_hand": item.on_hand,
        "serial": item.serial,
    }


@bp.get("/scan")
@requires(P.TILL_SELL)
def scan() -> ResponseReturnValue:
    """What a scanned or typed code stands for."""
    asked, place_id = _asked()
    day = clock.local_day(clock.now())
    keys = settings().stamp_keys
    return _article(scanning.scan(read_session(), asked.code, place_id, day=day, keys=keys))


@bp.get("/search")
@requires(P.TILL_SELL)
def search() -> ResponseReturnValue:
    """Articles by name, those in stock here first."""
    asked, place_id = _asked()
    day = clock.local_day(clock.now())
    found = scanning.search(read_session(), asked.q, place_id, day=day)
    return jsonify(articles=[_article(item) for item in found])


@bp.get("/keys")
@requires(P.TILL_SELL)
def keys() -> ResponseReturnValue:
    """The keys of this point."""
    _what, place_id = _asked()
    found = favourites.keys(read_session(), place_id, now=clock.now())
    return jsonify(articles=[_article(item) for item in found])


@bp.post("/sales")
@requires(P.TILL_SELL)
def sell() -> ResponseReturnValue:
    """Post a sale; a repeat of the same key gets the first answer."""
    body = read(SaleBody, request.get_json(silent=True))
    now, conf = clock.now(), settings()
    with transaction() as session:
        till_session = _till(session, body.session, lock=True)
        till = posting.Till(
            register=till_session.register,
            session=till_session,
            cashier_id=cast(UUID, actor_id()),
            cash_step=conf.cash_step,
            stamp_keys=conf.stamp_keys,
        )
        answer = posting.accept(session, till, body.to_sale(), now=now).result
    receipt_url = url_for("counter.receipt", number=answer["number"])
    return jsonify(
        {k: v for k, v in answer.items() if k != "order_id"} | {"receipt_url": receipt_url}
    )
