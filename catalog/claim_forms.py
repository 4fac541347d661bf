"""Telling whoever writes that food must not promise healing, at the field and before it is kept."""

from flask_babel import gettext as _
from wtforms import Field, Form, ValidationError

from catalog import claims


def no_healing(_form: Form, field: Field) -> None:
    """Validator: no phrase of `data/health_claims.csv`."""
    held = claims.found(field.data or "")
    if held:
        raise ValidationError(
            _("No text may promise healing: “%(phrase)s”.", phrase=held[0].phrase)
        )
