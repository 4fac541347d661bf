"""Until when a case can be opened and by when the shop answers: the numbers of the returns policy."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import local_day
from catalog.models import Product, Sku
from pos.aftersales.status import Reason
from pos.sales.models import Order

SOURCE = Path(__file__).with_name("data") / "rules.json"
SATURDAY = 5


@dataclass(frozen=True)
class Rules:
    """Days after delivery, working days to answer, and days without work.

    `only_for_faults` are kinds of goods that never come back because somebody changed their mind.
    """

    fault_days: int
    changed_mind_days: int
    answer_working_days: int
    only_for_faults: frozenset[str] = frozenset()
    holidays: frozenset[str] = frozenset()
    days_off: frozenset[date] = frozenset()


@lru_cache
def current() -> Rules:
    """The rules as they stand in the data file."""
    known = json.loads(SOURCE.read_text(encoding="utf-8"))
    return Rules(
        known["fault_days"],
        known["changed_mind_days"],
        known["answer_working_days"],
        frozenset(known["only_for_faults"]),
        frozenset(known["holidays"]),
        frozenset(date.fromisoformat(day) for day in known["days_off"]),
    )


def last_day(order: Order, reason: Reason, rules: Rules) -> date:
    """The last day in Vietnam on which the buyer can open a case for this reason."""
    had_it = order.delivered_at or order.completed_at or order.placed_at
    days = rules.fault_days if reason.is_fault else rules.changed_mind_days
    return local_day(had_it) + timedelta(days=days)


def answer_by(day: date, rules: Rules) -> date:
    """The last working day on which what was asked on `day` should be answered."""
    left = rules.answer_working_days
    while left > 0:
        day += timedelta(days=1)
        left -= works_on(day, rules)
    return day


def works_on(day: date, rules: Rules) -> bool:
    """Whether the shop's office works: Monday to Friday without holidays."""
    off = f"{day:%m-%d}" in rules.holidays or day in rules.days_off
    return day.weekday() < SATURDAY and not off


def kept(session: Session, sku_ids: Iterable[UUID], rules: Rules) -> frozenset[UUID]:
    """Those of the articles that come back only with a fault."""
    query = select(Sku.id).join(Product).where(Sku.id.in_(set(sku_ids)))
    return frozenset(session.scalars(query.where(Product.profile.in_(rules.only_for_faults))))
