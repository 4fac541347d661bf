"""Administrative units as they were in each period, and the acts that changed them.

Codes and names are both re-used for other places over time, so neither identifies a unit alone.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Pk

# The snapshots: until the merger of 2024, until districts ended on 30 June 2025, and since then.
FIRST = "2022"
BEFORE_2025 = "2024-12"
SINCE_2025 = "2025-07"


class AreaLevel(LabelledEnum):
    """Level of a unit; districts ended on 30 June 2025."""

    PROVINCE = "province", N_("Province")
    DISTRICT = "district", N_("District")
    COMMUNE = "commune", N_("Commune")


class AreaUnit(Model):
    """One unit within one snapshot (`2022`, `2024-12`, `2025-07`)."""

    __tablename__ = "area_unit"
    __table_args__ = (
        UniqueConstraint("snapshot", "level", "code"),
        Index(None, "folded_name"),
    )

    id: Mapped[Pk]
    snapshot: Mapped[str]
    level: Mapped[AreaLevel]
    code: Mapped[str]
    name: Mapped[str]
    full_name: Mapped[str]
    folded_name: Mapped[str]
    sort_key: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("area_unit.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    parent: Mapped["AreaUnit | None"] = relationship(remote_side="AreaUnit.id")


class AreaChange(Model):
    """`from_unit` became part of `to_unit` by an act; the name is kept when no unit matches it."""

    __tablename__ = "area_change"
    __table_args__ = (UniqueConstraint("to_unit_id", "from_name"),)

    id: Mapped[Pk]
    changed_on: Mapped[date]
    act: Mapped[str]
    to_unit_id: Mapped[UUID] = mapped_column(ForeignKey(AreaUnit.id), index=True)
    from_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey(AreaUnit.id), index=True)
    from_name: Mapped[str]
    to_unit: Mapped[AreaUnit] = relationship(foreign_keys=[to_unit_id])
    from_unit: Mapped[AreaUnit | None] = relationship(foreign_keys=[from_unit_id])
