"""The form of a producer."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from stdnum import ean
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from app.areas.models import AreaUnit
from app.core.forms import MAX_LONG_TEXT, MAX_TEXT, Form, PhoneField
from catalog.claim_forms import no_healing
from catalog.models import Producer, ProducerKind
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
    gln = StringField(_l("Location number (GLN)"), validators=[Length(max=20)])
    address = StringField(_l("Address"), validators=[Length(max=MAX_TEXT)])
    area = SelectField(_l("Commune or ward"), validators=[Optional()])
    area_text = StringField(_l("Commune and province"), validators=[Length(max=MAX_TEXT)])
    story_vi = TextAreaField(
        _l("Story (Vietnamese)"), validators=[Length(max=MAX_LONG_TEXT), no_healing]
    )
    story_en = TextAreaField(
        _l("Story (English)"), validators=[Length(max=MAX_LONG_TEXT), no_healing]
    )

    def __init__(
        self, communes: list[AreaUnit], producer: Producer | None = None, **more: Any
    ) -> None:
        super().__init__(obj=producer, **more)
        kept = producer.area if producer else None
        # A register may name a unit of an earlier time, which stays until somebody knows better.
        self._communes = {str(u.id): u for u in [*communes, *([kept] if kept else [])]}
        self.area.choices = {"": _("Not known")} | {k: _named(u) for k, u in self._communes.items()}
        if producer is not None and not self.is_submitted():
            self.area.data = str(producer.area_id or "")
            self.kind.data = producer.kind.value if producer.kind else ""
        self.kind.choices = {"": _("Not known")} | {k.value: _(k.label) for k in ProducerKind}

    def validate_tax_code(self, field: StringField) -> None:
        if field.data and not _TAX_CODE.fullmatch(field.data):
            raise ValidationError(_("A tax code has 10 or 12 digits, or 10 and 3 after a hyphen."))

    def validate_gln(self, field: StringField) -> None:
        bare = (field.data or "").replace(" ", "").replace("-", "")
        if bare and not (len(bare) == 13 and ean.is_valid(bare)):
            raise ValidationError(_("A GLN has 13 digits, the last of them a check digit."))
        field.data = bare

    def to_details(self) -> Details:
        """What was entered; empty is unknown."""
        known = {n: self[n].data or None for n in Details.__dataclass_fields__ if n in self}
        kind = ProducerKind.parse(self.kind.data) if self.kind.data else None
        area = self._communes.get(self.area.data or "")
        area_id = area.id if area else None
        return Details(**known | {"kind": kind, "area_id": area_id})  # type: ignore[arg-type]


def _named(unit: AreaUnit) -> str:
    if unit.valid_to is None:
        return unit.full_name
    return str(_("%(name)s (former unit)", name=unit.full_name))
