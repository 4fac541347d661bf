"""The doors for providers: a notice is checked, kept, answered for, and worked off once."""

import structlog
from flask import Blueprint, make_response, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response

from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forgery import signed_by_sender
from app.core.web import settings, status_of
from pos.sales import bank_lines, bank_notices, card_notices, notices
from pos.sales.gateways import registry
from pos.sales.notice_work import HANDLERS
from pos.sales.notices import Notice

bp = Blueprint("notices", __name__)

log = structlog.get_logger()

MOST_BYTES = 1_000_000


@bp.post("/stripe")
@signed_by_sender
def stripe() -> Response:
    """An event of the card provider."""
    provider = registry.cards(settings())
    if provider is None:
        raise NotFound
    try:
        told = provider.read_notice(_body(), request.headers.get("Stripe-Signature", ""))
    except DomainError as error:
        return _refused(error)
    _take([card_notices.notice_of(told)])
    return make_response({"received": True})


@bp.post("/ngan-hang/<source>")
@signed_by_sender
def bank(source: str) -> Response:
    """Movements of the shop's account, told by the bank's messenger."""
    secret = settings().bank_secrets.get(source)
    if secret is None:
        raise NotFound
    body = _body()
    sent = {name: request.headers[name] for name in bank_lines.HEADERS if name in request.headers}
    try:
        bank_lines.verify(source, sent, body, secret, now=clock.now())
        told = [bank_notices.notice_of(source, m) for m in bank_lines.movements(source, body)]
    except DomainError as error:
        return _refused(error)
    _take(told)
    return make_response({"success": True})


def _body() -> bytes:
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge
    return request.get_data(cache=False)


def _refused(error: DomainError) -> Response:
    log.warning("notice refused", code=error.code)
    return make_response({"success": False, "code": error.code}, status_of(error))


def _take(told: list[Notice]) -> None:
    """Keep all, then work each off. What fails now is kept and taken up by the worker."""
    now = clock.now()
    with transaction() as db:
        keys = [notices.keep(db, notice, now=now) for notice in told]
    for key in keys:
        if key is not None:
            _work_off(key)


def _work_off(key: int) -> None:
    try:
        with transaction() as db:
            notices.work_off(db, key, HANDLERS, now=clock.now())
    except Exception as error:
        log.exception("notice not worked off", notice=key, kind=type(error).__name__)
