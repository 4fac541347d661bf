"""The form of a product's label: one input for each fact of its kind of goods."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from wtforms import Field as Input
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from app.core.forms import Form
from app.core.templating import local
from app.core.types import Json
from catalog.labels import MOST_LETTERS, Field, FieldType, Profile

LANGUAGES = {"vi": "Tiếng Việt", "en": "English", "value": ""}


def form_for(profile: Profile, facts: Json | None) -> Form:
    """A form with the facts of the profile, filled with what is known."""
    inputs = {
        f"{field.key}-{part}": _input(field, part)
        for field in profile.entered
        for part in field.parts
    }
    known = {
        f"{key}-{part}": text for key, fact in (facts or {}).items() for part, text in fact.items()
    }
    return type("LabelForm", (Form,), inputs)(data=known)  # type: ignore[no-any-return]


def entered(form: Form, fields: Iterable[Field]) -> dict[str, dict[str, str | None]]:
    """What was entered, by fact."""
    return {f.key: {part: form[f"{f.key}-{part}"].data for part in f.parts} for f in fields}


def _input(field: Field, part: str) -> Input:
    language = f" ({LANGUAGES[part]})" if LANGUAGES[part] else ""
    label = f"{local(field, 'name')}{language}"
    if field.options:
        choices = {"": _("Not known")} | {o.key: local(o, "name") for o in field.options}
        return SelectField(label, choices=choices)
    note = _("in %(unit)s", unit=local(field, "unit")) if field.unit_vi else ""
    options: dict[str, Any] = {"description": note, "validators": [Length(max=MOST_LETTERS)]}
    if field.type is FieldType.NUMBER:
        return StringField(label, render_kw={"inputmode": "decimal"}, **options)
    return TextAreaField(label, **options) if field.translated else StringField(label, **options)
