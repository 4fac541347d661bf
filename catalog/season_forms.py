"""The form for season and time on the way."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from app.core.forms import Form
from catalog.models import Product
from catalog.seasons import MOST_DAYS, HalfASeason, Season, month_day

MONTHS = {"": "—"} | {str(month): str(month) for month in range(1, 13)}


def _day(label: Any) -> IntegerField:
    limits = NumberRange(1, 31, _l("A day is between 1 and 31."))
    return IntegerField(label, validators=[Optional(), limits])


class SeasonForm(Form):
    """From day and month to day and month; all empty says that no season is known."""

    from_day = _day(_l("First day"))
    from_month = SelectField(_l("Month of the first day"), choices=MONTHS)
    until_day = _day(_l("Last day"))
    until_month = SelectField(_l("Month of the last day"), choices=MONTHS)
    max_transit_days = IntegerField(
        _l("Longest time on the way, in days"),
        validators=[
            Optional(),
            NumberRange(1, MOST_DAYS, _l("Enter a number of days between %(min)s and %(max)s.")),
        ],
    )

    @classmethod
    def of(cls, product: Product) -> "SeasonForm":
        """The form with what is known."""
        from_month, from_day = divmod(product.season_from or 0, 100)
        until_month, until_day = divmod(product.season_until or 0, 100)
        return cls(
            from_day=from_day or None,
            from_month=str(from_month or ""),
            until_day=until_day or None,
            until_month=str(until_month or ""),
            max_transit_days=product.max_transit_days,
        )

    def to_season(self) -> Season:
        """Raises `HalfASeason`, `NoSuchDay`."""
        return Season(
            _end(self.from_month.data, self.from_day.data),
            _end(self.until_month.data, self.until_day.data),
            self.max_transit_days.data,
        )


def _end(month: str, day: int | None) -> int | None:
    if bool(month) != (day is not None):
        raise HalfASeason
    return month_day(int(month), day) if month and day is not None else None
