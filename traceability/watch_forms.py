"""Forms of those who look into cases and doubts."""

from dataclasses import fields
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from app.core.forms import MAX_LONG_TEXT, Form
from traceability.clones import Limits
from traceability.scan_models import CaseStatus
from traceability.thresholds import HIGHEST


class CaseForm(Form):
    """What comes next in a case, and why."""

    to = SelectField(_l("What is it?"), validators=[InputRequired(_l("Choose one."))])
    note = TextAreaField(
        _l("What was found"), validators=[InputRequired(_l("Say it in words.")), Length(max=1_000)]
    )

    def __init__(self, moves: list[CaseStatus] | None = None, **more: Any) -> None:
        super().__init__(**more)
        self.to.choices = [(one.value, _(one.label)) for one in moves or CaseStatus]

    def to_status(self) -> CaseStatus:
        """The state that was chosen."""
        return CaseStatus.parse(self.to.data)


class AnswerDoubtForm(Form):
    """The answer to whoever reported a doubt."""

    text = TextAreaField(
        _l("Answer"),
        validators=[InputRequired(_l("Say it in words.")), Length(max=MAX_LONG_TEXT)],
        description=_l(
            "Read by whoever has the number of the report, in the language it was told."
        ),
    )


class LimitsForm(Form):
    """The limits of the rules about copies, one number each."""

    def to_values(self) -> dict[str, int]:
        """Limits by name."""
        return {item.name: int(self[item.name].data) for item in fields(Limits)}


def _asked(words: str) -> IntegerField:
    within = NumberRange(1, HIGHEST, message=_l("From 1 to 100,000."))
    return IntegerField(_l(words), validators=[InputRequired(_l("Enter a number.")), within])


for _item in fields(Limits):
    setattr(LimitsForm, _item.name, _asked(_item.metadata["label"]))
