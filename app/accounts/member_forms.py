"""Forms of people who open and keep an account of their own."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField

from app.accounts.forms import at_most, bare, password_length, required
from app.accounts.members import Joining
from app.accounts.models import ConsentPurpose
from app.accounts.passwords import MAX_LENGTH
from app.core.forms import MAX_TEXT, Form, PhoneField


class RegisterForm(Form):
    """Opening an account. The news are a choice of their own and change nothing else."""

    name = StringField(_l("Full name"), [required(), at_most(MAX_TEXT)], filters=[bare])
    email = StringField(_l("E-mail"), [required(), at_most(254)], filters=[bare])
    phone = PhoneField(_l("Phone"), [at_most(30)])
    password = PasswordField(
        _l("Password"),
        [required(), password_length()],
        description=_l("At least 10 characters; a short sentence is easy to keep."),
    )
    news = BooleanField(_l("Send me news by e-mail"))

    def to_joining(self, password_hash: str) -> Joining:
        """What was entered, with the hash in place of the password."""
        phone = self.phone.data or None
        return Joining(self.email.data, self.name.data, phone, password_hash, self.news.data)


class AddressForm(Form):
    """An e-mail address to which a link is sent."""

    email = StringField(_l("E-mail"), [required(), at_most(254)], filters=[bare])


class ResetForm(Form):
    """The new password."""

    password = PasswordField(
        _l("New password"),
        [required(), password_length()],
        description=_l("At least 10 characters; a short sentence is easy to keep."),
    )


class OwnDataForm(Form):
    """The own name and phone number."""

    name = StringField(_l("Full name"), [required(), at_most(MAX_TEXT)], filters=[bare])
    phone = PhoneField(_l("Phone"), [at_most(30)])


class NewEmailForm(Form):
    """Another address; the password shows that the owner asks."""

    email = StringField(_l("New e-mail address"), [required(), at_most(254)], filters=[bare])
    password = PasswordField(_l("Password"), [required(), at_most(MAX_LENGTH)])


class ConsentForm(Form):
    """One box for each purpose."""

    news = BooleanField(_l("News of the shop and its producers by e-mail"))
    personal_offers = BooleanField(_l("Offers chosen by what I have bought"))

    def to_purposes(self) -> set[ConsentPurpose]:
        """The purposes that were ticked."""
        return {purpose for purpose in ConsentPurpose if self[purpose.value].data}
