"""Forms for lots and stamps. Numbers of stamps are counted from 1 here, as people count."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from app.core.clock import local_day, local_midnight, now
from app.core.errors import DomainError
from app.core.forms import MAX_TEXT, DongField, Form
from traceability.models import JournalKind

MOST_PACKS = 100_000_000
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
WRITTEN_BY_HAND = (
    JournalKind.INSPECTED,
    JournalKind.PACKED,
    JournalKind.RECEIVED,
    JournalKind.NOTE,
    JournalKind.CORRECTION,
)


def _required() -> InputRequired:
    return InputRequired(_l("Please fill this in."))


def _filled() -> DataRequired:
    """For text: blanks alone are nothing."""
    return DataRequired(_l("Please fill this in."))


def _short(most: int = MAX_TEXT) -> Length:
    return Length(max=most, message=_l("This is too long."))


def _whole() -> NumberRange:
    return NumberRange(1, MOST_PACKS, _l("Enter a whole number above zero."))


def _sensible(_form: Form, field: DateField) -> None:
    """Years that a slip of the finger makes, such as 0206, are caught here."""
    if field.data and not EARLIEST <= field.data <= LATEST:
        raise ValidationError(_("Check the year of this date."))


def _past(_form: Form, field: DateField) -> None:
    """What is told has happened."""
    if field.data and field.data > local_day(now()):
        raise ValidationError(_("This day is still to come."))


class _Form(Form):
    def refuse(self, error: DomainError) -> None:
        """Say above the fields why the act was refused."""
        self.form_errors.append(_(error.message, **error.params))


class DatesForm(_Form):
    """When a lot was made and until when it keeps."""

    made_on = DateField(_l("Made on"), [Optional(), _sensible, _past])
    expires_on = DateField(
        _l("Use by"),
        [Optional(), _sensible],
        description=_l("Left empty, it follows from the shelf life."),
    )


class LotForm(DatesForm):
    """A new lot. Without an expiry date the shelf life of the article gives it."""

    article = StringField(_l("Article code or barcode"), [_filled(), _short(40)])
    code = StringField(_l("Lot code"), [_filled(), _short(40)])
    quantity = IntegerField(_l("Number of packs made"), [_required(), _whole()])
    consigned = BooleanField(_l("The goods belong to the producer until they are sold"))
    unit_cost = DongField(_l("Price paid for one pack"), [Optional()])


class ReasonForm(_Form):
    """Why a lot or a request is stopped; shown to people who look."""

    reason = StringField(_l("Reason"), [_filled(), _short()])


class NoteForm(_Form):
    """A fact for the history of a lot. What is written stays: a mistake gets a further entry."""

    kind = SelectField(_l("What happened"), [_required()])
    occurred_on = DateField(_l("Day"), [_required(), _sensible, _past])
    place = StringField(_l("Place"), [_short()])
    text = TextAreaField(_l("Details"), [_short(500)])
    corrects = IntegerField(
        _l("Corrects entry number"), [Optional(), NumberRange(min=1, message=_l("Enter a number."))]
    )
    papers = MultipleFileField(
        _l("Papers and pictures"),
        description=_l(
            "Up to 3 files (PDF, JPEG, PNG, WebP) of 5 MB each; their digests are part of the entry."
        ),
        render_kw={"accept": "application/pdf,image/jpeg,image/png,image/webp"},
    )
    public = BooleanField(_l("Shown to everyone who scans a stamp of the lot"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, _(kind.label)) for kind in WRITTEN_BY_HAND]

    def to_kind(self) -> JournalKind:
        """The kind of fact chosen."""
        return next(kind for kind in WRITTEN_BY_HAND if kind.value == self.kind.data)

    def to_moment(self) -> datetime:
        """The beginning of the day, in Vietnam."""
        return local_midnight(self.occurred_on.data)

    def validate_corrects(self, field: IntegerField) -> None:
        """A correction names what it corrects, and nothing else does."""
        if (self.kind.data == JournalKind.CORRECTION.value) != (field.data is not None):
            raise ValidationError(_("A correction names the entry that was wrong."))


class ParentsForm(_Form):
    """The lots whose goods went into a lot."""

    codes = StringField(
        _l("Codes of the lots it comes from"),
        [_filled(), _short(500)],
        description=_l(
            "Of the same producer, separated by commas; with «code:quantity» if it is known."
        ),
    )

    def to_parents(self) -> dict[str, int | None]:
        """Quantity by code, None where it is not known."""
        found: dict[str, int | None] = {}
        for part in filter(None, (part.strip() for part in self.codes.data.split(","))):
            code, _colon, amount = part.partition(":")
            found[code.strip().upper()] = int(amount) if amount.strip().isdecimal() else None
        return found


class StampRequestForm(_Form):
    """How many stamps a lot needs."""

    size = IntegerField(_l("Number of stamps"), [_required(), _whole()])
    pin = BooleanField(_l("A code to scratch free on each stamp"))


class RangeForm(_Form):
    """A run of stamps by their running numbers."""

    first = IntegerField(_l("From number"), [_required(), _whole()])
    last = IntegerField(_l("To number"), [_required(), _whole()])

    def to_range(self) -> tuple[int, int]:
        """The run, counted from 0."""
        return self.first.data - 1, self.last.data - 1


class VoidForm(RangeForm):
    """A run of stamps that must not be on goods any more, and why."""

    reason = StringField(_l("Reason"), [_filled(), _short()])


class VoidOneForm(_Form):
    """One stamp by what is printed on it."""

    serial = StringField(_l("Stamp code"), [_filled(), _short(500)])
    reason = StringField(_l("Reason"), [_filled(), _short()])
