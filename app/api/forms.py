"""Forms of the staff: tokens and webhooks."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.scopes import BadScope, normal_scope
from app.api import tokens, webhooks
from app.api.models import EventType, Scope
from app.core import clock
from app.core.forms import MAX_TEXT, Form

REQUIRED = _l("Please fill this in.")
LONGEST = timedelta(days=730)


def some(_form: Form, field: Field) -> None:
    """At least one is ticked; no flag, for browsers would demand every box."""
    if not field.data:
        raise ValidationError(_("Choose at least one."))


class ManyField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TokenForm(Form):
    """What a token shall be."""

    note = StringField(_l("For whom"), [DataRequired(REQUIRED), Length(max=MAX_TEXT)])
    scopes = ManyField(_l("What it opens"), [some])
    reach = StringField(
        _l("Whose orders"),
        [Length(max=60)],
        description=_l("* for all; else a place or a producer from the list below."),
    )
    expires_on = DateField(
        _l("Last day"), [Optional()], description=_l("At most two years; empty: one year.")
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.scopes.choices = [(scope.value, _(scope.label)) for scope in Scope]

    def validate_reach(self, field: Field) -> None:
        """The scope must exist in form."""
        try:
            field.data = normal_scope(field.data or "*")
        except BadScope as error:
            raise ValidationError(_(error.message)) from error

    def validate_expires_on(self, field: Field) -> None:
        """Between today and two years."""
        day = clock.local_day(clock.now())
        if field.data and not day <= field.data <= day + LONGEST:
            raise ValidationError(_("Choose a day from today on, within two years."))

    def asked(self) -> tokens.Asked:
        """The values as the verb wants them."""
        day = clock.local_day(clock.now())
        chosen = [Scope.parse(text) for text in self.scopes.data]
        until = self.expires_on.data or day + LONGEST / 2
        return tokens.Asked(self.note.data, chosen, self.reach.data or "*", until)


class WebhookForm(Form):
    """What a webhook shall be."""

    note = StringField(_l("For whom"), [DataRequired(REQUIRED), Length(max=MAX_TEXT)])
    url = StringField(
        _l("Address"),
        [DataRequired(REQUIRED), Length(max=500)],
        description=_l("Starts with https://; a public host name, no port."),
    )
    events = ManyField(_l("Told of"), [some])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        chosen = [kind for kind in EventType if kind is not EventType.TEST]
        self.events.choices = [(kind.value, _(kind.label)) for kind in chosen]

    def validate_url(self, field: Field) -> None:
        """It must be callable."""
        if not webhooks.is_callable(field.data):
            raise ValidationError(_(webhooks.BadAddress.message))

    def asked(self) -> webhooks.Asked:
        """The values as the verb wants them."""
        chosen = [EventType.parse(text) for text in self.events.data]
        return webhooks.Asked(self.note.data, self.url.data, chosen)
