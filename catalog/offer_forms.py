"""Forms about how articles are offered: what lies in a gift set, what can be ordered ahead."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, IntegerField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.forms import MAX_TEXT, Form
from catalog.bundles import MOST_UNITS
from catalog.preorders import MOST_UNITS as MOST_AHEAD
from catalog.preorders import Plan

SPARE_ROWS = 3


class PartForm(PlainForm):  # type: ignore[misc]
    """One part; without a code it is none."""

    code = StringField(_l("Code of the article"), validators=[Length(max=MAX_TEXT)])
    quantity = IntegerField(
        _l("Units in each set"),
        validators=[Optional(), NumberRange(1, MOST_UNITS, _l("The quantity must be above zero."))],
        default=1,
    )


class PartsForm(Form):
    """What lies in each set: the rows that bear a code."""

    parts = FieldList(FormField(PartForm), max_entries=60)

    def to_parts(self) -> Mapping[str, int]:
        """Units by code of the article; a code that stands twice adds up."""
        found: dict[str, int] = {}
        for row in self.parts.data:
            code = (row["code"] or "").replace("\0", "").strip()
            if code:
                found[code] = found.get(code, 0) + (row["quantity"] or 1)
        return found


def parts_form(parts: Any) -> PartsForm:
    """The form with the parts as they are and some empty rows."""
    known = [{"code": part.code, "quantity": part.quantity} for part in parts]
    empty = [{"code": "", "quantity": 1}] * SPARE_ROWS
    return PartsForm(formdata=None, data={"parts": known + empty})


def _day(label: Any) -> DateField:
    return DateField(label, validators=[InputRequired(_l("Enter a day."))])


class PreOrderForm(Form):
    """How many units of a harvest to come may be ordered, and when."""

    units = IntegerField(
        _l("Units that can be ordered ahead"),
        validators=[
            InputRequired(_l("Enter the number of units.")),
            NumberRange(1, MOST_AHEAD, _l("The quantity must be above zero.")),
        ],
    )
    opens_on = _day(_l("First day to order"))
    closes_on = _day(_l("Last day to order"))
    ships_from = _day(_l("Sent from"))
    ships_until = _day(_l("Sent until"))

    def to_plan(self) -> Plan:
        """What was entered."""
        return Plan(
            self.units.data,
            self.opens_on.data,
            self.closes_on.data,
            self.ships_from.data,
            self.ships_until.data,
        )
