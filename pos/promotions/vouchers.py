"""Quoting what is taken off, counting a use, giving it back. Knows nothing of orders: uses bear a
`reference` text such as `order:PH-26-…`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core import codes as core_codes
from app.core.clock import VIETNAM
from app.core.money import format_vnd
from pos.promotions import codes, persons, reading, uses
from pos.promotions.engine import Basket, Cut, evaluate, missing, reached
from pos.promotions.models import PromotionTerms, Voucher
from pos.promotions.persons import Person
from pos.promotions.refusals import (
    UnknownVoucher,
    VoucherBelowMinimum,
    VoucherNoGain,
    VoucherNotForThis,
    VoucherNotYet,
    VoucherOtherChannel,
    VoucherOtherPoint,
    VoucherOtherProducer,
    VoucherOver,
    VoucherUsedByYou,
    VoucherUsedUp,
)
from pos.promotions.rules import Rule


@dataclass(frozen=True)
class Deal:
    """What is taken off a basket. `terms` are the terms that it follows from, by source."""

    cuts: tuple[Cut, ...] = ()
    voucher_id: UUID | None = None
    terms: Mapping[str, UUID] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Đồng taken off, the delivery fee included."""
        return sum(cut.amount for cut in self.cuts)


def quote(
    session: Session, basket: Basket, code: str | None, person: Person, now: datetime
) -> Deal:
    """What promotions and the code, as typed, take off at `now`. Nothing is counted.

    Raises `UnknownVoucher`, `VoucherNotYet`, `VoucherOver`, `VoucherUsedUp`, `VoucherUsedByYou`,
    `VoucherNotForThis`.
    """
    basket = replace(basket, moment=now)
    terms = _available(session, reading.running(session, now), person)
    voucher = find(session, code) if code and codes.folded(code) else None
    if voucher is not None:
        named = reading.current(session, voucher.promotion_id)
        _check(session, voucher, named, person, now)
        terms.append(named)
    rules = reading.rules(session, terms, {voucher.promotion_id: voucher} if voucher else {})
    cuts = evaluate(rules, basket)
    if voucher is not None and not any(cut.source == rules[-1].source for cut in cuts):
        raise _why_not(rules[-1], basket)
    known = {rule.source: one.id for rule, one in zip(rules, terms, strict=True)}
    used = {cut.source: known[cut.source] for cut in cuts}
    return Deal(tuple(cuts), voucher.id if voucher else None, used)


def redeem(session: Session, deal: Deal, reference: str, person: Person, now: datetime) -> None:
    """Count the uses of a deal once for `reference`; repeating it changes nothing.

    Call it, and `give_back`, after stock was touched: everybody must take locks in that order.

    Raises `VoucherUsedUp`, `VoucherUsedByYou`, `VoucherOver` when somebody was faster, and
    `VoucherNeedsPerson`; the transaction must then be undone.
    """
    # In the order of their keys, so that two buyers never wait for each other.
    planned = [
        uses.Use(
            _promotion_of(session, source), terms_id, _voucher_of(source), _given(deal, source)
        )
        for source, terms_id in deal.terms.items()
    ]
    for use in sorted(planned, key=lambda use: use.promotion_id):
        uses.count(session, use, reference, person, now)


def offers(session: Session, deal: Deal) -> dict[str, PromotionTerms]:
    """The terms behind a deal by the source of its cuts, for names in the buyer's language."""
    query = select(PromotionTerms).where(PromotionTerms.id.in_(deal.terms.values()))
    found = {terms.id: terms for terms in session.scalars(query)}
    return {source: found[terms_id] for source, terms_id in deal.terms.items()}


def give_back(session: Session, reference: str, now: datetime) -> None:
    """The uses of `reference` are free again; once only."""
    uses.give_back(session, reference, now)


def find(session: Session, code: str) -> Voucher:
    """The voucher of a code as typed, also with O for 0 and I or L for 1. Raises `UnknownVoucher`."""
    folded = codes.folded(code)
    for text in (folded, core_codes.typed(folded)):
        query = select(Voucher).where(Voucher.code == text)
        if codes.is_code(text):
            found = session.scalar(query.options(joinedload(Voucher.promotion)))
            if found is not None:
                return found
    raise UnknownVoucher


def _available(
    session: Session, terms: Sequence[PromotionTerms], person: Person
) -> list[PromotionTerms]:
    """The automatic promotions that are not used up, neither by all nor by this person.

    Somebody unknown gets none that is limited for each person: it could not be counted.
    """
    limited = [one.promotion_id for one in terms if one.most_each is not None]
    own = persons.uses(session, limited, person) if limited else {}
    known = bool(person.marks())
    return [
        one
        for one in terms
        if (one.most is None or one.promotion.used < one.most)
        and (one.most_each is None or (known and own.get(one.promotion_id, 0) < one.most_each))
    ]


def _check(
    session: Session, voucher: Voucher, terms: PromotionTerms, person: Person, now: datetime
) -> None:
    promotion = voucher.promotion
    if promotion.ended_at is not None or (terms.ends_at is not None and terms.ends_at <= now):
        raise VoucherOver
    if now < terms.starts_at:
        raise VoucherNotYet(day=f"{terms.starts_at.astimezone(VIETNAM):%d/%m/%Y}")
    if terms.most is not None and promotion.used >= terms.most:
        raise VoucherUsedUp
    if voucher.most is not None and voucher.used >= voucher.most:
        raise VoucherUsedUp
    own = persons.uses(session, [promotion.id], person).get(promotion.id, 0)
    if terms.most_each is not None and own >= terms.most_each:
        raise VoucherUsedByYou


def _why_not(rule: Rule, basket: Basket) -> VoucherNotForThis:
    if not rule.sold_by(basket.channel):
        return VoucherOtherChannel(channel=rule.channel.label)
    if not rule.sold_at(basket.place_id):
        return VoucherOtherPoint()
    if not reached(rule, basket):
        of_makers = rule.reach.producers and not (rule.reach.skus or rule.reach.categories)
        return VoucherOtherProducer() if of_makers else VoucherNotForThis()
    short = missing(rule, basket)
    return VoucherBelowMinimum(missing=format_vnd(short)) if short else VoucherNoGain()


def _voucher_of(source: str) -> UUID | None:
    kind, _colon, key = source.partition(":")
    return UUID(key) if kind == "voucher" else None


def _promotion_of(session: Session, source: str) -> UUID:
    voucher_id = _voucher_of(source)
    if voucher_id is None:
        return UUID(source.partition(":")[2])
    return session.get_one(Voucher, voucher_id).promotion_id


def _given(deal: Deal, source: str) -> list[Cut]:
    return [cut for cut in deal.cuts if cut.source == source]
