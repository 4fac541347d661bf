"""Who acts in this request, and what stops them. Every staff endpoint declares its permission."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import Flask, abort, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user

from app.accounts import passwords, sign_in
from app.accounts.access import NOBODY, Access, Permission
from app.accounts.models import User
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import Forbidden
from app.core.text import N_
from app.core.web import read_session, settings, wants_json

F = TypeVar("F", bound=Callable[..., Any])


class NoRight(Forbidden):
    """The person may do this elsewhere, but not to this object."""

    code = "no_right"
    message = N_("Your account has no right to this. Ask the programme office if you need it.")


class Visitor(UserMixin):
    """The signed-in person as Flask-Login sees them; its id is the token of the browser."""

    def __init__(self, token: str, who: sign_in.SignedIn) -> None:
        self.id = token
        self.user = who.user
        self.access = who.access
        self.name = who.user.name
        self.session_id = who.session_id


def _load(token: str) -> Visitor | None:
    who = sign_in.resume(read_session(), token, now())
    return Visitor(token, who) if who else None


def access() -> Access:
    """Rights of whoever acts in this request."""
    return cast(Access, current_user.access) if current_user.is_authenticated else NOBODY


def actor_id() -> UUID | None:
    """Key of the signed-in user, or None for a guest."""
    return cast(UUID, current_user.user.id) if current_user.is_authenticated else None


def requires(permission: Permission) -> Callable[[F], F]:
    """Let only people in who hold `permission` somewhere; objects are checked with `demand`."""

    def decorate(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return _ask_to_sign_in()
            if not access().anywhere(permission):
                raise NoRight
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast(F, guarded)

    return decorate


def demand(permission: Permission, *scopes: str) -> None:
    """Raise `NoRight` unless the permission holds everywhere or in one of the scopes."""
    if not access().may(permission, *scopes):
        raise NoRight


def _ask_to_sign_in() -> Any:
    if wants_json() or request.method != "GET":
        abort(401)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


def prove(email: str, password: str) -> User | None:
    """The open account that the password fits, or None and one more failure noted.

    Raises `TooManyFailures`. The slow comparison holds no transaction open.
    """
    marks, limit = _marks("", email), _limit()
    sign_in.check_limit(read_session(), marks, limit, now())
    user = sign_in.find(read_session(), email)
    fits = passwords.verify(user.password_hash if user else None, password)
    if user is not None and user.active and fits:
        return user
    with transaction() as session:
        sign_in.note_failure(session, marks, limit, now())
    return None


def count_try(kind: str, email: str) -> None:
    """Count one use of a form that sends e-mail, whatever comes of it. Raises `TooManyFailures`."""
    marks, limit = _marks(f"{kind} ", email), _limit()
    sign_in.check_limit(read_session(), marks, limit, now())
    with transaction() as session:
        sign_in.note_failure(session, marks, limit, now())


def _limit() -> sign_in.Limit:
    return sign_in.Limit(settings().sign_in_limit, settings().sign_in_window)


def _marks(kind: str, email: str) -> list[str]:
    """Under what tries count: the address that was named and the client that names it."""
    secret = settings().secret_key
    return [
        sign_in.subject(f"{kind}email", f"{secret}:{email}"),
        sign_in.subject(f"{kind}client", f"{secret}:{request.remote_addr}"),
    ]


def init_guards(app: Flask) -> None:
    """Register Flask-Login. Its fingerprint of the browser trusts a forgeable header, so it is off:
    the session row is what revokes."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)
