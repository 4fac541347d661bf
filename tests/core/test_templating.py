"""Filters and globals of templates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string
from jinja2 import UndefinedError

from app.core.enums import LabelledEnum


@dataclass
class Named:
    """Something with a name in one or two languages."""

    name_vi: str | None
    name_en: str | None = None


class Kind(LabelledEnum):
    """A made-up kind."""

    ONE = "one", "The first"


def render(app: Flask, template: str, lang: str = "vi", **values: object) -> str:
    with app.test_request_context(f"/?lang={lang}"):
        return render_template_string(template, **values)


def test_unknown_values_are_a_dash(app: Flask) -> None:
    template = "{{ x|vnd }}{{ x|date }}{{ x|datetime }}{{ x|label }}"
    assert render(app, template, x=None) == "————"


def test_money_days_and_hours_are_written_as_in_vietnam(app: Flask) -> None:
    late = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
    assert render(app, "{{ x|vnd }}", x=1_250_000) == "1.250.000\u00a0₫"
    assert render(app, "{{ x|date }}", x=date(2026, 2, 3)) == "03/02/2026"
    assert render(app, "{{ x|date }}", x=late) == "25/11/2026"
    assert render(app, "{{ x|datetime }}", x=late) == "00:30 25/11/2026"


def test_numbers_are_grouped_by_language(app: Flask) -> None:
    assert render(app, "{{ 12345678|number }}") == "12.345.678"
    assert render(app, "{{ 12345678|number }}", "en") == "12,345,678"


def test_a_label_without_translation_stays_readable(app: Flask) -> None:
    assert render(app, "{{ x|label }}", x=Kind.ONE) == "The first"


@pytest.mark.parametrize(
    ("lang", "named", "shown"),
    [
        ("vi", Named("Mật ong", "Honey"), "Mật ong"),
        ("en", Named("Mật ong", "Honey"), "Honey"),
        ("en", Named("Mật ong", None), "Mật ong"),
        ("en", Named("Mật ong", ""), "Mật ong"),
    ],
)
def test_a_name_falls_back_to_vietnamese(app: Flask, lang: str, named: Named, shown: str) -> None:
    assert render(app, "{{ x|local('name') }}", lang, x=named) == shown


def test_a_text_that_nobody_wrote_is_none_so_that_a_page_can_leave_it_out(app: Flask) -> None:
    unknown = Named(None, None)
    assert render(app, "{{ x|local('name') is none }}", x=unknown) == "True"


def test_an_unknown_name_in_a_template_is_an_error(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        render(app, "{{ mistyped }}")


def test_values_are_escaped(app: Flask) -> None:
    assert render(app, "{{ x }}", x="<b>") == "&lt;b&gt;"


def test_the_hidden_field_holds_the_token_of_this_visitor(app: Flask) -> None:
    html = render(app, "{{ csrf() }}|{{ csrf_token() }}")
    field, token = html.split("|")
    assert field == f'<input type="hidden" name="csrf_token" value="{token}">'
    assert len(token) > 40


def test_a_built_style_sheet_has_a_name_that_changes_with_it(app: Flask) -> None:
    address = render(app, "{{ asset('plain.css') }}")
    assert address.startswith("/static/dist/plain-")
    with pytest.raises(KeyError):
        render(app, "{{ asset('missing.css') }}")
