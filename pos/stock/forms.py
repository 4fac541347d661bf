"""Forms of the stock pages."""

from typing import Any
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app.core.forms import MAX_TEXT, Form
from pos.stock.ledger import MAX_QUANTITY
from pos.stock.models import Place

QUANTITY = [
    InputRequired(_l("Enter the quantity.")),
    NumberRange(1, MAX_QUANTITY, _l("The quantity must be a whole number above zero.")),
]


class KeyedForm(Form):
    """A form with a key, so that sending it twice books it once."""

    key = HiddenField(validators=[InputRequired(), Length(max=60)])

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        if not self.key.data:
            self.key.data = str(uuid4())


class ReceiveForm(KeyedForm):
    """Goods of a lot arrive at a place."""

    place = SelectField(_l("Place"), validators=[InputRequired(_l("Choose the place."))])
    quantity = IntegerField(_l("Quantity received"), validators=QUANTITY)

    def __init__(self, places: list[Place], **more: Any) -> None:
        super().__init__(**more)
        self.place.choices = {str(place.id): place.name for place in places}

    def place_id(self) -> UUID:
        """Key of the chosen place."""
        return UUID(self.place.data)


class TransferForm(KeyedForm):
    """Goods of a lot go to another place."""

    target = SelectField(_l("To"), validators=[InputRequired(_l("Choose where it goes."))])
    quantity = IntegerField(_l("Quantity to move"), validators=QUANTITY)

    def __init__(self, places: list[Place], **more: Any) -> None:
        super().__init__(**more)
        self.target.choices = {str(place.id): place.name for place in places}

    def target_id(self) -> UUID:
        """Key of the chosen place."""
        return UUID(self.target.data)


class WriteOffForm(KeyedForm):
    """Goods are spoilt, broken or lost."""

    quantity = IntegerField(_l("Quantity to write off"), validators=QUANTITY)
    reason = StringField(
        _l("Reason"),
        validators=[InputRequired(_l("Say why the goods are written off.")), Length(max=MAX_TEXT)],
    )


class ReverseForm(KeyedForm):
    """A movement was booked by mistake."""

    reason = StringField(
        _l("Reason"), validators=[InputRequired(_l("Say what was wrong.")), Length(max=MAX_TEXT)]
    )


class GlnForm(Form):
    """The number under which GS1 knows a place; empty takes it away."""

    gln = StringField(_l("Location number (GLN)"), validators=[Length(max=20)])
