"""Forms of the pages about invoices."""

from datetime import date
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.forms import MAX_TEXT, DongField, Form
from pos.invoicing import tax_codes
from pos.invoicing.document import Buyer
from pos.invoicing.report import Fault

MAX_DAYS = 366
LENGTH = Length(max=MAX_TEXT)
CALENDAR = (date(2000, 1, 1), date(2999, 12, 31))


class KeyedForm(Form):
    """A form with a key, so that sending it twice does it once."""

    key = HiddenField(validators=[InputRequired(), Length(max=60)])

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        if not self.key.data:
            self.key.data = str(uuid4())


def reason_field() -> StringField:
    """Why something is done; it stays with the act."""
    return StringField(_l("Reason"), validators=[InputRequired(_l("Say why.")), LENGTH])


class BuyerForm(Form):
    """The buyer on the invoice; all empty when nobody asked for it."""

    name = StringField(_l("Buyer"), validators=[LENGTH])
    tax_code = StringField(_l("Tax code"), validators=[Length(max=20)])
    address = StringField(_l("Address"), validators=[LENGTH])
    email = StringField(_l("E-mail"), validators=[LENGTH])

    def validate_tax_code(self, field: StringField) -> None:
        if field.data and not tax_codes.is_valid(field.data):
            raise ValidationError(_("This is no valid tax code; check its digits."))

    def validate_name(self, field: StringField) -> None:
        if not field.data and (self.tax_code.data or self.address.data or self.email.data):
            raise ValidationError(_("Name the buyer."))

    def to_buyer(self) -> Buyer | None:
        """What was entered; None: no buyer is named."""
        code = tax_codes.normal(self.tax_code.data or "") or None
        known = {name: self[name].data or None for name in ("name", "address", "email")}
        return Buyer(tax_code=code, **known) if self.name.data else None


class ReplaceForm(BuyerForm, KeyedForm):
    """The whole invoice anew."""

    fresh = BooleanField(_l("Take VAT again from the classes of the products"))
    reason = reason_field()


class AdjustForm(KeyedForm):
    """Some đồng off an invoice."""

    amount = DongField(
        _l("Amount to take off, VAT included"),
        validators=[
            InputRequired(_l("Enter the amount.")),
            NumberRange(1, 10**12, _l("The amount must be a whole number above zero.")),
        ],
    )
    reason = reason_field()


class WaiveForm(Form):
    """Why an order needs no invoice from here."""

    reason = reason_field()


class PeriodForm(Form):
    """Which days and which faults the report shows."""

    class Meta(Form.Meta):
        csrf = False

    first = DateField(_l("From"), name="from", validators=[Optional()])
    last = DateField(_l("To"), name="to", validators=[Optional()])
    fault = SelectField(_l("Fault"), validators=[Optional()], validate_choice=False)

    def __init__(self, today: date, **more: Any) -> None:
        super().__init__(**more)
        self._today = today
        self.fault.choices = {"": _("Everything")} | {one.value: _(one.label) for one in Fault}
        self.validate()
        self.first.data, self.last.data = self.period

    @property
    def period(self) -> tuple[date, date]:
        """The days asked for; this month when they make no sense."""
        last = self._sensible(self.last.data) or self._today
        first = self._sensible(self.first.data) or last.replace(day=1)
        if not 0 <= (last - first).days < MAX_DAYS:
            return self._today.replace(day=1), self._today
        return first, last

    @staticmethod
    def _sensible(day: date | None) -> date | None:
        return day if day and CALENDAR[0] <= day <= CALENDAR[1] else None

    @property
    def only(self) -> Fault | None:
        """The one fault that is asked for."""
        return next((one for one in Fault if one.value == self.fault.data), None)
