"""Tokens of other programs: made by staff, shown once, kept as hashes, revocable."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.scopes import normal_scope
from app.api.models import ApiToken, Scope
from app.core.clock import local_day
from app.core.codes import Randomness, random_code
from app.core.errors import NotFound, Rejected
from app.core.text import N_

# `ph_`, what it is known by, `_`, and 160 random bits.
KNOWN, SECRET = 8, 32


class UnknownToken(NotFound):
    """No such token."""

    code = "unknown_token"
    message = N_("This token does not exist.")


class NothingOpened(Rejected):
    """A token must open something."""

    code = "nothing_opened"
    message = N_("Choose at least one thing that the token opens.")


@dataclass(frozen=True)
class Asked:
    """What a token shall be: for whom, what it opens, whose orders, until when."""

    note: str
    scopes: Collection[Scope]
    reach: str = "*"
    expires_on: date | None = None


def issue(
    session: Session,
    asked: Asked,
    *,
    now: datetime,
    actor_id: UUID | None,
    randomness: Randomness,
) -> tuple[ApiToken, str]:
    """Make a token; its text is returned here and nowhere else.

    Raises `NothingOpened`, `BadScope`.
    """
    if not asked.scopes:
        raise NothingOpened
    prefix = f"ph_{random_code(KNOWN, randomness)}"
    text = f"{prefix}_{random_code(SECRET, randomness)}"
    token = ApiToken(
        note=asked.note,
        prefix=prefix,
        token_hash=_hash(text),
        scopes=" ".join(scope.value for scope in Scope if scope in asked.scopes),
        reach=normal_scope(asked.reach),
        created_at=now,
        created_by=actor_id,
        expires_on=asked.expires_on,
    )
    session.add(token)
    session.flush()
    detail = {"note": token.note, "scopes": token.scopes, "reach": token.reach}
    obj = ("api_token", token.id)
    audit.record(session, "api_token.issue", obj, actor_id=actor_id, now=now, detail=detail)
    return token, text


def revoke(session: Session, token_id: UUID, *, now: datetime, actor_id: UUID | None) -> ApiToken:
    """Close a token at once; a second time changes nothing. Raises `UnknownToken`."""
    token = session.get(ApiToken, token_id, with_for_update=True)
    if token is None:
        raise UnknownToken
    if token.revoked_at is None:
        token.revoked_at = now
        obj = ("api_token", token.id)
        audit.record(session, "api_token.revoke", obj, actor_id=actor_id, now=now)
        session.flush()
    return token


def find(session: Session, text: str, *, now: datetime) -> ApiToken | None:
    """The token with this text, if it holds."""
    token = session.scalar(select(ApiToken).filter_by(token_hash=_hash(text)))
    return token if token is not None and holds(token, local_day(now)) else None


def holds(token: ApiToken, day: date) -> bool:
    """Whether the token opens anything on `day`; its last day counts."""
    in_time = token.expires_on is None or day <= token.expires_on
    return token.revoked_at is None and in_time


def note_use(session: Session, token_id: UUID, day: date) -> None:
    """Note on which day the token was used last; no finer, for nobody is watched."""
    token = session.get(ApiToken, token_id)
    if token is not None and token.last_used_on != day:
        token.last_used_on = day


def listing(session: Session) -> Sequence[ApiToken]:
    """Every token, those that hold first, newest first."""
    order = (ApiToken.revoked_at.is_not(None), ApiToken.created_at.desc(), ApiToken.id)
    return session.scalars(select(ApiToken).order_by(*order)).all()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
