import pytest
from sqlalchemy.orm import Session

from builders import BY_NOBODY, make_lot
from builders_resolver import make_goods
from support.browser import Browser
from traceability import lots
from traceability.models import Lot


def test_a_lot_tells_its_journey_under_gtin_and_code(session: Session, visitor: Browser) -> None:
    goods = make_goods(session, code="L/26 01")
    for article in (goods.gtin, goods.gtin[1:], goods.sku.code):
        page = visitor.get(f"/lo/{article}/L%2F26%2001?lang=en")
        assert page.status_code == 200
        for fact in ("Journey of the lot", goods.product.name_vi, "L/26 01", "Released for sale"):
            assert fact in page.text


def test_a_recalled_lot_says_so_first(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    lot = session.get_one(Lot, goods.lot.id)
    lots.recall(session, lot, reason="Nhiễm khuẩn", **BY_NOBODY)
    session.commit()
    page = visitor.get(f"/lo/{goods.gtin}/{lot.code}?lang=en").text
    page = page[page.index("<h1>") :]
    assert page.index("This lot has been recalled") < page.index(goods.product.name_vi)
    assert "Reason: Nhiễm khuẩn" in page


@pytest.mark.parametrize("code", ["KHONG-CO", lots.UNIDENTIFIED, lots.STANDING, "NHAP"])
def test_drafts_and_stand_ins_have_no_page(session: Session, visitor: Browser, code: str) -> None:
    goods = make_goods(session)
    if code != "KHONG-CO":
        make_lot(session, goods.sku, code=code, release=code != "NHAP")
    session.commit()
    assert visitor.get(f"/lo/{goods.gtin}/{code}").status_code == 404


def test_a_product_that_is_not_offered_is_not_linked(session: Session, visitor: Browser) -> None:
    goods = make_goods(session, publish=False)
    page = visitor.get(f"/lo/{goods.gtin}/{goods.lot.code}")
    assert (page.status_code, "/san-pham/" in page.text) == (200, False)
