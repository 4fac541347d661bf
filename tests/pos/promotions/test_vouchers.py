"""Vouchers are quoted, counted once, refused in words, and given back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import local_midnight
from builders import BY_NOBODY, NOW, make_product, make_sku, make_user
from builders_promotions import (
    ELSEWHERE,
    GOODS,
    HONEY,
    LAN,
    MAKER,
    NAM,
    OTHER_MAKER,
    basket,
    line,
    make_promotion,
    make_voucher,
    plan,
)
from catalog.models import PriceChannel
from pos.promotions import refusals, terms, vouchers
from pos.promotions.bearers import Bearer
from pos.promotions.models import PersonUse, Promotion, Redemption, Voucher
from pos.promotions.plan import Goods
from pos.promotions.rules import Kind
from pos.promotions.vouchers import Deal, Person

CODE = "NHAN2026"


def quote(session: Session, code: str | None = CODE, **over: Any) -> Deal:
    values = {"basket": GOODS, "person": LAN, "now": NOW} | over
    return vouchers.quote(session, code=code, **values)


def use(session: Session, reference: str, person: Person = LAN, code: str | None = CODE) -> Deal:
    deal = quote(session, code, person=person)
    vouchers.redeem(session, deal, reference, person, NOW)
    return deal


def uses(session: Session) -> int:
    live = select(func.count(Redemption.id)).where(Redemption.given_back_at.is_(None))
    return session.scalar(live) or 0


def test_without_a_code_and_without_promotions_nothing_is_taken_off(session: Session) -> None:
    make_voucher(session)
    assert quote(session, None) == quote(session, "  ") == Deal()


@pytest.mark.parametrize("typed", [CODE, "nhan2026", " nhan 2026 ", "Nhãn-2026"])
def test_a_code_is_known_however_it_is_typed(session: Session, typed: str) -> None:
    made = make_voucher(session)
    deal = quote(session, typed)
    voucher = session.scalars(select(Voucher)).one()
    assert (deal.total, deal.voucher_id) == (10_000, voucher.id)
    assert deal.cuts[0].source == f"voucher:{voucher.id}"
    assert deal.terms == {f"voucher:{voucher.id}": made.terms.id}


def test_a_made_code_is_found_with_letters_that_look_like_its_digits(session: Session) -> None:
    made = make_voucher(session)
    codes = terms.add_codes(session, made, 1, "", randomness=lambda n: bytes(range(n)), **BY_NOBODY)
    assert codes == ["01234567"]
    assert quote(session, "o1234567").total == quote(session, "ol234567").total == 10_000


def test_automatic_promotions_need_no_code(session: Session) -> None:
    made = make_promotion(session)
    deal = quote(session, None)
    assert deal.voucher_id is None
    assert [(c.source, c.name) for c in deal.cuts] == [(f"promotion:{made.id}", "Mừng mùa nhãn")]


def test_a_product_means_all_its_articles(session: Session) -> None:
    product = make_product(session)
    box, bag = make_sku(session, product), make_sku(session, product)
    make_promotion(session, reach=Goods(products=frozenset({product.id})))
    goods = basket(line(100_000, sku=box.id), line(50_000, sku=bag.id), line(70_000))
    assert [c.line_no for c in quote(session, None, basket=goods).cuts] == [1, 2]


def test_a_product_without_articles_means_nothing(session: Session) -> None:
    make_promotion(session, reach=Goods(products=frozenset({make_product(session).id})))
    assert quote(session, None).total == 0


@pytest.mark.parametrize("code", ["KHONGCO1", "abc", "'; --", "x" * 500])
def test_an_unknown_code_is_refused(session: Session, code: str) -> None:
    make_voucher(session)
    with pytest.raises(refusals.UnknownVoucher):
        quote(session, code)


DAY = local_midnight(date(2026, 11, 24))
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "refusal"),
    [
        (DAY - MOMENT, refusals.VoucherNotYet),
        (DAY, None),
        (datetime(2026, 11, 24, 16, 59, 59, tzinfo=UTC), None),
        (DAY + timedelta(days=1), refusals.VoucherOver),
    ],
)
def test_a_code_of_one_day_holds_from_midnight_to_midnight_in_vietnam(
    session: Session, now: datetime, refusal: type[Exception] | None
) -> None:
    make_voucher(session, starts_at=DAY, ends_at=DAY + timedelta(days=1))
    if refusal is None:
        assert quote(session, now=now).total == 10_000
        return
    with pytest.raises(refusal):
        quote(session, now=now)


def test_a_code_that_begins_later_says_on_which_day(session: Session) -> None:
    make_voucher(session, starts_at=local_midnight(date(2026, 12, 1)))
    with pytest.raises(refusals.VoucherNotYet, match="01/12/2026"):
        quote(session)


ONLY_HONEY, ONLY_OTHERS = Goods(skus=frozenset({HONEY})), Goods(producers=frozenset({OTHER_MAKER}))


@pytest.mark.parametrize(
    ("over", "refusal", "words"),
    [
        ({"minimum": 150_000}, refusals.VoucherBelowMinimum, "50.000"),
        ({"reach": ONLY_HONEY}, refusals.VoucherNotForThis, "goods in this order"),
        ({"reach": ONLY_OTHERS}, refusals.VoucherOtherProducer, "other producers"),
        ({"reach": Goods(places=frozenset({ELSEWHERE}))}, refusals.VoucherOtherPoint, "points"),
        ({"channel": PriceChannel.TILL}, refusals.VoucherOtherChannel, "Sales points"),
    ],
)
def test_a_code_that_does_not_fit_says_why(
    session: Session, over: dict[str, Any], refusal: type[Exception], words: str
) -> None:
    make_voucher(session, **over)
    with pytest.raises(refusal, match=words) as refused:
        quote(session)
    assert isinstance(refused.value, refusals.VoucherNotForThis)


def test_a_code_that_gains_nothing_is_not_used(session: Session) -> None:
    make_promotion(session, permille=200)
    make_voucher(session, alone=True)
    with pytest.raises(refusals.VoucherNoGain):
        quote(session)
    assert quote(session, None).total == 20_000


def test_a_deal_tells_the_names_of_its_offers(session: Session) -> None:
    make_promotion(session, name_vi="Mùa nhãn", name_en="Longan season")
    make_voucher(session, name_vi="Mã mới", name_en="New code")
    deal = quote(session)
    names = vouchers.offers(session, deal)
    assert [names[cut.source].name_en for cut in deal.cuts] == ["Longan season", "New code"]
    assert vouchers.offers(session, Deal()) == {}


def test_a_use_is_counted_once_however_often_it_is_sent(session: Session) -> None:
    shares = {Bearer.SHOP: 700, Bearer.PRODUCER: 300}
    make_voucher(session, most=5, bearers=shares)
    deal = use(session, "order:1")
    vouchers.redeem(session, deal, "order:1", LAN, NOW)
    assert (uses(session), session.scalars(select(Promotion.used)).one()) == (1, 1)
    row = session.scalars(select(Redemption)).one()
    assert row.voucher_id == deal.voucher_id
    assert {s.bearer: s.amount for s in row.shares} == {Bearer.SHOP: 7_000, Bearer.PRODUCER: 3_000}


def test_what_is_used_up_is_refused_when_quoted_and_when_counted(session: Session) -> None:
    make_voucher(session, most=1)
    late = quote(session, person=NAM)
    use(session, "order:1")
    with pytest.raises(refusals.VoucherUsedUp):
        quote(session, person=NAM)
    with pytest.raises(refusals.VoucherUsedUp):
        vouchers.redeem(session, late, "order:2", NAM, NOW)


def test_a_made_code_works_once(session: Session) -> None:
    made = make_voucher(session)
    codes = terms.add_codes(session, made, 2, "QUA", randomness=_random(), **BY_NOBODY)
    late = quote(session, codes[0])
    use(session, "order:1", code=codes[0])
    with pytest.raises(refusals.VoucherUsedUp):
        quote(session, codes[0])
    with pytest.raises(refusals.VoucherUsedUp):
        vouchers.redeem(session, late, "order:2", LAN, NOW)
    assert use(session, "order:3", code=codes[1]).total == 10_000


def _random() -> Any:
    counter = iter(range(10_000))
    return lambda n: bytes((next(counter) * 7 + k) % 256 for k in range(n))


def test_one_person_is_known_by_account_and_by_phone(session: Session) -> None:
    make_voucher(session, most_each=1)
    member = make_user(session)
    both = Person(member.id, LAN.phone)
    use(session, "order:1", both)
    for person in (both, LAN, Person(member.id), Person(member.id, NAM.phone)):
        with pytest.raises(refusals.VoucherUsedByYou):
            quote(session, person=person)
    assert use(session, "order:2", NAM).total == 10_000


def test_a_person_may_use_it_as_often_as_it_says(session: Session) -> None:
    make_voucher(session, most_each=2)
    use(session, "order:1")
    late = quote(session)
    use(session, "order:2")
    with pytest.raises(refusals.VoucherUsedByYou):
        vouchers.redeem(session, late, "order:3", LAN, NOW)


def test_codes_of_one_promotion_count_together_for_a_person(session: Session) -> None:
    made = make_voucher(session, most_each=1)
    codes = terms.add_codes(session, made, 2, "", randomness=_random(), **BY_NOBODY)
    use(session, "order:1", code=codes[0])
    with pytest.raises(refusals.VoucherUsedByYou):
        quote(session, codes[1])


def test_somebody_unknown_sees_the_price_but_must_say_who_it_is(session: Session) -> None:
    make_voucher(session, most_each=1)
    deal = quote(session, person=Person())
    assert deal.total == 10_000
    with pytest.raises(refusals.VoucherNeedsPerson):
        vouchers.redeem(session, deal, "order:1", Person(), NOW)


def test_an_automatic_promotion_ends_quietly_when_it_is_used_up(session: Session) -> None:
    make_promotion(session, most=1)
    assert use(session, "order:1", code=None).total == 10_000
    assert quote(session, None, person=NAM).total == 0


def test_an_automatic_promotion_of_each_person_needs_to_know_who_it_is(session: Session) -> None:
    make_promotion(session, most_each=1)
    assert quote(session, None, person=Person()).total == 0
    use(session, "order:1", code=None)
    assert quote(session, None).total == 0
    assert quote(session, None, person=NAM).total == 10_000


def test_what_is_given_back_can_be_used_again_but_only_once(session: Session) -> None:
    make_voucher(session, most=1, most_each=1)
    use(session, "order:1")
    vouchers.give_back(session, "order:1", NOW)
    vouchers.give_back(session, "order:1", NOW)
    assert session.scalars(select(Promotion.used)).one() == 0
    use(session, "order:2")
    with pytest.raises(refusals.VoucherUsedUp):
        quote(session, person=NAM)
    assert uses(session) == 1


def test_a_made_code_that_is_given_back_works_again(session: Session) -> None:
    made = make_voucher(session)
    code = terms.add_codes(session, made, 1, "", randomness=_random(), **BY_NOBODY)[0]
    use(session, "order:1", code=code)
    vouchers.give_back(session, "order:1", NOW)
    assert use(session, "order:2", code=code).total == 10_000


def test_nothing_happens_when_nothing_was_used(session: Session) -> None:
    vouchers.redeem(session, Deal(), "order:1", LAN, NOW)
    vouchers.give_back(session, "order:1", NOW)
    assert uses(session) == session.scalar(select(func.count(PersonUse.id))) == 0


def test_a_limit_that_comes_later_counts_the_uses_before_it(session: Session) -> None:
    made = make_voucher(session)
    use(session, "order:1")
    use(session, "order:2", NAM)
    vouchers.give_back(session, "order:2", NOW)
    locked = terms.get(session, made.id, lock=True)
    terms.revise(session, locked, plan(most=1, most_each=1), **BY_NOBODY)
    with pytest.raises(refusals.VoucherUsedUp):
        quote(session, person=NAM)


def test_an_ended_code_is_over_also_for_who_was_quoted_before(session: Session) -> None:
    made = make_voucher(session)
    deal = quote(session)
    terms.end(session, terms.get(session, made.id, lock=True), "Hết quà", **BY_NOBODY)
    with pytest.raises(refusals.VoucherOver):
        quote(session)
    with pytest.raises(refusals.VoucherOver):
        vouchers.redeem(session, deal, "order:1", LAN, NOW)


def test_gift_and_delivery_work_from_kept_terms(session: Session) -> None:
    make_promotion(session, Kind.DELIVERY, cap=20_000, minimum=50_000)
    gift = Goods(skus=frozenset({HONEY}))
    reach = Goods(producers=frozenset({MAKER}))
    make_voucher(session, kind=Kind.GIFT, permille=1000, buy=2, get=1, reach=reach, gift=gift)
    goods = basket(line(100_000, 2), line(40_000, 1, HONEY))
    assert [(c.line_no, c.amount) for c in quote(session, basket=goods).cuts] == [
        (2, 40_000),
        (None, 20_000),
    ]


def test_keys_of_persons_are_not_kept_in_the_open(session: Session) -> None:
    make_voucher(session)
    use(session, "order:1", Person(UUID(int=7), LAN.phone))
    kept = session.scalars(select(PersonUse.person)).all()
    assert len(kept) == 2
    assert not any("84912345678" in mark or "0007" in mark for mark in kept)
