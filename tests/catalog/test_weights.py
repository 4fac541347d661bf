"""What packs weigh when they are sent."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, Role
from builders import BY_NOBODY, make_sku, make_user
from catalog import products, weights
from catalog.models import Sku, Unit
from catalog.weights import Weighed
from support.browser import Browser


@pytest.mark.parametrize(
    ("unit", "weight", "content", "content_unit", "grams"),
    [
        (Unit.PIECE, 720, 500, Unit.GRAM, 720),
        (Unit.PIECE, None, 500, Unit.GRAM, 500),
        (Unit.PIECE, None, 330, Unit.MILLILITRE, 330),
        (Unit.PIECE, None, 10, Unit.PIECE, None),
        (Unit.PIECE, None, None, None, None),
        (Unit.GRAM, None, None, None, 1),
    ],
)
def test_the_weight_is_what_was_entered_or_what_the_pack_holds(
    unit: Unit, weight: int | None, content: int | None, content_unit: Unit | None, grams: int
) -> None:
    assert Weighed(unit, weight, content, content_unit).grams == grams


def test_a_new_weight_is_audited_once(session: Session) -> None:
    sku = make_sku(session)
    for _ in range(2):
        products.set_weight(session, sku, 720, **BY_NOBODY)
    assert weights.of(sku) == 720
    [entry] = session.scalars(select(AuditEntry).filter_by(action="sku.weight"))
    assert entry.detail == {"before": {"weight": None}, "after": {"weight": 720}}


def test_staff_enter_the_weight_of_an_article(session: Session, app: Flask) -> None:
    sku, officer = make_sku(session), make_user(session, Role.OFFICER)
    session.commit()
    staff = Browser(app).sign_in(officer)
    path, page = f"/quan-ly/quy-cach/{sku.id}/khoi-luong", f"/quan-ly/san-pham/{sku.product_id}"
    staff.post(path, {"weight": "720"})
    assert "720 g" in staff.get(page).text
    assert "Hãy nhập số gam nguyên." in staff.follow(staff.post(path, {"weight": "0"})).text
    staff.post(path, {"weight": ""})
    session.expire_all()
    assert session.get_one(Sku, sku.id).weight is None
