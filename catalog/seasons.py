"""When goods are harvested and how long they may be on the way: set by staff, each year the same."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.errors import Rejected
from app.core.text import N_
from catalog.models import Product

MOST_DAYS = 60


class HalfASeason(Rejected):
    """A season has two ends."""

    code = "half_a_season"
    message = N_("A season needs its first and its last day, or neither.")


class NoSuchDay(Rejected):
    """The month has no such day."""

    code = "no_such_day"
    message = N_("There is no such day: %(day)s/%(month)s.")


class BadTransit(Rejected):
    """Longest time on the way."""

    code = "bad_transit"
    message = N_("The longest time on the way is between 1 and %(most)s days, or not limited.")


@dataclass(frozen=True)
class Season:
    """First and last day as MMDD, and the days that the goods bear on the way; None is unknown."""

    begins: int | None = None
    ends: int | None = None
    max_transit_days: int | None = None


def month_day(month: int, day: int) -> int:
    """The day of every year as MMDD; 29 February is one. Raises `NoSuchDay`."""
    try:
        date(2024, month, day)
    except ValueError as error:
        raise NoSuchDay(day=day, month=month) from error
    return month * 100 + day


def set_season(
    session: Session, product: Product, season: Season, *, now: datetime, actor_id: UUID | None
) -> None:
    """Note the season. Raises `HalfASeason`, `NoSuchDay`, `BadTransit`."""
    if (season.begins is None) != (season.ends is None):
        raise HalfASeason
    for end in (season.begins, season.ends):
        if end is not None:
            month_day(*divmod(end, 100))
    days = season.max_transit_days
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise BadTransit(most=MOST_DAYS)
    before = Season(product.season_from, product.season_until, product.max_transit_days)
    if before == season:
        return
    product.season_from, product.season_until = season.begins, season.ends
    product.max_transit_days = days
    session.flush()
    detail = {"before": before.__dict__, "after": season.__dict__}
    obj = ("product", product.id)
    audit.record(session, "product.season", obj, actor_id=actor_id, now=now, detail=detail)
