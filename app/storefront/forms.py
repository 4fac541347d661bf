"""What shoppers send, turned into domain values."""

import re
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    IntegerField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange

from app.core.forms import Form, PhoneField
from app.storefront.browse import MAX_QUERY, Filters, Sort
from pos.sales.lines import MAX_QUANTITY

_SLUG = re.compile(r"[A-Za-z0-9._-]{1,100}")


def filters_from(args: Any) -> Filters:
    """Listing filters from the address; what makes no sense is ignored."""
    stars = args.get("stars", "")
    sort = args.get("sort", "")
    return Filters(
        query=args.get("q", "").replace("\0", " ").strip()[:MAX_QUERY],
        category=slug_or_none(args.get("category", "")),
        stars=int(stars) if stars in {"3", "4", "5"} else None,
        in_stock=args.get("in_stock") == "1",
        sort=Sort.parse(sort) if sort in {s.value for s in Sort} else Sort.STARS,
        group=slug_or_none(args.get("group", "")),
        area=slug_or_none(args.get("area", "")),
        point=slug_or_none(args.get("point", "")),
        producer=slug_or_none(args.get("producer", "")),
        commune=slug_or_none(args.get("commune", "")),
        price=slug_or_none(args.get("price", "")),
        paper=slug_or_none(args.get("paper", "")),
        season=args.get("season") == "1",
        to=slug_or_none(args.get("to", "")),
    )


def slug_or_none(text: str) -> str | None:
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
            InputRequired(_l("Enter the order number, such as PH-26-7K3M9QRT.")),
            Length(max=40),
        ],
    )
    phone = PhoneField(
        _l("Phone number given with the order"),
        validators=[InputRequired(_l("Enter the phone number.")), Length(max=40)],
    )


class CancelForm(Form):
    """Calling an order off."""


def _uuid_or_error(text: str | None) -> None:
    try:
        UUID(text or "")
    except ValueError as error:
        raise ValidationError(_("Choose an article.")) from error
