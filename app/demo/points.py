"""Places of the demonstration: one depot and five sales points, with made-up addresses."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.areas.models import AreaUnit
from pos.counter import registers
from pos.counter.models import Register
from pos.stock import places
from pos.stock.models import Place, PlaceKind

# (code, name, commune of today, opening hours)
POINTS = [
    ("PH1", "Điểm bán OCOP Phố Hiến", "Phường Phố Hiến", "7:30–20:00 hằng ngày"),
    ("PH2", "Điểm bán OCOP Lương Bằng", "Xã Lương Bằng", "8:00–18:00, nghỉ thứ Hai"),
    ("PH3", "Điểm bán OCOP Mỹ Hào", "Phường Mỹ Hào", "8:00–19:00 hằng ngày"),
    ("PH4", "Điểm bán OCOP Khoái Châu", "Xã Khoái Châu", "7:00–18:30 hằng ngày"),
    ("PH5", "Điểm bán OCOP Thái Bình", "Phường Thái Bình", "8:00–21:00 hằng ngày"),
]


def load(session: Session, *, now: datetime, actor_id: UUID | None) -> tuple[Place, list[Place]]:
    """The depot and the sales points."""
    depot = places.create(
        session,
        code="KHO",
        kind=PlaceKind.DEPOT,
        name="Kho trung tâm",
        address="Địa chỉ minh hoạ, phường Phố Hiến",
        serves_web=True,
        now=now,
        actor_id=actor_id,
    )
    return depot, [_point(session, *row, now=now, actor_id=actor_id) for row in POINTS]


def _point(
    session: Session,
    code: str,
    name: str,
    commune: str,
    hours: str,
    *,
    now: datetime,
    actor_id: UUID | None,
) -> Place:
    query = select(AreaUnit.id).filter_by(snapshot="2025-07", full_name=commune)
    return places.create(
        session,
        code=code,
        kind=PlaceKind.SHOP,
        name=name,
        address=f"Địa chỉ minh hoạ, {commune}",
        area_id=session.scalar(query),
        opening_hours=hours,
        pickup=True,
        now=now,
        actor_id=actor_id,
    )


def load_registers(
    session: Session, points: list[Place], *, now: datetime, actor_id: UUID
) -> list[Register]:
    """One register at each sales point."""
    return [
        registers.enrol(session, place, f"{place.code}Q1", "Quầy 1", now=now, actor_id=actor_id)
        for place in points
    ]
