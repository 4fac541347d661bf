"""A voucher and a promotion of the demonstration, made up like its prices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from pos.promotions import terms
from pos.promotions.bearers import Bearer
from pos.promotions.plan import Plan
from pos.promotions.rules import Kind

CODE = "PHOHIEN10"


def load(session: Session, *, now: datetime, actor_id: UUID | None) -> None:
    """Ten percent by code, shared by programme and shop; free delivery from 300,000 đồng on."""
    tenth = Plan(
        name_vi="Giảm 10 % (mã minh hoạ)",
        name_en="10 % off (demonstration code)",
        kind=Kind.PERCENT,
        starts_at=now,
        permille=100,
        cap=50_000,
        most=500,
        most_each=2,
        bearers={Bearer.PROGRAMME: 500, Bearer.SHOP: 500},
    )
    terms.create(session, tenth, by_code=True, code=CODE, now=now, actor_id=actor_id)
    free = Plan(
        name_vi="Miễn phí giao từ 300.000 ₫ (minh hoạ)",
        name_en="Free delivery from 300,000 ₫ (demonstration)",
        kind=Kind.DELIVERY,
        starts_at=now,
        cap=30_000,
        minimum=300_000,
    )
    terms.create(session, free, by_code=False, now=now, actor_id=actor_id)
