"""Forms of the pages about money."""

from typing import Any
from uuid import uuid4

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.core.forms import MAX_TEXT, DongField, Form

AMOUNT = [
    InputRequired(_l("Enter the amount.")),
    NumberRange(1, 10**12, _l("The amount must be a whole number above zero.")),
]


def reason(label: Any) -> StringField:
    """A text that stays with the act."""
    return StringField(
        label, validators=[InputRequired(_l("This must be said.")), Length(max=MAX_TEXT)]
    )


class MoneyForm(Form):
    """A form with a key, so that sending it twice does it once."""

    key = HiddenField(validators=[InputRequired(), Length(max=60)])

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        if not self.key.data:
            self.key.data = str(uuid4())


class ConfirmForm(MoneyForm):
    """Staff have seen the money themselves."""

    amount = DongField(_l("Amount that came"), validators=AMOUNT)
    reason = reason(_l("How do you know?"))


class BackForm(MoneyForm):
    """Staff decide to pay something back."""

    amount = DongField(_l("Amount to pay back"), validators=AMOUNT)
    reason = reason(_l("Reason"))


class ProofForm(Form):
    """How a refund was paid."""

    proof = reason(_l("How it was paid back"))


class MatchForm(Form):
    """What an entry was for."""

    code = StringField(
        _l("Reference of the payment or number of the order"),
        validators=[InputRequired(_l("This must be said.")), Length(max=40)],
    )
    reason = reason(_l("How do you know?"))


class IgnoreForm(Form):
    """Why an entry is for no order."""

    reason = reason(_l("Why is it for no order?"))
