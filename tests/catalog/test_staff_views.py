"""The catalogue pages for staff."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import producer_scope
from app.accounts.models import Role
from builders import TODAY, make_producer, make_product, make_sku, make_user, recognise
from catalog.models import Price, PriceChannel, Producer, Product, ProductStatus, Sku
from catalog.recognition_models import Recognition
from support.browser import Browser

PRODUCTS, NEW = "/quan-ly/san-pham", "/quan-ly/san-pham/moi"


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


@pytest.fixture
def product(session: Session) -> Product:
    made = make_product(session, name_vi="Mật ong hoa nhãn")
    session.commit()
    return made


def producer_of(session: Session, visitor: Browser, maker: Producer) -> Browser:
    user = make_user(session, Role.PRODUCER, producer_scope(maker.id))
    session.commit()
    return visitor.sign_in(user)


def again(session: Session, product: Product) -> Product:
    session.expire_all()
    return session.get_one(Product, product.id)


def test_the_list_finds_names_without_marks_and_filters_by_state(
    session: Session, officer: Browser, product: Product
) -> None:
    make_product(session, name_vi="Trà sen", publish=True)
    session.commit()
    assert "Mật ong hoa nhãn" in officer.get(f"{PRODUCTS}?q=mat+ong").text
    published = officer.get(f"{PRODUCTS}?status=published").text
    assert "Trà sen" in published
    assert "Mật ong hoa nhãn" not in published


@pytest.mark.parametrize("query", ["q=%00", "status=x&page=-1", "page=1000000000", "q=%25"])
def test_nonsense_in_the_address_is_no_error(
    officer: Browser, product: Product, query: str
) -> None:
    for path in (PRODUCTS, "/quan-ly/nha-san-xuat", "/quan-ly/cong-nhan"):
        assert officer.get(f"{path}?{query}").status_code == 200


def test_a_producer_sees_own_products_only_and_changes_nothing(
    session: Session, visitor: Browser, product: Product
) -> None:
    other = make_product(session, name_vi="Trà sen")
    mine = product.producer
    assert mine is not None
    producer = producer_of(session, visitor, mine)
    listed = producer.get(PRODUCTS).text
    assert "Mật ong hoa nhãn" in listed
    assert "Trà sen" not in listed
    assert producer.get(f"{PRODUCTS}/{other.id}").status_code == 403
    assert producer.get(f"{PRODUCTS}/{product.id}").status_code == 200
    assert producer.post(f"{PRODUCTS}/{product.id}", {"name_vi": "X"}).status_code == 403
    assert producer.get(NEW).status_code == 403


def test_a_new_product_is_kept_as_a_draft(
    session: Session, officer: Browser, product: Product
) -> None:
    maker = make_producer(session)
    session.commit()
    form = {"name_vi": "Kẹo lạc", "category": product.category_id, "producer": maker.id}
    page = officer.follow(officer.post(NEW, form))
    made = session.scalars(select(Product).filter_by(name_vi="Kẹo lạc")).one()
    assert (made.status, made.producer_id) == (ProductStatus.DRAFT, maker.id)
    assert made.area_text == maker.area_text
    assert "Kẹo lạc" in page.text


def test_a_product_without_a_name_is_refused_and_the_rest_stays(
    officer: Browser, product: Product
) -> None:
    response = officer.post(
        NEW, {"name_vi": " ", "summary_vi": "Rang củi", "category": product.category_id}
    )
    assert response.status_code == 422
    assert "Hãy nhập tên." in response.text
    assert "Rang củi" in response.text


def test_texts_are_revised(session: Session, officer: Browser, product: Product) -> None:
    officer.post(f"{PRODUCTS}/{product.id}", {"name_vi": "Mật ong rừng", "name_en": "Honey"})
    assert again(session, product).name_en == "Honey"
    refused = officer.post(f"{PRODUCTS}/{product.id}", {"name_vi": "", "name_en": "Kept"})
    assert refused.status_code == 422
    assert "Kept" in refused.text


def test_publishing_says_in_vietnamese_what_is_missing(
    session: Session, officer: Browser, product: Product
) -> None:
    page = officer.follow(officer.post(f"{PRODUCTS}/{product.id}/dang-ban"))
    assert "còn thiếu: ít nhất một quy cách" in page.text
    assert again(session, product).status is ProductStatus.DRAFT


def test_from_article_and_price_to_the_shop_and_out_again(
    session: Session, officer: Browser, product: Product
) -> None:
    article = {"sku-code": "mo500", "sku-name_vi": "Chai 500 ml", "sku-net_content": "500"}
    officer.post(f"{PRODUCTS}/{product.id}/quy-cach", article | {"sku-net_unit": "ml"})
    sku = session.scalars(select(Sku).filter_by(code="MO500")).one()
    price = {"price-amount": "145.000", "price-channel": "any", "price-valid_from": str(TODAY)}
    officer.post(f"/quan-ly/quy-cach/{sku.id}/gia", price)
    page = officer.follow(officer.post(f"{PRODUCTS}/{product.id}/dang-ban"))
    assert "Sản phẩm đã được đăng bán." in page.text
    assert "145.000" in page.text
    officer.post(f"{PRODUCTS}/{product.id}/ngung-ban", {"reason": "hết mùa"})
    assert again(session, product).status is ProductStatus.WITHDRAWN


def test_an_article_with_a_wrong_barcode_keeps_what_was_typed(
    session: Session, officer: Browser, product: Product
) -> None:
    article = {"sku-code": "MO9", "sku-name_vi": "Chai 9 lít", "sku-net_content": "9"}
    response = officer.post(
        f"{PRODUCTS}/{product.id}/quy-cach",
        article | {"sku-net_unit": "ml", "sku-gtin": "9521234567890"},
    )
    assert response.status_code == 422
    assert "Chai 9 lít" in response.text
    assert session.scalar(select(Sku.id)) is None


def test_a_code_that_is_taken_is_a_conflict(
    session: Session, officer: Browser, product: Product
) -> None:
    make_sku(session, product, code="MO1")
    session.commit()
    article = {"sku-code": "mo1", "sku-name_vi": "Chai", "sku-net_content": "9"}
    path = f"{PRODUCTS}/{product.id}/quy-cach"
    assert officer.post(path, article | {"sku-net_unit": "ml"}).status_code == 409


@pytest.mark.parametrize("amount", ["", "0", "mười nghìn", "-5", "999999999999"])
def test_an_impossible_price_is_refused(
    session: Session, officer: Browser, product: Product, amount: str
) -> None:
    sku = make_sku(session, product, price=None)
    session.commit()
    price = {"price-amount": amount, "price-channel": "any", "price-valid_from": str(TODAY)}
    assert officer.post(f"/quan-ly/quy-cach/{sku.id}/gia", price).status_code == 422
    assert session.scalar(select(Price.id)) is None


def test_a_price_can_be_for_one_channel(
    session: Session, officer: Browser, product: Product
) -> None:
    sku = make_sku(session, product, price=None)
    session.commit()
    price = {"price-amount": "90000", "price-channel": "till", "price-valid_from": "2027-01-01"}
    page = officer.follow(officer.post(f"/quan-ly/quy-cach/{sku.id}/gia", price))
    assert session.scalars(select(Price.channel)).one() is PriceChannel.TILL
    assert "01/01/2027" in page.text


def test_a_withdrawal_needs_a_reason(session: Session, officer: Browser) -> None:
    product = make_product(session, publish=True)
    session.commit()
    assert officer.post(f"{PRODUCTS}/{product.id}/ngung-ban").status_code == 422
    assert again(session, product).status is ProductStatus.PUBLISHED


DECISION = {
    "number": "DEMO-77/QĐ-UBND",
    "issuer": "UBND tỉnh Hưng Yên",
    "issuer_level": "province",
    "issued_on": "2026-02-28",
    "stars": "4",
    "legal_basis": "148/QĐ-TTg",
}


def test_a_decision_gives_stars_for_36_months_and_a_revocation_takes_them(
    session: Session, officer: Browser, product: Product
) -> None:
    path = f"{PRODUCTS}/{product.id}/cong-nhan"
    assert officer.get(path).status_code == 200
    page = officer.follow(officer.post(path, DECISION))
    assert "28/02/2029" in page.text
    granted = session.scalars(select(Recognition)).one()
    revoke = f"/quan-ly/cong-nhan/{granted.id}/thu-hoi"
    assert officer.get(revoke).status_code == 200
    assert officer.post(revoke, {"on": str(TODAY), "reason": ""}).status_code == 422
    page = officer.follow(officer.post(revoke, {"on": str(TODAY), "reason": "vi phạm"}))
    assert "vi phạm" in page.text
    assert "Đã thu hồi" in page.text


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ({"issued_on": "2026-11-25"}, 422),
        ({"issued_on": "29/02/2026"}, 422),
        ({"valid_until": "2026-02-27"}, 422),
        ({"stars": "2"}, 422),
        ({"number": ""}, 422),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    officer: Browser, product: Product, over: dict[str, str], status: int
) -> None:
    response = officer.post(f"{PRODUCTS}/{product.id}/cong-nhan", DECISION | over)
    assert response.status_code == status
    assert "UBND tỉnh Hưng Yên" in response.text


def test_the_same_decision_twice_is_a_conflict(officer: Browser, product: Product) -> None:
    path = f"{PRODUCTS}/{product.id}/cong-nhan"
    officer.post(path, DECISION)
    assert officer.post(path, DECISION).status_code == 409


@pytest.mark.parametrize("lapse", ["all", "in_force", "soon", "lapsed", "unverified", "x"])
def test_recognitions_are_listed_by_how_they_stand(
    session: Session, officer: Browser, product: Product, lapse: str
) -> None:
    recognise(session, product, valid_until=TODAY)
    session.commit()
    page = officer.get(f"/quan-ly/cong-nhan?lapse={lapse}").text
    assert ("Mật ong hoa nhãn" in page) is (lapse not in {"lapsed", "unverified"})


def test_producers_are_found_without_marks(session: Session, officer: Browser) -> None:
    make_product(session, producer=make_producer(session, name="HTX Sen", slug="htx-sen"))
    session.commit()
    assert "HTX Sen" in officer.get("/quan-ly/nha-san-xuat?q=s%E1%BA%BFn").text
    assert "HTX Sen" not in officer.get("/quan-ly/nha-san-xuat?q=nhan").text


@pytest.mark.parametrize("rest", ["", "/cong-nhan"])
def test_unknown_products_are_not_found(officer: Browser, rest: str) -> None:
    unknown = "01920000-0000-7000-8000-000000000000"
    assert officer.get(f"{PRODUCTS}/{unknown}{rest}").status_code == 404
    assert officer.get(f"/quan-ly/cong-nhan/{unknown}/thu-hoi").status_code == 404
