"""Many want the last uses of a voucher: as many get one as there are."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.db import Database, reading, transaction
from app.core.errors import DomainError
from builders import BY_NOBODY, NOW
from builders_promotions import GOODS, LAN, make_promotion, make_voucher, plan
from pos.promotions import terms, vouchers
from pos.promotions.models import PersonUse, Promotion, Redemption, Voucher
from pos.promotions.vouchers import Person

pytestmark = pytest.mark.race

THREADS = 20


def race(act: Callable[[int], None]) -> Counter[str]:
    """What comes of twenty acts at once: "done", or the code of the refusal."""

    def one(number: int) -> str:
        try:
            act(number)
        except DomainError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(one, range(THREADS)))


def buy(code: str | None, person: Person, reference: str) -> None:
    with transaction() as session:
        deal = vouchers.quote(session, GOODS, code, person, NOW)
        vouchers.redeem(session, deal, reference, person, NOW)


def somebody(number: int) -> Person:
    return Person(phone=f"+849123456{number:02}")


def value(statement: Any) -> Any:
    with reading() as session:
        return session.scalar(statement)


def live() -> Any:
    return select(func.count(Redemption.id)).where(Redemption.given_back_at.is_(None))


def set_up(make: Callable[..., Promotion], **over: Any) -> Promotion:
    with transaction() as session:
        return make(session, **over)


def test_five_uses_are_five(real_database: Database) -> None:
    set_up(make_voucher, most=5)
    met = race(lambda n: buy("NHAN2026", somebody(n), f"order:{n}"))
    assert met == {"done": 5, "voucher_used_up": THREADS - 5}
    assert value(live()) == value(select(Promotion.used)) == 5


def test_one_person_gets_two_with_however_many_windows(real_database: Database) -> None:
    set_up(make_voucher, most_each=2)
    met = race(lambda n: buy("NHAN2026", LAN, f"order:{n}"))
    assert met == {"done": 2, "voucher_used_by_you": THREADS - 2}
    assert value(live()) == value(select(func.count(PersonUse.id))) == 2


def test_a_made_code_is_used_once(real_database: Database) -> None:
    made = set_up(make_voucher)
    with transaction() as session:
        found = terms.get(session, made.id, lock=True)
        code = terms.add_codes(session, found, 1, "", randomness=lambda n: b"\7" * n, **BY_NOBODY)
    met = race(lambda n: buy(code[0], somebody(n), f"order:{n}"))
    assert met == {"done": 1, "voucher_used_up": THREADS - 1}
    assert value(select(Voucher.used).where(Voucher.code == code[0])) == 1


def test_one_order_sent_many_times_counts_once(real_database: Database) -> None:
    set_up(make_voucher, most=5, most_each=5)
    assert race(lambda _n: buy("NHAN2026", LAN, "order:1")) == {"done": THREADS}
    assert value(live()) == value(select(Promotion.used)) == 1
    assert value(select(func.count(PersonUse.id))) == 1


def test_several_promotions_at_once_do_not_wait_for_each_other(real_database: Database) -> None:
    for over in ({"most": 100}, {"most": 100, "most_each": 100}):
        set_up(make_promotion, **over)
    set_up(make_voucher, most=100)
    met = race(lambda n: buy("NHAN2026" if n % 2 else None, LAN, f"order:{n}"))
    assert met == {"done": THREADS}


def test_giving_back_many_times_frees_one_use(real_database: Database) -> None:
    set_up(make_voucher, most=3)
    for n in range(3):
        buy("NHAN2026", somebody(n), f"order:{n}")

    def undo(_number: int) -> None:
        with transaction() as session:
            vouchers.give_back(session, "order:1", NOW)

    race(undo)
    assert value(live()) == value(select(Promotion.used)) == 2


@pytest.mark.parametrize("before", [None, THREADS * 3])
def test_a_limit_set_in_the_midst_of_uses_counts_them_all(
    real_database: Database, before: int | None
) -> None:
    made = set_up(make_voucher, most=before)

    def act(number: int) -> None:
        if number != THREADS // 2:
            return buy("NHAN2026", somebody(number), f"order:{number}")
        with transaction() as session:
            found = terms.get(session, made.id, lock=True)
            terms.revise(session, found, plan(most=THREADS * 2), **BY_NOBODY)
        return None

    assert race(act) == {"done": THREADS}
    assert value(live()) == value(select(Promotion.used)) == THREADS - 1
