"""Producers that staff take in and revise, and the page of a draft before it is offered."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import producer_scope
from app.accounts.models import AuditEntry, Role
from app.areas.models import FIRST, SINCE_2025, AreaLevel, AreaUnit
from builders import make_producer, make_product, make_user
from catalog.models import Producer, Product
from support.browser import Browser

PATH = "/quan-ly/nha-san-xuat"
NEW = {"name": "HTX Mật ong Phù Cừ", "kind": "cooperative", "phone": "0912 345 678"}


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


def test_a_producer_is_taken_in_twice_under_two_addresses(
    session: Session, officer: Browser
) -> None:
    assert officer.get(f"{PATH}/moi").status_code == 200
    for _time in range(2):
        assert officer.post(f"{PATH}/moi", NEW).status_code == 303
    made = session.scalars(select(Producer).filter_by(name=NEW["name"])).all()
    slugs = sorted(producer.slug for producer in made)
    assert slugs == ["htx-mat-ong-phu-cu", "htx-mat-ong-phu-cu-2"]
    assert made[0].phone == "+84912345678"


def test_a_new_name_finds_its_products_and_the_address_stays(
    session: Session, officer: Browser
) -> None:
    producer = make_producer(session, slug="ten-cu", name="Tên cũ")
    product = make_product(session, producer=producer)
    session.commit()
    page = f"{PATH}/{producer.id}"
    assert "Tên cũ" in officer.get(page).text
    assert officer.post(page, NEW | {"story_vi": "Nuôi ong từ 1990."}).status_code == 303
    session.expire_all()
    assert session.get_one(Producer, producer.id).slug == "ten-cu"
    assert "phu cu" in session.get_one(Product, product.id).search_text
    entry = session.scalars(select(AuditEntry).filter_by(action="producer.revise")).one()
    assert entry.detail["before"]["name"] == "Tên cũ"
    assert officer.post(page, NEW | {"story_vi": "Nuôi ong từ 1990."}).status_code == 303
    assert len(session.scalars(select(AuditEntry).filter_by(action="producer.revise")).all()) == 1


@pytest.mark.parametrize("bad", [{"name": " "}, {"tax_code": "12"}, {"phone": "1"}, {"kind": "x"}])
def test_impossible_details_bring_the_form_back(officer: Browser, bad: dict[str, str]) -> None:
    assert officer.post(f"{PATH}/moi", NEW | bad).status_code == 422


def test_a_producer_user_finds_no_way_to_edit(session: Session, visitor: Browser) -> None:
    producer = make_producer(session)
    user = make_user(session, Role.PRODUCER, producer_scope(producer.id))
    session.commit()
    visitor.sign_in(user)
    shown = visitor.get(PATH).text
    assert producer.name in shown
    assert f"{PATH}/" not in shown
    assert visitor.get(f"{PATH}/{producer.id}").status_code == 403


def test_a_draft_can_be_looked_at_by_staff_alone(session: Session, visitor: Browser) -> None:
    product = make_product(session, name_vi="Mật ong nháp")
    other = make_product(session)
    maker = make_user(session, Role.PRODUCER, producer_scope(product.producer_id or other.id))
    session.commit()
    path = f"/quan-ly/san-pham/{product.id}/xem-truoc"
    assert visitor.get(path).status_code in {302, 303}
    visitor.sign_in(maker)
    answer = visitor.get(path)
    assert "Mật ong nháp" in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert visitor.get(f"/san-pham/{product.slug}").status_code == 404
    assert visitor.get(f"/quan-ly/san-pham/{other.id}/xem-truoc").status_code == 403


def test_the_commune_is_chosen_from_those_of_today(session: Session, officer: Browser) -> None:
    today = area(session, SINCE_2025, "Phường Phố Hiến")
    old = area(session, FIRST, "Xã Hồng Nam", valid_to=date(2025, 6, 30))
    producer = make_producer(session, area_id=old.id)
    session.commit()
    page = f"{PATH}/{producer.id}"
    shown = officer.get(page).text
    assert f'<option selected value="{old.id}">Xã Hồng Nam (đơn vị cũ)</option>' in shown
    assert officer.post(page, NEW | {"area": str(today.id)}).status_code == 303
    session.expire_all()
    assert session.get_one(Producer, producer.id).area_id == today.id
    entry = session.scalars(select(AuditEntry).filter_by(action="producer.revise")).one()
    assert (entry.detail["before"]["area"], entry.detail["after"]["area"]) == (
        "Xã Hồng Nam",
        "Phường Phố Hiến",
    )
    assert str(old.id) not in officer.get(page).text
    trail = officer.get(f"/quan-ly/lich-su/producer/{producer.id}").text
    assert "Đổi thông tin nhà sản xuất" in trail
    assert "producer.revise" not in trail
    assert officer.post(page, NEW | {"area": "x"}).status_code == 422


def area(session: Session, snapshot: str, name: str, valid_to: date | None = None) -> AreaUnit:
    unit = AreaUnit(
        snapshot=snapshot,
        level=AreaLevel.COMMUNE,
        code="12345",
        name=name,
        full_name=name,
        folded_name=name.casefold(),
        sort_key=name,
        valid_from=date(2022, 1, 1),
        valid_to=valid_to,
    )
    session.add(unit)
    session.flush()
    return unit


def test_a_preview_offers_nothing_to_share(session: Session, officer: Browser) -> None:
    product = make_product(session)
    session.commit()
    assert "Chia sẻ" not in officer.get(f"/quan-ly/san-pham/{product.id}/xem-truoc").text


def test_the_label_gaps_are_in_the_menu(officer: Browser) -> None:
    assert 'href="/quan-ly/san-pham/thieu-nhan"' in officer.get("/quan-ly/san-pham").text
