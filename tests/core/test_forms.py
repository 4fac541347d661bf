"""Fields that several forms share."""

from typing import Any

import pytest
from flask import Flask
from wtforms import StringField
from wtforms.validators import InputRequired

from app.core.forms import DongField, Form, PhoneField, normal_phone


class Sample(Form):
    """A form with one field of each kind."""

    name = StringField("Name", filters=[lambda text: text and text.upper()])
    phone = PhoneField("Phone")
    price = DongField("Price")


def filled(app: Flask, **data: str) -> Any:
    with app.test_request_context("/", method="POST", data=data):
        form = Sample(meta={"csrf": False})
        form.validate()
        return form


def test_text_is_trimmed_after_its_own_filters_every_time(app: Flask) -> None:
    for _ in range(2):
        assert filled(app, name=" lan\0 ").name.data == "LAN"


class Needed(Form):
    """A form that needs a name."""

    name = StringField("Name", validators=[InputRequired("Name!")])


def test_blanks_alone_are_not_what_was_required(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"name": " \0 "}):
        form = Needed(meta={"csrf": False})
        assert not form.validate()
    assert form.errors == {"name": ["Name!"]}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912 345 678", "+84912345678"),
        ("+84 912.345.678", "+84912345678"),
        ("+1 650 253 0000", "+16502530000"),
        ("0912", None),
        ("abc", None),
    ],
)
def test_a_phone_number_gets_its_international_form(typed: str, kept: str | None) -> None:
    assert normal_phone(typed) == kept


def test_a_wrong_phone_number_is_shown_as_it_was_typed(app: Flask) -> None:
    form = filled(app, phone="0912")
    assert len(form.phone.errors) == 1
    assert 'value="0912"' in form.phone()


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("125.000", 125_000), ("125000", 125_000), ("125,000 ₫", 125_000), ("0", 0), ("", None)],
)
def test_money_is_read_as_people_write_it(app: Flask, typed: str, amount: int | None) -> None:
    form = filled(app, price=typed)
    assert (form.price.data, list(form.price.errors)) == (amount, [])


@pytest.mark.parametrize("typed", ["-5", "12k", "1e5", "9" * 13, "١٢"])
def test_what_is_no_amount_is_refused(app: Flask, typed: str) -> None:
    form = filled(app, price=typed)
    assert form.price.data is None
    assert len(form.price.errors) == 1
