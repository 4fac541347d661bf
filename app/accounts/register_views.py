"""Opening an account, proving its address, and finding back in without the password.

Every form that takes an address answers the same, whether the address is known or not.
"""

import secrets

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import members, passwords, tokens
from app.accounts.guards import count_try
from app.accounts.member_forms import AddressForm, RegisterForm, ResetForm
from app.accounts.members import Letters
from app.accounts.models import TokenPurpose
from app.accounts.sign_in import TooManyFailures
from app.accounts.tokens import DeadLink
from app.accounts.users import BadEmail
from app.core import clock
from app.core.db import transaction
from app.core.web import language, message_of, read_session, see_other, settings

bp = Blueprint("joining", __name__)

DEAD = 410
ADDRESS = (TokenPurpose.VERIFY, TokenPurpose.NEW_EMAIL)


def _letters() -> Letters:
    return Letters(language(), settings().secret_key, secrets.token_bytes)


@bp.get("/dang-ky")
def register() -> ResponseReturnValue:
    """The form; who is signed in has an account already."""
    if current_user.is_authenticated:
        return redirect(url_for("accounts.account"))
    return render_template("accounts/register.html", form=RegisterForm())


@bp.post("/dang-ky")
def join() -> ResponseReturnValue:
    """Open the account, or write to whoever has the address."""
    form = RegisterForm()
    if not form.validate():
        return render_template("accounts/register.html", form=form), 422
    hashed = passwords.hash_password(form.password.data)
    try:
        count_try("register", form.email.data)
        with transaction() as session:
            members.register(session, form.to_joining(hashed), _letters(), now=clock.now())
    except TooManyFailures as error:
        form.form_errors.append(message_of(error))
        return render_template("accounts/register.html", form=form), 429
    except BadEmail as error:
        form.email.errors = [message_of(error)]
        return render_template("accounts/register.html", form=form), 422
    return see_other(url_for("joining.sent"))


@bp.get("/thu-da-gui")
def sent() -> str:
    """Look into the mailbox."""
    return render_template("accounts/mail_sent.html")


@bp.get("/xac-nhan/<token>")
def confirmation(token: str) -> ResponseReturnValue:
    """Ask before the link is used: programs that look into mail follow links too."""
    try:
        row = tokens.find(read_session(), token, *ADDRESS, now=clock.now())
    except DeadLink:
        return _dead("accounts/dead_link.html")
    return render_template("accounts/confirm.html", email=row.email)


@bp.post("/xac-nhan/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """The address belongs to the account."""
    try:
        with transaction() as session:
            members.confirm(session, token, now=clock.now(), language=language())
    except DeadLink:
        return _dead("accounts/dead_link.html")
    flash(_("Thank you, the e-mail address is confirmed."), "ok")
    return see_other(url_for("accounts.account"))


@bp.get("/quen-mat-khau")
def forgotten() -> str:
    """Ask for the address."""
    return render_template("accounts/forgotten.html", form=AddressForm())


@bp.post("/quen-mat-khau")
def send_reset() -> ResponseReturnValue:
    """Send the link, if there is such an account."""
    form = AddressForm()
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form), 422
    try:
        count_try("reset", form.email.data)
    except TooManyFailures as error:
        form.form_errors.append(message_of(error))
        return render_template("accounts/forgotten.html", form=form), 429
    with transaction() as session:
        members.ask_reset(session, form.email.data, _letters(), now=clock.now())
    return see_other(url_for("joining.sent"))


@bp.get("/dat-lai-mat-khau/<token>")
def new_password(token: str) -> ResponseReturnValue:
    """The form behind the link."""
    try:
        tokens.find(read_session(), token, TokenPurpose.RESET, now=clock.now())
    except DeadLink:
        return _dead("accounts/dead_reset.html")
    return render_template("accounts/reset.html", form=ResetForm())


@bp.post("/dat-lai-mat-khau/<token>")
def reset(token: str) -> ResponseReturnValue:
    """Replace the password; whoever was signed in is signed out."""
    form = ResetForm()
    try:
        tokens.find(read_session(), token, TokenPurpose.RESET, now=clock.now())
        if not form.validate():
            return render_template("accounts/reset.html", form=form), 422
        hashed = passwords.hash_password(form.password.data)
        with transaction() as session:
            members.reset(session, token, hashed, now=clock.now())
    except DeadLink:
        return _dead("accounts/dead_reset.html")
    flash(_("The new password is in force. Sign in with it."), "ok")
    return see_other(url_for("accounts.sign_in"))


def _dead(template: str) -> Response:
    return make_response(render_template(template), DEAD)
