"""Signing in and out, and the own account."""

import secrets
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import (
    session as cookie,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from app.accounts import passwords, users
from app.accounts import sign_in as sessions
from app.accounts.access import Permission, access_of
from app.accounts.forms import PasswordForm, SignInForm
from app.accounts.guards import Visitor, actor_id, prove, requires
from app.accounts.models import Role, User
from app.accounts.sign_in import SignedIn, TooManyFailures
from app.core import clock
from app.core.db import transaction
from app.core.web import read_session, safe_next, see_other, settings

bp = Blueprint("accounts", __name__)


@bp.get("/dang-nhap")
def sign_in() -> ResponseReturnValue:
    """The form; who is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next"), _start_page()))
    return render_template("accounts/sign_in.html", form=SignInForm())


@bp.post("/dang-nhap")
def enter() -> ResponseReturnValue:
    """Check address and password; the answer is the same whichever is wrong."""
    form = SignInForm()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    try:
        user = prove(form.email.data, form.password.data)
    except TooManyFailures as error:
        form.form_errors.append(_(error.message, **error.params))
        return render_template("accounts/sign_in.html", form=form), 429
    if user is None:
        form.form_errors.append(_("The e-mail address or the password is wrong."))
        return render_template("accounts/sign_in.html", form=form), 422
    _open(user)
    return see_other(safe_next(request.args.get("next"), _start_page()))


@bp.post("/dang-xuat")
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    if current_user.is_authenticated:
        with transaction() as session:
            sessions.end(session, current_user.id, clock.now())
    logout_user()
    cookie.clear()
    flash(_("You are signed out."), "ok")
    return see_other("/")


@bp.get("/tai-khoan")
@requires(Permission.ACCOUNT)
def account() -> ResponseReturnValue:
    """The own data and rights."""
    return _account_page(PasswordForm())


@bp.post("/tai-khoan/mat-khau")
@requires(Permission.ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Replace the own password; other browsers are signed out."""
    form = PasswordForm()
    if not form.validate():
        return _account_page(form), 422
    me = current_user.user
    try:
        proved = prove(me.email, form.current.data)
    except TooManyFailures as error:
        form.current.errors = [_(error.message, **error.params)]
        return _account_page(form), 429
    if proved is None:
        form.current.errors = [_("This is not your present password.")]
        return _account_page(form), 422
    hashed = passwords.hash_password(form.password.data)
    with transaction() as session:
        user = users.get(session, me.id)
        users.set_password(
            session,
            user,
            hashed,
            now=clock.now(),
            actor_id=actor_id(),
            but_token=current_user.id,
        )
    flash(_("The new password is in force. Other devices are signed out."), "ok")
    return see_other(url_for("accounts.account"))


def _account_page(form: PasswordForm) -> str:
    today = clock.local_day(clock.now())
    held = [g for g in current_user.user.grants if access_of([g], today).pairs]
    return render_template(
        "accounts/account.html",
        form=form,
        user=current_user.user,
        grants=held,
        is_customer=any(g.role is Role.CUSTOMER for g in held),
        sessions=sessions.open_sessions(read_session(), current_user.user.id, clock.now()),
        here=current_user.session_id,
    )


def _open(user: User) -> None:
    """Begin a session on a cookie that holds nothing from before."""
    now, lifetime = clock.now(), settings().session_lifetime
    with transaction() as session:
        token = sessions.start(
            session, user, lifetime=lifetime, now=now, randomness=secrets.token_bytes
        )
    cookie.clear()
    cookie.permanent = True
    held = access_of(user.grants, clock.local_day(now))
    login_user(Visitor(token, SignedIn(user, held, None)))


def _start_page() -> str:
    """Staff begin at the first entry of their menu, which a layer above puts into the context."""
    context: dict[str, Any] = {}
    current_app.update_template_context(context)
    menu = context["staff_nav"]()
    return str(menu[0]["items"][0]["url"]) if menu else "/"
