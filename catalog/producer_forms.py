"""The form of a producer."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from app.core.forms import MAX_LONG_TEXT, MAX_TEXT, Form, PhoneField
from catalog.claim_forms import no_healing
from catalog.models import ProducerKind
from catalog.producers import Details

_TAX_CODE = re.compile(r"\d{10}(-\d{3})?|\d{12}")


class ProducerForm(Form):
    """Who makes it."""

    name = StringField(
        _l("Name"), validators=[InputRequired(_l("Enter the name.")), Length(max=MAX_TEXT)]
    )
    kind = SelectField(_l("Kind"))
    phone = PhoneField(_l("Phone"), validators=[Length(max=30)])
    tax_code = StringField(_l("Tax code"), validators=[Length(max=14)])
    address = StringField(_l("Address"), validators=[Length(max=MAX_TEXT)])
    area_text = StringField(_l("Commune and province"), validators=[Length(max=MAX_TEXT)])
    story_vi = TextAreaField(
        _l("Story (Vietnamese)"), validators=[Length(max=MAX_LONG_TEXT), no_healing]
    )
    story_en = TextAreaField(
        _l("Story (English)"), validators=[Length(max=MAX_LONG_TEXT), no_healing]
    )

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.kind.choices = {"": _("Not known")} | {k.value: _(k.label) for k in ProducerKind}

    def validate_tax_code(self, field: StringField) -> None:
        if field.data and not _TAX_CODE.fullmatch(field.data):
            raise ValidationError(_("A tax code has 10 or 12 digits, or 10 and 3 after a hyphen."))

    def to_details(self) -> Details:
        """What was entered; empty is unknown."""
        known = {name: self[name].data or None for name in Details.__dataclass_fields__}
        kind = ProducerKind.parse(self.kind.data) if self.kind.data else None
        return Details(**known | {"kind": kind})  # type: ignore[arg-type]
