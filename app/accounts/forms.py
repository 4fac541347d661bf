"""Forms for signing in, the own account, and people and their rights."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from app.accounts.access import EVERYWHERE
from app.accounts.models import Role
from app.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from app.accounts.scopes import BadScope, normal_scope
from app.core.forms import MAX_TEXT, Form, PhoneField

REQUIRED = _l("Please fill this in.")

# Where each role can hold; an office reaches everywhere, a producer's rights never do.
SCOPE_KINDS: dict[Role, tuple[str, ...]] = {
    Role.OFFICER: (EVERYWHERE,),
    Role.PRODUCER: ("producer",),
    Role.POINT_MANAGER: ("place", EVERYWHERE),
    Role.CASHIER: ("place", EVERYWHERE),
    Role.STOCK_KEEPER: ("place", EVERYWHERE),
    Role.CUSTOMER: (EVERYWHERE,),
}
ROLES = {role.value: role for role in Role}


def required() -> DataRequired:
    """Something must be entered, blanks are nothing."""
    return DataRequired(REQUIRED)


def at_most(length: int) -> Length:
    """No more than `length` characters."""
    return Length(max=length, message=_l("This is too long."))


def password_length() -> Length:
    """The length of a new password."""
    return Length(
        MIN_LENGTH, MAX_LENGTH, _l("Use at least 10 characters; a short sentence is easy to keep.")
    )


def bare(text: str | None) -> str:
    """The text without blanks around it and doubled ones inside."""
    return " ".join((text or "").split())


class SignInForm(Form):
    """Address and password."""

    email = StringField(_l("E-mail"), [required(), at_most(254)], filters=[bare])
    password = PasswordField(_l("Password"), [required(), at_most(MAX_LENGTH)])


class PasswordForm(Form):
    """The old password and the new one twice."""

    current = PasswordField(_l("Present password"), [required(), at_most(MAX_LENGTH)])
    password = PasswordField(_l("New password"), [required(), password_length()])
    repeated = PasswordField(
        _l("New password again"),
        [required(), EqualTo("password", _l("The two new passwords differ."))],
    )


class PersonForm(Form):
    """Name and phone of an account, and whether it is open."""

    name = StringField(_l("Full name"), [required(), at_most(MAX_TEXT)], filters=[bare])
    phone = PhoneField(_l("Phone"), [at_most(30)])
    active = BooleanField(_l("The account is open"))


class NewPersonForm(Form):
    """What a new account needs."""

    name = StringField(_l("Full name"), [required(), at_most(MAX_TEXT)], filters=[bare])
    email = StringField(_l("E-mail"), [required(), at_most(254)], filters=[bare])
    phone = PhoneField(_l("Phone"), [at_most(30)])
    password = PasswordField(
        _l("First password"),
        [required(), password_length()],
        description=_l("Tell it to the person; they change it on their account page."),
    )


class GrantForm(Form):
    """A role and where it holds."""

    role = SelectField(_l("Role"), [required()])
    scope = StringField(_l("Where it holds"), [required(), at_most(60)], filters=[bare])

    def __init__(self) -> None:
        super().__init__()
        self.role.choices = [(role.value, _(role.label)) for role in Role]

    def validate_scope(self, field: Field) -> None:
        """The scope must exist in form and suit the role."""
        try:
            scope = normal_scope(field.data)
        except BadScope as error:
            raise ValidationError(_(error.message)) from error
        role = ROLES.get(self.role.data)
        if role and scope.partition(":")[0] not in SCOPE_KINDS[role]:
            raise ValidationError(_("This role does not hold there; see the list below."))

    def to_role(self) -> Role:
        """The role chosen."""
        return ROLES[self.role.data]
