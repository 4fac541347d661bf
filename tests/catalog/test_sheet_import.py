"""A table of products: judged row by row, taken over once, changing nothing the second time."""

import io
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Role
from builders import BY_NOBODY, make_offered, make_producer, make_user
from catalog import sheet_import
from catalog.models import Category, Price, Product, ProductStatus, Sku
from catalog.sheet import Row
from catalog.sheet_import import Judged
from support.browser import Browser


@pytest.fixture
def shelf(session: Session) -> str:
    """The address name of a shelf."""
    return make_offered(session).product.category.slug


def row(shelf: str, **values: str) -> Row:
    texts = {"ma": "TRA-1", "ten": "Trà sen", "ke": shelf, "quy_cach": "Hộp", "khoi_luong": "100"}
    return texts | {"don_vi": "g", "gia": "95.000", "mo_ta": "Trà ướp sen"} | values


def take(session: Session, *rows: Row) -> list[Judged]:
    return sheet_import.take(session, rows, **BY_NOBODY)


def test_a_new_row_is_a_draft_with_article_and_price(session: Session, shelf: str) -> None:
    maker = make_producer(session)
    (judged,) = take(session, row(shelf, nha_san_xuat=maker.slug))
    sku = session.scalars(select(Sku).filter_by(code="TRA-1")).one()
    assert (judged.verdict, judged.number) == ("new", 2)
    assert (sku.product.status, sku.product.producer, sku.net_content) == (
        ProductStatus.DRAFT,
        maker,
        100,
    )
    assert session.scalars(select(Price.amount).filter_by(sku_id=sku.id)).one() == 95_000


def test_the_same_table_again_changes_nothing_and_another_says_what(
    session: Session, shelf: str
) -> None:
    take(session, row(shelf))
    assert take(session, row(shelf))[0].verdict == "same"
    (judged,) = take(session, row(shelf, mo_ta="Khác", gia="99000", ten_en=""))
    assert (judged.verdict, list(judged.changes)) == ("changed", ["mo_ta", "gia"])


def test_an_empty_cell_leaves_what_is_known(session: Session, shelf: str) -> None:
    take(session, row(shelf))
    assert take(session, row(shelf, mo_ta="", gia=""))[0].verdict == "same"


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"ma": "tr à"}, "ma"),
        ({"ma": ""}, "ma"),
        ({"ten": ""}, "ten"),
        ({"ke": "khong-co"}, "ke"),
        ({"nha_san_xuat": "khong-co"}, "nha_san_xuat"),
        ({"gia": "0"}, "gia"),
        ({"gia": "95,5"}, "gia"),
        ({"gia": "-5"}, "gia"),
        ({"khoi_luong": "1/2"}, "khoi_luong"),
        ({"don_vi": "kg"}, "don_vi"),
    ],
)
def test_a_bad_cell_refuses_its_row_alone(
    session: Session, shelf: str, values: dict[str, str], column: str
) -> None:
    bad, good = take(session, row(shelf, **values), row(shelf, ma="TRA-2"))
    assert (bad.verdict, bad.params["column"] if bad.params else None) == ("refused", column)
    assert good.verdict == "new"
    assert session.scalar(select(func.count(Sku.id)).where(Sku.code.like("TRA%"))) == 1


def test_a_code_twice_in_the_table_and_a_wrong_barcode_are_refused(
    session: Session, shelf: str
) -> None:
    verdicts = take(session, row(shelf), row(shelf), row(shelf, ma="T3", ma_vach="123"))
    assert [j.verdict for j in verdicts] == ["new", "refused", "refused"]


def csv_of(*rows: Row) -> bytes:
    names = list(rows[0])
    return "\n".join([",".join(names), *(",".join(r[n] for n in names) for r in rows)]).encode()


def send(visitor: Browser, content: bytes) -> Any:
    return visitor.post("/quan-ly/san-pham/nhap", {"file": (io.BytesIO(content), "bang.csv")})


def test_looking_changes_nothing_and_saying_yes_twice_does_it_once(
    session: Session, visitor: Browser, shelf: str
) -> None:
    visitor.sign_in(make_user(session, Role.OFFICER))
    answer = send(visitor, csv_of(row(shelf), row(shelf, ma="X Y")))
    assert answer.status_code == 303
    report = visitor.get(answer.location).text
    assert "Trà sen" in report
    assert session.scalar(select(func.count(Sku.id)).filter_by(code="TRA-1")) == 0
    for _ in range(2):
        done = visitor.post(answer.location, {"key": "one"})
        assert done.status_code == 200
    assert session.scalar(select(func.count(Product.id)).filter_by(name_vi="Trà sen")) == 1


@pytest.mark.parametrize(
    "content", [b"", "ma,ten\nA,Trà".encode("utf-16"), b"PK\x03\x04", b"x,y\n1,2"]
)
def test_a_bad_file_is_answered_in_words(
    session: Session, visitor: Browser, content: bytes
) -> None:
    visitor.sign_in(make_user(session, Role.OFFICER))
    answer = send(visitor, content)
    assert answer.status_code == 422
    assert "Không nhận được bảng này" in answer.text


def test_a_name_that_is_no_file_is_not_found(session: Session, visitor: Browser) -> None:
    visitor.sign_in(make_user(session, Role.OFFICER))
    for name in ("a" * 64, "x", "..%2f..%2fetc"):
        assert visitor.get(f"/quan-ly/san-pham/nhap/{name}").status_code == 404


def test_the_empty_table_has_all_columns(session: Session, visitor: Browser) -> None:
    visitor.sign_in(make_user(session, Role.OFFICER))
    assert visitor.get("/quan-ly/san-pham/nhap/mau.xlsx").data.startswith(b"PK")
    assert session.scalar(select(func.count(Category.id))) == 0
