"""Who uses a promotion, for limits per person."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import insert_if_new
from pos.promotions.models import PersonUse


@dataclass(frozen=True)
class Person:
    """A buyer: the account, the phone number in the form +84912345678, or both."""

    user_id: UUID | None = None
    phone: str | None = None

    def marks(self) -> list[str]:
        """Under what uses count, in a fixed order so that rivals wait for each other in turn."""
        named = [f"user:{self.user_id}"] if self.user_id else []
        named += [f"phone:{self.phone}"] if self.phone else []
        return sorted(hashlib.sha256(name.encode()).hexdigest() for name in named)


def uses(session: Session, promotion_ids: Iterable[UUID], person: Person) -> dict[UUID, int]:
    """How often the person has used each promotion: by account or by phone, whichever is more."""
    keys = person.marks()
    if not keys:
        return {}
    count = func.count(PersonUse.id)
    query = select(PersonUse.promotion_id, count).where(
        PersonUse.person.in_(keys), PersonUse.promotion_id.in_(set(promotion_ids))
    )
    found: dict[UUID, int] = {}
    for key, number in session.execute(query.group_by(PersonUse.promotion_id, PersonUse.person)):
        found[key] = max(found.get(key, 0), number)
    return found


def count_use(
    session: Session, promotion_id: UUID, redemption_id: UUID, person: Person, most: int | None
) -> bool:
    """Take the next free use for each key of the person; False when there is none left.

    The unique key decides between rivals, so the caller must undo everything on False.
    """
    return all(_take(session, promotion_id, redemption_id, key, most) for key in person.marks())


def _take(
    session: Session, promotion_id: UUID, redemption_id: UUID, key: str, most: int | None
) -> bool:
    where = {"promotion_id": promotion_id, "person": key}
    last = select(func.max(PersonUse.nth)).filter_by(**where)
    every = select(PersonUse.nth).filter_by(**where)
    # Uses that were given back leave gaps; they matter only where the number is limited.
    taken = set(session.scalars(every)) if most is not None else set()
    nth = 1 if most is not None else (session.scalar(last) or 0) + 1
    while most is None or nth <= most:
        values = where | {"nth": nth, "redemption_id": redemption_id}
        if nth not in taken and insert_if_new(session, PersonUse, values):
            return True
        nth += 1
    return False
