"""The form of the checkout, turned into domain values."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.vn import mst
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from app.accounts import consents
from app.accounts.models import ConsentPurpose
from app.areas.models import AreaUnit
from app.core.forms import MAX_TEXT, Form, PhoneField
from app.core.types import Json
from app.storefront.checkout import Details, Pay
from app.storefront.reach import HOME
from pos.sales.placing import Contact
from pos.sales.status import Delivery
from pos.shipping.tariffs import Province
from pos.stock.models import Place

EMAIL = _l("The e-mail address is not complete; it looks like name@example.vn.")


@dataclass(frozen=True)
class Choices:
    """What can be chosen: communes of the home province, provinces, points, ways to pay, and the
    consents that a member has not given yet."""

    communes: Sequence[AreaUnit]
    provinces: Sequence[Province]
    points: Sequence[Place]
    can_ship: bool
    pays: Collection[Pay]
    purposes: Sequence[ConsentPurpose] = ()


class CheckoutForm(Form):
    """Contact, delivery and payment of an order. Consents are boxes that nobody ticks beforehand."""

    key = HiddenField(validators=[InputRequired(), Length(max=60)])
    name = StringField(
        _l("Full name"),
        validators=[InputRequired(_l("Enter your name.")), Length(max=MAX_TEXT)],
    )
    phone = PhoneField(
        _l("Phone number"),
        description=_l("We call before we deliver. With it you can find your order again."),
        validators=[InputRequired(_l("Enter your phone number.")), Length(max=40)],
    )
    email = StringField(_l("E-mail"), validators=[Optional(), Length(max=MAX_TEXT), Email(EMAIL)])
    delivery = RadioField(
        _l("How do you want to get it?"),
        default=Delivery.SHIP.value,
        validators=[InputRequired(_l("Choose delivery or pick-up."))],
    )
    province = SelectField(_l("Province or city"), default=HOME)
    area = SelectField(_l("Commune or ward"), default="")
    area_text = StringField(_l("Commune or ward"), validators=[Length(max=MAX_TEXT)])
    address = StringField(_l("House number, street, village"), validators=[Length(max=MAX_TEXT)])
    option = HiddenField(validators=[Length(max=60)])
    point = RadioField(_l("Sales point"), validate_choice=False)  # it counts for pick-up only
    note = TextAreaField(_l("Note for the shop"), validators=[Length(max=1000)])
    pay = RadioField(
        _l("How do you want to pay?"),
        default=Pay.LATER.value,
        validators=[InputRequired(_l("Choose how you want to pay."))],
    )
    voucher = StringField(_l("Voucher code"), validators=[Length(max=40)])
    invoice = BooleanField(_l("I need a VAT invoice"))
    company = StringField(_l("Name of the company"), validators=[Length(max=MAX_TEXT)])
    tax_code = StringField(_l("Tax code"), validators=[Length(max=20)])
    company_address = StringField(_l("Address of the company"), validators=[Length(max=MAX_TEXT)])
    company_email = StringField(
        _l("E-mail for the invoice"), validators=[Optional(), Length(max=MAX_TEXT), Email(EMAIL)]
    )
    news = BooleanField(consents.TEXTS[ConsentPurpose.NEWS])
    personal_offers = BooleanField(consents.TEXTS[ConsentPurpose.PERSONAL_OFFERS])

    def __init__(self, choices: Choices, **more: Any) -> None:
        super().__init__(**more)
        self._communes = {str(unit.id): unit for unit in choices.communes}
        self._provinces = {one.code: one for one in choices.provinces}
        self.purposes = choices.purposes
        ways = [Delivery.SHIP, Delivery.PICKUP] if choices.points else [Delivery.SHIP]
        ways = ways if choices.can_ship else ways[1:]
        self.delivery.choices = {way.value: _(way.label) for way in ways}
        if len(ways) == 1 and not self.delivery.raw_data:
            self.delivery.data = ways[0].value
        self.province.choices = {code: one.name for code, one in self._provinces.items()}
        names = {key: unit.full_name for key, unit in self._communes.items()}
        self.area.choices = {"": _("Choose")} | names
        self.point.choices = {str(place.id): place.name for place in choices.points}
        self.pay.choices = {pay.value: _(pay.label) for pay in Pay if pay in choices.pays}
        for purpose in ConsentPurpose:
            self[purpose.value].label.text = _(consents.TEXTS[purpose])
        if not self.key.data:
            self.key.data = str(uuid4())

    @property
    def shipping(self) -> bool:
        """Whether it goes to an address."""
        return bool(self.delivery.data == Delivery.SHIP.value)

    @property
    def at_home(self) -> bool:
        """Whether it goes to the home province, whose communes are known."""
        return bool(self.province.data == HOME)

    def validate_address(self, field: StringField) -> None:
        if self.shipping and not field.data:
            raise ValidationError(_("Enter the address that we deliver to."))

    def validate_area(self, field: SelectField) -> None:
        if self.shipping and self.at_home and self._communes and not field.data:
            raise ValidationError(_("Choose the commune or ward."))

    def validate_area_text(self, field: StringField) -> None:
        if self.shipping and not self.at_home and not field.data:
            raise ValidationError(_("Enter the commune or ward."))

    def validate_point(self, field: RadioField) -> None:
        if self.delivery.data == Delivery.PICKUP.value and field.data not in field.choices:
            raise ValidationError(_("Choose the sales point where you fetch it."))

    def validate_company(self, field: StringField) -> None:
        if self.invoice.data and not field.data:
            raise ValidationError(_("Enter the name of the company."))

    def validate_company_address(self, field: StringField) -> None:
        if self.invoice.data and not field.data:
            raise ValidationError(_("Enter the address of the company."))

    def validate_tax_code(self, field: StringField) -> None:
        if not self.invoice.data:
            return
        try:
            field.data = mst.format(mst.validate(field.data or ""))
        except BadNumber as error:
            raise ValidationError(
                _("This is not a tax code: it has 10 digits, or 10 and 3 for a branch.")
            ) from error

    def validate_news(self, field: BooleanField) -> None:
        if field.data and ConsentPurpose.NEWS in self.purposes and not self.email.data:
            raise ValidationError(_("Enter your e-mail address above, or leave this box empty."))

    def agreed(self) -> dict[ConsentPurpose, str]:
        """What the buyer agrees to, each with the sentence beside its box."""
        return {p: str(self[p.value].label.text) for p in self.purposes if self[p.value].data}

    def to_details(self) -> Details:
        """What was entered, as domain values. Fields of the other way of delivery are dropped."""
        shipping = self.shipping
        return Details(
            self._contact(),
            Delivery.parse(self.delivery.data),
            None if shipping else UUID(self.point.data),
            province=self.province.data if shipping else None,
            option=self.option.data or None if shipping else None,
            pay=Pay.parse(self.pay.data),
            voucher=self.voucher.data or None,
            invoice_to=self._invoice() if self.invoice.data else None,
            consents=tuple(self.agreed()),
        )

    def _contact(self) -> Contact:
        unit = self._communes.get(self.area.data or "") if self.shipping and self.at_home else None
        return Contact(
            name=self.name.data,
            phone=str(self.phone.data),
            email=self.email.data or None,
            address=self.address.data or None if self.shipping else None,
            area_id=unit.id if unit else None,
            area_text=unit.full_name if unit else self._area_elsewhere(),
            note=self.note.data or None,
        )

    def _area_elsewhere(self) -> str | None:
        if not self.shipping or self.at_home:
            return None
        return f"{self.area_text.data}, {self._provinces[self.province.data].name}"

    def _invoice(self) -> Json:
        return {
            "company": self.company.data,
            "tax_code": self.tax_code.data,
            "address": self.company_address.data,
            "email": self.company_email.data or self.email.data or None,
        }
