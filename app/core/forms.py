"""Form fields that several modules need."""

from typing import Any

import phonenumbers
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import TextInput

MAX_TEXT = 200
MAX_LONG_TEXT = 4_000


def strip(value: Any) -> Any:
    """Trim what was typed; control characters cannot be stored on every database."""
    return value.replace("\0", "").strip() if isinstance(value, str) else value


def normal_phone(text: str) -> str | None:
    """A Vietnamese or international number in the form +84912345678, or None when impossible."""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _of_trimmed(validator: Any) -> Any:
    """InputRequired looks at what was sent, blanks and all; DataRequired at what is left of it."""
    return DataRequired(validator.message) if isinstance(validator, InputRequired) else validator


class Form(FlaskForm):
    """Base of all forms: trims text, so that blanks alone are nothing."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            text = issubclass(unbound_field.field_class, StringField)
            if text:
                # The field's declaration is shared by all forms of the class: it must not change here.
                options["filters"] = [*unbound_field.kwargs.get("filters", []), strip]
            field = unbound_field.bind(form=form, **options)
            if text:
                field.validators = [_of_trimmed(validator) for validator in field.validators]
            return field


class PhoneField(StringField):
    """A phone number; its data become the international form."""

    data: str | None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Turn what was typed into the international form, or say what is wrong."""
        if validation_stopped or not self.data:
            return
        number = normal_phone(self.data)
        if number is None:
            raise ValidationError(
                _l("This is not a complete phone number; it looks like 0912 345 678.")
            )
        self.data = number

    def _value(self) -> str:
        typed: Any = self.raw_data[0] if self.raw_data else self.data
        return str(typed or "")


class DongField(IntegerField):
    """Whole đồng, with or without the points that people write between thousands.

    A browser's number field would drop «1.500.000», so it is a text field with the digits' keys.
    """

    widget = TextInput()
    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        keys = {"inputmode": "numeric", "autocomplete": "off"} | more.pop("render_kw", {})
        super().__init__(label, validators, render_kw=keys, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read 125.000, 125000 or «125.000 ₫»."""
        text = (valuelist[0] if valuelist else "").replace("₫", "").replace("\u00a0", "")
        bare = text.replace(".", "").replace(",", "").replace(" ", "")
        if not bare:
            self.data = None
        elif bare.isascii() and bare.isdigit() and len(bare) <= 12:
            self.data = int(bare)
        else:
            self.data = None
            raise ValueError(_l("Enter a whole number of đồng, such as 125.000."))
