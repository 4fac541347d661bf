"""Forms of the till's pages and of those who look after registers."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.core.forms import MAX_LONG_TEXT, MAX_TEXT, DongField, Form
from pos.counter.models import CashKind

REQUIRED = _l("Please fill this in.")
TOO_LONG = _l("This is too long.")

# Notes in use, in đồng; the coins are hardly seen any more.
NOTES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)
MOST_NOTES = 10_000

BY_HAND = {kind.value: kind for kind in (CashKind.PAY_IN, CashKind.PAY_OUT)}


class OpenForm(Form):
    """Opening: what is counted in the drawer."""

    float_amount = DongField(
        _l("Cash in the drawer"),
        [InputRequired(REQUIRED)],
        description=_l("Count it now; it is what you will start from."),
    )

    def to_amount(self) -> int:
        """Đồng in the drawer."""
        return self.float_amount.data or 0


class CashForm(Form):
    """Cash put in or taken out other than by a sale."""

    kind = RadioField(_l("What happens"), choices=[], validators=[InputRequired(REQUIRED)])
    amount = DongField(_l("Amount"), [InputRequired(REQUIRED)])
    reason = StringField(
        _l("Reason"),
        [InputRequired(REQUIRED), Length(max=MAX_TEXT, message=TOO_LONG)],
        description=_l("For example: change from the bank, ice for the stall."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(value, _(kind.label)) for value, kind in BY_HAND.items()]

    def to_kind(self) -> CashKind:
        """The kind that was chosen."""
        return BY_HAND[self.kind.data]

    def to_amount(self) -> int:
        """Đồng, above zero."""
        return self.amount.data or 0

    def validate_amount(self, field: DongField) -> None:
        """Nothing moves by zero."""
        if not field.data:
            raise ValidationError(_("Enter an amount above zero."))


class CountForm(Form):
    """Closing: how many notes of each kind are in the drawer, and what else in đồng."""

    other = DongField(_l("Coins and other amounts"), [Optional()])
    reason = TextAreaField(_l("Remark"), [Optional(), Length(max=MAX_LONG_TEXT, message=TOO_LONG)])

    @property
    def notes(self) -> list[tuple[int, Any]]:
        """(worth in đồng, field) of each note, the largest first."""
        return [(worth, self[f"notes_{worth}"]) for worth in NOTES]

    def to_counted(self) -> int:
        """Đồng in the drawer."""
        counted = sum(worth * (field.data or 0) for worth, field in self.notes)
        return int(counted + (self.other.data or 0))


for _worth in NOTES:
    _bounds = NumberRange(0, MOST_NOTES, _l("Enter how many notes there are."))
    setattr(CountForm, f"notes_{_worth}", IntegerField(validators=[Optional(), _bounds]))


class RegisterForm(Form):
    """A new register; the choices of the place are set by the view."""

    place = SelectField(_l("Point"), choices=[], validators=[InputRequired(REQUIRED)])
    code = StringField(
        _l("Code"),
        [InputRequired(REQUIRED), Length(max=12, message=TOO_LONG)],
        description=_l("Short, such as HY1: it begins every receipt number."),
    )
    name = StringField(
        _l("Name"), [InputRequired(REQUIRED), Length(max=MAX_TEXT, message=TOO_LONG)]
    )

    def validate_code(self, field: StringField) -> None:
        """Letters and digits only: the code is part of addresses and receipt numbers."""
        text = field.data or ""
        if not (text.isascii() and text.isalnum()):
            raise ValidationError(_("Use plain letters and digits only."))


class ClearForm(Form):
    """Clearing a discrepancy: what was found."""

    note = TextAreaField(
        _l("What you found"),
        [InputRequired(REQUIRED), Length(max=MAX_LONG_TEXT, message=TOO_LONG)],
    )
