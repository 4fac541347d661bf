"""Promotions as staff keep them: created, given new terms, ended early, given codes. All audited."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.codes import Randomness
from app.core.db import insert_if_new
from app.core.errors import Conflict, NotFound, Rejected
from app.core.text import N_
from app.core.types import Json
from pos.promotions import codes
from pos.promotions.models import Promotion, PromotionTerms, Redemption, Voucher
from pos.promotions.plan import Plan

_AS_PLANNED = (
    *("name_vi", "name_en", "kind", "permille", "amount", "cap", "buy", "get", "channel"),
    *("minimum", "starts_at", "ends_at", "most", "most_each", "alone"),
)


class UnknownPromotion(NotFound):
    """No such promotion."""

    code = "unknown_promotion"
    message = N_("This promotion does not exist.")


class PromotionEnded(Conflict):
    """What was ended stays as it is."""

    code = "promotion_ended"
    message = N_("This promotion was ended. Start a new one.")


class NoCodesHere(Conflict):
    """An automatic promotion has no codes."""

    code = "promotion_without_codes"
    message = N_("This promotion works without a code.")


class TooManyCodes(Rejected):
    """The number of codes is out of range."""

    code = "too_many_voucher_codes"
    message = N_("Between 1 and %(most)s codes can be made at once.")


def get(session: Session, promotion_id: UUID, *, lock: bool = False) -> Promotion:
    """The promotion; `lock` lets uses that are under way finish first. Raises `UnknownPromotion`."""
    query = select(Promotion).where(Promotion.id == promotion_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise UnknownPromotion
    return found


def create(
    session: Session,
    plan: Plan,
    *,
    by_code: bool,
    code: str | None = None,
    now: datetime,
    actor_id: UUID | None,
) -> Promotion:
    """A new promotion; `code` is its common code, as typed.

    Raises what `Plan.check` raises, `BadCode`, `CodeTaken`.
    """
    plan.check()
    made = Promotion(by_code=by_code, version=1, used=0, created_at=now)
    session.add(made)
    session.flush()
    _write(session, made, plan, now, actor_id)
    detail: Json = {"version": 1, "name": plan.name_vi, "kind": plan.kind.value}
    if code is not None:
        detail["code"] = _add_code(session, made, codes.checked(code), None, now)
    _note(session, "promotion.create", made, detail, now, actor_id)
    return made


def revise(
    session: Session, promotion: Promotion, plan: Plan, *, now: datetime, actor_id: UUID | None
) -> PromotionTerms:
    """New terms from now on; the old ones stay on record. `promotion` must be locked.

    Raises what `Plan.check` raises, `PromotionEnded`.
    """
    plan.check()
    _check_open(promotion)
    promotion.version += 1
    # The counter rests while nothing limits the uses.
    live = select(func.count(Redemption.id)).where(
        Redemption.promotion_id == promotion.id, Redemption.given_back_at.is_(None)
    )
    promotion.used = session.scalar(live) or 0
    terms = _write(session, promotion, plan, now, actor_id)
    detail = {"version": promotion.version, "name": plan.name_vi}
    _note(session, "promotion.revise", promotion, detail, now, actor_id)
    return terms


def end(
    session: Session, promotion: Promotion, reason: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Stop it now, whatever its terms say. `promotion` must be locked. Raises `PromotionEnded`."""
    _check_open(promotion)
    promotion.ended_at, promotion.ended_reason = now, reason
    session.flush()
    _note(session, "promotion.end", promotion, {"reason": reason}, now, actor_id)


def add_codes(
    session: Session,
    promotion: Promotion,
    count: int,
    prefix: str,
    *,
    now: datetime,
    actor_id: UUID | None,
    randomness: Randomness,
) -> list[str]:
    """Make `count` codes of which each can be used once.

    Raises `PromotionEnded`, `NoCodesHere`, `TooManyCodes`, `BadCode`.
    """
    _check_open(promotion)
    if not promotion.by_code:
        raise NoCodesHere
    if not 1 <= count <= codes.MOST_AT_ONCE:
        raise TooManyCodes(most=codes.MOST_AT_ONCE)
    head = codes.folded(prefix)
    codes.checked(codes.made(head, randomness))
    made = [_fresh_code(session, promotion, head, now, randomness) for _number in range(count)]
    detail = {"count": count, "prefix": head}
    _note(session, "promotion.codes", promotion, detail, now, actor_id)
    return made


def _fresh_code(
    session: Session, promotion: Promotion, head: str, now: datetime, randomness: Randomness
) -> str:
    while True:
        try:
            return _add_code(session, promotion, codes.made(head, randomness), 1, now)
        except codes.CodeTaken:
            continue


def _add_code(
    session: Session, promotion: Promotion, code: str, most: int | None, now: datetime
) -> str:
    values = {"promotion_id": promotion.id, "code": code, "most": most}
    if not insert_if_new(session, Voucher, values | {"used": 0, "created_at": now}):
        raise codes.CodeTaken(voucher=code)
    return code


def _check_open(promotion: Promotion) -> None:
    if promotion.ended_at is not None:
        raise PromotionEnded


def _write(
    session: Session, promotion: Promotion, plan: Plan, now: datetime, actor_id: UUID | None
) -> PromotionTerms:
    terms = PromotionTerms(
        promotion=promotion,
        version=promotion.version,
        reach=plan.reach.to_json(),
        gift=plan.gift.to_json() if plan.gift else None,
        bearers={bearer.value: share for bearer, share in plan.bearers.items() if share},
        set_at=now,
        set_by=actor_id,
        **{name: getattr(plan, name) for name in _AS_PLANNED},
    )
    session.add(terms)
    session.flush()
    return terms


def _note(
    session: Session,
    action: str,
    promotion: Promotion,
    detail: Json,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    obj = ("promotion", promotion.id)
    audit.record(session, action, obj, actor_id=actor_id, now=now, detail=detail)
