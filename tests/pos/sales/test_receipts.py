"""What a receipt says."""

from pos.sales.models import Order, OrderLine, Payment
from pos.sales.receipts import VatPart, change_given, vat_parts
from pos.sales.status import Tender


def line(total: int, rate: int | None, vat: int | None) -> OrderLine:
    return OrderLine(line_total=total, vat_permille=rate, vat_amount=vat)


def test_vat_is_added_up_by_rate_and_the_unknown_rate_comes_last() -> None:
    lines = [line(50, None, None), line(108, 80, 8), line(105, 50, 5), line(216, 80, 16)]
    assert vat_parts(Order(lines=lines)) == [
        VatPart(50, 105, 5),
        VatPart(80, 324, 24),
        VatPart(None, 50, 0),
    ]


def test_a_rate_of_zero_is_known() -> None:
    assert vat_parts(Order(lines=[line(70, None, None), line(30, 0, 0)])) == [
        VatPart(0, 30, 0),
        VatPart(None, 70, 0),
    ]


def test_change_is_what_was_given_too_much_in_cash() -> None:
    order = Order(
        payments=[
            Payment(tender=Tender.CASH, amount=70, tendered=100),
            Payment(tender=Tender.CASH, amount=20, tendered=None),
            Payment(tender=Tender.AT_POINT, amount=10, tendered=15),
        ]
    )
    assert change_given(order) == 30


def test_nothing_sold_gives_nothing_back() -> None:
    assert (vat_parts(Order()), change_given(Order())) == ([], 0)
