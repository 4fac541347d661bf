"""No door lets a promise of healing in."""

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Role
from app.storefront.reviews import flags_of
from builders import BY_NOBODY, make_offered, make_user
from catalog import producers, products, sheet_import
from catalog.claims import HealthClaim
from catalog.models import Product
from catalog.products import Texts
from support.browser import Browser

CLAIM = "Mật ong chữa bệnh dạ dày"


@pytest.fixture
def product(session: Session) -> Product:
    """An offered product."""
    return make_offered(session, name_vi="Mật ong").product


def test_product_texts_are_refused(session: Session, product: Product) -> None:
    with pytest.raises(HealthClaim):
        products.revise(session, product, Texts("Mật ong", summary_vi=CLAIM), **BY_NOBODY)
    assert product.summary_vi != CLAIM


def test_the_form_says_so_at_the_field(
    session: Session, visitor: Browser, product: Product
) -> None:
    visitor.sign_in(make_user(session, Role.OFFICER))
    form = {"name_vi": "Mật ong", "summary_vi": CLAIM}
    answer = visitor.post(f"/quan-ly/san-pham/{product.id}", form)
    assert answer.status_code == 422
    assert "Không được hứa chữa bệnh" in answer.text


def test_a_producers_story_is_refused(session: Session) -> None:
    with pytest.raises(HealthClaim):
        producers.create(session, producers.Details(name="HTX A", story_vi=CLAIM), **BY_NOBODY)


def test_a_row_of_a_table_is_refused(session: Session, product: Product) -> None:
    row = {"ma": "M1", "ten": "Mật", "ke": product.category.slug, "quy_cach": "Lọ", "mo_ta": CLAIM}
    (judged,) = sheet_import.take(session, [row], **BY_NOBODY)
    assert judged.verdict == "refused"


def test_reviews_are_flagged_and_kept() -> None:
    assert flags_of(CLAIM) == "claim"
    assert flags_of("Ngon, sẽ mua lại") is None
