"""Forms of the order desk."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.core.forms import MAX_TEXT, Form


class ReasonForm(Form):
    """Why an order is refused or cancelled; the buyer reads it."""

    reason = StringField(
        _l("Reason for the buyer"),
        validators=[InputRequired(_l("Say why; the buyer reads it.")), Length(max=MAX_TEXT)],
    )
