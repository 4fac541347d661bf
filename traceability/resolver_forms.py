"""The form of a link that staff add to the resolver."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.core.forms import MAX_TEXT, Form
from traceability import gs1
from traceability.resolver_edit import Details
from traceability.resolver_links import MEDIA_TYPES, TYPES

LONGEST_ADDRESS = 500


class LinkForm(Form):
    """Of what, what kind of link, and where it leads."""

    key = SelectField(_l("Link of"), validators=[InputRequired()])
    number = StringField(
        _l("GTIN or GLN"),
        validators=[InputRequired(_l("Enter the number.")), Length(max=20)],
    )
    lot = StringField(_l("Lot"), validators=[Length(max=20)])
    serial = StringField(_l("Serial of one piece"), validators=[Length(max=20)])
    type = SelectField(_l("Kind of link"), validators=[InputRequired()])
    href = StringField(
        _l("Address"),
        validators=[InputRequired(_l("Enter the address.")), Length(max=LONGEST_ADDRESS)],
    )
    title = StringField(
        _l("Title"), validators=[InputRequired(_l("Enter the title.")), Length(max=MAX_TEXT)]
    )
    language = SelectField(_l("Language"), validators=[Optional()])
    media_type = SelectField(_l("Media type"), validators=[Optional()])
    valid_from = DateField(_l("First day"), validators=[Optional()])
    valid_to = DateField(_l("Last day"), validators=[Optional()])
    default = BooleanField(_l("Lead there whoever asks for nothing else"))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.key.choices = {"01": _("Product"), "414": _("Sales point"), "417": _("Producer")}
        self.type.choices = {name: _(meaning) for name, meaning in TYPES.items()}
        self.language.choices = {"": _("Every language"), "vi": "Tiếng Việt", "en": "English"}
        self.media_type.choices = {"": _("Not known")} | {name: name for name in MEDIA_TYPES}

    def to_entity(self) -> gs1.DigitalLink:
        """What the link belongs to. Raises `MalformedLink`, `InvalidGtin`, `InvalidGln`."""
        key, number = self.key.data, self.number.data or ""
        value = gs1.gtin14(number) if key == "01" else gs1.gln(number)
        given = (("10", self.lot.data), ("21", self.serial.data))
        return gs1.build(key, value, tuple((ai, text) for ai, text in given if text))

    def to_details(self) -> Details:
        """What is said of the link."""
        return Details(
            self.type.data,
            self.href.data or "",
            self.title.data or "",
            self.language.data or None,
            self.media_type.data or None,
            default=bool(self.default.data),
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
        )
