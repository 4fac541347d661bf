"""The own data: name and phone, e-mail address, browsers signed in, consents."""

import secrets

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import consents, members, sign_in, users
from app.accounts.access import Permission
from app.accounts.guards import count_try, prove, requires
from app.accounts.member_forms import ConsentForm, NewEmailForm, OwnDataForm
from app.accounts.members import Letters
from app.accounts.models import ConsentPurpose, User
from app.accounts.sign_in import TooManyFailures
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import language, message_of, read_session, see_other, settings, status_of

bp = Blueprint("own", __name__)


def _me() -> User:
    user: User = current_user.user
    return user


def _letters() -> Letters:
    return Letters(language(), settings().secret_key, secrets.token_bytes)


@bp.get("/tai-khoan/thong-tin")
@requires(Permission.ACCOUNT)
def details() -> str:
    """Name and phone."""
    return render_template("accounts/details.html", form=OwnDataForm(obj=_me()))


@bp.post("/tai-khoan/thong-tin")
@requires(Permission.ACCOUNT)
def revise() -> ResponseReturnValue:
    """Change name and phone."""
    form = OwnDataForm()
    if not form.validate():
        return render_template("accounts/details.html", form=form), 422
    with transaction() as session:
        user = users.get(session, _me().id)
        members.revise(
            session, user, name=form.name.data, phone=form.phone.data or None, now=clock.now()
        )
    flash(_("Saved."), "ok")
    return see_other(url_for("accounts.account"))


@bp.get("/tai-khoan/email")
@requires(Permission.ACCOUNT)
def email() -> str:
    """Another e-mail address."""
    return render_template("accounts/email.html", form=NewEmailForm(), user=_me())


@bp.post("/tai-khoan/email")
@requires(Permission.ACCOUNT)
def change_email() -> ResponseReturnValue:
    """Send a link to the new address; until it is followed nothing changes."""
    form = NewEmailForm()
    if not form.validate():
        return render_template("accounts/email.html", form=form, user=_me()), 422
    try:
        if prove(_me().email, form.password.data) is None:
            form.password.errors = [_("This is not your present password.")]
            return render_template("accounts/email.html", form=form, user=_me()), 422
        count_try("email", form.email.data)
        with transaction() as session:
            user = users.get(session, _me().id)
            members.ask_new_email(session, user, form.email.data, _letters(), now=clock.now())
    except DomainError as error:
        form.email.errors = [message_of(error)]
        return render_template("accounts/email.html", form=form, user=_me()), status_of(error)
    return see_other(url_for("joining.sent"))


@bp.post("/tai-khoan/gui-lai-xac-nhan")
@requires(Permission.ACCOUNT)
def resend() -> ResponseReturnValue:
    """Send the link that proves the address once more."""
    try:
        count_try("verify", _me().email)
    except TooManyFailures as error:
        flash(message_of(error), "stop")
        return see_other(url_for("accounts.account"))
    with transaction() as session:
        user = users.get(session, _me().id)
        members.send_verification(session, user, _letters(), now=clock.now())
    return see_other(url_for("joining.sent"))


@bp.post("/tai-khoan/phien/ket-thuc")
@requires(Permission.ACCOUNT)
def end_others() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    with transaction() as session:
        sign_in.end_all(session, _me().id, clock.now(), but_token=current_user.id)
    flash(_("You are signed in on this device only."), "ok")
    return see_other(url_for("accounts.account"))


@bp.get("/tai-khoan/dong-y")
@requires(Permission.ACCOUNT)
def agreements() -> str:
    """What the data may be used for."""
    held = consents.given(read_session(), _me().id)
    form = ConsentForm(data={purpose.value: purpose in held for purpose in ConsentPurpose})
    return render_template(
        "accounts/consents.html",
        form=form,
        texts={purpose.value: text for purpose, text in consents.TEXTS.items()},
        history=consents.history(read_session(), _me().id),
    )


@bp.post("/tai-khoan/dong-y")
@requires(Permission.ACCOUNT)
def agree() -> ResponseReturnValue:
    """Give and withdraw consents."""
    wanted = ConsentForm().to_purposes()
    with transaction() as session:
        consents.change(session, _me().id, wanted, now=clock.now())
    flash(_("Saved."), "ok")
    return see_other(url_for("own.agreements"))
