"""Forms of a recall."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.forms import MAX_TEXT, Form
from pos.recalls.acting import MOST_UNITS
from traceability.history_models import RecallKind
from traceability.recalls import Words


class RecallForm(Form):
    """What is called back, why, and whether it is a drill."""

    key = HiddenField(validators=[InputRequired(), Length(max=64)])
    kind = RadioField(_l("What is it?"), validators=[InputRequired(_l("Choose one."))])
    batch = StringField(
        _l("Stamp batch"),
        validators=[Optional(), Length(max=8)],
        description=_l("Only to call back a run of stamps; empty for the whole lot."),
    )
    first = IntegerField(_l("From number"), validators=[Optional(), NumberRange(min=1)])
    last = IntegerField(_l("To number"), validators=[Optional(), NumberRange(min=1)])
    reason = StringField(
        _l("Reason, as everyone reads it"),
        validators=[InputRequired(_l("Say it in words.")), Length(max=MAX_TEXT)],
    )
    advice = TextAreaField(
        _l("What holders should do"),
        validators=[Length(max=1_000)],
        description=_l("For example: do not eat it, bring it back to the sales point."),
    )

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.kind.choices = [(one.value, _(one.label)) for one in RecallKind]

    def to_kind(self) -> RecallKind:
        """Recall or drill."""
        return RecallKind.parse(self.kind.data)

    def to_words(self) -> Words:
        """Reason and advice."""
        return Words(str(self.reason.data), self.advice.data or None)


class FoundForm(Form):
    """What a place has put aside."""

    found = IntegerField(
        _l("Units put aside"),
        validators=[InputRequired(_l("Enter a number.")), NumberRange(0, MOST_UNITS)],
    )
    note = StringField(_l("Remark"), validators=[Length(max=MAX_TEXT)])


class CloseForm(Form):
    """How it ended."""

    outcome = TextAreaField(
        _l("How did it end?"),
        validators=[InputRequired(_l("Say it in words.")), Length(max=1_000)],
    )
