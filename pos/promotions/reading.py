"""From kept terms to the plain rules that are reckoned with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.core.types import Json, UtcDateTime
from catalog.models import Sku
from pos.promotions.bearers import Bearer
from pos.promotions.models import Promotion, PromotionTerms, Voucher
from pos.promotions.plan import Goods
from pos.promotions.rules import Reach, Rule

SkusOf = Mapping[UUID, frozenset[UUID]]


def in_force() -> Select[PromotionTerms]:
    """The newest terms of every promotion, each with its promotion."""
    newest = PromotionTerms.version == Promotion.version
    query = select(PromotionTerms).join(Promotion, PromotionTerms.promotion_id == Promotion.id)
    return query.where(newest).options(joinedload(PromotionTerms.promotion))


def running(session: Session, now: datetime) -> Sequence[PromotionTerms]:
    """Terms of the automatic promotions that hold at `now`, oldest first."""
    return session.scalars(_RUNNING, {"moment": now}).all()


_NOW = bindparam("moment", type_=UtcDateTime())
_RUNNING = (
    in_force()
    .where(
        Promotion.by_code.is_(False),
        Promotion.ended_at.is_(None),
        PromotionTerms.starts_at <= _NOW,
        PromotionTerms.ends_at.is_(None) | (PromotionTerms.ends_at > _NOW),
    )
    .order_by(Promotion.id)
)


def current(session: Session, promotion_id: UUID) -> PromotionTerms:
    """The terms in force of one promotion."""
    return session.scalars(in_force().where(Promotion.id == promotion_id)).one()


def rules(
    session: Session, terms: Sequence[PromotionTerms], vouchers: Mapping[UUID, Voucher]
) -> list[Rule]:
    """A rule for each of the terms; `vouchers` says by promotion which code was named."""
    skus = _skus_of(session, terms)
    return [_rule(one, vouchers.get(one.promotion_id), skus) for one in terms]


def _skus_of(session: Session, terms: Sequence[PromotionTerms]) -> SkusOf:
    """The articles of the products that terms name."""
    named: set[UUID] = set()
    for one in terms:
        for kept in (one.reach, one.gift or {}):
            named |= Goods.from_json(kept).products
    if not named:
        return {}
    found: dict[UUID, frozenset[UUID]] = {key: frozenset() for key in named}
    for product_id, sku_id in session.execute(
        select(Sku.product_id, Sku.id).where(Sku.product_id.in_(named))
    ):
        found[product_id] |= {sku_id}
    return found


def _rule(terms: PromotionTerms, voucher: Voucher | None, skus: SkusOf) -> Rule:
    return Rule(
        id=terms.promotion_id,
        source=f"voucher:{voucher.id}" if voucher else f"promotion:{terms.promotion_id}",
        name=terms.name_vi,
        kind=terms.kind,
        permille=terms.permille or 0,
        amount=terms.amount or 0,
        cap=terms.cap,
        buy=terms.buy or 0,
        get=terms.get or 0,
        reach=_reach(terms.reach, skus),
        gift=_reach(terms.gift, skus) if terms.gift else None,
        places=Goods.from_json(terms.reach).places,
        channel=terms.channel,
        minimum=terms.minimum,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        alone=terms.alone,
        voucher=voucher is not None,
        bearers=_bearers(terms.bearers),
    )


def _reach(kept: Json, skus: SkusOf) -> Reach:
    goods = Goods.from_json(kept)
    # A product without articles reaches nothing; empty sets would reach everything.
    of_products = [skus[key] or frozenset({key}) for key in goods.products]
    return Reach(goods.skus.union(*of_products), goods.categories, goods.producers)


def _bearers(kept: Json) -> tuple[tuple[Bearer, int], ...]:
    return tuple((bearer, kept[bearer.value]) for bearer in Bearer if kept.get(bearer.value))
