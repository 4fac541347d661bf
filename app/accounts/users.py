"""Accounts and what they are granted."""

from datetime import date, datetime
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import audit, sign_in
from app.accounts.models import Grant, Role, User
from app.accounts.scopes import normal_scope
from app.core.errors import Conflict, NotFound, Rejected
from app.core.paging import Page
from app.core.text import N_, fold, search_text


class BadEmail(Rejected):
    """The e-mail address cannot be right."""

    code = "bad_email"
    message = N_("The e-mail address is not complete; it looks like name@example.vn.")


class EmailTaken(Conflict):
    """Another account has this address."""

    code = "email_taken"
    message = N_("An account with this e-mail address exists already.")


class UnknownUser(NotFound):
    """No such account."""

    code = "unknown_user"
    message = N_("This account does not exist.")


class UnknownGrant(NotFound):
    """The account has no such grant."""

    code = "unknown_grant"
    message = N_("This right does not exist.")


class OwnAccount(Conflict):
    """People must not lock themselves out of the administration."""

    code = "own_account"
    message = N_("You cannot close your own account or end your own office. Ask a colleague.")


def normal_email(text: str) -> str:
    """Canonical form of an address; raises `BadEmail`."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise BadEmail from error
    return found.normalized.lower()


def create(
    session: Session,
    *,
    email: str,
    name: str,
    password_hash: str,
    now: datetime,
    actor_id: UUID | None,
    phone: str | None = None,
) -> User:
    """Open an account without rights. Raises `BadEmail`, `EmailTaken`."""
    address = normal_email(email)
    if session.scalar(select(User.id).filter_by(email=address)):
        raise EmailTaken
    user = User(
        email=address,
        name=name,
        phone=phone,
        password_hash=password_hash,
        search_text=search_text(name, address, phone),
        active=True,
        created_at=now,
    )
    session.add(user)
    session.flush()
    audit.record(session, "user.create", ("user", user.id), actor_id=actor_id, now=now)
    return user


def get(session: Session, user_id: UUID) -> User:
    """The account; raises `UnknownUser`."""
    user = session.get(User, user_id)
    if user is None:
        raise UnknownUser
    return user


def search(session: Session, text: str, number: int, *, size: int = 50) -> Page[User]:
    """A page of the accounts whose name, address or phone holds `text`, newest first."""
    matching = User.search_text.contains(fold(text), autoescape=True)
    total = session.scalar(select(func.count(User.id)).where(matching)) or 0
    query = select(User).where(matching).order_by(User.created_at.desc(), User.id.desc())
    rows = session.scalars(query.limit(size).offset((number - 1) * size)).all()
    return Page(rows, number, size, total)


def revise(
    session: Session,
    user: User,
    *,
    name: str,
    phone: str | None,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Change name and phone; the audit trail keeps what they were."""
    if (user.name, user.phone) == (name, phone):
        return
    detail = {"before": {"name": user.name, "phone": user.phone}}
    user.name, user.phone = name, phone
    user.search_text = search_text(name, user.email, phone)
    audit.record(
        session, "user.revise", ("user", user.id), actor_id=actor_id, now=now, detail=detail
    )


def set_password(
    session: Session,
    user: User,
    password_hash: str,
    *,
    now: datetime,
    actor_id: UUID | None,
    but_token: str | None = None,
) -> None:
    """Replace the password and sign out every browser except the one with `but_token`."""
    user.password_hash = password_hash
    sign_in.end_all(session, user.id, now, but_token=but_token)
    audit.record(session, "user.password", ("user", user.id), actor_id=actor_id, now=now)


def grant(
    session: Session,
    user: User,
    role: Role,
    scope: str,
    *,
    day: date,
    now: datetime,
    actor_id: UUID | None,
) -> Grant:
    """Give a role within a scope from `day` on; a grant in force already is returned as it is.

    Raises `BadScope`.
    """
    scope = normal_scope(scope)
    same = [g for g in user.grants if g.role == role and g.scope == scope]
    current = [g for g in same if g.valid_to is None or g.valid_to >= day]
    if current:
        return current[0]
    given = next((g for g in same if g.valid_from == day), None)
    if given is None:
        given = Grant(role=role, scope=scope, valid_from=day)
        user.grants.append(given)
    given.valid_to = None
    session.flush()
    detail = {"role": role.value, "scope": scope}
    audit.record(
        session, "grant.give", ("user", user.id), actor_id=actor_id, now=now, detail=detail
    )
    return given


def get_grant(session: Session, user_id: UUID, grant_id: UUID) -> Grant:
    """The grant of this account; raises `UnknownGrant`."""
    found = session.get(Grant, grant_id)
    if found is None or found.user_id != user_id:
        raise UnknownGrant
    return found


def end_grant(
    session: Session, given: Grant, *, last_day: date, now: datetime, actor_id: UUID | None
) -> None:
    """End a grant after `last_day`; the row stays as history.

    With yesterday as the last day it ends at once, even one given today, whose period is then empty.
    Raises `OwnAccount` when officers end their own office.
    """
    if given.role is Role.OFFICER and given.user_id == actor_id:
        raise OwnAccount
    given.valid_to = last_day
    detail = {"role": given.role.value, "scope": given.scope}
    audit.record(
        session, "grant.end", ("user", given.user_id), actor_id=actor_id, now=now, detail=detail
    )


def set_active(
    session: Session, user: User, active: bool, *, now: datetime, actor_id: UUID | None
) -> None:
    """Open or close an account; closing signs it out everywhere. Raises `OwnAccount`."""
    if user.active == active:
        return
    if not active and user.id == actor_id:
        raise OwnAccount
    user.active = active
    if not active:
        sign_in.end_all(session, user.id, now)
    action = "user.activate" if active else "user.deactivate"
    audit.record(session, action, ("user", user.id), actor_id=actor_id, now=now)
