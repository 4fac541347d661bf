"""What members send, turned into domain values."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.accounts.passwords import MAX_LENGTH
from app.areas.models import AreaUnit
from app.core.forms import MAX_TEXT, Form, PhoneField
from app.storefront.addresses import Entry
from app.storefront.models import Address
from app.storefront.reach import HOME
from pos.shipping.tariffs import Province


class AddressForm(Form):
    """An address of a member."""

    label = StringField(
        _l("Name of the address"),
        description=_l("Such as home or work."),
        validators=[Length(max=60, message=_l("This is too long."))],
    )
    contact_name = StringField(
        _l("Who receives it"),
        validators=[InputRequired(_l("Enter a name.")), Length(max=MAX_TEXT)],
    )
    phone = PhoneField(
        _l("Phone number"),
        validators=[InputRequired(_l("Enter the phone number.")), Length(max=40)],
    )
    street = StringField(
        _l("House number, street, village"),
        validators=[InputRequired(_l("Enter the address.")), Length(max=MAX_TEXT)],
    )
    province = SelectField(_l("Province or city"), default=HOME, validators=[Optional()])
    area = SelectField(_l("Commune or ward of Hưng Yên"), validators=[Optional()])
    area_text = StringField(
        _l("Commune or ward of another province"), validators=[Length(max=MAX_TEXT)]
    )
    is_default = BooleanField(_l("Use this address unless I say otherwise"))

    def __init__(
        self,
        communes: Sequence[AreaUnit],
        provinces: Sequence[Province],
        address: Address | None = None,
    ) -> None:
        super().__init__(obj=address)
        self._communes = {str(unit.id): unit for unit in communes}
        names = {key: unit.full_name for key, unit in self._communes.items()}
        self.area.choices = {"": _("Choose")} | names
        self.province.choices = {"": _("Choose")} | {one.code: one.name for one in provinces}
        if address is not None and not self.is_submitted():
            self.area.data = str(address.area_id or "")
            self.province.data = address.province or (HOME if address.area_id else "")
            self.area_text.data = None if address.area_id else address.area_text

    @property
    def at_home(self) -> bool:
        """Whether it lies in the home province, whose communes are known."""
        return bool(self.province.data == HOME)

    def to_entry(self) -> Entry:
        """What was entered."""
        return Entry(
            label=self.label.data or None,
            contact_name=self.contact_name.data,
            phone=str(self.phone.data),
            street=self.street.data,
            area=self._communes.get(self.area.data or "") if self.at_home else None,
            is_default=self.is_default.data,
            province=self.province.data or None,
            area_text=None if self.at_home else self.area_text.data or None,
        )


class LeaveForm(Form):
    """Closing the account for good."""

    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter your password.")), Length(max=MAX_LENGTH)]
    )


class NoticeForm(Form):
    """Whom to tell when an article is back."""

    sku = HiddenField(validators=[InputRequired()])
    email = StringField(
        _l("E-mail"),
        validators=[InputRequired(_l("Enter your e-mail address.")), Length(max=254)],
    )

    def validate_sku(self, field: HiddenField) -> None:
        """It must at least look like an article's key."""
        try:
            UUID(field.data or "")
        except ValueError as error:
            raise ValidationError(_("Choose an article.")) from error
