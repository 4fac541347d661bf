"""What shoppers send, turned into domain values."""

import re
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from app.areas.models import AreaUnit
from app.core.forms import MAX_TEXT, Form, PhoneField
from app.storefront.browse import MAX_QUERY, Filters, Sort
from app.storefront.checkout import Details
from pos.sales.lines import MAX_QUANTITY
from pos.sales.orders import Contact
from pos.sales.status import Delivery
from pos.stock.models import Place

_SLUG = re.compile(r"[A-Za-z0-9._-]{1,100}")


def filters_from(args: Any) -> Filters:
    """Listing filters from the address; what makes no sense is ignored."""
    stars = args.get("stars", "")
    sort = args.get("sort", "")
    return Filters(
        query=args.get("q", "").replace("\0", " ").strip()[:MAX_QUERY],
        category=_slug(args.get("category", "")),
        stars=int(stars) if stars in {"3", "4", "5"} else None,
        in_stock=args.get("in_stock") == "1",
        sort=Sort.parse(sort) if sort in {s.value for s in Sort} else Sort.STARS,
        group=_slug(args.get("group", "")),
        area=_slug(args.get("area", "")),
        point=_slug(args.get("point", "")),
        producer=_slug(args.get("producer", "")),
        commune=_slug(args.get("commune", "")),
        price=_slug(args.get("price", "")),
        paper=_slug(args.get("paper", "")),
        season=args.get("season") == "1",
        to=_slug(args.get("to", "")),
    )


def _slug(text: str) -> str | None:
    """The text if it can be the name of something in an address."""
    return text if _SLUG.fullmatch(text) else None


class AddForm(Form):
    """Putting an article into the cart."""

    sku = HiddenField(validators=[InputRequired()])
    quantity = IntegerField(
        _l("Quantity"),
        default=1,
        validators=[
            InputRequired(_l("Enter how many you want.")),
            NumberRange(1, MAX_QUANTITY, _l("Enter a quantity between %(min)s and %(max)s.")),
        ],
    )

    def validate_sku(self, field: HiddenField) -> None:
        _uuid_or_error(field.data)


class LineForm(Form):
    """Changing a line of the cart; 0 removes it."""

    sku = HiddenField(validators=[InputRequired()])
    quantity = IntegerField(
        _l("Quantity"),
        validators=[
            InputRequired(_l("Enter how many you want.")),
            NumberRange(0, MAX_QUANTITY, _l("Enter a quantity between %(min)s and %(max)s.")),
        ],
    )

    def validate_sku(self, field: HiddenField) -> None:
        _uuid_or_error(field.data)

    def set_to_none(self) -> None:
        """Whatever the field says, even nothing readable: the button beside it removes the line."""
        self.quantity.process(None, 0)
        self.quantity.raw_data = ["0"]


class LookupForm(Form):
    """Finding one's order without an account."""

    number = StringField(
        _l("Order number"),
        validators=[
            InputRequired(_l("Enter the order number, such as PH-26-XXXXXXXX.")),
            Length(max=40),
        ],
    )
    phone = PhoneField(
        _l("Phone number given with the order"),
        validators=[InputRequired(_l("Enter the phone number.")), Length(max=40)],
    )


class CheckoutForm(Form):
    """Contact, delivery and payment of an order."""

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
    email = StringField(
        _l("E-mail"),
        validators=[
            Optional(),
            Length(max=MAX_TEXT),
            Email(_l("The e-mail address is not complete; it looks like name@example.vn.")),
        ],
    )
    delivery = RadioField(
        _l("How do you want to get it?"),
        default=Delivery.SHIP.value,
        validators=[InputRequired(_l("Choose delivery or pick-up."))],
    )
    address = StringField(_l("House number, street, village"), validators=[Length(max=MAX_TEXT)])
    area = SelectField(_l("Commune or ward"), validators=[Optional()], validate_choice=True)
    point = RadioField(_l("Sales point"), validate_choice=False)  # it counts for pick-up only
    note = TextAreaField(_l("Note for the shop"), validators=[Length(max=1000)])

    def __init__(
        self, communes: list[AreaUnit], points: list[Place], can_ship: bool, **more: Any
    ) -> None:
        super().__init__(**more)
        self._communes = {str(unit.id): unit for unit in communes}
        ways = [Delivery.SHIP, Delivery.PICKUP] if points else [Delivery.SHIP]
        self.delivery.choices = {w.value: _(w.label) for w in (ways if can_ship else ways[1:])}
        elsewhere = {"": _("Outside Hưng Yên: write it in the address")}
        names = {key: unit.full_name for key, unit in self._communes.items()}
        self.area.choices = elsewhere | names
        self.point.choices = {str(place.id): place.name for place in points}
        if not self.key.data:
            self.key.data = str(uuid4())

    def validate_address(self, field: StringField) -> None:
        if self.delivery.data == Delivery.SHIP.value and not field.data:
            raise ValidationError(_("Enter the address that we deliver to."))

    def validate_point(self, field: RadioField) -> None:
        if self.delivery.data == Delivery.PICKUP.value and field.data not in field.choices:
            raise ValidationError(_("Choose the sales point where you fetch it."))

    def to_details(self) -> Details:
        """What was entered, as domain values. Fields of the other way of delivery are dropped."""
        shipping = self.delivery.data == Delivery.SHIP.value
        unit = self._communes.get(self.area.data or "") if shipping else None
        contact = Contact(
            name=self.name.data,
            phone=str(self.phone.data),
            email=self.email.data or None,
            address=self.address.data or None if shipping else None,
            area_id=unit.id if unit else None,
            area_text=unit.full_name if unit else None,
            note=self.note.data or None,
        )
        point = UUID(self.point.data) if not shipping else None
        return Details(contact, Delivery.parse(self.delivery.data), point)


class CancelForm(Form):
    """Calling an order off."""


def _uuid_or_error(text: str | None) -> None:
    try:
        UUID(text or "")
    except ValueError as error:
        raise ValidationError(_("Choose an article.")) from error
