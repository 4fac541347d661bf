"""Forms of the catalogue pages."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.forms import MAX_LONG_TEXT, MAX_TEXT, DongField, Form
from catalog.claim_forms import no_healing
from catalog.models import Category, PriceChannel, Producer, Unit
from catalog.products import Texts
from catalog.recognition_models import IssuerLevel

LONG = Length(max=MAX_LONG_TEXT)
DATE = _l("Enter a day, such as 2026-11-24.")
MOST_LEFT = 10_000_000
MOST_GRAMS = 1_000_000


class ProductForm(Form):
    """Texts of a product, in both languages."""

    name_vi = StringField(
        _l("Name (Vietnamese)"),
        validators=[no_healing, InputRequired(_l("Enter the name.")), Length(max=MAX_TEXT)],
    )
    name_en = StringField(_l("Name (English)"), validators=[Length(max=MAX_TEXT), no_healing])
    summary_vi = TextAreaField(_l("Description (Vietnamese)"), validators=[LONG, no_healing])
    summary_en = TextAreaField(_l("Description (English)"), validators=[LONG, no_healing])
    ingredients_vi = TextAreaField(_l("Ingredients (Vietnamese)"), validators=[LONG, no_healing])
    ingredients_en = TextAreaField(_l("Ingredients (English)"), validators=[LONG, no_healing])
    storage_vi = StringField(
        _l("Storage (Vietnamese)"), validators=[Length(max=MAX_TEXT), no_healing]
    )
    storage_en = StringField(_l("Storage (English)"), validators=[Length(max=MAX_TEXT), no_healing])

    def to_texts(self) -> Texts:
        """What was entered; empty is unknown."""
        known = {name: self[name].data or None for name in Texts.__dataclass_fields__}
        return Texts(**known)  # type: ignore[arg-type]


class NewProductForm(ProductForm):
    """A product that the register does not have yet."""

    category = SelectField(_l("Shelf"), validators=[InputRequired(_l("Choose a shelf."))])
    producer = SelectField(_l("Producer"), validators=[Optional()])

    def __init__(self, categories: list[Category], producers: list[Producer], **more: Any) -> None:
        super().__init__(**more)
        self.category.choices = {str(c.id): c.name_vi for c in categories}
        unknown = {"": _("Not known")}
        self.producer.choices = unknown | {str(p.id): p.name for p in producers}


def low_stock_field() -> IntegerField:
    """How few base units at a place make its keepers act."""
    return IntegerField(
        _l("Warn when a place has this many or fewer"),
        description=_l("Leave empty for no warning."),
        validators=[Optional(), NumberRange(0, MOST_LEFT, _l("Enter a whole number."))],
    )


def weight_field() -> IntegerField:
    """What a pack weighs as it is sent."""
    return IntegerField(
        _l("Weight as sent, in grams"),
        description=_l("With jar and lid. Leave empty to count what the pack holds."),
        validators=[Optional(), NumberRange(1, MOST_GRAMS, _l("Enter a whole number of grams."))],
    )


class WeightForm(Form):
    """What a pack weighs."""

    weight = weight_field()


class LowStockForm(Form):
    """When the keepers of a place are told that an article runs short."""

    low_stock = low_stock_field()


class SkuForm(Form):
    """A pack of a product."""

    code = StringField(
        _l("Internal code"), validators=[InputRequired(_l("Enter a code.")), Length(max=30)]
    )
    gtin = StringField(
        _l("Barcode (GTIN-13)"),
        description=_l("Leave empty when the pack has none."),
        validators=[Length(max=13)],
    )
    name_vi = StringField(
        _l("Pack (Vietnamese)"),
        validators=[InputRequired(_l("Name the pack, such as «Hộp 500 g».")), Length(max=MAX_TEXT)],
    )
    name_en = StringField(_l("Pack (English)"), validators=[Length(max=MAX_TEXT)])
    net_content = IntegerField(
        _l("Net content"),
        validators=[InputRequired(_l("Enter the net content.")), NumberRange(1, 10_000_000)],
    )
    net_unit = SelectField(_l("Unit"))
    shelf_life_days = IntegerField(
        _l("Shelf life in days"),
        description=_l("Leave empty for goods that keep."),
        validators=[Optional(), NumberRange(1, 36_500)],
    )
    low_stock = low_stock_field()
    weight = weight_field()

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.net_unit.choices = {unit.value: _(unit.label) for unit in Unit}


class PriceForm(Form):
    """A price from a day on."""

    amount = DongField(
        _l("Price, VAT included"), validators=[InputRequired(_l("Enter the price in đồng."))]
    )
    channel = SelectField(_l("Where"))
    valid_from = DateField(_l("From"), validators=[InputRequired(DATE)])

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.channel.choices = {c.value: _(c.label) for c in PriceChannel}


class ReasonForm(Form):
    """Why something is ended."""

    reason = StringField(
        _l("Reason"), validators=[InputRequired(_l("Say why.")), Length(max=MAX_TEXT)]
    )


class DecisionForm(Form):
    """A signed decision."""

    number = StringField(
        _l("Decision number"), validators=[InputRequired(_l("Enter the number.")), Length(max=60)]
    )
    issuer = StringField(
        _l("Issued by"),
        validators=[InputRequired(_l("Enter who issued it.")), Length(max=MAX_TEXT)],
    )
    issuer_level = SelectField(_l("Level of the issuer"))
    issued_on = DateField(_l("Issued on"), validators=[InputRequired(DATE)])
    legal_basis = StringField(
        _l("Legal basis"),
        default="148/QĐ-TTg",
        validators=[InputRequired(_l("Enter the legal basis.")), Length(max=MAX_TEXT)],
    )

    def __init__(self, today: date, **more: Any) -> None:
        super().__init__(**more)
        self._today = today
        self.issuer_level.choices = {level.value: _(level.label) for level in IssuerLevel}

    def validate_issued_on(self, field: DateField) -> None:
        if field.data and field.data > self._today:
            raise ValidationError(_("The day of issue lies in the future."))


class RecognitionForm(DecisionForm):
    """A decision together with the one product that it recognises."""

    valid_until = DateField(
        _l("Valid until"),
        description=_l("Empty: 36 months after the day of issue."),
        validators=[Optional()],
    )
    stars = SelectField(_l("Stars"), choices={n: n for n in "345"})


class RevokeForm(ReasonForm):
    """A recognition is taken back."""

    on = DateField(_l("From which day"), validators=[InputRequired(DATE)])
