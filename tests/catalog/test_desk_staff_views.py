"""Addresses, many at once, lists as files, and the trail of changes."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import producer_scope
from app.accounts.models import AuditEntry, Role
from builders import (
    BY_NOBODY,
    TODAY,
    make_decision,
    make_product,
    make_sku,
    make_user,
    recognise,
)
from catalog import history, products, slugs, tables
from catalog.models import Product, ProductStatus
from support.browser import Browser

PRODUCTS = "/quan-ly/san-pham"


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


def rename(session: Session, product: Product, slug: str) -> None:
    slugs.rename(session, product, slug, **BY_NOBODY)


def test_an_old_address_leads_to_the_new_one(session: Session, visitor: Browser) -> None:
    product = make_product(session, publish=True)
    old = product.slug
    rename(session, product, "long-nhan-moi")
    session.commit()
    answer = visitor.get(f"/san-pham/{old}")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("/san-pham/long-nhan-moi")
    assert visitor.get("/san-pham/long-nhan-moi").status_code == 200
    assert visitor.get("/san-pham/chua-tung-co").status_code == 404
    maps = visitor.get("/sitemap-san-pham-1.xml").text
    assert old not in maps


def test_addresses_of_others_are_refused_also_former_ones(session: Session) -> None:
    first, second = make_product(session), make_product(session)
    former = first.slug
    rename(session, first, "dia-chi-moi")
    for slug in ("dia-chi-moi", former):
        with pytest.raises(slugs.SlugTaken):
            rename(session, second, slug)
    rename(session, first, former)
    assert slugs.now_at(session, "dia-chi-moi") == former
    assert products.free_slug(session, "Địa chỉ mới") == "dia-chi-moi-2"


@pytest.mark.parametrize(
    "slug", ["", "Long-Nhan", "long nhan", "-a", "a--b", "nhãn", "a/b", "x" * 121]
)
def test_what_is_no_address_is_refused(session: Session, slug: str) -> None:
    with pytest.raises(slugs.BadSlug):
        rename(session, make_product(session), slug)


def test_staff_rename_and_are_told_when_they_cannot(session: Session, officer: Browser) -> None:
    one, other = make_product(session), make_product(session)
    session.commit()
    path = f"{PRODUCTS}/{one.id}/dia-chi"
    assert officer.post(path, {"slug": "ten-moi"}).status_code == 303
    assert officer.post(path, {"slug": other.slug}).status_code == 303
    session.expire_all()
    assert session.get_one(Product, one.id).slug == "ten-moi"


def test_a_withdrawn_product_names_others_of_its_maker(session: Session, visitor: Browser) -> None:
    gone = make_product(session, publish=True)
    left = make_product(session, publish=True, name_vi="Long nhãn khác", producer=gone.producer)
    products.withdraw(session, gone, reason="hết vụ", **BY_NOBODY)
    session.commit()
    answer = visitor.get(f"/san-pham/{gone.slug}")
    assert answer.status_code == 410
    assert f"/san-pham/{left.slug}" in answer.text


def test_many_are_published_and_the_refused_say_why(session: Session, officer: Browser) -> None:
    good, bad = make_product(session), make_product(session, profile=None)
    for product in (good, bad):
        make_sku(session, product=product)
    session.commit()
    data = {"product": [str(good.id), str(bad.id), "x"], "act": "publish", "key": "k1"}
    first = officer.post(f"{PRODUCTS}/hang-loat", data)
    assert first.status_code == 200
    assert "1/2" in first.text or "1 " in first.text
    assert officer.post(f"{PRODUCTS}/hang-loat", data).text.count(str(bad.id)) == 1
    session.expire_all()
    assert session.get_one(Product, good.id).status is ProductStatus.PUBLISHED
    assert session.get_one(Product, bad.id).status is ProductStatus.DRAFT
    entries = select(AuditEntry).filter_by(action="product.publish", object_id=str(good.id))
    assert len(session.scalars(entries).all()) == 1


def test_withdrawing_many_needs_a_reason(session: Session, officer: Browser) -> None:
    product = make_product(session, publish=True)
    session.commit()
    data = {"product": str(product.id), "act": "withdraw", "key": "k2"}
    assert officer.post(f"{PRODUCTS}/hang-loat", data).status_code == 422
    again = data | {"reason": "hết vụ", "key": "k3"}
    assert officer.post(f"{PRODUCTS}/hang-loat", again).status_code == 200
    session.expire_all()
    assert session.get_one(Product, product.id).status is ProductStatus.WITHDRAWN


def rows_of(answer: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.decode("utf-8-sig"))))


def test_the_file_holds_what_the_filters_let_pass(session: Session, officer: Browser) -> None:
    recognise(session, make_product(session, name_vi="Mật ong có sao", publish=True))
    make_product(session, name_vi="Mật ong nháp", profile=None)
    make_product(session, name_vi="Trà sen", publish=True)
    session.commit()
    for query, expected in (
        ("q=mat+ong", ["Mật ong có sao", "Mật ong nháp"]),
        ("q=mat+ong&status=published", ["Mật ong có sao"]),
        ("stars=in_force", ["Mật ong có sao"]),
        ("gaps=1&q=mat", ["Mật ong nháp"]),
    ):
        found = rows_of(officer.get(f"/quan-ly/xuat/san-pham.csv?{query}").data)
        assert [row[0] for row in found[1:]] == expected, query
        assert all(name in officer.get(f"{PRODUCTS}?{query}").text for name in expected)
    book = load_workbook(io.BytesIO(officer.get("/quan-ly/xuat/san-pham.xlsx?q=tra+sen").data))
    assert book.worksheets[0]["A2"].value == "Trà sen"


def test_the_other_lists_are_files_too(session: Session, officer: Browser) -> None:
    recognise(session, make_product(session, name_vi="Mật ong"))
    session.commit()
    for name in ("nha-san-xuat", "cong-nhan", "quyet-dinh"):
        assert len(rows_of(officer.get(f"/quan-ly/xuat/{name}.csv").data)) > 1, name
        assert officer.get(f"/quan-ly/xuat/{name}.xlsx").data.startswith(b"PK")
        assert officer.get(f"/quan-ly/xuat/{name}.exe").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", " =1"])
def test_nothing_in_a_file_is_run(text: str) -> None:
    assert rows_of(tables.to_csv(["a"], [[text]]))[1] == [f"'{text}"]
    sheet = load_workbook(io.BytesIO(tables.to_xlsx("t", ["a"], [[text]]))).worksheets[0]
    assert sheet["A2"].data_type == "s"


def test_the_trail_shows_before_and_after(session: Session, officer: Browser) -> None:
    product = make_product(session, name_vi="Tên cũ")
    texts = products.Texts(name_vi="Tên mới", summary_vi=product.summary_vi)
    products.revise(session, product, texts, **BY_NOBODY)
    changes = history.of(session, "product", product.id)
    assert changes[0].differences == [history.Difference("name_vi", "Tên cũ", "Tên mới")]
    decision = make_decision(session)
    session.commit()
    page = officer.get(f"/quan-ly/lich-su/product/{product.id}").text
    assert "Tên cũ" in page
    assert officer.get(f"/quan-ly/lich-su/decision/{decision.id}").status_code == 200
    assert officer.get(f"/quan-ly/lich-su/producer/{product.producer_id}").status_code == 200
    assert officer.get(f"/quan-ly/lich-su/user/{product.id}").status_code == 404


def test_a_producer_looks_but_does_not_touch(session: Session, visitor: Browser) -> None:
    mine, other = make_product(session), make_product(session)
    decision = make_decision(session)
    make_sku(session, product=mine)
    assert products.missing_for_shop(session, mine, TODAY) == []
    user = make_user(session, Role.PRODUCER, producer_scope(mine.producer_id or decision.id))
    session.commit()
    visitor.sign_in(user)
    assert visitor.get(f"/quan-ly/lich-su/product/{mine.id}").status_code == 200
    assert visitor.get(f"/quan-ly/lich-su/product/{other.id}").status_code == 403
    assert "<form" not in visitor.get(f"/quan-ly/quyet-dinh/{decision.id}").text.split("<main")[1]
    assert "quyet-dinh/moi" not in visitor.get("/quan-ly/quyet-dinh").text
    data = {"product": str(mine.id), "act": "publish", "key": "k4"}
    assert visitor.post(f"{PRODUCTS}/hang-loat", data).status_code == 403
    names = [row[0] for row in rows_of(visitor.get("/quan-ly/xuat/san-pham.csv").data)[1:]]
    assert names == [mine.name_vi]
