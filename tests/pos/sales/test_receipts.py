"""What a receipt says."""

from catalog.vat import VatKind
from pos.sales.models import Order, OrderLine, Payment
from pos.sales.receipts import VatPart, change_given, vat_parts
from pos.sales.status import Tender


def line(
    total: int, kind: VatKind | None, rate: int | None, vat: int | None, discount: int = 0
) -> OrderLine:
    return OrderLine(
        line_total=total, discount=discount, vat_kind=kind, vat_permille=rate, vat_amount=vat
    )


def test_vat_is_added_up_by_rate_and_the_unknown_rate_comes_last() -> None:
    rate = VatKind.RATE
    lines = [
        line(50, None, None, None),
        line(108, rate, 80, 8),
        line(105, rate, 50, 5),
        line(216, rate, 80, 16),
    ]
    assert vat_parts(Order(lines=lines)) == [
        VatPart(rate, 50, 105, 5),
        VatPart(rate, 80, 324, 24),
        VatPart(None, None, 50, 0),
    ]


def test_zero_percent_not_subject_and_not_declared_are_three_things() -> None:
    lines = [
        line(10, VatKind.NOT_DECLARED, None, 0),
        line(20, VatKind.EXEMPT, None, 0),
        line(30, VatKind.RATE, 0, 0),
        line(70, None, None, None),
    ]
    assert vat_parts(Order(lines=lines)) == [
        VatPart(VatKind.RATE, 0, 30, 0),
        VatPart(VatKind.EXEMPT, None, 20, 0),
        VatPart(VatKind.NOT_DECLARED, None, 10, 0),
        VatPart(None, None, 70, 0),
    ]


def test_vat_is_inside_what_is_left_after_the_discount() -> None:
    order = Order(lines=[line(216, VatKind.RATE, 80, 8, discount=108)])
    assert vat_parts(order) == [VatPart(VatKind.RATE, 80, 108, 8)]


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
