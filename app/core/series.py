"""Number series without gaps or repeats: the row is locked until the number is committed."""

from sqlalchemy import update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Model, insert_if_new


class NumberSeries(Model):
    """The last number given out under `name`."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


def next_number(session: Session, name: str) -> int:
    """The next number of the series, from 1. A rolled back transaction gives it back."""
    insert_if_new(session, NumberSeries, {"name": name, "last": 0})
    step = (
        update(NumberSeries)
        .where(NumberSeries.name == name)
        .values(last=NumberSeries.last + 1)
        .returning(NumberSeries.last)
    )
    return int(session.execute(step).scalar_one())
