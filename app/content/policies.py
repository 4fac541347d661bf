"""Policies of the shop in numbered versions: each in force from a day until the next begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import Date, bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.content.models import PolicyKind, PolicyVersion
from app.core.errors import NotFound, Rejected
from app.core.text import N_
from catalog import claims


class NotAhead(Rejected):
    """A version must begin today or later, and after every version before it."""

    code = "policy_not_ahead"
    message = N_("A new version begins today or later, and after the versions before it.")


class NoText(Rejected):
    """A policy needs a Vietnamese text."""

    code = "policy_no_text"
    message = N_("Please write the Vietnamese text.")


class NoSuchVersion(NotFound):
    """No version of this number was ever published."""

    code = "no_such_version"
    message = N_("There is no such version.")


@dataclass(frozen=True)
class Draft:
    """The texts of a version to be published; bodies are Markdown."""

    body_vi: str
    body_en: str | None = None
    change_vi: str | None = None
    change_en: str | None = None


@dataclass(frozen=True)
class Term:
    """A version with the last day on which it is in force; None while none follows."""

    version: PolicyVersion
    until: date | None


def publish(
    session: Session,
    kind: PolicyKind,
    draft: Draft,
    valid_from: date,
    *,
    actor_id: UUID | None,
    now: datetime,
    today: date,
) -> PolicyVersion:
    """Append the next version; none is ever changed. Raises `NoText`, `NotAhead`."""
    claims.demand_none(**{N_("Policy"): f"{draft.body_vi}\n{draft.body_en or ''}"})
    latest = _latest(session, kind)
    if not draft.body_vi.strip():
        raise NoText
    if valid_from < today or (latest and valid_from <= latest.valid_from):
        raise NotAhead
    number = latest.number + 1 if latest else 1
    version = PolicyVersion(
        kind=kind,
        number=number,
        valid_from=valid_from,
        created_at=now,
        created_by=actor_id,
        **vars(draft),
    )
    session.add(version)
    session.flush()
    what = {"kind": kind.value, "number": number}
    audit.record(
        session, "policy.publish", ("policy", version.id), actor_id=actor_id, now=now, detail=what
    )
    return version


def current(session: Session, kind: PolicyKind, day: date) -> PolicyVersion | None:
    """The version in force on `day`; None before the first."""
    query = select(PolicyVersion).where(PolicyVersion.valid_from <= day)
    return session.scalar(
        query.filter_by(kind=kind).order_by(PolicyVersion.valid_from.desc()).limit(1)
    )


# What a buyer agrees to with an order.
_OF_ORDERS = (
    PolicyKind.TERMS,
    PolicyKind.DELIVERY,
    PolicyKind.RETURNS,
    PolicyKind.PAYMENT,
    PolicyKind.PRIVACY,
)


def versions(session: Session, day: date) -> str:
    """The versions in force that an order is placed under: `terms:3 delivery:1 returns:sample …`,
    where nothing was published yet and the sample applies."""
    numbers = {row[0]: row[1] for row in session.execute(_NUMBERS, {"day": day})}
    return " ".join(f"{kind.value}:{numbers.get(kind, 'sample')}" for kind in _OF_ORDERS)


_NUMBERS = (
    select(PolicyVersion.kind, func.max(PolicyVersion.number))
    .where(PolicyVersion.valid_from <= bindparam("day", type_=Date()))
    .group_by(PolicyVersion.kind)
)


def numbered(session: Session, kind: PolicyKind, number: int) -> Term:
    """One version and until when it holds. Raises `NoSuchVersion`."""
    for term in history(session, kind):
        if term.version.number == number:
            return term
    raise NoSuchVersion


def history(session: Session, kind: PolicyKind) -> list[Term]:
    """All versions of a policy, the oldest first, each ending the day before the next."""
    query = select(PolicyVersion).filter_by(kind=kind).order_by(PolicyVersion.valid_from)
    return _terms(session.scalars(query).all())


def _terms(versions: Sequence[PolicyVersion]) -> list[Term]:
    ended = [Term(one, after.valid_from - timedelta(days=1)) for one, after in pairwise(versions)]
    return [*ended, *(Term(last, None) for last in versions[-1:])]


def _latest(session: Session, kind: PolicyKind) -> PolicyVersion | None:
    query = select(PolicyVersion).filter_by(kind=kind)
    return session.scalar(query.order_by(PolicyVersion.number.desc()).limit(1))
