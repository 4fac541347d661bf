"""What shoppers and staff say, turned into domain values."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.core.forms import Form
from app.storefront.questions import MAX_QUESTION
from app.storefront.reviews import MAX_ANSWER, MAX_AUTHOR, MAX_REVIEW, Said
from app.storefront.voice_models import HiddenReason

_TOO_LONG = _l("This is too long.")


class ReviewForm(Form):
    """The opinion of a buyer about one line."""

    line = HiddenField(validators=[InputRequired()])
    stars = RadioField(
        _l("Your points"),
        choices=["5", "4", "3", "2", "1"],
        validators=[InputRequired(_l("Choose 1 to 5 points."))],
    )
    text = TextAreaField(
        _l("Your opinion"), validators=[Optional(), Length(max=MAX_REVIEW, message=_TOO_LONG)]
    )
    author = StringField(
        _l("Name that is shown"),
        validators=[InputRequired(_l("Enter a name.")), Length(max=MAX_AUTHOR, message=_TOO_LONG)],
    )

    def to_said(self) -> Said:
        """What was said."""
        return Said(int(self.stars.data), self.text.data or "", self.author.data)


class QuestionForm(Form):
    """A question to the producer. People do not see `website`; who fills it in is a machine."""

    author = StringField(
        _l("Your name"),
        validators=[InputRequired(_l("Enter a name.")), Length(max=MAX_AUTHOR, message=_TOO_LONG)],
    )
    email = StringField(_l("E-mail"), validators=[Optional(), Length(max=254, message=_TOO_LONG)])
    text = TextAreaField(
        _l("Your question"),
        validators=[
            InputRequired(_l("Write your question.")),
            Length(max=MAX_QUESTION, message=_TOO_LONG),
        ],
    )
    website = StringField()


class JudgeForm(Form):
    """Hide for a reason, or show."""

    reason = SelectField(
        _l("Decision"),
        choices=["", *(reason.value for reason in HiddenReason)],
    )

    def to_reason(self) -> HiddenReason | None:
        """The reason to hide; None shows the text."""
        return HiddenReason.parse(self.reason.data) if self.reason.data else None


class AnswerForm(Form):
    """The answer of producer or office."""

    answer = TextAreaField(
        _l("Answer"),
        validators=[
            InputRequired(_l("Write an answer.")),
            Length(max=MAX_ANSWER, message=_TOO_LONG),
        ],
    )
