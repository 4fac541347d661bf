"""Forms of the parcel desk."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app.core.forms import MAX_TEXT, Form
from app.core.templating import local
from pos.shipping.parcels import Plan
from pos.shipping.tariffs import Service

NUMBER = [
    Optional(),
    Length(max=60),
    Regexp(r"[\w./-]+$", message=_l("A number has letters, digits, dots and hyphens only.")),
]


class ParcelForm(Form):
    """By whom an order goes."""

    service = SelectField(
        _l("Carrier"), validators=[InputRequired(_l("Choose one of the carriers."))]
    )
    number = StringField(
        _l("Number of the parcel"),
        description=_l("Leave empty until the carrier has given one."),
        validators=NUMBER,
    )
    weight = IntegerField(
        _l("Weight in grams, with packing"),
        validators=[Optional(), NumberRange(1, 1_000_000, _l("Enter a whole number of grams."))],
    )

    def __init__(self, services: list[Service], **more: Any) -> None:
        super().__init__(**more)
        self.service.choices = {s.code: local(s, "name") for s in services}

    def to_plan(self) -> Plan:
        """What was entered."""
        return Plan(self.service.data, self.number.data or None, self.weight.data)


class NumberForm(Form):
    """The carrier's number, given later."""

    number = StringField(
        _l("Number of the parcel"), validators=[InputRequired(_l("Enter the number.")), *NUMBER[1:]]
    )


class WhyForm(Form):
    """Why a parcel was not delivered."""

    reason = StringField(
        _l("Reason"),
        validators=[InputRequired(_l("Say why; the buyer reads it.")), Length(max=MAX_TEXT)],
    )


class RemittanceForm(Form):
    """A carrier's list: as a table, or written line by line."""

    carrier = SelectField(
        _l("Carrier"), validators=[InputRequired(_l("Choose one of the carriers."))]
    )
    reference = StringField(
        _l("Name or number of the list"),
        validators=[InputRequired(_l("Say how the carrier calls the list.")), Length(max=60)],
    )
    received_on = DateField(
        _l("The money came on"),
        validators=[InputRequired(_l("Enter a day, such as 2026-11-24."))],
    )
    file = FileField(_l("Table (CSV or XLSX) with the columns number and amount"))
    rows = TextAreaField(
        _l("Or write each line: number, then amount"),
        validators=[Length(max=100_000)],
        render_kw={"rows": "6"},
    )

    def __init__(self, carriers: dict[str, str], **more: Any) -> None:
        super().__init__(**more)
        self.carrier.choices = carriers

    def validate_rows(self, field: TextAreaField) -> None:
        if not field.data and not self.file.data:
            raise ValidationError(_("The list is empty. Send a table or write the lines."))


class ClearForm(Form):
    """How a difference was settled."""

    note = StringField(
        _l("What was settled"),
        validators=[InputRequired(_l("Say how it was settled.")), Length(max=MAX_TEXT)],
    )
    settle = BooleanField(_l("The money of this parcel has come"))
