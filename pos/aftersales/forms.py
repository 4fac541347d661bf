"""Forms about cases."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from app.core.forms import MAX_LONG_TEXT, MAX_TEXT, Form, PhoneField
from pos.aftersales.cases import Contact
from pos.aftersales.status import Reason, Wish

SAY = InputRequired(_l("Say it in words."))
LONG = Length(max=MAX_LONG_TEXT)
MAX_DAYS = 366


def _pictures() -> MultipleFileField:
    return MultipleFileField(
        _l("Pictures"),
        description=_l(
            "Up to 5 pictures (JPEG, PNG, WebP) of 5 MB each; the shop alone sees them."
        ),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )


class OpenForm(Form):
    """What is wrong and what the buyer wishes; units stand beside the goods."""

    reason = SelectField(_l("What is wrong?"), validators=[InputRequired(_l("Choose a reason."))])
    wish = RadioField(_l("What do you wish?"), validators=[InputRequired(_l("Choose one."))])
    text = TextAreaField(_l("In your own words"), validators=[SAY, LONG])
    pictures = _pictures()

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.reason.choices = [(one.value, _(one.label)) for one in Reason]
        self.wish.choices = [(one.value, _(one.label)) for one in Wish]

    def to_reason(self) -> Reason:
        """What is wrong."""
        return Reason.parse(self.reason.data)

    def to_wish(self) -> Wish:
        """What is asked for."""
        return Wish.parse(self.wish.data)


class CounterForm(OpenForm):
    """Staff write down a case, with the buyer of a receipt that names none."""

    name = StringField(_l("Buyer"), validators=[Length(max=MAX_TEXT)])
    phone = PhoneField(_l("Phone number"), validators=[Length(max=40)])
    email = EmailField(_l("E-mail"), validators=[Length(max=MAX_TEXT)])

    def to_contact(self) -> Contact:
        """Whom to tell."""
        return Contact(self.name.data or None, self.phone.data or None, self.email.data or None)


class AnswerForm(Form):
    """More from the buyer."""

    text = TextAreaField(_l("Your answer"), validators=[SAY, LONG])
    pictures = _pictures()


class AskForm(Form):
    """What staff need to know."""

    text = TextAreaField(_l("Question to the buyer"), validators=[SAY, LONG])


class DecideForm(Form):
    """What is granted and why; units stand beside the goods."""

    remedy = SelectField(_l("What is granted"), validators=[InputRequired(_l("Choose one."))])
    reason = TextAreaField(
        _l("Reason of the decision"),
        description=_l("The buyer reads it."),
        validators=[InputRequired(_l("Say why; the buyer reads it.")), LONG],
    )
    goods_back = BooleanField(_l("The goods must come back first"))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.remedy.choices = [(one.value, _(one.label)) for one in Wish]


class PeriodForm(Form):
    """Days of a report."""

    first = DateField(_l("From"), name="from")
    last = DateField(_l("to"), name="to")

    def __init__(self, today: date, **more: Any) -> None:
        super().__init__(meta={"csrf": False}, **more)
        self.validate()
        first, last = self.first.data or today.replace(day=1), self.last.data or today
        if not 0 <= (last - first).days <= MAX_DAYS:
            first, last = today.replace(day=1), today
        self.first.data, self.last.data = first, last
