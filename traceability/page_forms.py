"""Forms below the page of a stamp."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.forms import MAX_LONG_TEXT, MAX_TEXT, Form
from traceability.doubts import Told


class DoubtForm(Form):
    """What is doubtful about a pack."""

    key = HiddenField(validators=[InputRequired(), Length(max=64)])
    text = TextAreaField(
        _l("What is it that you doubt?"),
        validators=[InputRequired(_l("Say it in words.")), Length(max=MAX_LONG_TEXT)],
    )
    where = StringField(_l("Where did you see or buy it?"), validators=[Length(max=MAX_TEXT)])
    contact = StringField(
        _l("Phone or e-mail"),
        validators=[Length(max=MAX_TEXT)],
        description=_l("Only if you want to be asked; the answer can be read without it."),
    )
    pictures = MultipleFileField(
        _l("Pictures of pack and stamp"),
        description=_l("Up to 3 pictures (JPEG, PNG, WebP) of 5 MB each; only officers see them."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    website = StringField()  # left empty by people

    def to_told(self, code: str, language: str) -> Told:
        """What was said of the code."""
        text = str(self.text.data)
        where, contact = self.where.data or None, self.contact.data or None
        return Told(str(self.key.data), code, text, where, contact, language)


class PinForm(Form):
    """The code under the scratch field."""

    pin = StringField(
        _l("Code under the scratch field"),
        validators=[InputRequired(_l("Type the six characters.")), Length(max=40)],
    )


class PlaceForm(Form):
    """Where a stamp was scanned, as coarsely as a consumer likes."""

    scan = HiddenField(validators=[InputRequired()])
    cell = HiddenField()  # filled by the phone when it may
    commune = SelectField(_l("Commune"), choices=[], validate_choice=False)

    def __init__(self, communes: list[tuple[str, str]] | None = None, **more: Any) -> None:
        super().__init__(**more)
        self.commune.choices = [("", "—"), *(communes or [])]
