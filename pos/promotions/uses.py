"""Counting uses. Limits are guarded by the database: conditional updates and unique rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from app.core.db import insert_if_new
from pos.promotions import persons
from pos.promotions.bearers import Bearer
from pos.promotions.engine import Cut
from pos.promotions.models import (
    PersonUse,
    Promotion,
    PromotionTerms,
    Redemption,
    RedemptionShare,
    Voucher,
)
from pos.promotions.persons import Person
from pos.promotions.refusals import (
    VoucherNeedsPerson,
    VoucherOver,
    VoucherUsedByYou,
    VoucherUsedUp,
)


@dataclass(frozen=True)
class Use:
    """One use of a promotion, by code or without, and what it takes off."""

    promotion_id: UUID
    terms_id: UUID
    voucher_id: UUID | None
    cuts: Sequence[Cut]


@dataclass(frozen=True)
class _Limit:
    most: int | None
    most_each: int | None
    ended_at: datetime | None


def count(session: Session, use: Use, reference: str, person: Person, now: datetime) -> None:
    """Count one use for `reference`, once.

    Raises `VoucherOver`, `VoucherUsedUp`, `VoucherUsedByYou`, `VoucherNeedsPerson`.
    """
    redemption_id = uuid4()
    # The row comes first: its foreign key waits for whoever changes the terms, so that the limit
    # read below is the one that counts.
    values = {
        "id": redemption_id,
        "promotion_id": use.promotion_id,
        "terms_id": use.terms_id,
        "voucher_id": use.voucher_id,
        "reference": reference,
        "at": now,
    }
    if not insert_if_new(session, Redemption, values):
        return
    limit = _limit(session, use.promotion_id)
    _count_all(session, use, limit)
    if limit.most_each is not None and not person.marks():
        raise VoucherNeedsPerson
    if not persons.count_use(session, use.promotion_id, redemption_id, person, limit.most_each):
        raise VoucherUsedByYou
    _keep_shares(session, redemption_id, use.cuts)


def _keep_shares(session: Session, redemption_id: UUID, cuts: Sequence[Cut]) -> None:
    by_bearer: Counter[Bearer] = Counter()
    for cut in cuts:
        by_bearer[cut.bearer] += cut.amount
    for bearer, amount in by_bearer.items():
        session.add(RedemptionShare(redemption_id=redemption_id, bearer=bearer, amount=amount))
    session.flush()


def give_back(session: Session, reference: str, now: datetime) -> None:
    """Free what `reference` has used; a second time nothing happens."""
    query = select(Redemption).where(
        Redemption.reference == reference, Redemption.given_back_at.is_(None)
    )
    for row in session.scalars(query.order_by(Redemption.promotion_id)).all():
        _lock(session, row.promotion_id)
        mine = update(Redemption).where(Redemption.id == row.id, Redemption.given_back_at.is_(None))
        if not _changed(session, mine.values(given_back_at=now)):
            continue
        _uncount(session, row)


def _count_all(session: Session, use: Use, limit: _Limit) -> None:
    if limit.ended_at is not None:
        raise VoucherOver
    # What has no limit is not counted: all who use it would queue for one row.
    if limit.most is not None:
        whole = update(Promotion).where(Promotion.id == use.promotion_id)
        whole = whole.where(Promotion.used < limit.most)
        if not _changed(session, whole.values(used=Promotion.used + 1)):
            raise VoucherUsedUp
    of_code = select(Voucher.most).where(Voucher.id == use.voucher_id)
    if use.voucher_id is not None and session.scalar(of_code) is not None:
        code = update(Voucher).where(Voucher.id == use.voucher_id, Voucher.used < Voucher.most)
        if not _changed(session, code.values(used=Voucher.used + 1)):
            raise VoucherUsedUp


def _uncount(session: Session, row: Redemption) -> None:
    if _limit(session, row.promotion_id).most is not None:
        whole = update(Promotion).where(Promotion.id == row.promotion_id, Promotion.used > 0)
        _changed(session, whole.values(used=Promotion.used - 1))
    if row.voucher_id is not None:
        code = update(Voucher).where(Voucher.id == row.voucher_id, Voucher.used > 0)
        _changed(session, code.values(used=Voucher.used - 1))
    session.execute(delete(PersonUse).where(PersonUse.redemption_id == row.id))


def _limit(session: Session, promotion_id: UUID) -> _Limit:
    """As it is in the database now, whatever the session has read before."""
    columns = (PromotionTerms.most, PromotionTerms.most_each, Promotion.ended_at)
    query = select(*columns).join(Promotion, PromotionTerms.promotion_id == Promotion.id)
    query = query.where(PromotionTerms.version == Promotion.version)
    return _Limit(*session.execute(query.where(Promotion.id == promotion_id)).one())


def _lock(session: Session, promotion_id: UUID) -> None:
    """Keep the terms as they are until the end of the transaction; uses do not wait for each other."""
    query = select(Promotion.id).where(Promotion.id == promotion_id)
    session.execute(query.with_for_update(read=True, key_share=True))


def _changed(session: Session, statement: Any) -> bool:
    done = cast("CursorResult[Any]", session.execute(statement))
    return done.rowcount == 1
