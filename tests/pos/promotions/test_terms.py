"""Promotions as they are kept: new terms beside old ones, ended early, codes, all on record."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from builders import BY_NOBODY, NOW
from builders_promotions import GOODS, HERE, HONEY, LAN, make_promotion, make_voucher, plan
from pos.promotions import codes, terms, vouchers
from pos.promotions import plan as plans
from pos.promotions.bearers import Bearer
from pos.promotions.models import PromotionTerms, Voucher
from pos.promotions.plan import Goods
from pos.promotions.rules import Kind

_numbers = count(1)


def some_bytes(length: int) -> bytes:
    return next(_numbers).to_bytes(length, "little")


def audited(session: Session) -> list[tuple[str, Any]]:
    query = select(AuditEntry).filter_by(object_type="promotion").order_by(AuditEntry.id)
    return [(entry.action, entry.detail) for entry in session.scalars(query)]


def test_new_terms_leave_the_old_ones_and_the_code_points_to_them(session: Session) -> None:
    made = make_voucher(session)
    first = made.terms
    terms.revise(session, terms.get(session, made.id, lock=True), plan(permille=500), **BY_NOBODY)
    assert [(t.version, t.permille) for t in made.every_terms] == [(1, 100), (2, 500)]
    deal = vouchers.quote(session, GOODS, "NHAN2026", LAN, NOW)
    assert deal.total == 50_000
    assert list(deal.terms.values()) == [made.terms.id] != [first.id]


def test_terms_cannot_be_changed_even_past_the_program(session: Session) -> None:
    make_promotion(session)
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(update(PromotionTerms).values(permille=900))


def test_terms_cannot_be_deleted(session: Session) -> None:
    make_promotion(session)
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text("DELETE FROM promotion_terms"))


def test_what_was_ended_stays_as_it_is(session: Session) -> None:
    made = make_voucher(session)
    terms.end(session, made, "Hết ngân sách", **BY_NOBODY)
    assert (made.ended_at, made.ended_reason) == (NOW, "Hết ngân sách")
    with pytest.raises(terms.PromotionEnded):
        terms.end(session, made, "Lần nữa", **BY_NOBODY)
    with pytest.raises(terms.PromotionEnded):
        terms.revise(session, made, plan(), **BY_NOBODY)
    with pytest.raises(terms.PromotionEnded):
        terms.add_codes(session, made, 1, "", randomness=some_bytes, **BY_NOBODY)


def test_every_change_is_on_record(session: Session) -> None:
    made = make_voucher(session)
    terms.revise(session, made, plan(), **BY_NOBODY)
    terms.add_codes(session, made, 2, "qua", randomness=some_bytes, **BY_NOBODY)
    terms.end(session, made, "Hết quà", **BY_NOBODY)
    assert [action for action, _detail in audited(session)] == [
        "promotion.create",
        "promotion.revise",
        "promotion.codes",
        "promotion.end",
    ]
    assert audited(session)[0][1]["code"] == "NHAN2026"
    assert audited(session)[2][1] == {"count": 2, "prefix": "QUA"}


def test_a_code_belongs_to_one_promotion(session: Session) -> None:
    make_voucher(session, "TET 2027")
    with pytest.raises(codes.CodeTaken):
        make_voucher(session, "tết2027")


@pytest.mark.parametrize("code", ["", "abc", "a" * 21, "nhãn!", "НHAN", "１２３４"])
def test_a_code_is_short_and_plain(session: Session, code: str) -> None:
    with pytest.raises(codes.BadCode):
        make_voucher(session, code)


def test_codes_are_made_with_their_prefix_each_for_one_use(session: Session) -> None:
    made = make_voucher(session)
    new = terms.add_codes(session, made, 50, "tết", randomness=some_bytes, **BY_NOBODY)
    assert len(set(new)) == 50
    assert all(code.startswith("TET") and codes.is_code(code) for code in new)
    kept = session.scalars(select(Voucher).where(Voucher.most == 1)).all()
    assert {voucher.code for voucher in kept} == set(new)


def test_a_code_that_exists_is_not_made_again(session: Session) -> None:
    made = make_voucher(session, "00000000")
    drawn = iter([bytes(8), bytes(8), b"\1" * 8])
    assert terms.add_codes(
        session, made, 1, "", randomness=lambda _n: next(drawn), **BY_NOBODY
    ) == ["11111111"]


@pytest.mark.parametrize("number", [0, -1, codes.MOST_AT_ONCE + 1])
def test_the_number_of_codes_is_sensible(session: Session, number: int) -> None:
    made = make_voucher(session)
    with pytest.raises(terms.TooManyCodes):
        terms.add_codes(session, made, number, "", randomness=some_bytes, **BY_NOBODY)


def test_a_prefix_leaves_room_for_the_code(session: Session) -> None:
    made = make_voucher(session)
    with pytest.raises(codes.BadCode):
        terms.add_codes(session, made, 1, "A" * 13, randomness=some_bytes, **BY_NOBODY)


def test_an_automatic_promotion_has_no_codes(session: Session) -> None:
    made = make_promotion(session)
    with pytest.raises(terms.NoCodesHere):
        terms.add_codes(session, made, 1, "", randomness=some_bytes, **BY_NOBODY)


HALF_MAKER = {Bearer.SHOP: 500, Bearer.PRODUCER: 500}


@pytest.mark.parametrize(
    ("over", "error"),
    [
        ({"permille": None}, plans.NothingOff),
        ({"permille": 0}, plans.NothingOff),
        ({"permille": 1001}, plans.NothingOff),
        ({"kind": Kind.AMOUNT}, plans.NothingOff),
        ({"kind": Kind.AMOUNT, "amount": 0}, plans.NothingOff),
        ({"kind": Kind.GIFT, "permille": 1000, "buy": 2}, plans.NothingOff),
        ({"kind": Kind.GIFT, "buy": 2, "get": 1}, plans.NothingOff),
        ({"ends_at": NOW}, plans.BadPeriod),
        ({"ends_at": NOW - timedelta(days=1)}, plans.BadPeriod),
        ({"bearers": {Bearer.SHOP: 999}}, plans.BadBearers),
        ({"bearers": {Bearer.SHOP: 1500, Bearer.PRODUCER: -500}}, plans.BadBearers),
        ({"kind": Kind.DELIVERY, "bearers": HALF_MAKER}, plans.ProducerCannotBear),
        ({"gift": Goods(), "bearers": HALF_MAKER}, plans.ProducerCannotBear),
    ],
)
def test_terms_without_sense_are_refused(
    session: Session, over: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        make_promotion(session, **over)


def test_goods_survive_being_kept() -> None:
    goods = Goods(skus=frozenset({HONEY}), places=frozenset({HERE}))
    assert Goods.from_json(goods.to_json()) == goods
    assert Goods().to_json() == {}
