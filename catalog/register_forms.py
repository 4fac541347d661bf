"""Forms of the register: what a decision covers, renewals, papers."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.forms import MAX_TEXT, Form
from catalog.evidence import Paper
from catalog.forms import DATE, LONG
from catalog.models import Product
from catalog.recognition_models import EvidenceKind


class CoveredForm(Form):
    """A product that a decision recognises."""

    product = SelectField(_l("Product"), validators=[InputRequired(_l("Choose a product."))])
    stars = SelectField(_l("Stars"), choices=["3", "4", "5"])
    score = DecimalField(
        _l("Mark of the council"),
        places=None,
        validators=[Optional(), NumberRange(0, 100, _l("The mark must be between 0 and 100."))],
    )
    criteria = StringField(_l("Set of criteria"), validators=[Length(max=MAX_TEXT)])
    valid_until = DateField(
        _l("Valid until"),
        description=_l("Empty: 36 months after the day of issue."),
        validators=[Optional()],
    )

    def __init__(self, products: list[Product], **more: Any) -> None:
        super().__init__(**more)
        self.product.choices = {
            str(p.id): f"{p.name_vi} · {p.producer.name}" if p.producer else p.name_vi
            for p in products
        }


class FiledForm(Form):
    """The dossier for the next period was filed."""

    on = DateField(_l("Filed on"), validators=[InputRequired(DATE)])


class PaperForm(Form):
    """A paper with its file."""

    kind = SelectField(_l("Kind of paper"))
    number = StringField(_l("Number"), validators=[Length(max=MAX_TEXT)])
    issuer = StringField(_l("Issued by"), validators=[Length(max=MAX_TEXT)])
    issued_on = DateField(_l("Issued on"), validators=[Optional()])
    valid_until = DateField(
        _l("Valid until"), description=_l("Empty: no end."), validators=[Optional()]
    )
    proves = TextAreaField(_l("What it proves"), validators=[LONG])
    for_producer = BooleanField(_l("Holds for all products of the producer"))
    file = FileField(_l("File"), description=_l("PDF, JPEG, PNG or WebP, at most 5 MB."))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.kind.choices = {kind.value: _(kind.label) for kind in EvidenceKind}

    def to_paper(self) -> Paper:
        """What was entered; empty is unknown."""
        return Paper(
            kind=EvidenceKind.parse(self.kind.data),
            number=self.number.data or None,
            issuer=self.issuer.data or None,
            issued_on=self.issued_on.data,
            valid_until=self.valid_until.data,
            proves=self.proves.data or None,
        )
