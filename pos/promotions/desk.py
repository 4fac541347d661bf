"""Promotions as staff see them: lists by stage, uses, and what each bearer gave away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.enums import LabelledEnum
from app.core.paging import Page
from app.core.text import N_, fold
from pos.promotions import codes, reading
from pos.promotions.bearers import Bearer
from pos.promotions.models import Promotion, PromotionTerms, Redemption, RedemptionShare, Voucher
from pos.promotions.plan import Goods
from pos.stock.models import PHYSICAL, Place

PAGE_SIZE = 30


class Stage(LabelledEnum):
    """Where a promotion stands in its life."""

    RUNNING = "running", N_("Running")
    COMING = "coming", N_("Coming")
    OVER = "over", N_("Over")


@dataclass(frozen=True)
class Row:
    """A line of the list: the terms in force, uses, the common code if there is one."""

    terms: PromotionTerms
    uses: int
    code: str | None


@dataclass(frozen=True)
class Sums:
    """Uses that count, and đồng given away by bearer."""

    uses: int
    by_bearer: Mapping[Bearer, int]

    @property
    def total(self) -> int:
        """Đồng given away in all."""
        return sum(self.by_bearer.values())


def points(session: Session, places: frozenset[UUID] | None) -> Sequence[Place]:
    """Real places to choose from, closed ones too: a rule must not lose one unseen and so hold
    everywhere."""
    query = select(Place).where(Place.kind.in_(PHYSICAL)).order_by(Place.name)
    if places is not None:
        query = query.where(Place.id.in_(places))
    return session.scalars(query).all()


def stage_of(terms: PromotionTerms, now: datetime) -> Stage:
    """Whether the promotion of these terms runs at `now`."""
    if terms.promotion.ended_at is not None or (terms.ends_at and terms.ends_at <= now):
        return Stage.OVER
    return Stage.COMING if now < terms.starts_at else Stage.RUNNING


def stage_named(text: str | None) -> Stage:
    """The stage asked for; what is none means the running ones."""
    return next((stage for stage in Stage if stage.value == text), Stage.RUNNING)


def within(terms: PromotionTerms, places: frozenset[UUID] | None) -> bool:
    """Whether the rule holds at no other places than these; None means everywhere."""
    own = Goods.from_json(terms.reach).places
    return places is None or (bool(own) and own <= places)


def listing(
    session: Session,
    stage: Stage,
    query: str,
    now: datetime,
    places: frozenset[UUID] | None,
    number: int,
) -> Page[Row]:
    """A page of the promotions of a stage, newest first, that lie within `places`.

    With a query: those of any stage whose name has it in it or that have it as a code.
    """
    found = reading.in_force().order_by(PromotionTerms.starts_at.desc(), Promotion.id.desc())
    if not fold(query):
        found = found.where(_at_stage(stage, now))
    rows = [terms for terms in session.scalars(found) if within(terms, places)]
    if fold(query):
        with_code = _with_code(session, query)
        rows = [t for t in rows if t.promotion_id in with_code or _named_like(t, query)]
    shown = rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return Page(_rows(session, shown), number, PAGE_SIZE, len(rows))


def _at_stage(stage: Stage, now: datetime) -> ColumnElement[bool]:
    over = Promotion.ended_at.is_not(None) | (PromotionTerms.ends_at <= now)
    alive = Promotion.ended_at.is_(None) & (
        PromotionTerms.ends_at.is_(None) | (PromotionTerms.ends_at > now)
    )
    return {
        Stage.OVER: over,
        Stage.COMING: alive & (PromotionTerms.starts_at > now),
        Stage.RUNNING: alive & (PromotionTerms.starts_at <= now),
    }[stage]


def _with_code(session: Session, query: str) -> set[UUID]:
    wanted = select(Voucher.promotion_id).where(Voucher.code == codes.folded(query))
    return set(session.scalars(wanted))


def _named_like(terms: PromotionTerms, query: str) -> bool:
    return fold(query) in fold(f"{terms.name_vi} {terms.name_en or ''}")


def _rows(session: Session, shown: Sequence[PromotionTerms]) -> list[Row]:
    keys = [terms.promotion_id for terms in shown]
    counted = select(Redemption.promotion_id, func.count(Redemption.id)).where(
        Redemption.promotion_id.in_(keys), Redemption.given_back_at.is_(None)
    )
    uses = dict(session.execute(counted.group_by(Redemption.promotion_id)).all())
    common = select(Voucher.promotion_id, Voucher.code).where(
        Voucher.promotion_id.in_(keys), Voucher.most.is_(None)
    )
    code = dict(session.execute(common).all())
    return [Row(t, uses.get(t.promotion_id, 0), code.get(t.promotion_id)) for t in shown]


def sums(session: Session, promotion_id: UUID) -> Sums:
    """Uses of a promotion that were not given back, and what they cost each bearer."""
    live = (Redemption.promotion_id == promotion_id, Redemption.given_back_at.is_(None))
    uses = session.scalar(select(func.count(Redemption.id)).where(*live)) or 0
    query = select(RedemptionShare.bearer, func.sum(RedemptionShare.amount))
    query = query.join(Redemption, RedemptionShare.redemption_id == Redemption.id).where(*live)
    rows = dict(session.execute(query.group_by(RedemptionShare.bearer)).all())
    return Sums(uses, {bearer: int(rows[bearer]) for bearer in Bearer if bearer in rows})


def uses_of(session: Session, promotion_id: UUID, number: int) -> Page[Redemption]:
    """A page of the uses, newest first, those given back among them."""
    mine = Redemption.promotion_id == promotion_id
    total = session.scalar(select(func.count(Redemption.id)).where(mine)) or 0
    query = select(Redemption).where(mine).order_by(Redemption.at.desc(), Redemption.id.desc())
    query = query.options(selectinload(Redemption.shares), joinedload(Redemption.voucher))
    shown = query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(session.scalars(shown).all(), number, PAGE_SIZE, total)


def common_code(session: Session, promotion_id: UUID) -> str | None:
    """The code that is not limited to one use."""
    query = select(Voucher.code).filter_by(promotion_id=promotion_id, most=None)
    return session.scalar(query)


def made_codes(session: Session, promotion_id: UUID) -> Sequence[Voucher]:
    """The codes for one use each, in the order in which they were made."""
    query = select(Voucher).where(Voucher.promotion_id == promotion_id, Voucher.most.is_not(None))
    return session.scalars(query.order_by(Voucher.id)).all()


def made_counts(session: Session, promotion_id: UUID) -> tuple[int, int]:
    """How many codes for one use there are, and how many of them have been used."""
    mine = (Voucher.promotion_id == promotion_id, Voucher.most.is_not(None))
    counted = select(func.count(Voucher.id), func.coalesce(func.sum(Voucher.used), 0))
    number, used = session.execute(counted.where(*mine)).one()
    return number, int(used)
